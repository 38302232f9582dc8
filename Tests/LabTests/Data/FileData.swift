import Lab
import LabFormats

/// Samples from a file of its own, read as a configuration names it.
enum FileData {
  /// Writes `bytes` to the file that `source` names and reads it; errors name it without folder.
  static func read(
    _ bytes: [UInt8], _ source: DataSource, classNames: [String]? = nil,
    targets presence: TargetPresence = .required
  ) throws -> Dataset {
    let folder = try Workplace()
    let name =
      switch source {
      case .timeSeries(let series): series.path
      case .csv(let csv): csv.path
      case .text(let text): text.path
      case .arrays, .generator: preconditionFailure("no text file")
      }
    try folder.write(bytes, to: name)
    do {
      return try Dataset(
        source, path: "data.train", in: ConfigFile(folder.file("config.json")),
        classNames: classNames, targets: presence)
    } catch {
      var error = error
      error.where = error.where.replacing(folder.path + "/", with: "")
      throw error
    }
  }
}

import LabFormats

/// The lengths of samples with the place that messages name.
struct LoadedLengths {
  var values: [Int]
  var path: String
  var place: String

  init(_ source: LengthsSource, path: String, in config: ConfigFile) throws(LabError) {
    self.path = path
    switch source {
    case .inline(let lengths):
      values = lengths
      place = config.path
    case .file(let file):
      place = config.locating(file)
      let array = try ArrayFile(file, in: config).read().array
      guard array.shape.count == 1 else {
        throw LabError(
          .data, "`\(path)` has the shape \(array.shape), not (samples)", where: place,
          next: "give one whole number a sample")
      }
      values = array.values.map { $0 >= 1 && $0 == $0.rounded() ? Int(exactly: $0) ?? 0 : 0 }
      if let bad = values.firstIndex(of: 0) {
        throw LabError(
          .data, "`\(path)[\(bad)]` is \(array.values[bad])", where: place,
          next: "a length is a whole number from 1")
      }
    }
  }

  /// Refuses lengths that are not one a sample, or longer than what is there.
  func requireFit(_ steps: [Int], path data: String) throws(LabError) {
    guard values.count == steps.count else {
      throw LabError(
        .data, "\(data) has \(steps.count) samples in x but \(values.count) lengths",
        where: place, next: "give every sample one length")
    }
    guard let bad = values.indices.first(where: { values[$0] > steps[$0] }) else { return }
    throw LabError(
      .data,
      "`\(path)[\(bad)]` is \(values[bad]), but `\(data).x[\(bad)]` has \(steps[bad]) "
        + "time step\(steps[bad] == 1 ? "" : "s")",
      where: place, next: "count only the time steps that are not padding")
  }
}

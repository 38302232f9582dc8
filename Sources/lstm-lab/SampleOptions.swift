import ArgumentParser
import Lab

/// Which samples a run is applied to.
struct SampleOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The new data: a .csv, .ts or text file like the run's own, or x as .npy or data.npz:x.",
      valueName: "file"),
    completion: .file())
  var path: String?

  @Option(
    help: "The split of the run's own data: train, validation or test.",
    completion: .list(["train", "validation", "test"]))
  var split: String?

  @Option(
    help: ArgumentHelp("The targets of x, as .npy or data.npz:y.", valueName: "path"),
    completion: .file())
  var y: String?

  @Option(
    help: ArgumentHelp(
      "The number of time steps of each sample of x, as .npy or data.npz:n.", valueName: "path"),
    completion: .file())
  var lengths: String?

  func validate() throws {
    if path != nil, split != nil {
      throw ValidationError("name either a file, or a split of the run's own data with --split")
    }
    if path == nil, y != nil || lengths != nil {
      throw ValidationError("\(y == nil ? "--lengths" : "--y") needs the file of x before it")
    }
  }

  /// The file; nil for the run's own data.
  var file: NewData? { path.map { NewData(path: $0, y: y, lengths: lengths) } }
}

/// The file whose samples are looked at in the place of the run's own.
struct FileOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "New samples: a .csv, .ts or text file like the run's own, or x as .npy or data.npz:x.",
      valueName: "file"),
    completion: .file())
  var path: String?

  @Option(
    help: ArgumentHelp("The targets of x, as .npy or data.npz:y.", valueName: "path"),
    completion: .file())
  var y: String?

  @Option(
    help: ArgumentHelp(
      "The number of time steps of each sample of x, as .npy or data.npz:n.", valueName: "path"),
    completion: .file())
  var lengths: String?

  /// Refuses a file beside a split of the run's own data.
  func require(without split: String?) throws {
    if path != nil, split != nil {
      throw ValidationError("name either a file, or a split of the run's own data with --split")
    }
    if path == nil, y != nil || lengths != nil {
      throw ValidationError("\(y == nil ? "--lengths" : "--y") needs the file of x before it")
    }
  }

  /// The file; nil for the run's own data.
  var file: NewData? { path.map { NewData(path: $0, y: y, lengths: lengths) } }
}

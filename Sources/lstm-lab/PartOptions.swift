import ArgumentParser

/// Which part of data and model a command looks at.
struct PartOptions: ParsableArguments {
  @Option(
    help: "The part of the data: train (the default), validation or test.",
    completion: .list(["train", "validation", "test"]))
  var split: String?

  @Option(help: "Only this recurrent layer.")
  var layer: String?
}

import ArgumentParser

/// The run, and perhaps its epoch, that a command looks into.
struct EpochReference: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The run and its epoch, RUN@EPOCH; the last epoch where none is named.", valueName: "run"),
    completion: .run)
  var text: String
}

import ArgumentParser

/// The run that a command takes.
struct RunArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The run: id, beginning of the uuid, name, @last or @best.", valueName: "run"),
    completion: .run)
  var text: String
}

/// The run, and perhaps its epoch, that a command looks into.
struct EpochArgument: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "The run and its epoch, RUN@EPOCH; that of its result where none is named.", valueName: "run"),
    completion: .run)
  var text: String
}

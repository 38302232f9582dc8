import ArgumentParser
import Foundation
import Lab
import LabFormats

/// The program: arguments in, text out, exit code.
@main
struct LSTMLab: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lstm-lab",
    abstract: "Train recurrent networks and keep every weight of every epoch in SQLite.",
    discussion: """
      A run is named by its number, its name, the beginning of its uuid, @last, @best or \
      @best:METRIC. RUN@EPOCH names one of its epochs: a number, last, best, best:METRIC or \
      result. Without an epoch the result is meant; @best means the best run at its best epoch.

      Data go to standard output, progress and messages to standard error. The database is --db, \
      else $LSTM_LAB_DB, else ./lab.db; any SQLite program reads it.

      Examples:
        lstm-lab init && lstm-lab run config.json
        lstm-lab show @last
        lstm-lab compare --sort val_loss --limit 10
      """,
    version: LabVersion.current,
    subcommands: named.isEmpty ? commands : named)

  private static let commands: [any ParsableCommand.Type] = [
    InitCommand.self, CheckCommand.self, RunCommand.self, SweepCommand.self, ResumeCommand.self,
    RunsCommand.self,
    ShowCommand.self, CompareCommand.self, ReportCommand.self, ServeCommand.self,
    WeightsCommand.self,
    DiffCommand.self, GatesCommand.self,
    ExplainCommand.self,
    PredictCommand.self, EvaluateCommand.self, GenerateCommand.self, BlameCommand.self,
    VerifyCommand.self,
    BisectCommand.self, InfluenceCommand.self, LearnedCommand.self, TrajectoryCommand.self,
    InterpolateCommand.self,
    QueryCommand.self,
    TagCommand.self, RenameCommand.self, NoteCommand.self, DeleteCommand.self,
    PruneCommand.self,
    RecordCommand.self, MergeCommand.self, BackupCommand.self, DoctorCommand.self,
    ExportCommand.self, BenchCommand.self, ReferenceCommand.self,
  ]

  /// The command that is asked for, where one is: to take in the options of all of them takes longer than
  /// to train a small model.
  private static let named: [any ParsableCommand.Type] = {
    let words = CommandLine.arguments.dropFirst()
    let isAboutAll = words.contains {
      $0.hasPrefix("--generate-completion-script") || $0.hasPrefix("--experimental-dump-help")
    }
    return isAboutAll ? [] : commands.filter { $0.configuration.commandName == words.first }
  }()

  /// Every error of every command becomes text and exit code here.
  static func main() {
    // A write beyond the limit on a file's size (`ulimit -f`) shall fail with an error that can be
    // told; the signal that the system sends with it would end the process without a word.
    signal(SIGXFSZ, SIG_IGN)
    MemoryShortage.listen()
    do {
      try requireUTF8()
      try CommandName.require(CommandLine.arguments.dropFirst().first, of: Self.self)
      var command = try parseAsRoot()
      try command.run()
    } catch {
      guard let failure = error as? LabError else { exitAsParsed(error) }
      Terminal.say(failure.description)
      exit(withError: ExitCode(failure.exitCode))
    }
  }

  /// The end of bash's completion script, without which bash takes `@last` and `1@50` apart.
  private static let wordsWithSigns = """

    # Runs and epochs are words with @: @last, 1@50. Completing host names takes words apart there.
    shopt -u hostcomplete

    """

  /// Refuses names that are not UTF-8: read as such they would be other names, and other files.
  private static func requireUTF8() throws(LabError) {
    func require(_ bytes: UnsafePointer<CChar>, _ place: String) throws(LabError) {
      let bytes = unsafe UnsafeBufferPointer(start: bytes, count: strlen(bytes))
      let text = unsafe bytes.map(UInt8.init(bitPattern:))
      guard let bad = UTF8Text.firstBadByte(in: text) else { return }
      throw LabError(
        .usage, UTF8Text.complaint(text[bad]), where: place,
        next: "names on the command line must be UTF-8: rename the file, or write to another one")
    }
    for index in 1..<max(1, Int(CommandLine.argc)) {
      if let argument = unsafe CommandLine.unsafeArgv[index] {
        try unsafe require(argument, "argument \(index)")
      }
    }
    if let path = unsafe getenv("LSTM_LAB_DB") { try unsafe require(path, "LSTM_LAB_DB") }
  }

  /// Ends as the parser wants it: help and version are answers, a mistake begins as all errors do.
  private static func exitAsParsed(_ error: any Error) -> Never {
    let message = fullMessage(for: error)
    let code = exitCode(for: error)
    if code == .success {
      let end = message.hasPrefix("#!/bin/bash") ? "\n" + wordsWithSigns : "\n"
      answer(message.isEmpty ? "" : message + end)
    }
    guard code == .validationFailure else { exit(withError: error) }
    Terminal.say(ParserMessage.inOurWords(message))
    exit(withError: ExitCode.validationFailure)
  }

  /// Writes an answer and ends; one that cannot be written is an error like any other.
  private static func answer(_ text: String) -> Never {
    do throws(LabError) {
      try Terminal.write(text)
      exit(withError: ExitCode.success)
    } catch {
      Terminal.say(error.description)
      exit(withError: ExitCode(error.exitCode))
    }
  }
}

import ArgumentParser
import Foundation
import Lab
import LabFormats

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep", abstract: "Train a configuration with some of its settings varied.",
    discussion: """
      Every combination of the values is a point, or with --random so many points are drawn; each \
      is trained with every seed and fold. The same command again goes on: runs that are done are \
      left out, those that were stopped are resumed to the same bits. A run that fails ends nothing \
      else; the exit code is its own then, and 65 where a training diverged.

      Values: 4,8,16; whole numbers 4..64; 0.1..0.5:0.1; seven on a log scale 1e-4..1e-1:log7; \
      with --random any number 0.1..0.5, or by its logarithm 1e-4..1e-1:log. A setting is named by \
      its path, or by the short name that `compare` shows.

      With --halving points are ranked at the epochs of --rungs by --metric, the mean over their \
      seeds and folds, and only the best part of them goes on; the others stay stopped there, and \
      the same command again leaves them alone. Which points go on depends on nothing else: not on \
      -j, on the machine or on interruptions. --finish trains all of them to their end.

      --slurm writes scripts for a cluster: an array of tasks, each with a database of its own \
      and every n-th point (--task), and a merge behind it. DIR/submit.sh submits them.

      Examples:
        lstm-lab sweep config.json --set learning_rate=0.01,0.1 --seeds 1..3
        lstm-lab sweep config.json --set lstm.units=4..8 --write sweep.json
        lstm-lab sweep sweep.json --slurm jobs --tasks 32
      """)

  @Argument(
    help: "The configuration, or a sweep that --write has made.",
    completion: .file(extensions: ["json"]))
  var file: String

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp("Vary this setting.", valueName: "name=values"), completion: .setting(or: [])
  )
  var settings: [String] = []

  @Option(help: ArgumentHelp("The seeds of each point: 1..10, or 1,5,9.", valueName: "list"))
  var seeds: String?

  @Option(help: ArgumentHelp("Cross-validate each point with k folds.", valueName: "k"))
  var folds: Int?

  @Flag(help: "With --folds: cut the samples of each target by themselves.")
  var stratify = false

  @Option(
    help: ArgumentHelp("Cross-validate each point in time, with k folds.", valueName: "k"))
  var rolling: Int?

  @Option(help: ArgumentHelp("Draw n points instead of every combination.", valueName: "n"))
  var random: Int?

  @Option(
    name: .customLong("sweep-seed"),
    help: ArgumentHelp("The seed that points are drawn from; by default 1.", valueName: "seed"))
  var sweepSeed: Int?

  @Option(
    help: ArgumentHelp(
      "The name that the runs are found by; by default the configuration's, and a mark of what is varied.",
      valueName: "name"))
  var name: String?

  @Option(
    name: [.customShort("j"), .customLong("jobs")],
    help: ArgumentHelp(
      "Train at most n runs at a time; by default as many as there is room for.", valueName: "n"))
  var jobs: Int?

  @Flag(name: .customLong("dry-run"), help: "Say what would be trained, and train nothing.")
  var isDryRun = false

  @Flag(name: .customLong("fail-fast"), help: "Begin no further run after one that failed.")
  var failFast = false

  @Option(
    help: ArgumentHelp("Write the sweep to a file, and train nothing.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var write: String?

  @OptionGroup var halving: HalvingOptions
  @OptionGroup var shares: ShareOptions
  @OptionGroup var database: DatabaseOption
  @OptionGroup var training: TrainingOptions

  func validate() throws {
    if let jobs, !(1...256).contains(jobs) {
      throw ValidationError("--jobs is \(jobs); allowed: 1 to 256")
    }
    if folds != nil, rolling != nil {
      throw ValidationError("--folds and --rolling exclude each other: name one of them")
    }
    if stratify, folds == nil { throw ValidationError("--stratify is for folds: add --folds") }
    if sweepSeed != nil, random == nil {
      throw ValidationError("--sweep-seed is for points that are drawn: add --random")
    }
  }

  func run() throws {
    let definition = try definition
    if let write {
      try FileBytes.write(
        Array((definition.json(in: write).compact + "\n").utf8), to: write)
      return Terminal.say(
        "Wrote \(Visible.line(write)). Train it with: lstm-lab sweep \(ShellWord.quoted(write))")
    }
    if halving.finish, definition.halving == nil {
      throw LabError(
        .usage, "the sweep has no rungs that stop a run", where: "--finish",
        next: "leave it out: every run is trained to its end")
    }
    let judging = shares.among.map { path in
      Laboratory(path: path, isNamed: true, tell: { Terminal.say($0) })
    }
    let sweep = try Sweep(
      definition, try list(definition), atOnce: jobs, stopsAtFailure: failFast,
      finishes: halving.finish, share: try shares.share, judging: judging,
      in: database.laboratory, resources: training.resources())
    try sweep.requireItsName()
    if let folder = shares.slurm, let tasks = shares.tasks {
      return try write(SlurmFolder(folder, for: sweep, tasks: tasks, options: taskOptions), sweep)
    }
    guard !isDryRun else { return try tell(sweep) }
    try SweepDisplay(sweep, database.laboratory, isQuiet: training.quiet, command: command).train()
  }

  private var definition: SweepDefinition {
    get throws {
      let document = try JSONDocument(FileBytes.read(file, what: "configuration"), source: file)
      let isSweep = document.root.members.contains { $0.key == "config" || $0.key == "set" }
      guard isSweep else {
        return try SweepDefinition(
          config: file, name: name, settings: settings, seeds: seeds,
          random: random.map { ($0, sweepSeed ?? 1) }, halving: try halving.halving)
      }
      guard settings.isEmpty, random == nil, seeds == nil else {
        throw LabError(
          .usage, "the sweep is in the file, and options say another", where: file,
          next: "change the file, or name the configuration itself with the options")
      }
      var definition = try SweepDefinition(contentsOf: file)
      definition.name = name ?? definition.name
      if let asked = try halving.halving {
        guard definition.halving == nil else {
          throw LabError(
            .usage, "the rungs are in the file, and options say others", where: file,
            next: "change the file, or leave --halving out")
        }
        definition.halving = asked
      }
      return definition
    }
  }

  private func list(_ definition: SweepDefinition) throws -> RepeatList {
    let seeds = try definition.seeds.map { try SeedList($0) }
    if let folds {
      return try RepeatList(
        stratify ? .stratified : .blocks, folds, option: "--folds", only: nil, seeds: seeds)
    }
    if let rolling {
      return try RepeatList(.rolling, rolling, option: "--rolling", only: nil, seeds: seeds)
    }
    return RepeatList(seedsOrNone: seeds)
  }

  /// What each of several tasks is given besides its part.
  private var taskOptions: [String] {
    let numbers = [
      ("--folds", folds), ("--rolling", rolling), ("--threads", training.threads ?? 1),
    ]
    return numbers.flatMap { name, number in number.map { [name, "\($0)"] } ?? [] }
      + (stratify ? ["--stratify"] : []) + (halving.finish ? ["--finish"] : [])
  }

  private func write(_ folder: SlurmFolder, _ sweep: Sweep) throws {
    try folder.write()
    let place = { (name: String) in ShellWord.quoted("\(folder.path)/\(name)") }
    Terminal.say(
      """
      Wrote \(Visible.line(folder.path)): \(sweep.tasks.count) runs in \(folder.tasks) \
      task\(folder.tasks == 1 ? "" : "s"). Nothing is submitted.
      Submit it with: sh \(place("submit.sh"))
      Or train it on this machine: sh \(place("run-here.sh"))
      Then: lstm-lab compare --db \(place("lab.db")) --sweep \(ShellWord.quoted(sweep.name)) --group-by config
      """)
  }

  /// The command as it was typed, for a shell.
  private var command: String {
    (["lstm-lab"] + CommandLine.arguments.dropFirst()).map { ShellWord.quoted($0) }
      .joined(separator: " ")
  }

  /// Says what would be trained, and what it would take.
  private func tell(_ sweep: Sweep) throws {
    let there = try sweep.survey()
    let report = PlanReport(
      sweep.plan, resources: try training.resources(), measuring: .briefly)
    let tasks = sweep.ownTasks
    let points = Set(tasks.map(\.point)).count
    let left = tasks.count - there.count
    Terminal.say(
      "Sweep \(Visible.line(sweep.name)): \(points) points, \(tasks.count) runs, "
        + "\(there.count) done or under way, \(left) to train. The first:\n" + report.announcement)
    if !sweep.rungsText.isEmpty { Terminal.say(sweep.rungsText) }
    let known = Set(there.map { "\($0.task.point) \($0.task.repeated.text)" })
    let table = Table(
      columns: [
        .init("point", .integer), .init("settings", .text), .init("run", .text),
        .init("state", .text),
      ],
      rows: tasks.map { task in
        [
          .integer(task.point),
          .text(task.settingsText),
          .text(task.repeated.text),
          .text(known.contains("\(task.point) \(task.repeated.text)") ? "there" : "to train"),
        ]
      })
    try Terminal.write(table.text(on: Terminal.screen))
  }
}

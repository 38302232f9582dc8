import ArgumentParser
import Lab

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Train the model of a configuration and store every epoch.",
    discussion: """
      First it says what `check` says about the data, and warns of what is almost always a \
      mistake. Then it trains, and prints the run's number at the end. SIGINT (Ctrl-C) and SIGTERM \
      stop it after the last whole epoch, which is then stored with all that a resume needs, \
      whatever the configuration says. `lstm-lab resume` goes on from there, or after a crash, \
      to the same bits. Exit codes: 0; 65 if the configuration or its data are bad, or the \
      training diverged; 130 after SIGINT; 143 after SIGTERM.

      With --seeds it trains one run for each seed, as if the configuration named that seed. It \
      prints the runs' numbers in the order of the seeds, and a table with means and standard \
      deviations. With --folds it trains one run for each fold of the training samples, which \
      validates with that fold and trains on the others; with --rolling, where there are windows, \
      one for each fold of the series, trained on what comes before it: as if the configuration \
      named that fold in `data.validation`. With --seeds, too, each fold is trained with each \
      seed.

      Examples:
        lstm-lab run config.json
        lstm-lab run config.json --seeds 1..10 --db results.db
        lstm-lab run walks.json --folds 5 --stratify
      """)

  @Argument(help: "The configuration, a JSON file.", completion: .file(extensions: ["json"]))
  var config: String

  @Option(
    help: ArgumentHelp(
      "Train once with each of these seeds: 1..10, or 1,5,9, or 1..3,7.", valueName: "list"))
  var seeds: String?

  @Option(
    help: ArgumentHelp(
      "Cross-validate: train once for each of k folds of the samples.", valueName: "k"))
  var folds: Int?

  @Flag(help: "With --folds: cut the samples of each target by themselves.")
  var stratify = false

  @Option(
    help: ArgumentHelp(
      "Cross-validate series in time: train once for each of k folds, on what comes before it.",
      valueName: "k"))
  var rolling: Int?

  @Option(
    help: ArgumentHelp(
      "With --folds or --rolling: only these, from 0: 2, or 0..2, or 1,3.", valueName: "list"))
  var fold: String?

  @Option(
    name: [.customShort("j"), .customLong("jobs")],
    help: ArgumentHelp(
      "Train at most n runs at a time; by default as many as there is room for.",
      valueName: "n"))
  var jobs: Int?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Give a setting another value: learning_rate=0.01, lstm.units=8.", valueName: "name=value"),
    completion: .setting(or: []))
  var settings: [String] = []

  @OptionGroup var stop: StopOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var training: TrainingOptions

  func validate() throws {
    let hasFolds = folds != nil || rolling != nil
    if folds != nil, rolling != nil {
      throw ValidationError(
        "--folds and --rolling exclude each other: name --rolling for windows, --folds for samples")
    }
    if stratify, folds == nil { throw ValidationError("--stratify is for folds: add --folds") }
    if fold != nil, !hasFolds {
      throw ValidationError("--fold names some of several folds: add --folds or --rolling")
    }
    guard let jobs else { return }
    guard seeds != nil || hasFolds else {
      throw ValidationError("--jobs is for several runs: add --seeds, --folds or --rolling")
    }
    guard (1...256).contains(jobs) else {
      throw ValidationError("--jobs is \(jobs); allowed: 1 to 256")
    }
  }

  func run() throws {
    let laboratory = database.laboratory
    if let list = try list {
      let repeats = try Repeats(
        of: try configuration, list, atOnce: jobs, upTo: stop.epoch, in: laboratory,
        resources: training.resources())
      let report = try report(repeats.plan)
      return try RepeatsDisplay(
        repeats, report, laboratory, settings: settings, isQuiet: training.quiet
      ).train()
    }
    let plan = try TrainingPlan(try configuration)
    let report = try report(plan)  // before there is a second network
    let session = try laboratory.start(plan, resources: training.resources())
    try TrainingDisplay(session, laboratory, isQuiet: training.quiet, stop: stop.epoch)
      .train(announcing: report)
  }

  /// The configuration with the settings that are given.
  private var configuration: Config {
    get throws {
      try Config(contentsOf: config).setting(settings.map { try ConfigSetting($0) })
    }
  }

  /// The runs that are asked for; nil for that of the configuration alone.
  private var list: RepeatList? {
    get throws {
      let seeds = try seeds.map { try SeedList($0) }
      if let folds {
        return try RepeatList(
          stratify ? .stratified : .blocks, folds, option: "--folds", only: fold, seeds: seeds)
      }
      if let rolling {
        return try RepeatList(.rolling, rolling, option: "--rolling", only: fold, seeds: seeds)
      }
      return seeds.map { RepeatList(seeds: $0) }
    }
  }

  private func report(_ plan: TrainingPlan) throws -> PlanReport {
    PlanReport(
      plan, resources: try training.resources(), measuring: training.quiet ? .not : .briefly)
  }
}

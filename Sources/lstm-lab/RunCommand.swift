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
      deviations.

      Examples:
        lstm-lab run config.json
        lstm-lab run config.json --seeds 1..10
        lstm-lab run config.json --db results.db --quiet
      """)

  @Argument(help: "The configuration, a JSON file.", completion: .file(extensions: ["json"]))
  var config: String

  @Option(
    help: ArgumentHelp(
      "Train once with each of these seeds: 1..10, or 1,5,9, or 1..3,7.", valueName: "list"))
  var seeds: String?

  @Option(
    name: [.customShort("j"), .customLong("jobs")],
    help: ArgumentHelp(
      "Train at most n seeds at a time; by default as many as there is room for.",
      valueName: "n"))
  var jobs: Int?

  @OptionGroup var database: DatabaseOption
  @OptionGroup var training: TrainingOptions

  func validate() throws {
    guard let jobs else { return }
    guard seeds != nil else { throw ValidationError("--jobs is for several seeds: add --seeds") }
    guard (1...256).contains(jobs) else {
      throw ValidationError("--jobs is \(jobs); allowed: 1 to 256")
    }
  }

  func run() throws {
    let laboratory = database.laboratory
    if let seeds {
      let repeats = try Repeats(
        contentsOf: config, seeds: SeedList(seeds), atOnce: jobs, in: laboratory,
        resources: training.resources())
      let report = try report(repeats.plan)
      return try RepeatsDisplay(repeats, report, laboratory, isQuiet: training.quiet).train()
    }
    let plan = try laboratory.plan(contentsOf: config)
    let report = try report(plan)  // before there is a second network
    let session = try laboratory.start(plan, resources: training.resources())
    try TrainingDisplay(session, laboratory, isQuiet: training.quiet).train(announcing: report)
  }

  private func report(_ plan: TrainingPlan) throws -> PlanReport {
    PlanReport(
      plan, resources: try training.resources(), measuring: training.quiet ? .not : .briefly)
  }
}

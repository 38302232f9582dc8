import ArgumentParser
import Lab

/// At which epochs a sweep lets only its best points go on.
struct HalvingOptions: ParsableArguments {
  @Flag(name: .customLong("halving"), help: "Rank the points at some epochs; only the best go on.")
  var isAsked = false

  @Option(
    help: ArgumentHelp(
      "With --halving: the epochs at which points are ranked: 10,30,90.", valueName: "list"))
  var rungs: String?

  @Option(
    help: ArgumentHelp(
      "With --halving: the part of the points that goes on; by default 1/3.", valueName: "part"))
  var keep: String?

  @Option(
    help: ArgumentHelp(
      "With --halving: the loss or metric to rank by; by default val_loss, or loss.",
      valueName: "name"))
  var metric: String?

  @Flag(help: "Train the runs that were stopped at a rung to their end, too.")
  var finish = false

  /// What is asked for; nil for no rungs.
  var halving: Halving? {
    get throws {
      guard isAsked, let rungs else { return nil }
      return try Halving(metric: metric, rungs: rungs, keep: keep ?? "1/3")
    }
  }

  func validate() throws {
    if isAsked, rungs == nil {
      throw ValidationError("--halving needs the epochs to rank at: add --rungs 10,30,90")
    }
    if !isAsked, rungs != nil || keep != nil || metric != nil {
      throw ValidationError("--rungs, --keep and --metric are for halving: add --halving")
    }
  }
}

/// How a sweep is shared out among machines.
struct ShareOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Train only every n-th point, from the k-th on: 3/32.", valueName: "k/n"))
  var task: String?

  @Option(
    help: ArgumentHelp(
      "With --task: the database that has the runs of all tasks, to decide the rungs by.",
      valueName: "path"), completion: .file())
  var among: String?

  @Option(
    help: ArgumentHelp(
      "Write a folder of scripts that train the sweep with Slurm, or without; train nothing.",
      valueName: "dir"), completion: .directory)
  var slurm: String?

  @Option(
    help: ArgumentHelp("With --slurm: the number of tasks that share the points.", valueName: "n"))
  var tasks: Int?

  /// The part of the points; nil for all.
  var share: SweepShare? {
    get throws { try task.map { try SweepShare($0) } }
  }

  func validate() throws {
    if among != nil, task == nil {
      throw ValidationError("--among is for one of several tasks: add --task K/N")
    }
    if (slurm == nil) != (tasks == nil) {
      throw ValidationError("--slurm DIR and --tasks N belong together: name both")
    }
    if slurm != nil, task != nil {
      throw ValidationError("--slurm and --task exclude each other: --slurm writes the tasks")
    }
  }
}

import ArgumentParser
import Lab

struct InfluenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "influence",
    abstract: "Tell which training samples made a prediction.",
    discussion: """
      For each training sample the sum, over the stored epochs from 1 on, of the learning rate times the \
      product of two gradients: its own and that of the samples that are asked about (TracIn). Above 0 it \
      lowered their loss, a proponent; below 0 it raised it, an opponent. --self asks about each training \
      sample itself: wrong labels and rare samples stand high.

      --ideal trains the run again, to the stored hashes, and splits every optimizer step among the \
      samples, with the momentum that each of them left. Then the parts add up to the change of the loss, \
      and what is left over is told.

      The samples that are asked about are those of the run's test data, else its validation data, else \
      its training data; --split or a file names others.

      Dropout is off where gradients are asked for; --ideal has the masks of training. A training sample \
      counts with the weight of its class. See docs/insight.md.

      Examples:
        lstm-lab influence 1 --split test --sample 3
        lstm-lab influence 1 --self --limit 20
        lstm-lab influence 1 --split train --sample 0 --ideal --by epoch --csv
      """)

  @OptionGroup var reference: EpochArgument
  @OptionGroup var samples: SampleOptions

  @Option(
    help: ArgumentHelp(
      "The samples that are asked about, counted from 0, as 3 or 0..9 or 0..9,20: their mean loss. By default 0.",
      valueName: "samples"))
  var sample: String?

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp("Ask about all samples of a class.", valueName: "name"))
  var className: String?

  @Flag(name: .customLong("self"), help: "Ask about each training sample itself.")
  var isSelf = false

  @Flag(help: "Train every step again and split it among the samples.")
  var ideal = false

  @Option(
    help: ArgumentHelp(
      "In --csv, --json and --md a row for each sample and epoch, or layer and gate.",
      valueName: "epoch|gate"),
    completion: .list(Influence.Detail.allCases.map(\.rawValue)))
  var by: String?

  @Option(
    help: ArgumentHelp("Show at most n samples of each kind; --csv has every one.", valueName: "n"))
  var limit = 10

  @OptionGroup var resources: ThreadOption
  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    let asked = [sample != nil, className != nil, isSelf].count { $0 }
    if asked > 1 { throw ValidationError("name one of --sample, --class, --self") }
    if isSelf, samples.path != nil || samples.split != nil {
      throw ValidationError(
        "--self asks about the training samples: leave out the file and --split")
    }
    if isSelf, ideal {
      throw ValidationError("--self is told over stored epochs: leave out --ideal")
    }
    if let by, Influence.Detail(rawValue: by) == nil {
      throw ValidationError("--by is \(by); allowed: epoch, gate")
    }
    if limit < 0 { throw ValidationError("--limit is \(limit); allowed: 0 or more") }
  }

  func run() throws {
    let choice: SampleChoice =
      if isSelf { .itself } else if let className { .ofClass(className) } else {
        .numbers(try IndexRanges(sample ?? "0", option: "--sample"))
      }
    try output.print(
      try database.laboratory(data).influence(
        reference.text, samples.file, split: samples.split, choice, isIdeal: ideal,
        detail: by.flatMap(Influence.Detail.init), limit: limit, resources: resources.resources()))
  }
}

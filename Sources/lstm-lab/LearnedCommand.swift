import ArgumentParser
import Lab

struct LearnedCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "learned",
    abstract:
      "Tell when each sample was learnt, how often it was forgotten, how sure the model was.",
    discussion: """
      Computed from the stored weights of every epoch from 1 on; nothing has to be recorded for it. \
      `learned` is the first epoch from which a sample stays right, `forgotten` counts the epochs in \
      which it was right before and is wrong. Over the epochs, `confidence` is the mean probability of \
      what it should be, `variability` its standard deviation, `correctness` the share of epochs in \
      which it was right. The third with the greatest variability is `ambiguous`; of the rest, those \
      are `easy` whose confidence is at least 0.5, the others `hard`. Wrong labels are often among the \
      hard ones. See docs/insight.md.

      Examples:
        lstm-lab learned 1 --sort confidence --limit 20
        lstm-lab learned 1@50 --split validation --csv
      """)

  @OptionGroup var reference: EpochArgument
  @OptionGroup var samples: SampleOptions

  @Option(
    help: ArgumentHelp(
      "What comes first: sample, learned (the latest), forgotten (most), confidence (least), variability (greatest), correctness (least).",
      valueName: "key"),
    completion: .list(LearnedSamples.Sort.allCases.map(\.rawValue)))
  var sort = "confidence"

  @Option(help: ArgumentHelp("Show at most n samples; --csv has every one.", valueName: "n"))
  var limit = 20

  @OptionGroup var resources: ThreadOption
  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption
  @OptionGroup var output: TableOptions

  func validate() throws {
    if LearnedSamples.Sort(rawValue: sort) == nil {
      throw ValidationError(
        "--sort is \(sort); allowed: "
          + LearnedSamples.Sort.allCases.map(\.rawValue).joined(separator: ", "))
    }
    if limit < 0 { throw ValidationError("--limit is \(limit); allowed: 0 or more") }
  }

  func run() throws {
    try output.print(
      try database.laboratory(data).learned(
        reference.text, samples.file, split: samples.split,
        sort: LearnedSamples.Sort(rawValue: sort) ?? .sample, limit: limit,
        resources: resources.resources()))
  }
}

import LSTMEngine
package import LabFormats
import LabStore

/// What a text model writes, by one of its epochs or several.
package struct GeneratedText: Answer {
  private let run: StoredRun
  private let request: TextRequest
  /// What each epoch wrote behind the prompt.
  private let texts: [(epoch: Int, text: String)]
  /// Whether epochs were asked for, whose texts have headings then.
  private let hasHeadings: Bool

  /// Lets epochs write.
  init(_ opened: OpenedRun, _ request: TextRequest, kernels: Kernels) throws {
    let writer = try TextWriter(opened, request, kernels: kernels)
    let epochs = try request.epochs.map { try opened.epochs($0) }
    run = opened.run
    self.request = request
    hasHeadings = epochs != nil
    texts = try (epochs ?? [opened.epochWithWeights()]).map { epoch in
      (epoch, try writer.text(weights: opened.weights(at: epoch)))
    }
  }

  /// One row an epoch.
  package var table: Table {
    Table(
      columns: [.init("epoch", .integer), .init("prompt", .text), .init("text", .text)],
      rows: texts.map { [.integer($0.epoch), .text(request.prompt ?? ""), .text($0.text)] })
  }

  /// Everything that the texts are a function of, beside the run.
  package var jsonText: JSONText {
    .object([
      "run_id": .integer(Int(run.runID)), "prompt": .string(request.prompt ?? ""),
      "length": .integer(request.length), "temperature": .real(request.temperature),
      "seed": .integer(request.seed),
      "texts": .array(
        texts.map {
          .object(["epoch": .integer($0.epoch), "text": .string($0.text)])
        }),
    ])
  }

  /// Returns the prompt and the text behind it as they are; a terminal shows control characters as signs.
  package func text(on screen: Screen) -> String {
    let shown = texts.map { epoch, text in
      let whole = (request.prompt ?? "") + text
      let visible = screen.columns == nil ? whole : Visible.paragraph(whole)
      // A prompt of the shell begins a line of its own; a file has what was written.
      let isOpen = (screen.columns != nil || hasHeadings) && visible.last != "\n"
      let title = "epoch \(epoch)"
      return
        (hasHeadings ? "\(title)\n\(String(repeating: "─", count: title.count))\n" : "")
        + visible + (isOpen ? "\n" : "")
    }
    return shown.joined(separator: "\n")
  }
}

/// What a model is asked to write.
package struct TextRequest: Equatable, Sendable {
  /// The text that it goes on with; nil for its own beginning of a line.
  package var prompt: String?
  /// How many characters it writes.
  package var length: Int
  /// What differences between logits are divided by; 0 takes the most likely character.
  package var temperature: Double
  /// The seed of the draws.
  package var seed: Int
  /// The epochs that write; nil for the one that is named with the run.
  package var epochs: IndexRanges?

  /// The most characters that are written.
  private static let longest = 1_000_000
  /// The temperatures besides 0: below and above, every text is that of the bound.
  private static let temperatures = 0.001...1000.0

  /// Takes what was asked for.
  ///
  /// - Throws: `LabError` where a number is out of its bounds.
  package init(
    prompt: String?, length: Int, temperature: Double, seed: Int, epochs: IndexRanges?
  ) throws(LabError) {
    guard (1...Self.longest).contains(length) else {
      throw LabError(
        .usage, "\(length) characters cannot be written", where: "--length",
        next: "allowed: 1 to \(Self.longest); go on from the end of a text with --prompt")
    }
    guard temperature == 0 || Self.temperatures.contains(temperature) else {
      throw LabError(
        .usage, "the temperature is \(temperature)", where: "--temperature",
        next: "allowed: 0 for the most likely character each time, or 0.001 to 1000; 1 draws as "
          + "the model has learnt, less than 1 keeps to what is likely")
    }
    guard seed >= 0 else {
      throw LabError(
        .usage, "the seed is \(seed)", where: "--seed", next: "allowed: whole numbers from 0")
    }
    self.prompt = prompt
    self.length = length
    self.temperature = temperature
    self.seed = seed
    self.epochs = epochs
  }
}

extension OpenedRun {
  /// The epochs among some numbers, all of which the run must have.
  fileprivate func epochs(_ chosen: IndexRanges) throws -> [Int] {
    guard namedEpoch == nil else {
      throw LabError(
        .usage, "an epoch is named with the run, too", where: "--epochs",
        next: "name the run alone: \(id)")
    }
    return try chosen.indices(below: run.epochs + 1, what: "epoch", where: place)
  }
}

extension Laboratory {
  /// Returns what a run of a text writes.
  package func generate(
    _ text: String, _ request: TextRequest, resources: TrainingSession.Resources
  ) throws -> GeneratedText {
    try GeneratedText(open(text), request, kernels: resources.kernels)
  }
}

import LSTMEngine
import LabFormats
import LabStore

/// A text model that goes on with a prompt, character by character: each is drawn by the outputs behind
/// the one before and read then, and the states are carried on.
struct TextWriter {
  private let layers: [LayerSpecification]
  private let vocabulary: Vocabulary
  private let prompt: [Int]
  private let request: TextRequest
  private let kernels: Kernels
  private let place: String

  /// Takes a run and what it is asked for.
  ///
  /// - Throws: `LabError` where it was not trained on a text, its model cannot write, or the prompt has a
  ///   character that it does not know.
  init(_ opened: OpenedRun, _ request: TextRequest, kernels: Kernels) throws {
    let config = try opened.config
    guard config.data.train.text != nil else {
      throw LabError(
        .usage,
        "run \(opened.id) was not trained on a text: `generate` lets a model go on with one, "
          + "character by character", where: opened.place,
        next:
          "train one whose `data.train` is {\"text\": PATH, \"sequence_length\": T}; what this run "
          + "makes of its data tells: lstm-lab predict \(opened.id)\(opened.database.option)")
    }
    layers = config.model.layers
    try Self.requireWriting(layers, where: opened.place)
    vocabulary = try Vocabulary(
      classes: opened.database.classes(of: opened.id), where: opened.place)
    prompt = try Self.numbers(request.prompt, vocabulary)
    self.request = request
    self.kernels = kernels
    place = opened.place
  }

  /// Returns what the model writes with an epoch's weights.
  func text(weights: [[Float]]) throws(LabError) -> String {
    let network = NetworkInspection(layers, features: 1, weights: weights, kernels: kernels)
    let draw = ClassDraw(
      temperature: Float(request.temperature), seed: request.seed,
      softmax: { network.apply(.softmax, to: $0) })
    var reader = SteppedNetwork(network)
    var output = SteppedNetwork.Output()
    for number in prompt { output = reader.read([Float(number)]) }
    var text = ""
    for position in 0..<request.length {
      guard output.sums.count == vocabulary.count, output.sums.allSatisfy(\.isFinite) else {
        throw LabError(
          .data, "the model's outputs are no probabilities of \(vocabulary.count) characters",
          where: place, next: "let an earlier epoch write: RUN@EPOCH")
      }
      let number = draw.draw(output.sums, at: position)
      text += vocabulary.names[number]
      output = reader.read([Float(number)])
    }
    return text
  }

  /// Refuses a model that reads what is still to be written, or has no probabilities.
  private static func requireWriting(
    _ layers: [LayerSpecification], where place: String
  ) throws(LabError) {
    if let layer = layers.first(where: { if case .bidirectional = $0.kind { true } else { false } })
    {
      throw LabError(
        .usage,
        "layer `\(layer.name)` reads a text from its end, too, which is not there before it is written",
        where: place, next: "train a model of `lstm`, `gru` or `simple_rnn` layers to write")
    }
    let last = layers.last { if case .dropout = $0.kind { false } else { true } }
    guard case .dense(let dense) = last?.kind, dense.activation == .softmax,
      SteppedNetwork.canStep(layers)
    else {
      throw LabError(
        .usage, "the model gives no probabilities, by which a character could be drawn",
        where: place,
        next: "train one that ends with {\"type\": \"dense\", \"activation\": \"softmax\"}")
    }
  }

  /// The numbers of a prompt's characters; without one that of the line break, behind which a line begins.
  private static func numbers(
    _ prompt: String?, _ vocabulary: Vocabulary
  ) throws(LabError) -> [Int] {
    guard let prompt, !prompt.isEmpty else {
      if let lineBreak = vocabulary.number(of: "\n") { return [lineBreak] }
      throw LabError(
        .usage, "there is nothing to go on with: the run's text has no line break to begin behind",
        where: "--prompt", next: "give some characters of it; known: \(shown(vocabulary))")
    }
    var numbers: [Int] = []
    for (place, scalar) in prompt.unicodeScalars.enumerated() {
      guard let number = vocabulary.number(of: scalar) else {
        throw LabError(
          .usage,
          "character \(place + 1) of the prompt, \(Vocabulary.shown(scalar)), does not occur in the "
            + "run's text", where: "--prompt",
          next: "leave it out or write another one; known: \(shown(vocabulary))")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The most characters that a message lists.
  private static let mostShown = 200

  private static func shown(_ vocabulary: Vocabulary) -> String {
    let rest = vocabulary.count - mostShown
    return Visible.line(vocabulary.names.prefix(mostShown).joined())
      + (rest > 0 ? " … (\(vocabulary.count))" : "")
  }
}

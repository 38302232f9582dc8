import Foundation
import LabFormats
import LabStore

/// The first line of a stream: which run comes, and the shapes of all that comes with it.
struct StreamHeader: Sendable {
  /// The version of the protocol.
  var version = 1
  /// A new run, or one that is known already.
  var run: StreamedRun?
  /// A known run that the stream goes on with.
  var after: After?
  /// The model and its training as a configuration of ours.
  var native: JSONText?
  /// The weights in the order of their bytes.
  var tensors: [StreamedTensor] = []
  /// The optimizer's slots in the order of their bytes.
  var slots: [StreamedSlot] = []
  /// The gates and states of a sample's step, in the order of their bytes.
  var activations: [StreamedQuantity] = []

  /// The run and the epoch that a stream goes on from.
  struct After: Equatable, Sendable {
    var uuid = ""
    var epoch = 0
  }

  /// The unique name of the run.
  var uuid: String { run?.uuid ?? after?.uuid ?? "" }
}

/// What a stream tells of its run.
struct StreamedRun: Sendable {
  var uuid = ""
  var name = ""
  var begun: Date?
  var notes: String?
  var tags: [String] = []
  var seed: Int?
  var trainer = ""
  var config = JSONText.object([JSONTextMember]())
  var data: String?
  var host: String?
  var parent: StreamHeader.After?
}

/// A weight tensor as a stream describes it.
struct StreamedTensor: Sendable {
  var layer = ""
  var tensor = ""
  var path: String?
  var shape: [Int] = []
  var dtype = "float32"
  var rows = 1
  var cols = 1
  var gates: [String] = []
  var source: TensorDescription.Source?
  var isTrainable = true
  var turned: Turning?
}

/// An optimizer's slot as a stream describes it.
struct StreamedSlot: Sendable {
  var name = ""
  /// nil: a tensor for each of the weights, of its shape.
  var tensors: [ForeignSlot.Tensor]?
}

/// A gate or state as a stream describes it.
struct StreamedQuantity: Sendable {
  var layer = ""
  var direction: LayerPart.Direction?
  var gate = ""
  var units = 1
}

// MARK: What the line may say

extension StreamHeader {
  /// The most tensors of a model.
  private static let mostTensors = 100_000
  /// The most values of a model, or of a slot.
  static let mostValues = 1 << 30
  /// The longest first line: what the most tensors take, with long names.
  static let longestLine = 1 << 25
  /// The longest configuration in it, which is stored as it is.
  private static let longestConfig = 1 << 20
  /// The most keys and values in it: 30 a tensor.
  private static let mostNodes = 3_000_000

  /// Reads the first line of a stream.
  init(_ line: [UInt8], source: String) throws(LabError) {
    self = try Self.form.value(of: line, source: source, upTo: Self.mostNodes)
    guard (run == nil) != (after == nil) else {
      throw LabError(
        .data, "the stream's first line names \(run == nil ? "no run" : "two runs")",
        where: source, next: "it has either `run` or `after`: see docs/record.md")
    }
    if let run, run.config.compact.utf8.count > Self.longestConfig {
      throw LabError(
        .data, "the run's `config` has more than \(Self.longestConfig) bytes", where: source,
        next: "leave out of it what is no setting")
    }
    try requireShapes(source)
  }

  private static let form = ObjectForm(
    start: StreamHeader(),
    [
      Field(required: "labstream", \.version, .integer(1...1)),
      Field("run", \.run, .orNull(.object(StreamedRun.form))),
      Field("after", \.after, .orNull(.object(After.form))),
      Field("native", \.native, .orNull(.anyObject)),
      Field("tensors", \.tensors, .array(of: .object(StreamedTensor.form), upTo: mostTensors)),
      Field("slots", \.slots, .array(of: .object(StreamedSlot.form), upTo: 1_000)),
      Field(
        "activations", \.activations, .array(of: .object(StreamedQuantity.form), upTo: 10_000)),
    ])

  /// Finds the shapes good: what is added up and multiplied from here on stays small.
  private func requireShapes(_ source: String) throws(LabError) {
    func refuse(_ what: String) -> LabError {
      LabError(.data, what, where: source, next: "see docs/record.md for what a stream may have")
    }
    var names: Set<String> = []
    var values = 0
    for tensor in tensors {
      let name = Visible.shortened(Visible.line("\(tensor.layer)/\(tensor.tensor)"), to: 80)
      guard names.insert("\(tensor.layer)/\(tensor.tensor)").inserted else {
        throw refuse("two tensors are called \(name)")
      }
      let count = tensor.rows * tensor.cols  // of two numbers up to 2³⁰
      guard StreamedTensor.product(tensor.shape) == count else {
        throw refuse(
          "\(name) has \(tensor.rows) × \(tensor.cols) values, and the shape \(tensor.shape)")
      }
      guard tensor.turned?.fits(rows: tensor.rows, cols: tensor.cols) ?? true else {
        throw refuse(
          "what `turned` says of \(name) does not fit its \(tensor.rows) × \(tensor.cols)")
      }
      guard tensor.cols % max(1, tensor.gates.count) == 0 else {
        throw refuse("the \(tensor.cols) columns of \(name) do not split into its gates")
      }
      values += count
      guard values <= Self.mostValues else {
        throw refuse("the model has more than \(Self.mostValues) values")
      }
    }
    try requireCells(refuse)
    guard Set(slots.map(\.name)).count == slots.count else { throw refuse("a slot comes twice") }
    for slot in slots {
      var values = 0
      for tensor in slot.tensors ?? [] {
        let count = StreamedTensor.product(tensor.shape)
        guard let count, count > 0, tensor.weights.map({ $0 < tensors.count }) ?? true else {
          throw refuse("the slot \(slot.name) has a tensor of no shape, or of no weights")
        }
        values += count
        guard values <= Self.mostValues else {
          throw refuse("the slot \(slot.name) has more than \(Self.mostValues) values")
        }
      }
    }
    let units = activations.reduce(0) { $0 + $1.units }
    guard units <= 1 << 20 else { throw refuse("a step has more than \(1 << 20) activations") }
  }
}

extension StreamHeader {
  /// Finds that all tensors of a layer's cells have the same gates and units, as the views take them to have.
  private func requireCells(_ refuse: (String) -> LabError) throws(LabError) {
    var last: [String: [LayerPart.Direction?: TensorDescription]] = [:]
    for tensor in tensors.map(TensorDescription.init) {
      let sibling = last[tensor.layer]?[tensor.part.direction]
      last[tensor.layer, default: [:]][tensor.part.direction] = tensor
      guard let sibling, tensor.source == .hidden || sibling.source == .hidden else { continue }
      guard sibling.gates == tensor.gates, sibling.units == tensor.units else {
        throw refuse(
          "`\(Visible.line(tensor.path))` has other gates or units than the rest of its cells")
      }
    }
  }
}

extension StreamHeader.After {
  fileprivate static let form = ObjectForm(
    start: Self(),
    [
      Field(required: "uuid", \.uuid, .uuid), Field(required: "epoch", \.epoch, .count(from: 0)),
    ])
}

extension StreamedRun {
  fileprivate static let form = ObjectForm(
    start: Self(),
    [
      Field(required: "uuid", \.uuid, .uuid),
      Field(required: "name", \.name, Config.nameRule),
      Field("created_at", \.begun, .orNull(.date)),
      Field("notes", \.notes, .orNull(.text)),
      Field("tags", \.tags, .set(of: .line(upTo: 100), upTo: 100)),
      Field("seed", \.seed, .orNull(.integer(0...Int.max))),
      Field(required: "trainer", \.trainer, .line(upTo: 200)),
      Field("config", \.config, .anyObject),
      Field("data_hash", \.data, .orNull(.line(upTo: 200))),
      Field("host", \.host, .orNull(.line(upTo: 200))),
      Field("parent", \.parent, .orNull(.object(StreamHeader.After.form))),
    ])
}

extension StreamedTensor {
  fileprivate static let form = ObjectForm(
    start: Self(),
    [
      Field(required: "layer", \.layer, .pathElement),
      Field(required: "tensor", \.tensor, .line(upTo: 500)),
      Field("path", \.path, .orNull(.line(upTo: 1_000))),
      Field(required: "shape", \.shape, .array(of: .integer(0...1 << 30), upTo: 32)),
      Field("dtype", \.dtype, .line(upTo: 32)),
      Field(required: "rows", \.rows, .integer(1...1 << 30)),
      Field(required: "cols", \.cols, .integer(1...1 << 30)),
      Field("gates", \.gates, .orNothing(.set(of: .line(upTo: 64), upTo: 4))),
      Field("source", \.source, .orNull(.name)),
      Field("trainable", \.isTrainable, .boolean),
      Field("turned", \.turned, .orNull(Turning.rule)),
    ])

  /// The number of values of a shape; nil beyond what a stream may have.
  fileprivate static func product(_ shape: [Int]) -> Int? {
    var count = 1
    for length in shape {
      let (product, isOver) = count.multipliedReportingOverflow(by: length)
      guard !isOver, product <= 1 << 60 else { return nil }
      count = product
    }
    return count
  }
}

extension StreamedSlot {
  fileprivate static let form = ObjectForm(
    start: Self(),
    [
      Field(required: "name", \.name, .line(upTo: 100)),
      Field("tensors", \.tensors, .slotTensors),
    ])
}

extension Rule where Value == [ForeignSlot.Tensor]? {
  /// The text `all`, or a list of tensors with shapes of their own.
  fileprivate static var slotTensors: Rule {
    let list = Rule<[SlotTensor]>.array(of: .object(SlotTensor.form), upTo: 100_000)
    return Rule(
      allowed: "\"all\" or an array of tensors", fallback: nil, form: list.form(),
      read: { node in
        if node.value.string == "all" { return .some(nil) }
        return list.read(node).map { $0.map { .init(weights: $0.of, shape: $0.shape) } }
      }, text: { _ in .null })
  }

  private struct SlotTensor: Sendable {
    var of: Int?
    var shape: [Int] = []

    static let form = ObjectForm(
      start: Self(),
      [
        Field("of", \.of, .orNull(.integer(0...1 << 30))),
        Field(required: "shape", \.shape, .array(of: .integer(0...1 << 30), upTo: 32)),
      ])
  }
}

extension StreamedQuantity {
  fileprivate static let form = ObjectForm(
    start: Self(),
    [
      Field(required: "layer", \.layer, .pathElement),
      Field("direction", \.direction, .orNull(.direction)),
      Field(required: "gate", \.gate, .quantity),
      Field(required: "units", \.units, .integer(1...1 << 20)),
    ])
}

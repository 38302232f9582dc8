import Foundation
import LabFormats
import LabStore

/// A line of a stream behind the first: an epoch, whose bytes follow, or the end.
enum StreamLine: Sendable {
  case epoch(StreamedEpoch)
  case end(StreamedEnd)

  /// Reads a line.
  init(_ line: [UInt8], source: String) throws(LabError) {
    let root = try JSONDocument(line, source: source).root
    if root.members.contains(where: { $0.key == "end" }) {
      self = .end(try StreamedEnd.form.value(of: line, source: source))
    } else {
      self = .epoch(try StreamedEpoch.form.value(of: line, source: source))
    }
  }
}

/// What a stream tells of an epoch before its bytes.
struct StreamedEpoch: Sendable {
  var epoch = 0
  var seconds = 0.0
  var recordedAt: Date?
  var learningRate: Double?
  var iterations = 0
  var metrics: [MetricValue] = []
  /// The slots whose bytes follow, in the order of the first line.
  var slots: [String] = []
  var activations: [Sample] = []
  /// All bytes that follow.
  var bytes = 0

  /// A sample whose gates and states follow.
  struct Sample: Sendable {
    var sample = 0
    var steps = 1
    var bytes = 0
  }

  fileprivate static let form = ObjectForm(
    start: Self(),
    [
      Field(required: "epoch", \.epoch, .count(from: 0)),
      Field("seconds", \.seconds, .notNegative),
      Field("recorded_at", \.recordedAt, .orNull(.date)),
      Field("learning_rate", \.learningRate, .orNull(.finite)),
      Field("iterations", \.iterations, .integer(0...1 << 53)),
      Field("metrics", \.metrics, .metrics),
      Field("slots", \.slots, .set(of: .line(upTo: 100), upTo: 1_000)),
      Field("activations", \.activations, .array(of: .object(Sample.form), upTo: 100_000)),
      Field(required: "bytes", \.bytes, .integer(0...1 << 40)),
    ])
}

extension StreamedEpoch.Sample {
  fileprivate static let form = ObjectForm(
    start: Self(),
    [
      Field(required: "sample", \.sample, .integer(0...1 << 40)),
      Field(required: "steps", \.steps, .integer(1...1 << 20)),
      Field(required: "bytes", \.bytes, .integer(4...1 << 32)),
    ])
}

/// What a stream tells of the end of its run.
struct StreamedEnd: Sendable {
  var outcome = RunOutcome.completed
  var message: String?
  var result: Int?
  /// Of the test data, measured with the weights of the result.
  var test: [MetricValue] = []

  fileprivate static let form = ObjectForm(
    start: Self(),
    [
      Field(required: "end", \.outcome, .outcome),
      Field("message", \.message, .orNull(.text)),
      Field("result_epoch", \.result, .orNull(.count(from: 0))),
      Field("test", \.test, .testMetrics),
    ])
}

extension Rule where Value == RunOutcome {
  fileprivate static var outcome: Rule {
    Rule<String>.name(among: ["completed", "interrupted", "failed", "diverged"]).map(
      { Value(rawValue: $0) ?? .failed }, \.rawValue)
  }
}

extension Rule where Value == [MetricValue] {
  /// `["validation", "loss", 0.71]`, each split and name once; null is not a number.
  fileprivate static var metrics: Rule { metrics(ofTest: false) }

  /// `["loss", 0.71]`, of the test data.
  fileprivate static var testMetrics: Rule { metrics(ofTest: true) }

  private static func metrics(ofTest isTest: Bool) -> Rule {
    let allowed = isTest ? "[[name, number], …]" : "[[split, name, number], …]"
    return Rule(
      allowed: "\(allowed), each once", fallback: [],
      form: ValueForm(["type": .string("array")], words: allowed),
      read: { node in
        guard node.value.kind == .array, node.value.count <= 10_000 else { return nil }
        var known: Set<String> = []
        var metrics: [MetricValue] = []
        for element in node.value.elements {
          guard let metric = metric(Array(element.elements), ofTest: isTest),
            known.insert(metric.kerasName).inserted
          else { return nil }
          metrics.append(metric)
        }
        return metrics
      }, text: { _ in .null })
  }

  private static func metric(_ parts: [JSONValue], ofTest isTest: Bool) -> MetricValue? {
    guard parts.count == (isTest ? 2 : 3), let name = parts[parts.count - 2].string,
      (1...200).contains(name.count), Visible.line(name) == name
    else { return nil }
    let last = parts[parts.count - 1]
    let number = last.double ?? .nan
    guard last.kind == .null || last.kind == .number else { return nil }
    if isTest { return MetricValue(.test, name, number) }
    guard let split = parts[0].string.flatMap(DataSplit.init) else { return nil }
    return MetricValue(split, name, number)
  }
}

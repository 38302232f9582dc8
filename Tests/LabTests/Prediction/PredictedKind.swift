import LSTMEngine
import Testing

@testable import Lab

/// A kind of data with a run on it: what is trained on, and what else `predict` is given to read it.
struct PredictedKind: Sendable, CustomTestStringConvertible {
  /// A file of the data as text, or an array.
  enum Content: Sendable {
    case text(String)
    /// A text that gzip packs.
    case packed(String)
    case array(shape: [Int], values: [Double])
    /// An archive of arrays by their names.
    case archive([(name: String, shape: [Int], values: [Double])])
  }

  let id: String
  /// The data's files by name.
  var files: [(name: String, content: Content)] = []
  /// The source in the configuration.
  let source: String
  var normalize = "none"
  var normalizeTarget: String?
  let layers: String
  let loss: String
  /// The file that predict reads, and its options.
  let file: String
  var options: [String] = []
  /// What is said of the file.
  var told = ""
  /// The columns of the outputs.
  let outputs: [String]

  var testDescription: String { id }

  /// The metrics that the run measures: all that fit.
  var metrics: [String] {
    guard let loss = Loss(rawValue: loss) else { return [] }
    let kind = OutputKind(loss, outputs: outputs.count, hasClasses: false)
    return Metric.allCases.filter { kind.fits($0, loss) }.map(\.rawValue)
  }

  /// The configuration of a run that stores predictions of every second epoch.
  var config: String {
    """
    {"name":"kind","seed":3,
    "data":{"train":\(source),"validation":\(source),"test":\(source),"normalize":"\(normalize)"
    \(normalizeTarget.map { ",\"normalize_target\":\"\($0)\"" } ?? "")},
    "model":{"layers":[\(layers)]},
    "training":{"loss":"\(loss)","epochs":4,"batch_size":4,
    "metrics":["\(metrics.joined(separator: "\",\""))"]},
    "record":{"predictions":{"every":2}}}
    """
  }

  /// Makes a folder with the data.
  func place() throws -> Workplace {
    let place = try Workplace()
    for (name, content) in files {
      switch content {
      case .text(let text): try place.write(text, to: name)
      case .packed(let text):
        try place.write(text, to: "plain")
        try place.output("/bin/sh", ["-c", "gzip -c plain > \(name); rm plain"])
      case .array(let shape, let values):
        try place.write(NPYBytes.file(shape: shape, values: values), to: name)
      case .archive(let arrays):
        let entries = arrays.map {
          ZipBuilder.Entry(npy: NPYBytes.file(shape: $0.shape, values: $0.values), $0.name)
        }
        try place.write(ZipBuilder(entries: entries).bytes(), to: name)
      }
    }
    try place.write(config, to: "config.json")
    try place.lab("run", "config.json", "-q")
    return place
  }
}

extension PredictedKind {
  /// A table of walks of 1 to 5 steps, with a class for each and a number for each step.
  static func table(walks: Int, seed: UInt64, symbols: UInt64? = nil) -> String {
    var random = CounterRandom(seed: seed)
    var text = "walk,speed,slope,kind,height\n"
    for walk in 0..<walks {
      let kind = ["low", "high", "very high"][walk % 3]
      for _ in 0...Int(random.next() % 5) {
        let speed =
          symbols.map { "\(random.next() % $0)" } ?? "\(Double(random.next() % 1000) / 7)"
        text +=
          "w\(walk),\(speed),\(Double(random.next() % 1000) / 999),\(kind),"
          + "\(Double(random.next() % 100) / 100)\n"
      }
    }
    return text
  }

  private static func csv(_ features: String, _ target: String) -> String {
    #"{"csv":"data.csv","sequence":"walk","features":[\#(features)],\#(target)}"#
  }

  private static func numbers(_ count: Int, below limit: UInt64, seed: UInt64) -> [Double] {
    var random = CounterRandom(seed: seed)
    return (0..<count).map { _ in Double(random.next() % limit) }
  }

  static let all: [PredictedKind] = tables + otherTables + arrays

  static let otherTables = [
    PredictedKind(
      id: "a wide table without header, with gaps",
      files: [
        (
          "data.tsv",
          .text("1\t0.5\t\t2\n0\t-1\t-2.5\t0\n1\t1\t3\t2\n0\tNA\t-2\t0.25\n1\t0.75\t1\t1\n")
        )
      ],
      source: #"{"csv":"data.tsv","layout":"wide","header":false,"target":"0","#
        + #""classes":["0","1"],"missing":"mean"}"#, normalize: "standard",
      layers: #"{"type":"lstm","units":3},{"type":"dense","units":2,"activation":"softmax"}"#,
      loss: "sparse_categorical_crossentropy", file: "data.tsv",
      told: "missing values filled in: 2\n", outputs: ["0", "1"]),
    PredictedKind(
      id: "windows on a table of texts and decimal commas",
      files: [("data.csv", .text(weather))],
      source: #"{"csv":"data.csv","delimiter":";","decimal":",","missing":"forward_fill","#
        + #""features":["sky","warmth"],"windows":{"sequence_length":4,"horizon":2,"#
        + #""targets":["warmth","wind"]}}"#, normalize: "minmax",
      layers: #"{"type":"gru","units":3},{"type":"dense","units":4}"#,
      loss: "mean_squared_error", file: "data.csv", told: "missing values filled in: 1\n",
      outputs: ["warmth+1", "wind+1", "warmth+2", "wind+2"]),
    packed, text,
    PredictedKind(
      id: "a table with texts and gaps, several scaled targets",
      files: [("data.csv", .text(gappy))],
      source: #"{"csv":"data.csv","sequence":"walk","features":["kind","speed"],"#
        + #""missing":"forward_fill","target":["height","slope"],"target_per":"step"}"#,
      normalize: "standard", normalizeTarget: "minmax",
      layers: #"{"type":"gru","units":3,"return_sequences":true},{"type":"dense","units":2}"#,
      loss: "mean_squared_error", file: "data.csv",
      told: "missing values filled in: \(gappy.matches(of: /,,/).count)\n",
      outputs: ["height", "slope"]),
  ]

  /// Walks whose second step has no speed.
  static let gappy: String = {
    var walks: [Substring: Int] = [:]
    return table(walks: 11, seed: 5).split(separator: "\n").map { line in
      var fields = line.split(separator: ",")
      walks[fields[0], default: 0] += 1
      if walks[fields[0]] == 2 { fields[1] = "" }
      return fields.joined(separator: ",") + "\n"
    }.joined()
  }()

  /// Windows on a table that is packed: ``weatherOfTowns``.
  static let packed = PredictedKind(
    id: "windows on several series of a packed table, two scaled targets",
    files: [("data.csv.gz", .packed(weatherOfTowns))],
    source: #"{"csv":"data.csv.gz","sequence":"town","features":["wind","sky"],"missing":"mean","#
      + #""windows":{"sequence_length":3,"sequence_stride":2,"sampling_rate":2,"horizon":1,"#
      + #""targets":["dew","warmth"]}}"#, normalize: "standard", normalizeTarget: "standard",
    layers: #"{"type":"lstm","units":3},{"type":"dense","units":2}"#,
    loss: "mean_squared_error", file: "data.csv.gz", told: "missing values filled in: 3\n",
    outputs: ["dew", "warmth"])

  /// A text in samples that overlap.
  static let text = PredictedKind(
    id: "a text", files: [("data.txt", .text("thecatsatonthemat–theendetlafête"))],
    source: #"{"text":"data.txt","sequence_length":5,"sequence_stride":3}"#,
    layers: #"{"type":"embedding","output_dim":3},"#
      + #"{"type":"gru","units":4,"return_sequences":true},"#
      + #"{"type":"dense","activation":"softmax"}"#,
    loss: "sparse_categorical_crossentropy", file: "data.txt",
    outputs: ["a", "c", "d", "e", "f", "h", "l", "m", "n", "o", "s", "t", "ê", "–"])

  /// Days of three towns, mixed.
  static let weatherOfTowns: String = {
    var random = CounterRandom(seed: 9)
    return "town,sky,dew,warmth,wind\n"
      + (0..<40).map { row in
        let wind = row % 15 == 4 ? "NA" : "\(random.next() % 9)"
        let sky = ["sun", "fog", "rain"][Int(random.next() % 3)]
        let town = ["Ulm", "Bonn", "Kiel"][Int(random.next() % 3)]
        return "\(town),\(sky),\(random.next() % 9),\(random.next() % 30).5,\(wind)\n"
      }.joined()
  }()

  /// A series of 20 days.
  private static let weather: String = {
    var random = CounterRandom(seed: 8)
    return "wind;warmth;sky\n"
      + (0..<20).map { day in
        let warmth = day == 7 ? "?" : "\(random.next() % 30),\(random.next() % 10)"
        return "\(random.next() % 9);\(warmth);\(["sun", "fog", "rain"][Int(random.next() % 3)])\n"
      }.joined()
  }()

  static let tables = [
    PredictedKind(
      id: "a table with classes, scaled", files: [("data.csv", .text(table(walks: 11, seed: 1)))],
      source: csv(#""speed","slope""#, #""target":"kind""#), normalize: "standard",
      layers: #"{"type":"lstm","units":5},{"type":"dense","units":3,"activation":"softmax"}"#,
      loss: "sparse_categorical_crossentropy", file: "data.csv",
      outputs: ["high", "low", "very high"]),
    PredictedKind(
      id: "a table with a number a step, both directions",
      files: [("data.csv", .text(table(walks: 11, seed: 2)))],
      source: csv(#""slope","speed""#, #""target":"height","target_per":"step""#),
      normalize: "minmax",
      layers: #"{"type":"bidirectional","layer":{"type":"gru","units":4,"return_sequences":true}},"#
        + #"{"type":"dense","units":1}"#,
      loss: "mean_squared_error", file: "data.csv", outputs: ["predicted"]),
    PredictedKind(
      id: "a table of symbols, a class a step",
      files: [("data.csv", .text(table(walks: 11, seed: 3, symbols: 6)))],
      source: csv(#""speed""#, #""target":"kind","target_per":"step""#),
      layers: #"{"type":"embedding","input_dim":6,"output_dim":3},"#
        + #"{"type":"simple_rnn","units":4,"return_sequences":true},"#
        + #"{"type":"dense","units":3,"activation":"softmax"}"#,
      loss: "categorical_crossentropy", file: "data.csv", outputs: ["high", "low", "very high"]),
    PredictedKind(
      id: "a table of numbered classes",
      files: [("data.csv", .text(table(walks: 11, seed: 3, symbols: 6)))],
      source: csv(#""slope""#, #""target":"speed","target_per":"step""#), normalize: "standard",
      layers: #"{"type":"gru","units":4,"return_sequences":true},"#
        + #"{"type":"dense","units":6,"activation":"softmax"}"#,
      loss: "sparse_categorical_crossentropy", file: "data.csv",
      outputs: ["0", "1", "2", "3", "4", "5"]),
    PredictedKind(
      id: "series of two classes",
      files: [
        (
          "data.ts",
          .text(
            "@equalLength false\n@classLabel true low high\n@data\n# no series\n1,2,3:0,1,0:low\n"
              + "5,6:1,1:high\n1,1:0,0:low\n7,6,5,6:1,0,1,1:high\n0,1,2:1,0,0:low\n")
        )
      ],
      source: #"{"ts":"data.ts"}"#, normalize: "standard",
      layers: #"{"type":"gru","units":3},{"type":"dense","units":1,"activation":"sigmoid"}"#,
      loss: "binary_crossentropy", file: "data.ts", outputs: ["high"]),
  ]

  static let arrays = [
    PredictedKind(
      id: "arrays in files",
      files: [
        ("x.npy", .array(shape: [9, 4, 2], values: numbers(72, below: 50, seed: 4))),
        ("y.npy", .array(shape: [9, 2], values: numbers(18, below: 9, seed: 5))),
      ],
      source: #"{"x":"x.npy","y":"y.npy"}"#, normalize: "standard",
      layers: #"{"type":"lstm","units":3},{"type":"dense","units":2}"#,
      loss: "mean_absolute_error", file: "x.npy", options: ["--y", "y.npy"], outputs: ["y0", "y1"]),
    PredictedKind(
      id: "arrays of an archive, scaled targets",
      files: [
        (
          "data.npz",
          .archive([
            ("x", [9, 3, 1], numbers(27, below: 50, seed: 4)), ("unused", [1], [0]),
            ("y", [9], numbers(9, below: 9, seed: 5)),
          ])
        )
      ],
      source: #"{"x":"data.npz:x","y":"data.npz:y"}"#, normalize: "minmax",
      normalizeTarget: "standard",
      layers: #"{"type":"lstm","units":3},{"type":"dense","units":1}"#,
      loss: "mean_squared_error", file: "data.npz:x", options: ["--y", "data.npz:y"],
      outputs: ["predicted"]),
    PredictedKind(
      id: "padded arrays with lengths, a class a step",
      files: [
        ("x.npy", .array(shape: [7, 4, 1], values: numbers(28, below: 50, seed: 6))),
        ("y.npy", .array(shape: [7, 4, 1], values: numbers(28, below: 3, seed: 7))),
        ("n.npy", .array(shape: [7], values: [1, 4, 2, 3, 4, 1, 2])),
      ],
      source: #"{"x":"x.npy","y":"y.npy","lengths":"n.npy","padding":"pre"}"#, normalize: "minmax",
      layers: #"{"type":"lstm","units":3,"return_sequences":true},"#
        + #"{"type":"dense","units":3,"activation":"softmax"}"#,
      loss: "sparse_categorical_crossentropy", file: "x.npy",
      options: ["--y", "y.npy", "--lengths", "n.npy"], outputs: ["0", "1", "2"]),
    PredictedKind(
      id: "arrays in the configuration",
      files: [("x.npy", .array(shape: [3, 2, 1], values: [1, 0.5, 0, 0.25, 1, -2]))],
      source: #"{"x":[[[1],[0.5]],[[0],[0.25]],[[1],[-2]]],"y":[0,1,0.5]}"#,
      layers: #"{"type":"lstm","units":3},{"type":"dense","units":1,"activation":"sigmoid"}"#,
      loss: "binary_crossentropy", file: "x.npy", outputs: ["1"]),
  ]
}

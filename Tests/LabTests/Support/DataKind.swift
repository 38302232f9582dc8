import Testing

/// A kind of source with its files, for laws of the bits that every one of them trains to.
struct DataKind: Sendable, CustomTestStringConvertible {
  /// A file that has to be made: of text, in UTF-16, packed, or arrays alone or in an archive.
  enum File: Sendable {
    case text(String, String)
    case utf16(String, String)
    case packed(String, String)
    case array(String, [Int], [Double])
    case archive(String, [(name: String, shape: [Int], values: [Double])])
  }

  let id: String
  let files: [File]
  /// The source to train on.
  let train: String
  /// How many outputs the model has; classes where they are told apart.
  var outputs = 1
  var areClasses = false
  /// What is validated with.
  var validation = #"{"split":0.3}"#
  /// Whether they are a text, whose model begins with a table and has an output a step.
  var isText = false
  /// More members of `data`.
  var more = ""
  var testDescription: String { id }

  /// Writes the files, and a configuration that trains on a part of them and validates with the rest.
  func write(to place: Workplace, epochs: Int, layers: String) throws {
    for file in files {
      switch file {
      case .text(let name, let text): try place.write(text, to: name)
      case .utf16(let name, let text):
        let bytes = text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        try place.write([0xFF, 0xFE] + bytes, to: name)
      case .packed(let name, let text):
        try place.write(text, to: name)
        try #require(try place.shell("gzip '\(name)'").status == 0)
      case .array(let name, let shape, let values):
        try place.write(NPYBytes.file(shape: shape, values: values), to: name)
      case .archive(let name, let arrays):
        let entries = arrays.map {
          ZipBuilder.Entry(npy: NPYBytes.file(shape: $0.shape, values: $0.values), $0.name)
        }
        try place.write(ZipBuilder(entries: entries).bytes(), to: name)
      }
    }
    let layers =
      isText
      ? #"{"type":"embedding","output_dim":3},\#(layers),"#
        + #"{"type":"gru","units":5,"return_sequences":true}"#
      : layers
    let output =
      isText
      ? #"{"type":"dense","activation":"softmax"}"#
      : areClasses
        ? "{\"type\":\"dense\",\"units\":\(outputs),\"activation\":\"softmax\"}"
        : "{\"type\":\"dense\",\"units\":\(outputs)}"
    let loss = areClasses ? "sparse_categorical_crossentropy" : "mean_squared_error"
    try place.write(
      """
      {"data":{"train":\(train),"validation":\(validation)\(more)},
      "model":{"layers":[\(layers),\(output)]},
      "training":{"epochs":\(epochs),"batch_size":14,"loss":"\(loss)"},
      "record":{"predictions":{"every":\(epochs)}}}
      """, to: "config.json")
  }
}

// MARK: All of them

extension DataKind {
  private static let samples = 45
  private static let steps = 5

  /// Numbers with three decimals; the last digit of none is lost in float32.
  private static let numbers: [[Double]] = {
    var random = CounterRandom(seed: 45)
    return (0..<samples * steps).map { _ in
      (0..<3).map { _ in Double(Int(random.next() % 4001) - 2000) / 1000 }
    }
  }()

  private static func isGap(_ row: Int, _ column: Int) -> Bool { (row * 3 + column) % 31 == 7 }

  /// One row a time step; `hasGaps` leaves some numbers out.
  private static func table(hasGaps: Bool = false, isCut: Bool = false) -> String {
    "id,a,b,kind,p,q,class\n"
      + numbers.enumerated().map { row, numbers in
        let sequence = row / steps
        let texts = numbers.enumerated().map { hasGaps && isGap(row, $0) ? "?" : "\($1)" }
        let kind = ["rain", "sun", "snow"][row * 7 % 11 % 3]
        // With windows rows of one series have targets of their own.
        let (p, q) = isCut ? (numbers[0], numbers[2]) : (Double(sequence % 7) / 4, Double(sequence))
        return "\(isCut ? sequence / 9 : sequence),\(texts[0]),\(texts[1]),\(kind),\(p),\(q),"
          + "\(sequence % 3 == 0 ? "up" : "down")\n"
      }.joined()
  }

  private static let wide =
    numbers.map { "\($0[0])" }.chunks(of: steps).enumerated().map { sample, row in
      (["\(sample % 3 + 1)"] + row).joined(separator: "\t") + "\n"
    }.joined()

  private static let series =
    "@classLabel true 1 2\n@data\n"
    + numbers.enumerated().map { row, numbers in isGap(row, 0) ? "?" : "\(numbers[0])" }
    .chunks(of: steps).enumerated().map { sample, row in
      row.joined(separator: ",") + ":\(sample % 2 + 1).0\n"
    }.joined()

  private static let long =
    #""sequence": "id", "features": ["a", "b"], "target": "p""#
  private static let cut = #""windows": {"sequence_length": 6, "sampling_rate": 2, "horizon": 2"#
  private static let arrays: [Double] = numbers.enumerated().flatMap { row, numbers in
    numbers.enumerated().map { isGap(row, $0) ? .nan : $1 }
  }
  private static let whole = numbers.flatMap(\.self)

  static let all: [DataKind] = [
    DataKind(
      id: "wide", files: [.text("a.tsv", wide)],
      train: #"""
        {"csv": "a.tsv", "header": false, "layout": "wide", "target": "0", "classes": ["1", "2", "3"]}
        """#, outputs: 3, areClasses: true),
    DataKind(
      id: "windows of a table", files: [.text("a.csv", table(isCut: true))],
      train:
        #"{"csv": "a.csv", "sequence": "id", "features": ["a", "b"], \#(cut), "targets": ["q"]}}"#,
      outputs: 2),
    DataKind(
      id: "windows of arrays",
      files: [
        .archive("a.npz", [("x", [5, 45, 3], whole), ("y", [5, 45], numbers.map { $0[1] })])
      ],
      train: #"{"x": "a.npz:x", "y": "a.npz:y", \#(cut)}}"#, outputs: 2),
    DataKind(
      id: "windows of a task", files: [],
      train: #"{"generator": "sine", "samples": 3, "length": 60, "seed": 9, \#(cut)}}"#, outputs: 2),
    DataKind(
      id: "gaps of windows, filled forward",
      files: [.text("a.csv", table(hasGaps: true, isCut: true))],
      train: #"""
        {"csv": "a.csv", "sequence": "id", "features": ["b", "a"], "missing": "forward_fill", \#(cut)}}
        """#, outputs: 4),
    DataKind(
      id: "gaps of a table, its means", files: [.text("a.csv", table(hasGaps: true))],
      train: #"{"csv": "a.csv", \#(long), "missing": "mean"}"#, more: #","normalize":"standard""#),
    DataKind(
      id: "gaps of a .ts file, dropped", files: [.text("a.ts", series)],
      train: #"{"ts": "a.ts", "missing": "drop"}"#, outputs: 2, areClasses: true),
    DataKind(
      id: "gaps of arrays, zero",
      files: [
        .array("x.npy", [45, 5, 3], arrays),
        .array("y.npy", [45], (0..<45).map { Double($0 % 3) }),
      ],
      train: #"{"x": "x.npy", "y": "y.npy", "missing": "zero"}"#, outputs: 3, areClasses: true),
    DataKind(
      id: "categories", files: [.text("a.csv", table())],
      train: #"{"csv": "a.csv", "sequence": "id", "features": ["a", "kind"], "target": "class"}"#,
      outputs: 2, areClasses: true),
    DataKind(
      id: "several targets, scaled", files: [.text("a.csv", table())],
      train: #"{"csv": "a.csv", "sequence": "id", "features": ["a"], "target": ["p", "q"]}"#,
      outputs: 2, more: #","normalize_target":"standard""#),
    DataKind(
      id: "packed", files: [.packed("a.csv", table())], train: #"{"csv": "a.csv.gz", \#(long)}"#),
    DataKind(
      id: "UTF-16 with decimal commas",
      files: [.utf16("a.txt", table().replacing(",", with: ";").replacing(".", with: ","))],
      train: #"""
        {"csv": "a.txt", "encoding": "utf-16", "delimiter": ";", "decimal": ",", \#(long)}
        """#),
    DataKind(
      id: "member of an archive",
      files: [
        .archive(
          "a.npz", [("x", [45, 5, 3], whole), ("y", [45], (0..<45).map { Double($0) / 8 })])
      ],
      train: #"{"x": "a.npz:x", "y": "a.npz:y"}"#, more: #","normalize":"minmax""#),
    DataKind(
      id: "a fold of classes", files: [.text("a.csv", table(hasGaps: true))],
      train: #"""
        {"csv": "a.csv", "sequence": "id", "features": ["a", "b"], "target": "class", "missing": "mean"}
        """#, outputs: 2, areClasses: true,
      validation: #"{"folds":4,"fold":2,"stratify":true}"#, more: #","normalize":"standard""#),
    DataKind(
      id: "a fold of series", files: [.text("a.csv", table(hasGaps: true, isCut: true))],
      train: #"""
        {"csv": "a.csv", "sequence": "id", "features": ["b", "a"], "missing": "forward_fill",
        "windows": {"sequence_length": 6}}
        """#, outputs: 2, validation: #"{"rolling":3,"fold":1}"#, more: #","normalize":"standard""#),
    DataKind(
      id: "text in overlapping sequences", files: [.text("a.txt", text)],
      train: #"{"text": "a.txt", "sequence_length": 7, "sequence_stride": 4}"#, areClasses: true,
      isText: true),
    DataKind(
      id: "text in Latin letters, packed",
      files: [.packed("a.txt", text.filter(\.isASCII))],
      train: #"{"text": "a.txt.gz", "sequence_length": 6, "encoding": "iso-8859-1"}"#,
      areClasses: true, isText: true),
  ]

  /// Characters of one to four bytes in UTF-8.
  private static let text =
    numbers.map { ["a", "be", "\n", "é", "– ", "𝄞"][Int(abs($0[0]) * 1000) % 6] }.joined()
}

extension Array {
  fileprivate func chunks(of count: Int) -> [[Element]] {
    stride(from: 0, to: self.count, by: count).map { Array(self[$0..<$0 + count]) }
  }
}

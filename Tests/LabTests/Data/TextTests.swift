import LSTMEngine
import LabFormats
import LabStore
import Testing

@testable import Lab

/// Texts: which characters are classes, how they are cut, and the message for what is not read.
@Suite struct TextTests {
  /// A text of some characters of one to four bytes.
  private static func text(_ count: Int, seed: UInt64) -> [UnicodeScalar] {
    var random = CounterRandom(seed: seed)
    let known: [UnicodeScalar] = ["a", "b", "\n", " ", "é", "e", "\u{301}", "–", "𝄞", "\t"]
    return (0..<count).map { _ in known[Int(random.next() % 10)] }
  }

  private static func string(_ scalars: some Sequence<UnicodeScalar>) -> String {
    String(String.UnicodeScalarView(scalars))
  }

  private static func config(
    _ place: Workplace, _ length: Int, _ stride: Int, data: String = ""
  ) throws -> Config {
    try Config(
      json: """
        {"data":{"train":{"text":"a.txt","sequence_length":\(length),"sequence_stride":\(stride)}\(data)},
        "model":{"layers":[{"type":"embedding","output_dim":2},
        {"type":"lstm","units":2,"return_sequences":true},{"type":"dense","activation":"softmax"}]},
        "training":{"loss":"sparse_categorical_crossentropy","epochs":1}}
        """, source: place.file("config.json"))
  }

  /// What a sample set has of a sequence, by its own account.
  private func expect(
    _ set: SampleSet, _ text: [Int], length: Int, stride: Int
  ) {
    let starts = Array(Swift.stride(from: 0, through: text.count - length - 1, by: stride))
    #expect(set.count == starts.count)
    guard case .classes(let shared) = set.targets, case .classes(let own) = set.outputTargets else {
      Issue.record("no classes")
      return
    }
    #expect(own.count == starts.count * length && set.outputRows == own.count)
    for (sample, start) in starts.enumerated() {
      #expect(set.sequence(sample) == text[start..<start + length].map { [Float($0)] })
      let wanted = text[start + 1..<start + length + 1].map { Int32($0) }
      #expect(Array(shared[set.rows(of: sample)]) == wanted)
      #expect(Array(own[set.outputRows(of: sample)]) == wanted)
    }
  }

  @Test(arguments: 0..<60) func `a sequence reads characters, and its targets are the next ones`(
    seed: Int
  ) throws {
    var random = CounterRandom(seed: UInt64(seed))
    let length = Int.random(in: 1..<9, using: &random)
    let stride = Int.random(in: 1..<12, using: &random)
    let scalars = Self.text(Int.random(in: 40..<200, using: &random), seed: UInt64(seed))
    let place = try Workplace()
    try place.write(Self.string(scalars), to: "a.txt")
    let classes = Set(scalars).sorted { $0.value < $1.value }
    let numbers = scalars.map { scalar in classes.firstIndex(of: scalar) ?? -1 }

    let whole = try TrainingPlan(Self.config(place, length, stride))
    #expect(whole.data.classes.map { Array($0.utf8) } == classes.map { Array(String($0).utf8) })
    expect(whole.train, numbers, length: length, stride: stride)
    #expect(whole.network.outputs == classes.count)

    // The last part validates: no character or target of it is trained on.
    let split = try TrainingPlan(
      Self.config(place, length, stride, data: #","validation":{"split":0.3}"#))
    let cut = Int((Double(scalars.count) * 0.7).rounded(.down))
    #expect(split.data.classes == whole.data.classes)
    expect(split.train, Array(numbers[..<cut]), length: length, stride: stride)
    expect(try #require(split.validation), Array(numbers[cut...]), length: length, stride: stride)
  }

  /// What a configuration leaves out is what its text says: hashes are those of the one that says it.
  @Test func `sizes that are left out are filled in`() throws {
    let place = try Workplace()
    try place.write("abcabcabc\n", to: "a.txt")
    let short = try Self.config(place, 3, 3)
    let plan = try TrainingPlan(short)
    let long = try Config(json: plan.config.normalised(), source: short.file.path)
    #expect(
      long.normalised().contains(#""input_dim":4"#) && long.normalised().contains(#""units":4"#))
    #expect(!short.normalised().contains("input_dim"))
    #expect(try TrainingPlan(long).config.hash == plan.config.hash)
    #expect(try TrainingPlan(long).data.hash == plan.data.hash)
    // Another text is another run, by its data and by its model.
    try place.write("abcabcabd\n", to: "a.txt")
    let other = try TrainingPlan(short)
    #expect(other.data.hash != plan.data.hash && other.config.hash != plan.config.hash)
  }

  @Test func `how a text is cut belongs to its hash`() throws {
    let place = try Workplace()
    try place.write(Self.string(Self.text(80, seed: 1)), to: "a.txt")
    let hashes = try [(4, 4), (4, 3), (5, 4)].map {
      try TrainingPlan(Self.config(place, $0.0, $0.1)).data.hash
    }
    #expect(Set(hashes).count == 3)
    // As bytes of another encoding the same characters are the same data.
    let bytes = Self.string(Self.text(80, seed: 1)).utf16.flatMap {
      [UInt8($0 & 0xFF), UInt8($0 >> 8)]
    }
    try place.write([0xFF, 0xFE] + bytes, to: "a.txt")
    var config = try Self.config(place, 4, 4)
    var source = try #require(config.data.train.text)
    source.encoding = .utf16
    config.data.train = .text(source)
    #expect(try TrainingPlan(config).data.hash == hashes[0])
  }

  private static func read(
    _ bytes: [UInt8], length: Int = 2, encoding: TextEncoding = .utf8, classes: [String]? = nil
  ) throws -> Dataset {
    var source = TextSource("a.txt", length: length)
    source.encoding = encoding
    return try FileData.read(bytes, .text(source), classNames: classes)
  }

  @Test(
    arguments: [
      ("empty", [], .utf8, nil, "the text file is empty", "a.txt"),
      (
        "short", Array("ab".utf8), .utf8, nil,
        "no sequence fits: 2 characters and the one behind them, and `data.train` has 2", "a.txt"
      ),
      (
        "unknown", Array("ab\nabé\nc".utf8), .utf8, ["\n", "a", "b"],
        "the character `é` (U+00E9) does not occur in the training text", "a.txt:2:3"
      ),
      (
        "unseen", Array("ab\n\u{200B}".utf8), .utf8, ["\n", "a", "b"],
        "the character `\u{FFFD}` (U+200B) does not occur in the training text", "a.txt:2:1"
      ),
      ("not UTF-8", [97, 10, 98, 0xE9, 98], .utf8, nil, "the byte 0xE9 is not UTF-8", "a.txt:2:2"),
      (
        "not Windows", [97, 10, 98, 0x81], .windows1252, nil, "the byte 0x81 is not windows-1252",
        "a.txt:2:2"
      ),
      (
        "zero", [97, 98, 10, 97, 0, 98], .utf8, nil, "the character U+0000 belongs to no text",
        "a.txt:2:2"
      ),
      (
        "other classes", Array("abc".utf8), .utf8, ["up", "down"],
        "the classes are no characters of a text", "a.txt"
      ),
    ] as [(String, [UInt8], TextEncoding, [String]?, String, String)])
  func `what is no text is refused`(
    id: String, bytes: [UInt8], encoding: TextEncoding, classes: [String]?, what: String,
    place: String
  ) throws {
    let error = #expect(throws: LabError.self) {
      try Self.read(bytes, encoding: encoding, classes: classes)
    }
    #expect(error?.what == what)
    #expect(error?.where.hasSuffix(place) == true, "\(error?.where ?? "")")
    #expect(error?.next.isEmpty == false)
  }

  /// Models that do not fit a text, by what is changed in one that does.
  @Test(arguments: [
    (
      #"{"type":"embedding","output_dim":2},"#, "",
      "layer `lstm` computes with numbers, but a text's characters are classes"
    ),
    (
      #""output_dim":2"#, #""output_dim":2,"input_dim":3"#,
      "the text has 4 different characters, and layer `embedding` reads 3"
    ),
    (
      #""type":"dense","#, #""type":"dense","units":5,"#,
      "`data.train` has 4 classes, and the model gives 5 outputs"
    ),
    (
      #""type":"dense","#, #""type":"dense","units":3,"#,
      "`data.train` has 4 classes, and the model gives 3 outputs"
    ),
    (
      #","return_sequences":true"#, "",
      "the text `data.train` has a target at each time step, and the model gives an output at the last "
        + "alone"
    ),
    (
      #""normalize":"none""#, #""normalize":"standard""#,
      "`data.normalize` is `standard`, but layer `embedding` reads whole numbers"
    ),
    (
      #""sequence_stride":3}"#, #""sequence_stride":3},"validation":{"split":0.4,"stratify":true}"#,
      "`data.validation.stratify` splits classes, but a text is cut in time"
    ),
  ]) func `a model that does not fit a text is refused`(
    old: String, new: String, what: String
  ) throws {
    let place = try Workplace()
    try place.write("abcabcabc\n", to: "a.txt")
    let text = try Self.config(place, 3, 3).normalised().replacing(
      #""name":"embedding","trainable":true,"#, with: "")
    let start = text.replacing(#""name":"dense","trainable":true,"#, with: "")
    let json = start.replacing(old, with: new)
    #expect(json != start)
    let error = #expect(throws: LabError.self) {
      try TrainingPlan(Config(json: json, source: place.file("config.json")))
    }
    #expect(error?.what == what)
  }

  /// Only a text tells how many characters there are.
  @Test func `sizes are needed on other data`() throws {
    let place = try Workplace()
    let json = try Self.config(place, 3, 3).normalised().replacing(
      #"{"text":"a.txt","sequence_length":3,"sequence_stride":3}"#,
      with: #"{"x":[[[0],[1]]],"y":[[[0],[1]]]}"#)
    let error = #expect(throws: LabError.self) { try Config(json: json, source: "config.json") }
    let message = error?.description ?? ""
    #expect(message.contains("`model.layers[0].input_dim` is missing"), "\(message)")
    #expect(message.contains("`model.layers[2].units` is missing"), "\(message)")
  }
}

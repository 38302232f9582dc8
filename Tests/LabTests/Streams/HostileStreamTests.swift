import Foundation
import Testing

/// Streams that somebody has damaged or written by hand: each ends with one clear error or as it says, soon and
/// in little memory; none ends by a signal, and nothing half is stored.
///
/// The suite takes a small sample; `LSTM_LAB_FUZZ_STREAMS` and `LSTM_LAB_FUZZ_SEED` make a campaign of it.
struct HostileStreamTests {
  private let place: Workplace

  init() throws { place = try Workplace() }

  private static func number(_ name: String, default number: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? number
  }

  @Test func `no damaged stream ends by a signal or stores half an epoch`() throws {
    let seed = Self.number("LSTM_LAB_FUZZ_SEED", default: Int(UInt32.random(in: 0...UInt32.max)))
    let count = Self.number("LSTM_LAB_FUZZ_STREAMS", default: 60)
    let program =
      ProcessInfo.processInfo.environment["LSTM_LAB_FUZZ_PROGRAM"] ?? Program.path
    var random = CounterRandom(seed: UInt64(seed))
    var tally: [Int32: Int] = [:]
    for index in 0..<count {
      let damaged = Self.damaged(SentTraining().pieces, &random)
      try place.write(damaged, to: "sent.labstream")
      let database = "lab-\(index).db"
      let outcome = try Program.run(
        "/bin/sh",
        [
          "-c",
          "ulimit -v 4000000; ulimit -t 5; exec \"$0\" record sent.labstream --db \(database) -q",
          program,
        ], in: place.path)
      tally[outcome.status, default: 0] += 1
      let about = "seed \(seed), stream \(index): \(outcome)"
      #expect([0, 65].contains(outcome.status), "\(about)")
      if outcome.status == 65 {
        #expect(outcome.errors.hasPrefix("error: ") && outcome.errors.contains("\n  "), "\(about)")
        #expect(
          outcome.output.split(separator: "\n").last?.hasPrefix(#"{"error":"#) == true, "\(about)")
      }
      if FileManager.default.fileExists(atPath: place.file(database)) {
        // Every epoch has all its weights, and its hash.
        let check = try place.run("doctor", "--db", database)
        #expect(check.status == 0, "\(about)\n\(check)")
      }
      for end in ["", "-wal", "-shm", "-lock"] {
        try? FileManager.default.removeItem(atPath: place.file(database + end))
      }
    }
    if count > 1_000 {
      FileHandle.standardError.write(Data("seed \(seed), \(count) streams: \(tally)\n".utf8))
    }
    #expect(tally.values.reduce(0, +) == count)
  }

  /// Damages a stream: bytes changed, taken away, doubled; pieces left out, doubled, exchanged; a number in a
  /// line made absurd.
  private static func damaged(_ pieces: [[UInt8]], _ random: inout CounterRandom) -> [UInt8] {
    var pieces = pieces
    func below(_ count: Int) -> Int { Int(random.next() % UInt64(max(count, 1))) }
    let piece = below(pieces.count)
    switch below(8) {
    case 0: pieces.remove(at: piece)
    case 1: pieces.insert(pieces[piece], at: below(pieces.count))
    case 2: pieces.swapAt(piece, below(pieces.count))
    case 3:
      let absurd = [
        "-1", "0", "1e308", "9223372036854775807", "1073741824", "null", "\"\"", "[]", "{}", "true",
        "0.5",
      ]
      let line = pieces[piece].firstIndex(of: 10) ?? pieces[piece].count
      let digits = pieces[piece][..<line].indices.filter {
        (48...57).contains(pieces[piece][$0]) && !(48...57).contains(pieces[piece][max(0, $0 - 1)])
      }
      if let start = digits.randomElement(using: &random) {
        let end = pieces[piece][start...].firstIndex { !(48...57).contains($0) } ?? start + 1
        pieces[piece].replaceSubrange(start..<end, with: absurd[below(absurd.count)].utf8)
      }
    default: break
    }
    var bytes = Array(pieces.joined())
    for _ in 0..<below(4) where !bytes.isEmpty {
      let start = below(below(2) == 0 ? bytes.count : min(bytes.count, 3_000))
      switch below(4) {
      case 0: bytes[start] = UInt8(truncatingIfNeeded: random.next())
      case 1: bytes[start] ^= 1 << UInt8(below(8))
      case 2: bytes.removeSubrange(start..<min(bytes.count, start + 1 + below(40)))
      default:
        bytes.insert(contentsOf: bytes[start..<min(bytes.count, start + 1 + below(40))], at: start)
      }
    }
    return bytes
  }

  static let lies: [(id: String, what: String, replacement: String, told: String)] = [
    ("no stream", #"{"labstream":1,"#, #"{"labstream":2,"#, "`labstream` is 2"),
    ("rows", #""rows":3,"#, #""rows":1073741824,"#, "has 1073741824 × 16 values, and the shape"),
    (
      "gates", #""gates":["input","forget","cell","output"]"#, #""gates":["a","b","c"]"#,
      "do not split into its gates"
    ),
    (
      "twice", #""tensor":"recurrent_kernel""#, #""tensor":"kernel""#,
      "two tensors are called lstm/kernel"
    ),
    (
      "layer", #""layer":"mixer","tensor":"weight""#, #""layer":"a/b","tensor":"weight""#,
      "without a slash"
    ),
    ("uuid", "11111111-2222", "1111111G-2222", "allowed: a uuid"),
    ("name", #""name":"walks""#, #""name":"7""#, "not a number"),
    (
      "slot", #"{"of":0,"shape":[3]}"#, #"{"of":99,"shape":[3]}"#,
      "has a tensor of no shape, or of no weights"
    ),
    (
      "huge", #"{"of":0,"shape":[3]}"#, #"{"of":0,"shape":[1073741824,1073741824]}"#,
      "has more than"
    ),
    ("bytes", #"],"bytes":"#, #"],"bytes":1"#, "bytes, and what it names takes"),
    ("quantity", #""gate":"forget""#, #""gate":"fogret""#, "did you mean `forget`"),
    ("key", #""seconds":0.5"#, #""secs":0.5"#, "unknown key `secs`"),
    ("epoch", #"{"epoch":2,"#, #"{"epoch":3,"#, "epoch 3 follows epoch 1"),
    ("source", #""source":"x""#, #""source":"y""#, "`tensors[0].source`"),
  ]

  @Test func `shapes that somebody made too large to count are refused`() throws {
    #expect(try place.send(SentTraining().bytes).status == 0)
    _ = try place.sqlite(
      "UPDATE slot SET shape = '[1073741824,1073741824]' WHERE name = 'factored'")
    for arguments in [["verify", "1"], ["export", "1", "w.npz"]] {
      let outcome = try Program.run(Program.path, arguments, in: place.path)
      #expect(outcome.status == 65, "\(arguments): \(outcome)")
      #expect(outcome.errors.contains("`slot.shape` of run 1"), "\(outcome.errors)")
    }
  }

  @Test(arguments: lies.indices)
  func `a lie is told with its place`(index: Int) throws {
    let lie = Self.lies[index]
    var bytes = SentTraining().bytes
    let range = try #require(
      bytes.firstRange(of: Array(lie.what.utf8)), "\(lie.id) is not in the stream")
    bytes.replaceSubrange(range, with: lie.replacement.utf8)
    let outcome = try place.send(bytes)
    #expect(outcome.status == 65, "\(lie.id): \(outcome)")
    #expect(outcome.errors.contains(lie.told), "\(lie.id): \(outcome.errors)")
    #expect(outcome.errors.contains("standard input: line"), "\(lie.id): \(outcome.errors)")
  }

  @Test func `a run whose stream goes wrong ends as failed, with what came before`() throws {
    let pieces = SentTraining().pieces
    let outcome = try place.send(Array(pieces[...3].joined()) + Array("{\"epoch\":\n".utf8))
    #expect(outcome.status == 65)
    #expect(try place.sqlite("SELECT status, epochs FROM runs") == "failed|2")
    #expect(try place.sqlite("SELECT length(message) > 0 FROM runs") == "1")
  }

  /// First lines that are long: more than there may be, more values than there may be, a configuration that would
  /// be stored.
  static let longLines: [(id: String, start: String, piece: String, count: Int, told: String)] = [
    ("line", #"{"labstream":1,"more":""#, "aaaaaaaaaaaaaaaa", 2_200_000, "has more than 33554432"),
    (
      "values", #"{"labstream":1,"more":["#, #"{"a":0},"#, 1_600_000,
      "more than 3000000 values in objects"
    ),
    (
      "config",
      #"{"labstream":1,"tensors":[],"run":{"uuid":"11111111-2222-3333-4444-555555555555","name":"a","#
        + #""trainer":"b","config":{"a":""#, "aaaaaaaaaaaaaaaa", 70_000, "`config` has more than"
    ),
  ]

  @Test(arguments: longLines.indices)
  func `a long first line takes little memory`(index: Int) throws {
    let line = Self.longLines[index]
    let end = ["line": #""}"#, "values": "{}]}", "config": #""}}}"#][line.id] ?? ""
    try place.write(
      Array((line.start + String(repeating: line.piece, count: line.count) + end + "\n").utf8),
      to: "sent.labstream")
    let outcome = try place.shell("ulimit -v 900000; exec \"$LAB\" record sent.labstream")
    #expect(outcome.status == 65, "\(line.id): \(outcome)")
    #expect(outcome.errors.contains(line.told), "\(line.id): \(outcome.errors.prefix(1000))")
  }

  @Test func `bytes that never come take no memory`() throws {
    let header = String(decoding: SentTraining().pieces[0], as: UTF8.self)
    let huge = header.replacing(
      #""shape":[3,2,2],"rows":6,"cols":2"#,
      with: #""shape":[1000000000],"rows":1,"cols":1000000000"#)
    #expect(huge != header)
    let values = SentTraining().count - 12 + 1_000_000_000
    let line = #"{"epoch":0,"bytes":\#(4 * values)}"#
    try place.write(Array("\(huge)\(line)\nshort".utf8), to: "sent.labstream")
    let outcome = try place.shell("ulimit -v 600000; exec \"$LAB\" record sent.labstream")
    #expect(outcome.status == 65, "\(outcome)")
    #expect(outcome.errors.contains("ends before its first epoch"), "\(outcome)")
  }
}

import Lab
import LabFormats
import Testing

/// What holds for every JSON text: reading inverts writing, and no bytes crash the reader.
@Suite struct JSONLawTests {
  @Test(arguments: 0..<200 as Range<UInt64>) func `reading inverts writing`(seed: UInt64) throws {
    var random = CounterRandom(seed: seed)
    let text = randomText(depth: 4, using: &random)
    let document = try JSONDocument(text.compact, source: "f")
    #expect(rewritten(document.root) == text)
  }

  @Test func `lines without members leave no comma behind`() {
    let nothing: JSONText? = nil
    let one = JSONText.integer(1)
    #expect(JSONText.lines(["a": one], ["b": nothing], ["c": one]).compact == "{\"a\":1,\n\"c\":1}")
    #expect(JSONText.lines(["a": one], ["b": nothing]).compact == #"{"a":1}"#)
    #expect(JSONText.lines(["a": nothing], ["b": one]).compact == #"{"b":1}"#)
    #expect(JSONText.lines(["a": nothing]).compact == "{}")
  }

  @Test(arguments: 0..<300 as Range<UInt64>) func `damage never crashes`(seed: UInt64) {
    var random = CounterRandom(seed: seed)
    var bytes = Array(randomText(depth: 3, using: &random).compact.utf8)
    for _ in 0...Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
      let index = bytes.indices.randomElement(using: &random) ?? 0
      switch Int.random(in: 0..<4, using: &random) {
      case 0: bytes[index] = UInt8.random(in: 0...255, using: &random)
      case 1: bytes.removeSubrange(index...)
      case 2: bytes.remove(at: index)
      default: bytes.insert("[]{},:\"\\-e.0".utf8.randomElement(using: &random) ?? 0, at: index)
      }
    }
    if let document = try? JSONDocument(bytes, source: "f") { _ = rewritten(document.root) }
  }

  @Test func `numbers keep every bit`() throws {
    var random = CounterRandom(seed: 7)
    for _ in 0..<20_000 {
      let double = random.finiteDouble()
      let float = random.finiteFloat()
      let text = "[\(double),\(float),\(Float(float.significand))]"
      let values = Array(try JSONDocument(text, source: "f").root.elements)
      #expect(values[0].double?.bitPattern == double.bitPattern)
      #expect(values[1].float?.bitPattern == float.bitPattern)
      #expect(values[2].float == float.significand)
    }
  }

  /// Decimals at and beside the middle between two Floats, where rounding twice would go wrong.
  @Test func `floats are rounded once`() throws {
    var random = CounterRandom(seed: 11)
    for _ in 0..<5000 {
      let float = random.finiteFloat().magnitude
      let middle = (Double(float) + Double(float.nextUp)) / 2
      guard middle.isFinite else { continue }
      let digits = middle.description.split(separator: "e", maxSplits: 1)
      let exponent = digits.count > 1 ? "e\(digits[1])" : ""
      for text in ["\(digits[0])\(exponent)", "\(digits[0])0000000001\(exponent)"] {
        let value = try JSONDocument(text, source: "f").root.float
        #expect(value == Float(text), "\(text)")
      }
    }
  }

  @Test func `short decimals are nearest`() throws {
    var random = CounterRandom(seed: 12)
    for _ in 0..<5000 {
      let digits = random.next() >> UInt64.random(in: 4..<64, using: &random)
      let exponent = Int.random(in: -30...30, using: &random)
      for text in ["\(digits)e\(exponent)", "-0.\(digits)", "\(digits).25E+\(abs(exponent))"] {
        let value = try JSONDocument(text, source: "f").root
        #expect(value.double?.bitPattern == Double(text)?.bitPattern, "\(text)")
        #expect(value.float?.bitPattern == Float(text)?.bitPattern, "\(text)")
      }
    }
  }

  @Test(arguments: [
    ("16777217", 16_777_216), ("16777217.0000001", 16_777_218), ("1e39", Float.infinity),
    ("1e-46", 0), ("-0", -0.0), ("0.1", 0.1), ("9007199254740993", 9_007_199_254_740_992),
    ("1.17549435e-38", Float.leastNormalMagnitude), ("7e-46", 0),
    ("7.1e-46", Float.leastNonzeroMagnitude),
  ]) func `floats are nearest`(text: String, value: Float) throws {
    let float = try JSONDocument(text, source: "f").root.float
    #expect(float?.bitPattern == value.bitPattern)
  }

  @Test(arguments: [
    ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min),
    ("9223372036854775808", nil), ("1.0", nil), ("1e3", nil), ("-0", 0),
  ]) func `integers are exact`(text: String, value: Int?) throws {
    #expect(try JSONDocument(text, source: "f").root.integer == value)
  }

  @Test func `escapes are decoded`() throws {
    let text = #""\"\\\/\b\f\n\r\tA\u0041\u00e9\ud83d\ude00é""#
    let value = try JSONDocument(text, source: "f").root.string
    #expect(value == "\"\\/\u{8}\u{C}\n\r\tAAé😀é")
  }

  @Test func `positions count scalars`() throws {
    let document = try JSONDocument("{\"ä\": [1,\n  😀\"\"]}".filter { $0 != "😀" }, source: "f")
    let member = try #require(document.root.members.first)
    #expect(member.key == "ä")
    #expect(member.keyValue.place == "f:1:2")
    #expect(Array(member.value.elements).map(\.place) == ["f:1:8", "f:2:3"])
  }

  @Test func `harmful characters are written as escapes`() {
    let text = JSONText.string("a\u{1B}[2J\u{9B}\u{7F}\u{202E}\"\\\n").compact
    #expect(text == #""a\u001B[2J\u009B\u007F\u202E\"\\\n""#)
  }

  // MARK: Random values

  private func randomText(depth: Int, using random: inout CounterRandom) -> JSONText {
    switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &random) {
    case 0: return .null
    case 1: return .bool(Bool.random(using: &random))
    case 2: return .integer(Int(truncatingIfNeeded: random.next()))
    case 3, 4: return .real(random.finiteDouble())
    case 5: return .string(randomString(using: &random))
    case 6:
      return .array(
        (0..<Int.random(in: 0..<5, using: &random)).map { _ in
          randomText(depth: depth - 1, using: &random)
        })
    default:
      return .object(
        (0..<Int.random(in: 0..<30, using: &random)).map { index in
          JSONTextMember(
            "\(index)\(randomString(using: &random))", randomText(depth: depth - 1, using: &random))
        })
    }
  }

  private func randomString(using random: inout CounterRandom) -> String {
    var scalars = String.UnicodeScalarView()
    for _ in 0..<Int.random(in: 0..<8, using: &random) {
      let limit: UInt32 = [0x80, 0x800, 0x1_0000, 0x11_0000].randomElement(using: &random) ?? 0x80
      if let scalar = UnicodeScalar(UInt32.random(in: 0..<limit, using: &random)) {
        scalars.append(scalar)
      }
    }
    return String(scalars)
  }

  private func rewritten(_ value: JSONValue) -> JSONText {
    switch value.kind {
    case .null: .null
    case .bool: .bool(value.bool ?? false)
    case .number: value.integer.map(JSONText.integer) ?? .real(value.double ?? 0)
    case .string: .string(value.string ?? "")
    case .array: .array(value.elements.map(rewritten))
    case .object: .object(value.members.map { JSONTextMember($0.key, rewritten($0.value)) })
    }
  }
}

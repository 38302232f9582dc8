import LabFormats
import Testing

@testable import Lab

/// Texts in one array of bytes, and their numbers.
@Suite struct TextListTests {
  /// Texts of lengths about those at which a length takes a byte more, looking alike or not.
  private static func texts(_ count: Int, seed: UInt64) -> [String] {
    var random = CounterRandom(seed: seed)
    let signs = ["a", "\u{E9}", "e\u{301}", "\0", "\u{1F600}"]
    return (0..<count).map { _ in
      let lengths = [0, 1, 2, 3, 126, 127, 128, 129, 16_383, 16_384]
      let length = lengths[Int(random.next() % (random.next() % 50 == 0 ? 10 : 4))]
      return (0..<length).map { _ in signs[Int(random.next() % 5)] }.joined()
    }
  }

  @Test(arguments: 0..<6)
  func `a list has the texts that it was given, byte for byte`(seed: Int) {
    let texts = Self.texts(seed * 37, seed: UInt64(seed))
    let list = TextList(texts)
    #expect(list.count == texts.count)
    #expect(zip(list, texts).allSatisfy { Array($0.utf8) == Array($1.utf8) })
    #expect(list == TextList(texts))
    #expect(list != TextList(texts + [""]))
  }

  @Test(arguments: 0..<6)
  func `a text has the number at which it was met first`(seed: Int) {
    let texts = Self.texts(40 + seed * 400, seed: UInt64(seed))
    var numbers = NumberedTexts()
    var first: [[UInt8]: Int] = [:]
    for text in texts {
      let (number, isNew) = numbers.number(of: text)
      let known = first[Array(text.utf8)]
      #expect(isNew == (known == nil))
      #expect(number == known ?? first.count)
      first[Array(text.utf8)] = number
    }
    #expect(numbers.texts.count == first.count)
  }

  /// Names that ascend are met without a table; then one comes that does not.
  @Test(arguments: [0, 1, 2, 15, 16, 17, 1_000])
  func `names that ascend and then do not have their numbers`(count: Int) {
    var numbers = NumberedTexts()
    for number in 0..<count {
      #expect(numbers.number(of: "\(number)") == (number, true))
      #expect(numbers.number(of: "\(number)") == (number, false))
    }
    let others = (0..<count).reversed().map { "\($0)" } + ["", "a", "", "0\u{301}"]
    var known = (0..<count).map { "\($0)" }
    for text in others {
      let number = known.firstIndex { $0.utf8.elementsEqual(text.utf8) }
      if number == nil { known.append(text) }
      #expect(numbers.number(of: text) == (number ?? known.count - 1, number == nil))
    }
    #expect(numbers.texts == TextList(known))
  }

  /// Against a list of every row's sequence.
  @Test(arguments: 0..<12)
  func `rows of sequences are put together in their order`(seed: Int) {
    var random = CounterRandom(seed: UInt64(seed))
    var (lengths, rows, known) = (SequenceLengths(), [Int](), 0)
    #expect(lengths.isEmpty)
    for _ in 0..<40 {
      // Of some seeds no row goes back.
      let isNext = seed % 3 == 0 || random.next() % 4 > 0
      let isNew = known == 0 || random.next() % 2 == 0
      let sequence = isNew ? known : isNext ? known - 1 : Int(random.next() % UInt64(known))
      known = max(known, sequence + 1)
      #expect(lengths.add(1, to: sequence) == !rows.contains(sequence))
      rows.append(sequence)
    }
    #expect(!lengths.isEmpty)
    #expect(Array(lengths.all) == (0..<known).map { number in rows.count { $0 == number } })
    let order = rows.indices.sorted { (rows[$0], $0) < (rows[$1], $1) }
    #expect(lengths.order() ?? Array(rows.indices) == order)
    #expect(seed % 3 != 0 || lengths.order() == nil)
  }
}

/// Texts in order, in one array of bytes: a text takes its bytes and two more, a string 16 at least.
package struct TextList: RandomAccessCollection, Equatable, Sendable, ExpressibleByArrayLiteral {
  /// Each text's length, seven bits a byte, lowest first, the last with the eighth bit; then its bytes.
  private var bytes: [UInt8] = []
  /// Where every `distance`-th text begins.
  private var starts: [Int] = []
  package private(set) var count = 0

  /// Texts between two whose places are stored.
  private static let distance = 16

  /// Takes texts.
  package init(_ texts: some Sequence<String>) { for text in texts { append(text) } }

  /// Takes the texts of a literal.
  package init(arrayLiteral elements: String...) { self.init(elements) }

  /// The place of the first text.
  package var startIndex: Int { 0 }
  /// The place behind the last one.
  package var endIndex: Int { count }

  /// The text at a place, byte for byte as it came.
  package subscript(place: Int) -> String { String(decoding: utf8(of: place), as: UTF8.self) }

  /// The bytes of a text.
  package func utf8(of place: Int) -> ArraySlice<UInt8> {
    precondition(place >= 0 && place < count, "text \(place) of \(count)")
    var start = starts[place / Self.distance]
    for _ in 0..<place % Self.distance { start = range(from: start).upperBound }
    return bytes[range(from: start)]
  }

  /// Appends a text.
  package mutating func append(_ text: String) {
    var text = text
    text.withUTF8 { unsafe append(utf8: $0) }
  }

  /// Appends the text with these bytes.
  package mutating func append(utf8 text: some Collection<UInt8>) {
    if count % Self.distance == 0 { starts.append(bytes.count) }
    var length = text.count
    while length > 0x7F {
      bytes.append(UInt8(length & 0x7F))
      length >>= 7
    }
    bytes.append(UInt8(length) | 0x80)
    bytes.append(contentsOf: text)
    count += 1
  }

  /// Calls `body` with the bytes of every text, in order.
  func forEachUTF8(_ body: (ArraySlice<UInt8>) -> Void) {
    var start = 0
    for _ in 0..<count {
      let range = range(from: start)
      body(bytes[range])
      start = range.upperBound
    }
  }

  /// Where the text is whose length stands at a place.
  private func range(from start: Int) -> Range<Int> {
    var (place, length, shift) = (start, 0, 0)
    while bytes[place] < 0x80 {
      length |= Int(bytes[place]) << shift
      (place, shift) = (place + 1, shift + 7)
    }
    length |= Int(bytes[place] & 0x7F) << shift
    return place + 1..<place + 1 + length
  }
}

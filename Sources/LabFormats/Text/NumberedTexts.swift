/// Texts numbered in the order in which they are met, of which there may be millions; two are the same
/// where their bytes are.
package struct NumberedTexts {
  /// The texts in the order of their numbers.
  package private(set) var texts: TextList = []
  /// For each text a mark at the first free place from where its hash says on, and its number there; 0 is
  /// a free place. As long as each text is longer than the one before or comes after it, as the names in
  /// most tables do, none can come again but the last, and there are no places.
  private var marks: [UInt8] = []
  private var numbers: [UInt32] = []

  package init() {}

  /// Returns the number of a text, and whether it was not met before.
  package mutating func number(of text: String) -> (number: Int, isNew: Bool) {
    var text = text
    return text.withUTF8 { unsafe number(of: $0) }
  }

  private mutating func number(of text: UnsafeBufferPointer<UInt8>) -> (Int, Bool) {
    if marks.isEmpty {
      switch unsafe placeBehindLast(text) {
      case .after: return (unsafe add(text), true)
      case .same: return (texts.count - 1, false)
      case .before: makePlaces()
      }
    }
    var (place, mark) = unsafe Self.place(text, among: marks.count)
    while marks[place] != 0 {
      let number = Int(numbers[place])
      if marks[place] == mark, unsafe texts.utf8(of: number).elementsEqual(text) {
        return (number, false)
      }
      place = (place + 1) & (marks.count - 1)
    }
    (marks[place], numbers[place]) = (mark, UInt32(texts.count))
    let number = unsafe add(text)
    if texts.count > marks.count / 8 * 7 { makePlaces() }
    return (number, true)
  }

  private mutating func add(_ text: UnsafeBufferPointer<UInt8>) -> Int {
    precondition(texts.count < UInt32.max, "\(texts.count) texts")
    unsafe texts.append(utf8: text)
    return texts.count - 1
  }

  private enum Order { case before, same, after }

  /// How a text stands to the last one, by length and then by its bytes.
  private func placeBehindLast(_ text: UnsafeBufferPointer<UInt8>) -> Order {
    if texts.isEmpty { return .after }
    let last = texts.utf8(of: texts.count - 1)
    guard last.count == text.count else { return text.count > last.count ? .after : .before }
    if unsafe last.elementsEqual(text) { return .same }
    return unsafe last.lexicographicallyPrecedes(text) ? .after : .before
  }

  /// Makes places for more texts than there are; the old ones go first, so that both are never in memory
  /// together.
  private mutating func makePlaces() {
    var count = 16
    while count / 8 * 7 <= texts.count { count *= 2 }
    (marks, numbers) = ([], [])
    marks = [UInt8](repeating: 0, count: count)
    numbers = [UInt32](repeating: 0, count: count)
    var number: UInt32 = 0
    texts.forEachUTF8 { text in
      var (place, mark) = unsafe text.withUnsafeBufferPointer {
        unsafe Self.place($0, among: count)
      }
      while marks[place] != 0 { place = (place + 1) & (count - 1) }
      (marks[place], numbers[place]) = (mark, number)
      number += 1
    }
  }

  /// Where a text is looked for first, and its mark.
  private static func place(
    _ text: UnsafeBufferPointer<UInt8>, among count: Int
  ) -> (place: Int, mark: UInt8) {
    var hasher = Hasher()
    unsafe hasher.combine(bytes: UnsafeRawBufferPointer(text))
    let hash = UInt(bitPattern: hasher.finalize())
    return (Int(hash & UInt(count - 1)), UInt8(hash >> (UInt.bitWidth - 7)) | 0x80)
  }
}

extension JSONNode {
  /// Returns the element of a packed array that follows at `offset`, behind blanks or a comma; the parser
  /// has checked it before.
  static func inPackedArray(of bytes: [UInt8], from offset: Int) -> JSONNode {
    var start = offset
    while bytes[start] == Byte.comma || JSONParser.isSpace(bytes[start]) { start += 1 }
    switch bytes[start] {
    case Byte.openBracket: return array(bytes, start)
    case Byte.quote:
      let (end, isEscaped) = endOfString(bytes, start)
      return JSONNode(
        kind: .string, isEscaped: isEscaped, start: UInt32(start), end: UInt32(end))
    case UInt8(ascii: "n"):
      return JSONNode(kind: .null, start: UInt32(start), end: UInt32(start + 4))
    case UInt8(ascii: "t"):
      return JSONNode(kind: .bool, start: UInt32(start), end: UInt32(start + 4))
    case UInt8(ascii: "f"):
      return JSONNode(kind: .bool, start: UInt32(start), end: UInt32(start + 5))
    default:
      var end = start + 1
      while bytes[end] != Byte.comma, bytes[end] != Byte.closeBracket,
        !JSONParser.isSpace(bytes[end])
      {
        end += 1
      }
      return JSONNode(kind: .number, start: UInt32(start), end: UInt32(end))
    }
  }

  private static func array(_ bytes: [UInt8], _ start: Int) -> JSONNode {
    var (index, depth, commas, isEmpty) = (start + 1, 1, 0, true)
    while depth > 0 {
      let byte = bytes[index]
      index += 1
      switch byte {
      case Byte.quote: index = endOfString(bytes, index - 1).end
      case Byte.openBracket: depth += 1
      case Byte.closeBracket:
        depth -= 1
        continue
      case Byte.comma: if depth == 1 { commas += 1 }
      case _ where JSONParser.isSpace(byte): continue
      default: break
      }
      isEmpty = false
    }
    return JSONNode(
      kind: .array, isPacked: true, start: UInt32(start), end: UInt32(index),
      count: isEmpty ? 0 : UInt32(commas + 1))
  }

  private static func endOfString(_ bytes: [UInt8], _ start: Int) -> (end: Int, isEscaped: Bool) {
    var (index, isEscaped) = (start + 1, false)
    while bytes[index] != Byte.quote {
      if bytes[index] == Byte.backslash {
        isEscaped = true
        index += 1
      }
      index += 1
    }
    return (index + 1, isEscaped)
  }
}

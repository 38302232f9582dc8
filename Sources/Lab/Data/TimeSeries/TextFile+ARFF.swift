import LabFormats

extension TextFile {
  /// Refuses a file in Weka's format, ARFF, whatever its name, with the command that converts it where
  /// that is possible.
  func refuseARFF() throws(LabError) {
    var start = 0
    var isARFF = false
    var label: ARFFLabel?
    while start < bytes.count {
      let line = line(from: start)
      let range = trimmed(line.range)
      start = line.next
      if isComment(range) { continue }
      let text = text(range)
      let lower = text.lowercased()
      if !isARFF {
        guard lower.hasPrefix("@relation") else { return }
        isARFF = true
      } else if lower.hasPrefix("@attribute") {
        label = ARFFLabel(text, after: label)
      } else if lower.hasPrefix("@data") {
        break
      }
    }
    guard isARFF else { return }
    throw LabError(
      .data, "an ARFF file, which cannot be read", where: path,
      next: "the archives have the same data as `.ts`"
        + (label?.command(for: path).map {
          "; or convert it, and name the new file as `ts`:\n    \($0)"
        }
          ?? ": take that file"))
  }

  /// Whether a line holds nothing, or a comment.
  func isComment(_ line: Range<Int>) -> Bool {
    line.isEmpty || bytes[line.lowerBound] == Byte.hash
      || bytes[line.lowerBound] == UInt8(ascii: "%")
  }
}

/// What the last attribute of an ARFF file says of the targets.
private enum ARFFLabel {
  case classes([String])
  case number
  /// Nothing that a `.ts` file has: series within series, or names in quotes.
  case other

  /// Reads `@attribute NAME TYPE`; the attributes before it decide where there are several dimensions.
  init(_ line: String, after before: ARFFLabel?) {
    if case .other = before {
      self = .other
      return
    }
    let lower = line.lowercased()
    if lower.hasSuffix("relational") {
      self = .other
    } else if line.hasSuffix("}"), let open = line.firstIndex(of: "{") {
      let names = line[line.index(after: open)...].dropLast().split(separator: ",").map {
        String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      let isPlain = names.allSatisfy { name in
        name.utf8.allSatisfy { $0 > Byte.space && !"'\":\\,".utf8.contains($0) }
      }
      self = isPlain && !names.isEmpty ? .classes(names) : .other
    } else {
      self = ["numeric", "real", "integer"].contains(where: lower.hasSuffix) ? .number : .other
    }
  }

  /// The command that makes a `.ts` file of one whose values stand in lines, the label last.
  func command(for path: String) -> String? {
    let tag: String
    switch self {
    case .classes(let names): tag = "@classLabel true " + names.joined(separator: " ")
    case .number: tag = "@targetLabel true"
    case .other: return nil
    }
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    let folder = path.dropLast(name.count)
    return "{ printf '%s\\n' \(ShellWord.quoted(tag)) @data; "
      + #"sed -e '1,/^ *@[Dd][Aa][Tt][Aa]/d' -e '/^ *%/d' -e 's/,\([^,]*\)$/:\1/' "#
      + "\(ShellWord.quoted(path)); } > \(ShellWord.quoted(folder + stem + "-converted.ts"))"
  }
}

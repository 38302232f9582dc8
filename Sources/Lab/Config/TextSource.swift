package import LabFormats

/// A text whose characters are classes: a model reads some and tells at each step which comes next.
package struct TextSource: Equatable, Sendable {
  /// The file's path, as written.
  package var path: String
  /// How bytes stand for characters.
  package var encoding = TextEncoding.utf8
  /// The time steps of a sequence, from 1: so many characters are read.
  package var length: Int
  /// The characters between the starts of two sequences.
  package var stride: Int

  /// Names a file that is cut into sequences, by default one behind the other.
  package init(_ path: String, length: Int, stride: Int? = nil) {
    self.path = path
    self.length = length
    self.stride = stride ?? length
  }
}

extension TextSource {
  static var form: ObjectForm<TextSource> {
    let keys = keys
    return ObjectForm(
      fallback: keys.fallback,
      read: { object in
        var source = keys.read(object)
        if !object.contains("sequence_stride") { source.stride = source.length }
        return source
      }, members: keys.members, objects: keys.objects)
  }

  private static var keys: ObjectForm<TextSource> {
    ObjectForm(
      "A text whose next character is predicted.", name: "text", start: TextSource("", length: 1),
      [
        Field(required: "text", \.path, .textFile, "The file's path."),
        Field(
          required: "sequence_length", \.length, .integer(1...10_000_000),
          "The characters that a sequence reads, one a time step."),
        Field(
          "sequence_stride", \.stride, .integer(1...10_000_000),
          "The characters between the starts of two sequences.", default: "`sequence_length`"),
        Field(
          "encoding", \.encoding, .name, "How bytes stand for characters."
        ).omittedAtDefault,
      ])
  }
}

extension Rule where Value == String {
  /// The path of a text of any name.
  fileprivate static var textFile: Rule {
    text("the path of a text file", pattern: "^[^HARMFUL]+$", longest: 4096) { text in
      !text.isEmpty && Visible.line(text) == text && text.utf8.count <= 4096
    }
  }
}

import Crypto
import LabFormats

extension Config {
  /// Returns the configuration as one line of JSON with every default spelt out.
  ///
  /// Keys stand in declared order and numbers have the fewest digits that read back to the same
  /// value, so equal configurations give equal bytes; decoding them gives this configuration again.
  package func normalised() -> String {
    text.compact
  }

  /// The SHA-256 of the normalised text, in lower-case hexadecimal.
  package var hash: String {
    SHA256.hash(data: Array(normalised().utf8)).hexadecimal
  }

  private var text: JSONText {
    .object([
      "name": .string(name),
      "seed": .integer(seed),
      "tags": .array(tags.map(JSONText.string)),
      "notes": .string(notes),
      "data": data.text,
      "model": model.text,
      "training": training.text,
      "record": record.text,
    ])
  }
}

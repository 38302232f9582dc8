import Crypto
import LabFormats

/// A configuration file, decoded strictly and with every default filled in.
///
/// A `Config` is well formed but not yet known to fit its data; only a `TrainingPlan` can be trained.
///
/// ```swift
/// var config = try Config(contentsOf: path)
/// #expect(config.training.batchSize == 3)
/// config.training.epochs = 3
/// #expect(config.normalised().hasPrefix(#"{"name":"zero-position","seed":1,"#))
/// ```
package struct Config: Equatable, Sendable {
  /// The run's name; by default the file's name without its extension.
  package var name: String
  /// The seed of every random number of the run; by default 0.
  package var seed = 0
  /// Words that runs are found by, each once.
  package var tags: [String] = []
  /// Remarks for people, in any number of lines.
  package var notes = ""
  /// The samples and where they come from.
  package var data: DataConfig
  /// The layers and their first weights.
  package var model: ModelConfig
  /// How the model is trained.
  package var training: TrainingConfig
  /// What is stored of the run.
  package var record = RecordConfig()
  /// Where it came from: no part of what is configured.
  package var file = ConfigFile("")
}

extension Config {
  /// The keys of a configuration; its name stays empty when it is not given.
  static let form = ObjectForm<Config>(
    start: Config(
      name: "", data: DataConfig.form.fallback, model: ModelConfig.form.fallback,
      training: TrainingConfig.form.fallback),
    [
      Field(ignored: "$schema", .text, "For editors: the path or address of this schema."),
      Field(
        "name", \.name, nameRule, "The run's name: `12` and `a@3` would name a run and an epoch.",
        default: "the file's name without extension, else `run`"),
      Field("seed", \.seed, .integer(0...Int.max), "The seed of every random number of the run."),
      Field("tags", \.tags, .set(of: .line(upTo: 100), upTo: 100), "Words that runs are found by."),
      Field("notes", \.notes, .text, "Remarks for people."),
      Field(required: "data", \.data, .object(DataConfig.form), "The samples."),
      Field(
        required: "model", \.model, .object(ModelConfig.form),
        narrowed: {
          .object($0.data.train.text == nil ? ModelConfig.form : ModelConfig.formOfText)
        },
        "The layers and their initial weights."
      ),
      Field(
        required: "training", \.training, .object(TrainingConfig.form), "How the model is trained."),
      Field(
        "record", \.record, .object(RecordConfig.form), "What is stored, and after how many epochs."
      ),
    ])

  static var nameRule: Rule<String> {
    .text(
      allowedNames,
      fallback: "run", pattern: "^(?![0-9]+$)(?![- ])[^@HARMFUL]{1,200}$", where: { isName($0) })
  }

  private static let allowedNames =
    "a text of 1 to 200 characters, not a number, without `@` and control characters, "
    + "not beginning with `-` or a space"

  /// Says what a run may be called.
  static let namesAllowed = "allowed: \(allowedNames)"

  /// Names must not look like a run's id or a run's epoch (`RUN@EPOCH`).
  static func isName(_ text: String) -> Bool {
    (1...200).contains(text.count) && Visible.line(text) == text && !text.has("@")
      && !text.utf8.allSatisfy(Byte.isDigit) && !["-", " "].contains(text.unicodeScalars.first)
  }

  /// Returns the configuration as one line of JSON with every default spelt out.
  ///
  /// Keys stand in declared order and numbers have the fewest digits that read back to the same
  /// value, so equal configurations give equal bytes; decoding them gives this configuration again.
  package func normalised() -> String {
    Config.form.text(self).compact
  }

  /// The SHA-256 of the normalised text, in lower-case hexadecimal.
  package var hash: String { Self.hash(of: normalised()) }

  /// The same of a text that is normalised already.
  static func hash(of normalised: String) -> String {
    SHA256.hash(data: Array(normalised.utf8)).hexadecimal
  }
}

/// Which numbers the scales of a run's features were found from, and scaled.
package enum ScaledFrom: String, Sendable {
  /// What was read, rounded first.
  case float32
  /// What was read.
  case float64
}

/// What is stored of the data that a run reads: how to recognise them and how to read their numbers.
package struct DataDescription: Equatable, Sendable {
  /// One part of the data and its fingerprint.
  package struct Part: Equatable, Sendable {
    /// `train.x`, `validation.y`, `classes`, ….
    package let name: String
    /// SHA-256 in lower-case hexadecimal.
    package let hash: String
    /// How many of its values were missing and are filled in; nil of what are no samples, and where it
    /// is not known.
    package let filled: Int?
    /// How many samples are left out because they miss a value, theirs or their target's; of x alone.
    package let dropped: Int?

    /// Names a part.
    package init(name: String, hash: String, filled: Int? = nil, dropped: Int? = nil) {
      self.name = name
      self.hash = hash
      self.filled = filled
      self.dropped = dropped
    }
  }

  /// What a feature is called and how its numbers are scaled.
  package struct Feature: Equatable, Sendable {
    /// The source's name for it, where it has one.
    package let name: String?
    /// The text that it marks with 1; nil for a number.
    package let category: String?
    /// What is subtracted from its numbers.
    package let shift: Double
    /// What they are divided by then.
    package let scale: Double
    /// What a missing value became; nil where none was filled so.
    package let fill: Double?

    /// Describes a feature.
    package init(
      name: String?, category: String? = nil, shift: Double, scale: Double, fill: Double? = nil
    ) {
      self.name = name
      self.category = category
      self.shift = shift
      self.scale = scale
      self.fill = fill
    }
  }

  /// What an output that predicts a number is called and how its targets are scaled.
  package struct Target: Equatable, Sendable {
    /// The source's name for it, where it has one.
    package let name: String?
    /// What is subtracted from its numbers.
    package let shift: Double
    /// What they are divided by then.
    package let scale: Double

    /// Describes an output.
    package init(name: String?, shift: Double, scale: Double) {
      self.name = name
      self.shift = shift
      self.scale = scale
    }
  }

  /// SHA-256 of all parts' names and hashes, in hexadecimal.
  package var hash: String
  /// The parts, in the order of hashing.
  package var parts: [Part]
  /// The names of the classes in the order of their numbers; none where targets are numbers.
  package var classes: [String]
  /// Every feature; none where they have neither names nor scales.
  package var features: [Feature]
  /// Every output; none where they have neither names nor scales.
  package var targets: [Target]
  /// What was scaled; nil where nothing is.
  package var scaledFrom: ScaledFrom?

  /// Describes the data of a run.
  package init(
    hash: String, parts: [Part] = [], classes: [String] = [], features: [Feature] = [],
    targets: [Target] = [], scaledFrom: ScaledFrom? = nil
  ) {
    self.hash = hash
    self.parts = parts
    self.classes = classes
    self.features = features
    self.targets = targets
    self.scaledFrom = scaledFrom
  }
}

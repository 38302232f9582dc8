import Crypto

/// Everything that a run reads: the samples to train on and those to validate with.
package struct TrainingData: Equatable, Sendable {
  /// The samples that are trained on.
  package let train: Dataset
  /// The samples that are only measured with, if there are any.
  package let validation: Dataset?

  /// Makes the data of a run from their two parts.
  package init(train: Dataset, validation: Dataset?) {
    self.train = train
    self.validation = validation
  }

  /// Loads the data that `config`, read from `configPath`, names, and splits them.
  package init(_ config: DataConfig, configPath: String) throws(LabError) {
    let train = try Dataset(config.train, path: "data.train", configPath: configPath)
    switch config.validation {
    case nil:
      self.init(train: train, validation: nil)
    case .split(let fraction):
      guard let parts = train.split(validation: fraction) else {
        throw LabError(
          .data,
          "`data.validation.split` of \(fraction) leaves no sample on one side of \(train.samples)",
          where: configPath, next: "choose a fraction that leaves at least one sample for each")
      }
      self.init(train: parts.train, validation: parts.validation)
    case .source(let source):
      let validation = try Dataset(source, path: "data.validation", configPath: configPath)
      try train.requireSameForm(validation, configPath: configPath)
      self.init(train: train, validation: validation)
    }
  }

  /// The SHA-256 of the data in lower-case hexadecimal.
  ///
  /// Hashed are train x, train y and, if there is validation, its x and y; each as the number of
  /// axes and their lengths (64 bits, lowest byte first), then the values as float32 likewise.
  package var hash: String {
    var hasher = SHA256()
    for data in [train, validation].compactMap({ $0 }) {
      hasher.update([data.samples, data.steps, data.features], data.x)
      hasher.update([data.samples] + data.targetShape, data.y)
    }
    return hasher.finalize().hexadecimal
  }
}

extension SHA256 {
  fileprivate mutating func update(_ shape: [Int], _ values: [Float]) {
    var header: [UInt8] = []
    for number in [shape.count] + shape { header.appendLittleEndian(UInt64(number)) }
    update(data: header)
    let piece = 1 << 16
    for start in stride(from: 0, to: values.count, by: piece) {
      var bytes: [UInt8] = []
      bytes.appendLittleEndian(values[start..<min(start + piece, values.count)])
      update(data: bytes)
    }
  }
}

extension Dataset {
  /// Refuses validation data that no model for these data can read; the number of time steps may
  /// differ. The lengths of targets, which may be time steps too, are checked with the model.
  fileprivate func requireSameForm(
    _ other: Dataset, configPath: String
  ) throws(LabError) {
    guard other.features == features else {
      throw LabError(
        .data, "`data.validation.x` has \(other.features) features, `data.train.x` \(features)",
        where: configPath, next: "give both the same features in the same order")
    }
    guard other.targetShape.count == targetShape.count else {
      throw LabError(
        .data,
        "`data.validation.y` has targets of shape \(other.targetShape), "
          + "`data.train.y` of \(targetShape)",
        where: configPath, next: "give both the same number of axes")
    }
  }
}

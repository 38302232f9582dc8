import LabFormats

extension DataConfig {
  /// The same choice without what float32 loses of the numbers it holds.
  package var withoutDoubles: DataConfig { mappingSamples(\.withoutDoubles) }

  /// The same choice with float64 numbers, where they are scaled: the digits that float32 is written
  /// with mean another float64.
  package var read: DataConfig { normalize == .none ? self : mappingSamples(\.withDoubles) }

  /// The same choice with float32 numbers that are rounded from float64, where they are scaled: the
  /// same numbers come from the same choice once it was written and read again.
  var rounded: DataConfig { normalize == .none ? self : mappingSamples(\.roundedTwice) }

  /// The choice as it is written: what is not scaled is float32.
  var written: DataConfig { normalize == .none ? withoutDoubles : self }

  private func mappingSamples(_ change: (RaggedArray) -> RaggedArray) -> DataConfig {
    var data = self
    data.train = train.mappingSamples(change)
    data.test = test?.mappingSamples(change)
    if case .source(let source)? = validation {
      data.validation = .source(source.mappingSamples(change))
    }
    return data
  }
}

extension DataSource {
  fileprivate func mappingSamples(_ change: (RaggedArray) -> RaggedArray) -> DataSource {
    guard case .arrays(var arrays) = self, case .inline(let x) = arrays.x else { return self }
    arrays.x = .inline(change(x))
    return .arrays(arrays)
  }
}

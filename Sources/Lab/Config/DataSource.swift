package import LabFormats

/// Samples and their targets.
package enum DataSource: Equatable, Sendable {
  /// Arrays, written in the configuration or stored as `.npy`.
  case arrays(ArraysSource)
  /// A file in the text format of the UCR and UEA archives.
  case timeSeries(TimeSeriesSource)
  /// A table of text.
  case csv(CSVSource)
  /// Samples that are computed.
  case generator(GeneratorSource)
  /// A text whose characters are classes.
  case text(TextSource)

  /// Arrays, by default with all their steps, or padded behind where there are `lengths`.
  package init(
    x: ArraySource, y: ArraySource, lengths: LengthsSource? = nil, padding: Padding = .post
  ) {
    self = .arrays(ArraysSource(x: x, y: y, lengths: lengths, padding: padding))
  }

  /// The number of features, where the configuration itself holds the samples.
  package var inlineFeatures: Int? {
    guard case .inline(let array) = arrays?.x else { return nil }
    return array.axes == 2 ? array.lengths.first : array.width
  }

  /// The text, if that is what they are.
  package var text: TextSource? {
    if case .text(let text) = self { text } else { nil }
  }

  /// The arrays, if that is what they are.
  package var arrays: ArraysSource? {
    if case .arrays(let arrays) = self { arrays } else { nil }
  }
}

/// Where the steps of a sample that do not count stand; Keras's names.
package enum Padding: String, CaseIterable, Sendable {
  /// Behind those that do.
  case post
  /// Before them.
  case pre
}

/// An array written in the configuration or stored in a file.
package enum ArraySource: Equatable, Sendable {
  /// Numbers written in the configuration.
  case inline(RaggedArray)
  /// The path of a `.npy` file, or of an array in a `.npz` as `data.npz:x`, as written: relative to the
  /// configuration's folder.
  case file(String)
}

/// The number of time steps of each sample.
package enum LengthsSource: Equatable, Sendable {
  /// Numbers written in the configuration, each from 1.
  case inline([Int])
  /// The path of a `.npy` file, or of an array in a `.npz`, as written.
  case file(String)
}

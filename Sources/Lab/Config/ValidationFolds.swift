package import LabFormats

/// The samples to train on, cut into several folds, of which one is validated with.
package struct ValidationFolds: Equatable, Sendable {
  /// How many folds there are, from 2.
  package var count: Int
  /// The one that is validated with, from 0.
  package var fold: Int
  /// How samples or series are cut.
  package var kind = Kind.blocks

  /// How samples or series are cut into folds.
  package enum Kind: Sendable {
    /// Samples in the order of the data.
    case blocks
    /// The samples of each target by themselves.
    case stratified
    /// Series in time: a fold is trained on with all that comes before it.
    case rolling
  }

  /// By default samples are cut in the order of the data.
  package init(_ count: Int, fold: Int, _ kind: Kind = .blocks) {
    self.count = count
    self.fold = fold
    self.kind = kind
  }

  /// The most folds that a configuration may have.
  static let most = 1_000_000

  /// The fold and what it is one of, as people read it.
  package var text: String {
    let kinds: [Kind: String] = [.stratified: ", stratified", .rolling: ", rolling"]
    return "\(fold) of 0..\(count - 1)\(kinds[kind] ?? "")"
  }

  fileprivate var isStratified: Bool {
    get { kind == .stratified }
    set { kind = newValue ? .stratified : .blocks }
  }
}

extension ValidationFolds {
  /// Folds of samples.
  static var form: ObjectForm<ValidationFolds> {
    ObjectForm(
      "One of several parts that the training samples are cut into.", name: "folds",
      start: ValidationFolds(2, fold: 0), isOf: { $0.kind != .rolling },
      [
        Field(
          required: "folds", \.count, .integer(2...most), "How many folds the samples are cut into."
        ),
        fold,
        Field(
          "stratify", \.isStratified, .boolean,
          "Whether to cut the samples of each target by themselves."),
      ])
  }

  /// Folds of series.
  static var rolling: ObjectForm<ValidationFolds> {
    ObjectForm(
      "A part of each series, after all that is trained on.", name: "rolling",
      start: ValidationFolds(2, fold: 0, .rolling), isOf: { $0.kind == .rolling },
      [
        Field(
          required: "rolling", \.count, .integer(2...most),
          "How many folds each series is cut into."
        ),
        fold,
      ])
  }

  private static var fold: Field<ValidationFolds> {
    Field(
      required: "fold", \.fold, .integer(0...most - 1),
      narrowed: { .integer(0...$0.count - 1) },
      "The one that is validated with, from 0; the others, of series those before it, are trained on."
    )
  }
}

extension ValidationSource {
  /// The folds, if that is what they are.
  package var folds: ValidationFolds? {
    if case .folds(let folds) = self { folds } else { nil }
  }
}

// MARK: In the place of what a configuration validates with

extension Config {
  /// Returns the configuration with folds in the place of a part that is split off; a part of each class
  /// stays one.
  ///
  /// - Throws: `LabError` where samples of their own are validated with.
  package func validating(with folds: ValidationFolds) throws(LabError) -> Config {
    var (config, folds) = (self, folds)
    switch data.validation {
    case .source:
      throw LabError(
        .data,
        "`data.validation` names samples of its own, and folds are validated with parts of `data.train`",
        where: file.path, next: "leave `data.validation` out, or train without folds")
    case .split(let split): if folds.kind == .blocks { folds.isStratified = split.isStratified }
    case .folds(let own):
      if folds.kind == .blocks { folds.isStratified = own.isStratified }
    case nil: break
    }
    config.data.validation = .folds(folds)
    return config
  }
}

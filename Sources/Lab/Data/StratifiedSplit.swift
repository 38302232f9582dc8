import LSTMEngine
import LabFormats

/// Checks that a stratified split or stratified folds have classes to cut, and names what stands against it.
struct StratifiedSplit {
  let data: Dataset
  let loss: Loss
  let file: ConfigFile
  /// Whether so many samples of a class are too few for every part to have one.
  let areTooFew: (_ count: Int) -> Bool

  /// Refuses targets that are no classes.
  ///
  /// - Parameter words: What would be done without `stratify`.
  func requireClasses(without words: String) throws(LabError) {
    guard data.classNames == nil else { return }
    let (_, counts) = data.targetGroups
    let areLost = counts.contains(where: areTooFew)
    let fractional = data.y.firstIndex { $0 != $0.rounded() }
    let areNumbers =
      loss.isCrossentropy
      ? areLost && fractional != nil
      : fractional != nil || areLost && data.y.contains { $0 != 0 && $0 != 1 }
    guard areNumbers else { return }
    let example = fractional.map { index in
      ", such as `data.train.y\(data.targets.place(of: index))`, which is \(data.y[index])"
    }
    throw LabError(
      .data,
      "`data.validation.stratify` splits each class by itself, but the targets are numbers to predict"
        + (example ?? ": \(data.samples) samples have \(counts.count) different ones"),
      where: file.path, next: "leave `stratify` out: \(words), whatever their targets")
  }

  /// The error of classes that leave nothing to validate with: each has one sample.
  var nothingLeft: LabError {
    let first = data.targetGroups.ofSample.indices.prefix(3).map(name(ofClassOf:))
    return LabError(
      .data,
      "`data.validation.stratify` leaves no sample to validate with: every class, such as "
        + "\(first.joined(separator: ", ")), has one sample, which is trained on",
      where: file.path,
      next: "give each class at least two samples, leave `stratify` out, or name other samples as "
        + "`data.validation`")
  }
  /// What messages call the class of a sample.
  func name(ofClassOf sample: Int) -> String {
    data.classNames.map {
      "`\(Visible.shortened(Visible.line($0[Int(data.y[sample])]), to: 40))`"
    } ?? "that of `data.train.y[\(sample)]`"
  }
}

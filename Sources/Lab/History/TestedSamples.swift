import LSTMEngine
import LabFormats

/// Which samples a question is asked about.
package enum SampleChoice: Sendable {
  /// Those with these numbers.
  case numbers(IndexRanges)
  /// All of a class.
  case ofClass(String)
  /// Every training sample about itself.
  case itself
}

/// Samples whose mean loss is looked at.
struct TestedSamples {
  let applied: AppliedEpoch
  /// Their numbers in ascending order, at least one.
  let numbers: [Int]
  /// `sample 3`, `5 samples of class b`.
  let words: String

  init(_ applied: AppliedEpoch, _ choice: SampleChoice, at place: String) throws(LabError) {
    self.applied = applied
    let count = applied.samples.count
    switch choice {
    case .numbers(let ranges):
      numbers = try ranges.indices(below: count, what: "sample", where: place)
      words =
        numbers.count == 1 ? "sample \(numbers[0])" : "\(NumberText.count(numbers.count)) samples"
    case .ofClass(let name):
      numbers = try Self.numbers(of: name, applied)
      let samples = numbers.count == 1 ? "sample" : "samples"
      words = "\(NumberText.count(numbers.count)) \(samples) of class \(Visible.line(name))"
    case .itself:
      numbers = Array(0..<count)
      words = "every sample"
    }
  }

  private static func numbers(
    of name: String, _ applied: AppliedEpoch
  ) throws(LabError) -> [Int] {
    guard let titles = applied.outputs.classes, !applied.network.outputHasSteps else {
      throw LabError(
        .usage, "the samples' targets are not one class each", where: "--class",
        next: "name samples by their numbers: --sample 0..9")
    }
    let known = (0..<titles.count).map(titles.title)
    let chosen = try Nearest.name(name, among: known, what: "class", where: "--class")
    let targets = applied.samples.outputTargets
    let numbers = (0..<applied.samples.count).filter { sample in
      applied.outputs.target(targets, row: sample).map(titles.title) == chosen
    }
    guard !numbers.isEmpty else {
      throw LabError(
        .notFound, "no sample of the \(applied.description) is of class \(Visible.line(chosen))",
        where: "--class", next: "choose another split, or another class")
    }
    return numbers
  }
}

extension AppliedEpoch {
  /// What a sample should be; empty where it is not one class.
  func target(of sample: Int) -> Table.Cell {
    guard !network.outputHasSteps, let titles = outputs.classes,
      let target = outputs.target(samples.outputTargets, row: sample)
    else { return .null }
    return titles.cell(target)
  }
}

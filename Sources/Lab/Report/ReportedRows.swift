import Foundation
import LSTMEngine
import LabFormats
import LabStore

/// What a run's result makes of each row of its data, beside what it should: for the page's script.
struct ReportedRows {
  private let outcomes: Outcomes
  /// The classes; nil for numbers.
  private let titles: ClassTitles?
  /// The class of each row's target and the predicted one; empty where there is none.
  private let pairs: [[Int]]
  /// The rows of a sample; nil where that is not known.
  private let rowsPerSample: Int?
  /// The places of the rows that the page has, in order.
  private let rows: [Int]
  /// What some samples read, where the data are there.
  private let inputs: [(sample: Int, steps: [[Float]])]

  /// The most numbers of outputs and targets, and of inputs, that the runs of a report share.
  private static let mostNumbers = 60_000

  /// Takes outcomes of samples, wrong ones before others where not all have room.
  ///
  /// - Parameters:
  ///   - samples: The samples that they are of; nil where the data are gone.
  ///   - count: The number of the report's runs.
  init(_ outcomes: Outcomes, samples: SampleSet?, among count: Int) {
    self.outcomes = outcomes
    titles = outcomes.classes?.titles
    let pairs = titles == nil ? [] : outcomes.rows.indices.map(outcomes.pair)
    self.pairs = pairs
    let perSample = samples.flatMap { samples in
      samples.count > 0 && outcomes.allRows.isMultiple(of: samples.count)
        ? outcomes.allRows / samples.count : nil
    }
    rowsPerSample = perSample
    let most = max(20, Self.mostNumbers / count / max(1, 2 * outcomes.width))
    let wrong = pairs.indices.filter { pairs[$0].count == 2 && pairs[$0][0] != pairs[$0][1] }
    rows =
      outcomes.rows.count <= most
      ? Array(outcomes.rows.indices)
      : Set(wrong.prefix(most / 2) + Sparkline.thinned(Array(outcomes.rows.indices), to: most / 2))
        .sorted()
    var inputs: [(sample: Int, steps: [[Float]])] = []
    if let samples, let perSample {
      var room = Self.mostNumbers / count
      let shown = Set(rows)
      let candidates = wrong.filter(shown.contains) + rows
      var seen: Set<Int> = []
      for sample in candidates.map({ outcomes.rows[$0] / perSample })
      where sample < samples.count && seen.insert(sample).inserted {
        let steps = samples.sequence(sample)
        room -= steps.reduce(0) { $0 + $1.count }
        if room < 0 { break }
        inputs.append((sample, steps))
      }
    }
    self.inputs = inputs
  }

  /// Everything for the script; float32 numbers byte for byte.
  ///
  /// - Parameter series: The lines of each picture of a series.
  func json(run: Int64, series: [JSONText]) -> JSONText {
    let width = outcomes.width
    func numbers(_ all: [Float]) -> JSONText {
      let chosen = rows.flatMap { all[$0 * width..<($0 + 1) * width] }
      return .string(Data(chosen).base64EncodedString())
    }
    return .object([
      "run": .integer(Int(run)), "epoch": .integer(outcomes.epoch),
      "split": .string(outcomes.split.rawValue), "width": .integer(width),
      "of": .integer(outcomes.rows.count),
      "rows": .array(rows.map { .integer(outcomes.rows[$0]) }),
      "rowsPerSample": rowsPerSample.map(JSONText.integer),
      "names": .array(outcomes.names.map { .string(Visible.line($0)) }),
      "classes": titles.map { titles in
        .array((0..<titles.count).map { .string(Visible.line(titles.title($0))) })
      },
      "told": titles == nil
        ? nil : .array(rows.map { .array(pairs[$0].map(JSONText.integer)) }),
      "outputs": numbers(outcomes.predicted),
      "targets": titles == nil ? numbers(outcomes.targets) : nil,
      "series": .array(series),
      "inputs": .array(
        inputs.map { sample, steps in
          .object([
            "sample": .integer(sample), "features": .integer(steps.first?.count ?? 0),
            "values": .string(Data(steps.flatMap(\.self)).base64EncodedString()),
          ])
        }),
    ])
  }
}

extension Outcomes {
  /// The class of a row's target, and the one that is predicted; empty where there is none.
  fileprivate func pair(_ row: Int) -> [Int] {
    let target = meaning.target(.values(targets, outputs: width), row: row)
    let told = meaning.predicted(predicted[row * width..<(row + 1) * width])
    guard let target, let told else { return [] }
    return [target, told]
  }
}

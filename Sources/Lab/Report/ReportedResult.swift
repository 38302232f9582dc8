import LSTMEngine
import LabFormats
import LabStore

/// What a report shows of a run's result: tables of classes, pictures of numbers.
struct ReportedResult {
  /// A picture and the words beside it.
  struct Picture {
    /// The end of its file's name.
    let name: String
    let caption: String
    let plot: Plot
  }

  /// What was measured: `What epoch 30 makes of the test data`.
  let heading: String
  /// How far numbers are off; nil for classes.
  let summary: String?
  /// The classes; nil for numbers.
  let tables: EvaluationTables?
  private(set) var pictures: [Picture]
  /// Each row, for the page's script.
  var rows: ReportedRows?
  /// The numbers of the pictures of series, likewise.
  private(set) var series: [JSONText] = []

  /// The most targets that have pictures of their own.
  private static let mostTargets = 3

  /// Shows outcomes; nil where targets are neither classes nor numbers.
  ///
  /// - Parameter points: The most dots of a picture.
  init?(_ outcomes: Outcomes, points: Int) {
    let data = outcomes.split == .train ? "training" : outcomes.split.rawValue
    heading = "What epoch \(outcomes.epoch) makes of the \(data) data"
    if let (titles, scores) = outcomes.classes {
      tables = EvaluationTables(titles: titles, scores: scores)
      summary = nil
      pictures = []
      return
    }
    guard let numbers = outcomes.numbers else { return nil }
    tables = nil
    let names = outcomes.names
    let shown = min(names.count, Self.mostTargets)
    let parts = [
      Outcomes.told(numbers, most: shown, \.rmse).map { "RMSE \($0)" },
      Outcomes.told(numbers, most: shown, \.r2).map { "R² \($0)" },
      names.count > shown ? "the first \(shown) of \(names.count) targets" : nil,
    ]
    summary = parts.compactMap(\.self).joined(separator: "; ")
    pictures = (0..<shown).flatMap { target in
      Self.pictures(of: outcomes, target, points: points)
    }
  }

  /// The names of a picture's files, of any target.
  static let names = ["predicted", "residuals", "series"].flatMap { name in
    (0..<mostTargets).map { Self.name(name, $0) }
  }

  private static func name(_ name: String, _ target: Int) -> String {
    target == 0 ? name : "\(name)-\(target + 1)"
  }

  private static func shortened(_ name: String) -> String {
    Visible.shortened(Visible.line(name), to: 24)
  }

  private static func pictures(
    of outcomes: Outcomes, _ target: Int, points: Int
  ) -> [Picture] {
    let names = outcomes.names
    let own = stride(from: target, to: outcomes.targets.count, by: names.count)
    let pairs = Sparkline.thinned(Array(own), to: points).map {
      (true: Double(outcomes.targets[$0]), predicted: Double(outcomes.predicted[$0]))
    }
    let ends = pairs.flatMap { [$0.true, $0.predicted] }.filter(\.isFinite)
    guard let least = ends.min(), let greatest = ends.max() else { return [] }
    let what = shortened(names[target])
    let count =
      pairs.count < outcomes.targets.count / names.count
      ? " (\(NumberText.count(pairs.count)) of them)" : ""
    let predicted = Plot(
      "\(what): predicted by true", across: "true", up: "predicted", isSquare: true,
      [
        .init(form: .rule, points: [(least, least), (greatest, greatest)]),
        .init(form: .dots, points: pairs.map { ($0.true, $0.predicted) }),
      ])
    let told = pairs.map(\.predicted).filter(\.isFinite)
    let residuals = Plot(
      "\(what): true less predicted, by predicted", across: "predicted", up: "true − predicted",
      [
        .init(form: .rule, points: [(told.min() ?? 0, 0), (told.max() ?? 0, 0)]),
        .init(form: .dots, points: pairs.map { ($0.predicted, $0.true - $0.predicted) }),
      ])
    return [
      predicted.map {
        Picture(
          name: name("predicted", target), caption: "\(what): predicted by true\(count)", plot: $0)
      },
      residuals.map {
        Picture(
          name: name("residuals", target),
          caption: "\(what): residuals, true less predicted\(count)", plot: $0)
      },
    ].compactMap(\.self)
  }
}

// MARK: Series

extension ReportedResult {
  /// The most rows of a series that are drawn.
  private static let mostRows = 240

  /// Lines with a name each for the page's script.
  private static func json(_ lines: [(name: String, points: [(x: Double, y: Double)])]) -> JSONText
  {
    .array(
      lines.map { name, points in
        let finite = points.filter { $0.y.isFinite }
        return .object([
          "name": .string(name), "xs": .array(finite.map { .integer(Int($0.x)) }),
          "ys": .array(finite.map { .real($0.y) }),
        ])
      })
  }

  /// Puts pictures of the first series in front: its end, what was told of it a step ahead, and what follows.
  mutating func addSeries(
    _ applied: AppliedEpoch, outcomes: Outcomes, _ ends: SeriesEnds, follows: [Float]
  ) {
    let names = outcomes.names
    guard let places = applied.data.windows, let rows = places.seriesLengths.first, rows > 0,
      places.series.count == names.count * places.seriesLengths.reduce(0, +),
      outcomes.predicted.count == places.starts.count * outcomes.width,
      follows.count == ends.epoch.samples.count * outcomes.width
    else { return }
    let last = ends.series.first { $0.number == 0 }
    // What is validated with may be the end of a longer series.
    let offset = last.map { $0.rows - rows } ?? 0
    let first = max(0, rows - Self.mostRows)
    let windows = places.starts.indices.filter {
      (first..<rows).contains(places.starts[$0] + ends.windows.span)
    }
    var series = ""
    if places.seriesLengths.count > 1 {
      let name = last == nil ? nil : ends.epoch.data.ids?.first
      series =
        " of series \(name.map(Self.shortened) ?? "0"), the first of \(places.seriesLengths.count),"
    }
    let note = first > 0 ? " (its last \(rows - first) rows)" : ""
    pictures =
      (0..<min(names.count, Self.mostTargets)).compactMap { target in
        let what = Self.shortened(names[target])
        let known = (first..<rows).map {
          (x: Double(offset + $0), y: Double(places.series[$0 * names.count + target]))
        }
        let told = windows.map {
          (
            x: Double(offset + places.starts[$0] + ends.windows.span),
            y: Double(outcomes.predicted[$0 * outcomes.width + target])
          )
        }
        let behind = (0..<(last == nil ? 0 : ends.windows.horizon)).map {
          (x: Double(offset + rows + $0), y: Double(follows[$0 * names.count + target]))
        }
        self.series.append(
          Self.json([("known", known), ("a step ahead", told), ("what follows", behind)]))
        return Plot(
          "\(what): the series, what was told a step ahead, and what follows", across: "step",
          up: Visible.shortened(what, to: 14), isWhole: true,
          [
            .init(name: "known", form: .line, points: known),
            .init(name: "a step ahead", form: .dashes, points: told),
            .init(
              name: "what follows", form: .line,
              points: behind.isEmpty ? [] : known.suffix(1) + behind),
          ]
        ).map {
          Picture(
            name: Self.name("series", target), caption: "\(what)\(series) and what follows\(note)",
            plot: $0)
        }
      } + pictures
  }
}

import LabFormats

/// Runs that are alike.
struct RunGroup {
  /// What the runs have in common.
  let key: [Table.Cell]
  /// Rows of the compared runs.
  var members: [Int] = []
  /// Those that are measured: completed runs, each distinct one once.
  private(set) var counted: [Int] = []
  /// The others.
  private(set) var leftOut: [LeftOut] = []

  /// A run that is not counted, and why.
  struct LeftOut {
    let run: Int
    /// Its status, unless it is completed.
    let status: String
    /// The run of which it is a repeat to the bit.
    let original: Int?

    /// `run 10 (repeats run 1)`, `run 4 (diverged)`.
    func text(in runs: ComparedRuns) -> String {
      "run \(run) (\(original.map { "repeats run \($0)" } ?? status))"
    }
  }

  init(key: [Table.Cell]) { self.key = key }

  /// Chooses the runs that count. A run that was given the same as an earlier one and came to the
  /// same bits is no measurement of its own.
  mutating func count(in runs: ComparedRuns, hashes: [Int: [UInt8]]) {
    struct Outcome: Hashable {
      let origin: RunOrigin
      /// Seed and fold.
      let number: [Table.Cell]
      let hash: [UInt8]
    }
    var first: [Outcome: Int] = [:]
    let status = runs.column("status")
    let numbers = Settings.repeats.values.sorted().compactMap(runs.column)
    for row in members.sorted(by: { runs.id($0) < runs.id($1) }) {
      let run = runs.id(row)
      if let status, case .text(let text) = runs.table.rows[row][status], text != "completed" {
        leftOut.append(LeftOut(run: run, status: text, original: nil))
        continue
      }
      let outcome = hashes[run].map {
        Outcome(
          origin: runs.origin(row), number: numbers.map { runs.table.rows[row][$0] }, hash: $0)
      }
      if let outcome, let original = first[outcome] {
        leftOut.append(LeftOut(run: run, status: "completed", original: original))
      } else {
        counted.append(row)
        if let outcome { first[outcome] = run }
      }
    }
  }

  /// How many are left out, and why: `2 diverged, 1 repeat`.
  var leftOutText: String {
    var counts: [(word: String, count: Int)] = []
    for left in leftOut {
      let word = left.original == nil ? left.status : "repeat"
      if let place = counts.firstIndex(where: { $0.word == word }) {
        counts[place].count += 1
      } else {
        counts.append((word, 1))
      }
    }
    return counts.map { "\($0.count) \($0.word)\($0.word == "repeat" && $0.count > 1 ? "s" : "")" }
      .joined(separator: ", ")
  }

  /// What the counted runs are repeats of, where they are folds: `5 folds × 3 seeds`.
  func repeatsText(in runs: ComparedRuns) -> String? {
    guard let seed = runs.column("seed"), let fold = runs.column("fold") else { return nil }
    let numbers = counted.map { row in
      (seed: runs.table.rows[row][seed], fold: runs.table.rows[row][fold])
    }
    let paths = ["folds", "rolling"].compactMap { key in
      runs.settings.paths.firstIndex(of: "data.validation.\(key)")
    }
    let counts = counted.map { runs.settings.value(paths, of: $0) ?? .null }
    guard let first = counts.first, case .integer(let all) = first, common(counts) != nil else {
      return RepeatsText.text(of: numbers, folds: nil)
    }
    return RepeatsText.text(of: numbers, folds: all)
  }

  /// The value of a setting; nil where the members do not agree.
  func setting(_ path: Settings.Path, in runs: ComparedRuns) -> Table.Cell? {
    common(members.map { runs.settings.value([path], of: $0) ?? .null })
  }

  /// What the group is sorted by: the mean of a measured number, or what all have in common; null
  /// where there is neither.
  func value(of field: RunField, in runs: ComparedRuns) -> Table.Cell {
    let values = (counted.isEmpty ? members : counted).map { field.value(of: $0, in: runs) }
    guard case .column = field else { return common(values) ?? .null }
    let numbers = counted.isEmpty ? [] : values.compactMap(\.double)
    guard numbers.isEmpty else { return .real(Sample(numbers).mean) }
    return values.contains { $0.double != nil } ? .null : common(values) ?? .null
  }

  private func common(_ values: [Table.Cell]) -> Table.Cell? {
    values.allSatisfy { $0 == values[0] } ? values[0] : nil
  }
}

import Foundation
import Testing

/// What `evaluate` says of data: the numbers that training stored, and scores of classes.
@Suite struct EvaluateTests {
  struct Report: Decodable {
    struct Scores: Decodable, Equatable {
      let precision, recall, f1_score: Double
      let support: Int
    }

    let run_id, epoch, samples: Int
    let split, file: String?
    let metrics: [String: Double?]
    let classes: [Scores]?
    let macro_average, weighted_average: Scores?
    let confusion_matrix: [[Int]]?

    init(_ json: String) throws {
      self = try JSONDecoder().decode(Report.self, from: Data(json.utf8))
    }
  }

  /// What a run stored of a split in its last epoch.
  private func stored(_ split: String, in place: Workplace) throws -> [String: Double?] {
    let lines = try place.sqlite(
      """
      SELECT name, CASE WHEN value IS NOT NULL THEN printf('%!.17g', value) END FROM metrics
      WHERE run_id = 1 AND epoch = 4 AND split = '\(split)'
      """)
    return Dictionary(
      uniqueKeysWithValues: lines.split(separator: "\n").map { line in
        let parts = line.split(separator: "|", omittingEmptySubsequences: false)
        return (String(parts[0]), Double(parts[1]))
      })
  }

  @Test(arguments: PredictedKind.all)
  func `loss and metrics are those that were stored, to the bit`(kind: PredictedKind) throws {
    let place = try kind.place()
    let expected = try stored("test", in: place)
    #expect(Set(expected.keys) == Set(["loss"] + kind.metrics))
    let report = try Report(try place.lab("evaluate", "1", "--json"))
    #expect(report.run_id == 1 && report.epoch == 4 && report.split == "test")
    #expect(report.metrics == expected)
    let validation = try Report(
      try place.lab("evaluate", "1", "--split", "validation", "--json", "--threads", "2"))
    #expect(try validation.metrics == stored("validation", in: place))
    let isMeasurable = !kind.file.hasSuffix(".npy") || kind.options.contains("--y")
    guard isMeasurable else { return }
    let outcome = try Program.run(
      Program.path, ["evaluate", "1", kind.file, "--json"] + kind.options, in: place.path)
    #expect(outcome.errors == kind.told)
    let new = try Report(outcome.output)
    #expect(new.metrics == expected && new.file == kind.file && new.split == nil)
    #expect(new.samples == report.samples)
    #expect(new.confusion_matrix == report.confusion_matrix)
  }

  @Test func `every form tells the same`() throws {
    let place = try PredictedKind.tables[0].place()
    let report = try Report(try place.lab("evaluate", "1", "data.csv", "--json"))
    let matrix = try #require(report.confusion_matrix)
    let classes = try #require(report.classes)
    #expect(matrix.count == 3 && matrix.allSatisfy { $0.count == 3 })
    #expect(matrix.map { $0.reduce(0, +) } == classes.map(\.support))
    #expect(report.macro_average?.support == 11 && report.weighted_average?.support == 11)

    let csv = try place.lab("evaluate", "1", "data.csv", "--csv").split(separator: "\n")
    #expect(csv[0] == "metric,class,predicted,value")
    #expect(csv.contains("loss,,,\(try #require(report.metrics["loss"] ?? nil))"))
    #expect(csv.contains("precision,very high,,\(classes[2].precision)"))
    #expect(csv.contains("support,low,,\(classes[1].support)"))
    let names = ["high", "low", "very high"]
    for (target, row) in matrix.enumerated() {
      for (predicted, count) in row.enumerated() {
        let line = "confusion,\(names[target]),\(names[predicted]),\(count)"
        #expect(csv.contains(line[...]) == (count > 0))
      }
    }

    let text = try place.lab("evaluate", "1", "data.csv")
    #expect(text.hasPrefix("kind, run 1, epoch 4: data.csv, 11 samples\n\nloss "))
    #expect(text.contains(try Regex(#"\nmacro average +0\.\d{4} "#)))
    #expect(
      text.contains(
        try Regex(#"\nvery high +\#(matrix[2].map(String.init).joined(separator: " +"))$"#)))
    let markdown = try place.lab("evaluate", "1", "data.csv", "--md")
    #expect(
      markdown.hasSuffix(
        "| very high | \(matrix[2].map(String.init).joined(separator: " | ")) |"))
  }

  @Test func `of many classes the most frequent mistakes are shown`() throws {
    let place = try Workplace()
    let rows = (0..<90).map { "s\($0),\($0 % 30)\n" }.joined()
    try place.write("s,x\n" + rows, to: "data.csv")
    try place.write(
      """
      {"data":{"train":{"csv":"data.csv","sequence":"s","features":["x"],"target":"x"}},
      "model":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":30,"activation":"softmax"}]},
      "training":{"loss":"sparse_categorical_crossentropy","epochs":1}}
      """, to: "config.json")
    try place.lab("run", "config.json", "-q")
    let text = try place.lab("evaluate", "1")
    let parts = text.components(separatedBy: "The most frequent mistakes of 30 classes; --csv")
    #expect(parts.count == 2)
    let lines = parts[1].split(separator: "\n").dropFirst(3)
    #expect((1...20).contains(lines.count))
    let counts = lines.compactMap { $0.split(separator: " ").last.flatMap { Int($0) } }
    #expect(counts == counts.sorted(by: >) && counts.count == lines.count)
    let report = try Report(try place.lab("evaluate", "1", "--json"))
    #expect(report.confusion_matrix?.count == 30)
  }

  @Test func `numbers have no classes, nor have targets between two`() throws {
    for id in ["arrays in files", "arrays in the configuration"] {
      let kind = try #require(PredictedKind.all.first { $0.id == id })
      let place = try kind.place()
      let report = try Report(try place.lab("evaluate", "1", "--json"))
      #expect(report.classes == nil && report.confusion_matrix == nil)
      #expect(try !place.lab("evaluate", "1").contains("Confusion"))
    }
  }
}

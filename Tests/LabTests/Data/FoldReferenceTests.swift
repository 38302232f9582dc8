import Foundation
import LabFormats
import Testing

@testable import Lab

/// Folds as scikit-learn cuts them, index by index: Fixtures/folds.py.
@Suite struct FoldReferenceTests {
  struct Case: Decodable, Sendable {
    let kind: String
    let folds: Int
    let samples, rows: Int?
    let classes, places: [Int]?
    let parts: [[Int]]?
    let refused, warned: Bool?
  }

  /// The cases of a kind.
  private static func cases(_ kind: String, count: Int) throws -> [Case] {
    let cases = try JSONDecoder().decode([Case].self, from: Data(try Fixture.bytes("folds.json")))
    #expect(cases.count == 300)
    let chosen = cases.filter { $0.kind == kind }
    #expect(chosen.count == count)
    return chosen
  }

  /// A configuration whose samples have their numbers as x and these targets.
  static func config(_ y: [Int], _ validation: String, loss: String) throws -> Config {
    let x = y.indices.map { "[[\($0)]]" }.joined(separator: ",")
    let units = max(2, (y.max() ?? 0) + 1)
    return try Config(
      json: """
        {"data":{"train":{"x":[\(x)],"y":\(y)},"validation":\(validation)},
        "model":{"layers":[{"type":"lstm","units":1},
        {"type":"dense","units":\(units),"activation":"softmax"}]},
        "training":{"loss":"\(loss)","epochs":1}}
        """, source: "c.json")
  }

  /// The fold in which each sample is validated with, where each is once.
  static func places(
    _ y: [Int], folds: Int, more: String = "", loss: String = "sparse_categorical_crossentropy"
  ) throws -> [Int] {
    var places = [Int?](repeating: nil, count: y.count)
    for fold in 0..<folds {
      let validation = "{\"folds\":\(folds),\"fold\":\(fold)\(more)}"
      let data = try TrainingData(config(y, validation, loss: loss))
      for x in try #require(data.validation).x {
        #expect(places[Int(x)] == nil, "sample \(x) is validated with twice")
        places[Int(x)] = fold
      }
      #expect(data.train.x.map { Int($0) } == y.indices.filter { places[$0] != fold })
    }
    return try places.map { try #require($0) }
  }

  @Test func `folds are those of KFold`() throws {
    for one in try Self.cases("blocks", count: 75) {
      let y = [Int](repeating: 0, count: try #require(one.samples))
      #expect(try Self.places(y, folds: one.folds) == one.places)
    }
  }

  @Test func `stratified folds are those of StratifiedKFold`() throws {
    var (refused, warned) = (0, 0)
    for one in try Self.cases("stratified", count: 150) {
      let classes = try #require(one.classes)
      let places = { try Self.places(classes, folds: one.folds, more: ",\"stratify\":true") }
      if one.refused == true {
        let error = #expect(throws: LabError.self) { try places() }
        #expect(
          error?.what.contains("every class has fewer samples") == true, "\(error?.what ?? "")")
        refused += 1
        continue
      }
      #expect(try places() == one.places)
      let validation = "{\"folds\":\(one.folds),\"fold\":0,\"stratify\":true}"
      let data = try TrainingData(
        Self.config(classes, validation, loss: "sparse_categorical_crossentropy"))
      let words = data.warnings.map(\.what)
      #expect(words.count == (one.warned == true ? 1 : 0), "\(words)")
      #expect(words.allSatisfy { $0.contains("for \(one.folds) folds") })
      warned += words.count
    }
    #expect(refused >= 3 && warned >= 30)
  }

  @Test func `rolling folds are those of TimeSeriesSplit`() throws {
    for one in try Self.cases("rolling", count: 75) {
      let rows = try #require(one.rows)
      let table = SeriesTable(
        lengths: [rows],
        x: RaggedArray(axes: 3, lengths: [rows], width: 1, values: (0..<rows).map { Float($0) }),
        targets: (0..<rows).map { Float($0) })
      for (fold, part) in try #require(one.parts).enumerated() {
        let (train, last) = table.cut(ValidationFolds(one.folds, fold: fold, .rolling))
        #expect(train.x.values == (part[0]..<part[1]).map { Float($0) })
        #expect(last.x.values == (part[2]..<part[3]).map { Float($0) })
        #expect(train.targets == train.x.values && last.targets == last.x.values)
        #expect(train.lengths == [part[1]] && last.lengths == [part[3] - part[2]])
      }
    }
  }
}

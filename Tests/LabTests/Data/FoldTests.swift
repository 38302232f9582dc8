import Foundation
import Lab
import LabFormats
import LabStore
import Testing

/// Folds of every kind of source: who validates when, what is scaled by what, and what the data hash is.
@Suite struct FoldTests {
  /// A source of so many samples, each of which has its number in its first time step; with its classes.
  private static func source(
    _ kind: String, _ samples: Int, in place: Workplace, _ random: inout CounterRandom
  ) throws -> (json: String, classes: [Int]) {
    let classes = (0..<samples).map { _ in Int.random(in: 0..<3, using: &random) }
    let steps = (0..<samples).map { _ in Int.random(in: 1...3, using: &random) }
    let rows = (0..<samples).map { sample in
      [sample] + (1..<4).map { _ in Int.random(in: 0..<9, using: &random) }
    }
    switch kind {
    case "arrays":
      let x = rows.indices.map { "\(rows[$0].prefix(steps[$0]).map { [$0] })" }
      return ("{\"x\":[\(x.joined(separator: ","))],\"y\":\(classes)}", classes)
    case "npy":
      try place.write(
        NPYBytes.file(shape: [samples, 4, 1], values: rows.joined().map(Double.init)), to: "x.npy")
      try place.write(
        NPYBytes.file(shape: [samples], values: classes.map(Double.init)), to: "y.npy")
      return (#"{"x":"x.npy","y":"y.npy"}"#, classes)
    case ".ts":
      let lines = rows.indices.map { sample in
        rows[sample].prefix(steps[sample]).map(String.init).joined(separator: ",")
          + ":\(classes[sample])"
      }
      try place.write(
        "@equalLength false\n@classLabel true 0 1 2\n@data\n" + lines.joined(separator: "\n")
          + "\n", to: "a.ts")
      return (#"{"ts":"a.ts"}"#, classes)
    case "long":
      let lines = rows.indices.flatMap { sample in
        rows[sample].prefix(steps[sample]).map { "\(sample),\($0),\(classes[sample])" }
      }
      try place.write("id,v,y\n" + lines.joined(separator: "\n") + "\n", to: "a.csv")
      return (
        #"{"csv":"a.csv","sequence":"id","features":["v"],"target":"y","classes":["0","1","2"]}"#,
        classes
      )
    default:
      let lines = rows.indices.map { sample in
        rows[sample].map(String.init).joined(separator: ",") + ",\(classes[sample])"
      }
      try place.write("a,b,c,d,y\n" + lines.joined(separator: "\n") + "\n", to: "a.csv")
      return (
        #"{"csv":"a.csv","layout":"wide","target":"y","classes":["0","1","2"]}"#, classes
      )
    }
  }

  private static func data(
    _ source: String, _ more: String, in place: Workplace,
    loss: String = "sparse_categorical_crossentropy"
  ) throws -> TrainingData {
    try TrainingData(
      Config(
        json: """
          {"data":{"train":\(source)\(more)},"model":{"layers":[{"type":"lstm","units":1},
          {"type":"dense","units":3,"activation":"softmax"}]},
          "training":{"loss":"\(loss)","epochs":1}}
          """, source: place.file("config.json")))
  }

  /// The numbers of samples: what stands in their first time step.
  private static func numbers(_ data: Dataset) -> [Int] {
    var row = 0
    return data.lengths.map { length in
      defer { row += length }
      return Int(data.x[row * data.features])
    }
  }

  @Test(arguments: ["arrays", "npy", ".ts", "long", "wide"])
  func `every sample validates once, and trains in all other folds`(kind: String) throws {
    var random = CounterRandom(seed: 17)
    let place = try Workplace()
    for round in 0..<12 {
      let samples = Int.random(in: 4...40, using: &random)
      let (source, classes) = try Self.source(kind, samples, in: place, &random)
      let largest = (0..<3).map { number in classes.count { $0 == number } }.max() ?? 0
      let isStratified = round % 2 == 1 && largest > 1
      let folds = Int.random(in: 2...(isStratified ? largest : min(9, samples)), using: &random)
      let whole = try Self.data(source, "", in: place).train
      var validated: [[Int]] = []
      var hashes: Set<String> = []
      for fold in 0..<folds {
        let cut =
          "\"validation\":{\"folds\":\(folds),\"fold\":\(fold),\"stratify\":\(isStratified)}"
        let data = try Self.data(source, ",\(cut)", in: place)
        let validation = Self.numbers(try #require(data.validation))
        #expect(Self.numbers(data.train) == (0..<samples).filter { !validation.contains($0) })
        // Each sample has its own steps and target.
        #expect(data.validation?.y == validation.map { whole.y[$0] })
        #expect(data.validation?.lengths.map(\.self) == validation.map { whole.lengths[$0] })
        validated.append(validation)
        let scaled = try Self.data(
          source, ",\(cut),\"normalize\":\"standard\"", in: place)
        #expect(scaled.normalization == Normalization(.standard, of: data.train))
        hashes.formUnion([data.hash, scaled.hash])
      }
      #expect(validated.joined().sorted() == Array(0..<samples))
      #expect(hashes.count == 2, "the data of all folds are the same data")
      let sizes = validated.map(\.count)
      let usual = (0..<folds).map { samples / folds + ($0 < samples % folds ? 1 : 0) }
      if isStratified {
        #expect(sizes.sorted(by: >) == usual)
        for number in 0..<3 {
          let counts = validated.map { $0.count { classes[$0] == number } }
          #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
        }
      } else {
        #expect(validated.joined().elementsEqual(0..<samples))
        #expect(sizes == usual)
      }
    }
  }

  @Test func `generated samples and others change the data hash, the cut does not`() throws {
    let place = try Workplace()
    func hash(_ source: String, _ validation: String) throws -> String {
      try Self.data(
        source, ",\"validation\":\(validation)", in: place, loss: "mean_squared_error"
      ).hash
    }
    let task = #"{"generator":"adding","samples":12,"length":12,"seed":SEED}"#
    let (one, other) = (task.replacing("SEED", with: "1"), task.replacing("SEED", with: "2"))
    let cuts = [
      #"{"folds":3,"fold":0}"#, #"{"folds":3,"fold":2}"#, #"{"folds":12,"fold":7}"#,
    ]
    #expect(try Set(cuts.map { try hash(one, $0) }).count == 1)
    #expect(try hash(other, cuts[0]) != hash(one, cuts[0]))
    #expect(try hash(one, #"{"split":0.3}"#) != hash(one, cuts[0]))
  }

  /// Gaps are filled by the mean of what is trained on; sequences that are left out go before folds.
  @Test func `what is missing is known from the samples to train on`() throws {
    let place = try Workplace()
    var random = CounterRandom(seed: 5)
    let values = (0..<23).map { _ in
      Bool.random(using: &random) ? Int.random(in: 0..<100, using: &random) : nil
    }
    let rows = values.enumerated().map { "\($0),\($0),\($1.map(String.init) ?? "?"),\($0 % 2)\n" }
    try place.write("id,a,b,y\n" + rows.joined(), to: "a.csv")
    func data(_ missing: String, _ fold: Int) throws -> TrainingData {
      try Self.data(
        #"{"csv":"a.csv","sequence":"id","features":["a","b"],"target":"y","missing":"\#(missing)"}"#,
        ",\"validation\":{\"folds\":4,\"fold\":\(fold)}", in: place)
    }
    let known = values.indices.filter { values[$0] != nil }
    for fold in 0..<4 {
      let filled = try data("mean", fold)
      let train = Self.numbers(filled.train).compactMap { values[$0] }.map(Double.init)
      let mean = train.reduce(0, +) / Double(train.count)
      #expect(filled.description.features.map(\.fill)[1] == mean)
      let part = try #require(filled.description.parts.first { $0.name == "train.x" })
      #expect(part.filled == values.count - known.count)
      let dropped = try data("drop", fold)
      #expect(dropped.description.parts[0].dropped == values.count - known.count)
      let validation = try #require(dropped.validation)
      let size = known.count / 4 + (fold < known.count % 4 ? 1 : 0)
      #expect(validation.samples == size && dropped.train.samples == known.count - size)
      #expect((Self.numbers(dropped.train) + Self.numbers(validation)).sorted() == known)
    }
    #expect(try Set((0..<4).map { try data("mean", $0).hash }).count == 1)
  }
}

import Lab
import LabFormats
import Testing

/// The computed samples are what their definitions say.
@Suite struct GeneratorTests {
  static func data(
    _ task: GeneratorSource.Task, samples: Int = 200, length: Int, seed: Int = 1
  ) throws -> Dataset {
    try Dataset(
      .generator(GeneratorSource(task, samples: samples, length: length, seed: seed)),
      path: "data.train", in: ConfigFile("c.json"))
  }

  /// Each sample's rows and its targets.
  static func samples(_ data: Dataset) -> [(rows: [[Float]], targets: [Float])] {
    (0..<data.samples).map { sample in
      let one = data.selecting([sample])
      let rows = (0..<one.steps).map { Array(one.x[$0 * data.features..<($0 + 1) * data.features]) }
      return (rows, one.y)
    }
  }

  static func hot(_ row: [Float]) throws -> Int {
    #expect(row.filter { $0 == 1 }.count == 1 && row.filter { $0 == 0 }.count == row.count - 1)
    return try #require(row.firstIndex(of: 1))
  }

  @Test(arguments: [11, 20, 100, 503], [1, 2, 99]) func `the adding problem is its definition`(
    length: Int, seed: Int
  ) throws {
    let data = try Self.data(.adding, length: length, seed: seed)
    #expect(data.featureNames == ["value", "marker"])
    var hasZeroFirst = false
    for sample in Self.samples(data) {
      let steps = sample.rows.count
      #expect((length...length + length / 10).contains(steps))
      #expect(sample.rows.allSatisfy { (-1...1).contains($0[0]) })
      #expect(sample.rows[0][1] == -1 && sample.rows[steps - 1][1] == -1)
      var marked = sample.rows.indices.filter { sample.rows[$0][1] == 1 }
      #expect(
        sample.rows.indices.filter { sample.rows[$0][1] == 0 }.count == steps - 2 - marked.count)
      if marked.count == 1 {
        hasZeroFirst = true
        #expect(sample.rows[0][0] == 0)
        marked.insert(0, at: 0)
      }
      #expect(marked.count == 2)
      #expect(marked[0] < 10 && marked[1] < max(10, length / 2))
      let sum = marked.reduce(0.0) { $0 + Double(sample.rows[$1][0]) }
      #expect(sample.targets == [Float(0.5 + sum / 4)])
    }
    #expect(hasZeroFirst)
    #expect(Set(data.lengths).count == length / 10 + 1 || length > 500)
  }

  @Test(arguments: [10, 100, 237], [2, 3]) func `temporal order is its definition`(
    length: Int, signals: Int
  ) throws {
    let data = try Self.data(.temporalOrder(signals: signals), length: length)
    let tenth = length / 10
    let starts =
      signals == 2
      ? [tenth, length / 2] : [tenth, length / 3, 2 * length / 3]
    let names = ["E", "B", "a", "b", "c", "d", "X", "Y"]
    #expect(data.featureNames == names)
    for sample in Self.samples(data) {
      let symbols = try sample.rows.map { names[try Self.hot($0)] }
      #expect((length...length + tenth).contains(symbols.count))
      #expect(symbols.first == "E" && symbols.last == "B")
      let places = symbols.indices.filter { "XY".contains(symbols[$0]) }
      #expect(places.count == signals)
      for (place, start) in zip(places, starts) {
        let end = start == tenth ? length / 5 : start + tenth
        #expect((start...end).contains(place))
      }
      let noise = symbols.indices.dropFirst().dropLast().filter { !places.contains($0) }
      #expect(noise.allSatisfy { "abcd".contains(symbols[$0]) })
      // The classes of Hochreiter and Schmidhuber's tasks 6a and 6b.
      let rules = [
        "XX": "Q", "XY": "R", "YX": "S", "YY": "U", "XXX": "Q", "XXY": "R", "XYX": "S",
        "XYY": "U", "YXX": "V", "YXY": "A", "YYX": "B", "YYY": "C",
      ]
      let order = places.map { symbols[$0] }.joined()
      #expect(data.classNames?[Int(sample.targets[0])] == rules[order])
    }
    #expect(Set(data.y).count == 1 << signals)
  }

  @Test(arguments: [(21, 10), (120, 10), (9, 1), (30, 14)])
  func `copying is its definition`(length: Int, entries: Int) throws {
    let data = try Self.data(.copyMemory(entries: entries), length: length)
    #expect(data.targets.axes == 3)
    #expect(data.classNames == (0..<8).map { "a\($0)" } + ["blank"])
    for sample in Self.samples(data) {
      let symbols = try sample.rows.map(Self.hot)
      #expect(symbols.count == length && sample.targets.count == length)
      #expect(symbols[..<entries].allSatisfy { $0 < 8 })
      #expect(symbols.indices.filter { symbols[$0] == 9 } == [length - entries - 1])
      #expect(symbols[entries...].allSatisfy { $0 >= 8 })
      #expect(sample.targets.dropLast(entries).allSatisfy { $0 == 8 })
      #expect(sample.targets.suffix(entries).map { Int($0) } == Array(symbols[..<entries]))
    }
  }

  @Test(arguments: [1, 2, 17]) func `parity is its definition`(length: Int) throws {
    let whole = try Self.samples(Self.data(.parity(.sequence), length: length))
    let steps = try Self.samples(Self.data(.parity(.step), length: length))
    for (one, all) in zip(whole, steps) {
      #expect(one.rows == all.rows)
      let ones = one.rows.map { Int($0[0]) }
      #expect(ones.allSatisfy { $0 == 0 || $0 == 1 })
      #expect(all.targets == ones.indices.map { Float(ones[...$0].reduce(0, +) % 2) })
      #expect(one.targets == [all.targets[length - 1]])
    }
  }

  /// Every three values of a sine wave in a row satisfy s₊ + s₋ = 2 s cos ω with one ω.
  @Test func `the sine wave is its definition`() throws {
    let waves = try Self.samples(Self.data(.sine(.step), length: 60))
    let ends = try Self.samples(Self.data(.sine(.sequence), length: 60))
    for (wave, end) in zip(waves, ends) {
      let values = wave.rows.map { Double($0[0]) }
      #expect(wave.targets.dropLast() == wave.rows.dropFirst().map { $0[0] }[...])
      #expect(end.targets == [wave.targets[59]])
      let whole = values + [Double(wave.targets[59])]
      let middle = try #require((1..<60).max { abs(whole[$0]) < abs(whole[$1]) })
      let cosine = (whole[middle - 1] + whole[middle + 1]) / (2 * whole[middle])
      for step in 1..<60 {
        #expect(abs(whole[step - 1] + whole[step + 1] - 2 * cosine * whole[step]) < 1e-6)
      }
    }
  }

  /// More samples, or a later one alone, never change the others.
  @Test(
    arguments: [
      .adding, .copyMemory(entries: 3), .temporalOrder(signals: 3), .parity(.step),
      .sine(.sequence),
    ] as [GeneratorSource.Task])
  func `samples depend on seed and number alone`(task: GeneratorSource.Task) throws {
    let few = try Self.data(task, samples: 5, length: 30)
    let many = try Self.data(task, samples: 50, length: 30)
    #expect(many.selecting(Array(0..<5)) == few)
    #expect(try Self.data(task, samples: 5, length: 30, seed: 2) != few)
    #expect(Set(Self.samples(many).map(\.rows)).count > 40)
  }

  /// What Fixtures/generators.py computes: these hashes must never change.
  @Test(arguments: [
    (#""adding","samples":20,"length":50,"seed":3"#, "d4c2d5562603577e"),
    (#""copy_memory","samples":20,"length":50,"seed":3"#, "1d9252f7965a4a71"),
    (#""temporal_order","samples":20,"length":50,"seed":3"#, "11a7e827cae2f271"),
    (#""parity","samples":20,"length":50,"seed":3"#, "a724716319a88e26"),
    (#""sine","samples":20,"length":50,"seed":3"#, "bb4f44fb32ba2603"),
  ]) func `same bits everywhere`(generator: String, hash: String) throws {
    let json = ConfigErrorTests.config(data: "{\"train\":{\"generator\":\(generator)}}")
    let config = try Config(json: json, source: "c.json")
    #expect(try TrainingData(config).hash.hasPrefix(hash))
  }
}

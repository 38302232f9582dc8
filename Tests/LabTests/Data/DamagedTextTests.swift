import LabFormats
import Testing

@testable import Lab

/// Text files that were damaged: data or one clear error, never a crash.
@Suite struct DamagedTextTests {
  /// Replaces, removes, doubles or moves some bytes.
  static func damaged(_ bytes: [UInt8], using random: inout CounterRandom) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1..<4, using: &random) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &random)
      let end = min(bytes.count, place + Int.random(in: 1..<20, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
      case 1: bytes[place] = Array(",:\"\n\r@#;. e-".utf8).randomElement(using: &random) ?? 0
      case 2: bytes.removeSubrange(place..<end)
      case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 4: bytes.removeLast(bytes.count - place)
      default: bytes.swapAt(place, end - 1)
      }
    }
    return bytes
  }

  @Test(arguments: 0..<400) func `a damaged text is data or an error`(seed: Int) {
    var random = CounterRandom(seed: UInt64(seed))
    let csv = DataSource.csv(
      CSVSource(path: "a.csv", sequence: "id", features: ["x", "y"], targets: ["label"]))
    let files = [
      (TimeSeriesTests.text, DataSource.timeSeries(TimeSeriesSource("a.ts"))), (CSVTests.text, csv),
    ]
    for (text, source) in files {
      let presence = seed.isMultiple(of: 2) ? TargetPresence.required : .optional
      do {
        let data = try FileData.read(
          Self.damaged(Array(text.utf8), using: &random), source, targets: presence)
        #expect(data.x.count == data.lengths.reduce(0, +) * data.features)
        #expect(data.targets.count == data.samples)
        let areGood = data.y.allSatisfy { $0.isFinite || presence == .optional && $0.isNaN }
        #expect(data.x.allSatisfy(\.isFinite) && areGood)
      } catch let error as LabError {
        #expect(error.kind == .data)
        #expect(error.where.hasPrefix("a."))
        #expect(Visible.line(error.what) == error.what)
      } catch {
        Issue.record(error)
      }
    }
  }

  /// Scripts/fuzz-data asks the program the same of thousands.
  @Test(arguments: DataKind.all) func `a damaged file of any kind is data or an error`(
    kind: DataKind
  ) throws {
    let place = try Workplace()
    try kind.write(to: place, epochs: 1, layers: #"{"type":"lstm","units":1}"#)
    let config = try Config(
      json: place.text("config.json"), source: place.file("config.json"))
    _ = try TrainingData(config)
    let names = try place.names().filter { $0 != "config.json" }
    let files = try names.map { try place.bytes($0) }
    for seed in 0..<(names.isEmpty ? 0 : 30) {
      var random = CounterRandom(seed: UInt64(seed))
      let number = seed % names.count
      try place.write(Self.damaged(files[number], using: &random), to: names[number])
      do {
        let data = try TrainingData(config)
        for part in [data.train, data.validation].compactMap(\.self) {
          #expect(part.x.allSatisfy(\.isFinite) && part.y.allSatisfy(\.isFinite))
        }
      } catch {
        #expect(error.kind == .data)
        #expect(error.where.hasPrefix(place.path))
        #expect(Visible.line(error.what) == error.what)
      }
      try place.write(files[number], to: names[number])
    }
  }
}

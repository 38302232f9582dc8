import Foundation
import Testing

/// `normalize_target`: the loss is that of scaled targets, metrics and predictions are in the data's
/// own units.
@Suite struct TargetScalingTests {
  private static func config(_ target: String, rest: String = "", scaling: String?) -> String {
    """
    {"data": {"train": {"csv": "s.csv", "features": ["a"], "windows": {"sequence_length": 4,
      "horizon": 2, "targets": \(target)}}, "validation": {"split": 0.3}
      \(scaling.map { ", \"normalize_target\": \"\($0)\"" } ?? "")},
     "model": {"layers": [{"type": "lstm", "units": 3}, {"type": "dense", "units": 4}]},
     "record": {"predictions": {"every": 1}},
     "training": {"epochs": 3, "loss": "mean_squared_error",
       "metrics": ["mean_squared_error", "mean_absolute_error"]\(rest)}}
    """
  }

  private static func place() throws -> Workplace {
    let place = try Workplace()
    let lines: [String] = (0..<40).map { i in
      "\(i % 7),\(1000 + 30 * (i % 5)),\(0.01 * Double(i % 3))\n"
    }
    try place.write("a,b,c\n" + lines.joined(), to: "s.csv")
    return place
  }

  @Test(arguments: ["standard", "minmax"])
  func `metrics and predictions are in the data's own units`(kind: String) throws {
    let place = try Self.place()
    try place.write(Self.config("[\"b\", \"c\"]", scaling: kind), to: "c.json")
    try place.lab("run", "c.json", "-q")
    try place.lab("verify", "1")
    let scales = try place.sqlite("SELECT name, shift, scale FROM targets ORDER BY output")
      .split(separator: "\n").map { $0.split(separator: "|").map(String.init) }
    #expect(scales.map(\.[0]) == ["b+1", "c+1", "b+2", "c+2"])
    #expect(scales[0][1...] == scales[2][1...])
    #expect(scales[1][1...] == scales[3][1...])
    if kind == "minmax" { #expect(scales[0][1...].compactMap(Double.init) == [1000, 120]) }
    // Targets are recorded as they are written in the file.
    #expect(
      try place.sqlite(
        "SELECT DISTINCT target FROM predictions WHERE output = 0 ORDER BY 1")
        == "1000.0\n1030.0\n1060.0\n1090.0\n1120.0")
    // Each metric is that of the recorded numbers; the loss is that of the scaled ones.
    for (name, sql) in [
      ("mean_squared_error", "avg((p.value - p.target) * (p.value - p.target))"),
      ("mean_absolute_error", "avg(abs(p.value - p.target))"),
      (
        "loss",
        "avg((p.value - p.target) * (p.value - p.target) / (t.scale * t.scale))"
      ),
    ] {
      for epoch in 1...3 {
        let stored = try place.sqlite(
          "SELECT value FROM metrics WHERE epoch = \(epoch) AND split = 'validation' "
            + "AND name = '\(name)'")
        let found = try place.sqlite(
          "SELECT \(sql) FROM predictions p JOIN targets t USING (run_id, output) "
            + "WHERE p.epoch = \(epoch) AND p.split = 'validation'")
        let (a, b) = (try #require(Double(stored)), try #require(Double(found)))
        #expect(abs(a - b) <= 1e-5 * abs(b), "\(name), epoch \(epoch): \(a) \(b)")
      }
    }
  }

  @Test func `what is not scaled keeps its bits and its hash`() throws {
    let place = try Self.place()
    try place.write(Self.config("[\"b\", \"c\"]", scaling: nil), to: "a.json")
    try place.write(Self.config("[\"b\", \"c\"]", scaling: "none"), to: "b.json")
    try place.lab("run", "a.json", "-q")
    try place.lab("run", "b.json", "-q")
    let hashes = { (run: Int) in
      try place.sqlite("SELECT group_concat(weights_hash) FROM epochs WHERE run_id = \(run)")
    }
    #expect(try hashes(1) == hashes(2))
    #expect(try place.sqlite("SELECT count(DISTINCT settings_hash) FROM runs") == "1")
  }

  @Test func `classes are not scaled`() throws {
    let place = try Workplace()
    try place.write("id,v,y\na,1,up\nb,2,down\n", to: "s.csv")
    try place.write(
      """
      {"data": {"train": {"csv": "s.csv", "sequence": "id", "features": ["v"], "target": "y"},
        "normalize_target": "standard"},
       "model": {"layers": [{"type": "lstm", "units": 2},
         {"type": "dense", "units": 1, "activation": "sigmoid"}]},
       "training": {"epochs": 1, "loss": "binary_crossentropy"}}
      """, to: "c.json")
    let outcome = try place.run("check", "c.json")
    #expect(outcome.status == 65)
    #expect(outcome.errors.contains("`data.normalize_target` scales numbers to predict"))
  }
}

import Foundation
import Testing

/// Tables as other programs write them are trained as they are.
@Suite struct ForeignTableTests {
  private static func config(_ data: String, units: Int, activation: String, loss: String) -> String
  {
    """
    {
      "data": {
        "train": {
    \(data)
        }
      },
      "model": {"layers": [{"type": "lstm", "units": 4},
        {"type": "dense", "units": \(units), "activation": "\(activation)"}]},
      "training": {"loss": "\(loss)", "epochs": 1}
    }
    """
  }

  /// 187 steps of a heart beat and its class, as `np.savetxt` writes them: 188 columns without names.
  private static var beats: String {
    (0..<20).map { beat in
      let values = (0..<187).map { $0 < 150 ? Double(beat % 5 + 1) / Double($0 + 2) : 0 }
      return (values + [Double(beat % 5)]).map { String(format: "%.18e", $0) }
        .joined(separator: ",") + "\n"
    }.joined()
  }

  @Test func `188 columns without a header train with six lines of data`() throws {
    let place = try Workplace()
    try place.write(Self.beats, to: "beats.csv")
    let data = """
            "csv": "beats.csv", "header": false, "layout": "wide", "target": "187"
      """
    let config = Self.config(
      data, units: 5, activation: "softmax", loss: "sparse_categorical_crossentropy")
    #expect(config.split(separator: "\n").prefix { !$0.contains("model") }.count == 6)
    try place.mustTrain(config)
    let checked = try place.lab("check", "config.json")
    for line in [
      "samples +20", "time steps +187", "features +1", "classes +0: 4, 1: 4, 2: 4, 3: 4, 4: 4",
    ] {
      #expect(checked.contains(try Regex(line)), "\(line)")
    }
  }

  @Test func `semicolons, decimal commas and question marks take three keys`() throws {
    let place = try Workplace()
    let rows = (0..<60).map { minute in
      let isMissing = [7, 8, 30].contains(minute)
      return "16/12/2006;17:\(minute):00;"
        + (isMissing ? "?;?" : "\(minute % 4),5;23\(minute % 3),25")
    }
    let header = "Date;Time;Global_active_power;Voltage\n"
    try place.write(header + rows.joined(separator: "\n") + "\n", to: "power.txt")
    let keys = [#""delimiter": ";""#, #""decimal": ",""#, #""missing": "forward_fill""#]
    let rest = """
      "csv": "power.txt", "features": ["Global_active_power", "Voltage"],
      "windows": {"sequence_length": 10, "targets": ["Global_active_power"]}
      """
    let config = { (keys: [String]) in
      Self.config(
        (keys + [rest]).joined(separator: ", "), units: 1, activation: "linear",
        loss: "mean_squared_error")
    }
    try place.mustTrain(config(keys))
    let checked = try place.lab("check", "config.json")
    for line in ["samples +50", "targets +0.5 to 3.5", "missing +6 values filled in"] {
      #expect(checked.contains(try Regex(line)), "\(line)")
    }
    for key in keys {
      _ = try place.refusal(of: config(keys.filter { $0 != key }))
    }
  }

  @Test func `a table with row names, texts and truths from R is trained as it is`() throws {
    let place = try Workplace()
    let rows = (0..<24).map { row in
      let feed = ["maize", "soy", "linseed"][row % 3]
      let indoors = row % 4 < 2 ? "TRUE" : "FALSE"
      return #""\#(row + 1)","h\#(row / 3)",\#(1.5 + Double(row % 7)),"\#(feed)",\#(indoors),"#
        + #""\#(row / 3 % 2 == 0 ? "yes" : "no")""#
    }
    let header = #""hen","weight","feed","indoors","grew""# + "\n"
    try place.write(header + rows.joined(separator: "\n") + "\n", to: "hens.csv")
    let data =
      #""csv": "hens.csv", "sequence": "hen", "features": ["weight", "feed", "indoors"], "target": "grew""#
    try place.mustTrain(
      Self.config(data, units: 1, activation: "sigmoid", loss: "binary_crossentropy"))
    #expect(
      try place.sqlite("SELECT name, category FROM features ORDER BY feature") == """
        weight|
        feed|linseed
        feed|maize
        feed|soy
        indoors|FALSE
        indoors|TRUE
        """)
    #expect(try place.sqlite("SELECT name FROM classes") == "no\nyes")
  }
}

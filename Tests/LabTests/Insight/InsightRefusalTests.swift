import Testing

/// Wrong names and numbers in the commands that look inside: the nearest right one, and exit 66.
@Suite struct InsightRefusalTests {
  @Test func `each mistake names what is right`() throws {
    let place = try Workplace()
    try place.write(
      Trial(epochs: 6, record: #""weights":{"every":3},"optimizer":{"every":6}"#))
    try place.lab("run", "config.json", "-q")
    // A number may be the beginning of a uuid, which messages then name.
    _ = try place.sqlite("UPDATE run SET uuid = '00000000-0000-4000-8000-000000000001'")
    let before = try place.sqlite(".dump")
    var transcript = Transcript(place)
    for command in [
      ["weights", "2"], ["weights", "trail"], ["weights", "1@7"],
      ["weights", "1", "lstm/kernl"], ["weights", "1", "lstm/kernel[2,0]"],
      ["weights", "1", "lstm/kernel[0,99]"], ["weights", "1", "lstm/bias[20]"],
      ["weights", "1", "--gate", "forgot"], ["weights", "1", "--unit", "5"],
      ["weights", "1", "--source", "x9"], ["weights", "1", "--layer", "lst"],
      ["weights", "1", "--layer", "dense", "--gate", "forget"],
      ["weights", "1", "--layer", "dense", "--unit", "4"],
      ["weights", "1", "--concat", "--layer", "dense"],
      ["diff", "1@0", "2@0"],
      ["gates", "1", "--sample", "7"],
      ["gates", "1", "--unit", "5"], ["gates", "1", "--layer", "dense"],
      ["gates", "1", "--units", "0..2,9"], ["gates", "1", "--steps", "3..9"],
      ["weights", "1", "--units", "7..9"], ["weights", "1", "--gate", "candidat"],
      ["gates", "1", "--split", "test"],
      ["explain", "1", "--step", "3"], ["explain", "1", "--sample", "9"],
      ["explain", "1", "--unit", "9"], ["explain", "1", "--split", "training"],
      ["blame", "1", "lstm/kernel[0,20]"], ["blame", "1", "lstm/kernel[0,1]", "--epoch", "7"],
      ["blame", "1", "lstm/kernel[0,1]", "--epoch", "0"], ["verify", "1", "--from", "3"],
      ["bisect", "3", "--test", "true"],
    ] {
      let outcome = try transcript.run(command)
      #expect(outcome.status == 66, "\(command)")
      #expect(outcome.output == "" && outcome.errors.hasPrefix("error: "), "\(command)")
    }
    for command in [
      ["weights", "1", "lstm/kernel[1]"], ["weights", "1", "lstm/kernel[1,x]"],
      ["weights", "1", "--concat", "--gate", "input"], ["weights", "1", "--concat", "--heat"],
      ["weights", "1", "--unit", "1", "--units", "2"], ["weights", "1", "--units", "2..1"],
      ["gates", "1", "--steps", "1...2"], ["gates", "1", "--units", "a"], ["diff", "1@3"],
      ["diff", "1", "1", "--top=-1"], ["gates", "1", "--sample", "-1"],
      ["gates", "1", "--saturation", "--sample", "1"], ["blame", "1", "lstm/kernel"],
      ["blame", "1@3", "lstm/kernel[0,0]", "--epoch", "6"], ["verify", "1@3"],
      ["verify", "1", "--stored-only", "--from", "0"], ["bisect", "1"],
    ] {
      let outcome = try transcript.run(command)
      #expect(outcome.status == 64, "\(command)")
      #expect(outcome.output == "" && outcome.errors.hasPrefix("error: "), "\(command)")
    }
    #expect(try place.sqlite(".dump") == before)
    try expectGolden(transcript.text, "refused-insight.txt")
  }

  @Test func `what the commands print`() throws {
    let place = try WeightsTests.place()
    var transcript = Transcript(place)
    for form in [[], ["--md"], ["--csv"], ["--json"]] {
      try transcript.run(["weights", "1"] + form)
    }
    try transcript.run(["weights", "1", "--by-gate"])
    try transcript.run(["weights", "1", "lstm_1/kernel[4,3]"])
    try transcript.run(["weights", "1", "--gate", "forget", "--source", "bias"])
    try transcript.run(["weights", "1@0", "--concat"])
    for form in [[], ["--md"], ["--csv"], ["--json"]] {
      try transcript.run(["diff", "1@1", "1@2", "--top", "3"] + form)
    }
    try transcript.run(["diff", "1", "1@5"])
    for form in [[], ["--md"]] {
      try transcript.run(["blame", "1", "lstm/kernel[0,3]", "--epoch", "3"] + form)
    }
    try transcript.run(["verify", "1"])
    try expectGolden(transcript.text, "output-insight.txt")
  }
}

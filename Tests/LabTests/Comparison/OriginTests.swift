import Testing

/// Runs of one configuration that were not given the same: data, first weights, epochs.
@Suite struct OriginTests {
  /// Runs of `data.csv` as it is at the time.
  private static func place(data: [String], seeds: [Int] = [1]) throws -> Workplace {
    let place = try Workplace()
    for text in data {
      try place.write("id,v,y\n" + text, to: "data.csv")
      for seed in seeds {
        try place.write(config(seed: seed), to: "config.json")
        try place.lab("run", "config.json", "-q")
      }
    }
    return place
  }

  private static func config(seed: Int = 1, epochs: Int = 2, model: String = "") -> String {
    """
    {"name":"case","seed":\(seed),"data":{"train":{"csv":"data.csv","sequence":"id",
    "features":["v"],"target":"y"}},"model":{"layers":[{"type":"lstm","units":2},
    {"type":"dense","units":1,"activation":"sigmoid"}]\(model)},
    "training":{"loss":"binary_crossentropy","epochs":\(epochs),"metrics":["accuracy"]}}
    """
  }

  private static let some = "1,1.5,a\n1,2.5,a\n2,0.5,b\n3,1.0,a\n"

  @Test(arguments: [
    ("1,1.5,a\n1,2.5,a\n2,9.5,b\n3,1.0,a\n", "train.x"),
    ("1,1.5,a\n1,2.5,a\n2,0.5,b\n3,1.0,b\n", "train.y"),
    ("1,1.5,a\n1,2.5,a\n2,0.5,c\n3,1.0,a\n", "classes"),
    ("1,1.5,a\n1,2.5,a\n2,9.5,b\n3,1.0,b\n", "train.x, train.y"),
  ])
  func `other data are told and not folded`(data: String, parts: String) throws {
    let place = try Self.place(data: [Self.some, data])
    #expect(try place.sqlite("SELECT count(DISTINCT settings_hash) FROM runs") == "1")
    let compared = try place.lab("compare")
    #expect(compared.contains("  data  ") && compared.contains("The data differ: \(parts).\n"))
    let groups = try place.lab("compare", "--group-by", "config", "--csv")
    #expect(groups.split(separator: "\n").count == 3, "\(groups)")
    let bits = try place.run("compare", "1", "2", "--bits")
    #expect(bits.output.contains("They differ in: data (\(parts)).\n"), "\(bits.output)")
    try place.lab("report", "1", "2", "-o", "report")
    for file in ["summary.md", "report.html"] {
      let page = String(decoding: try place.bytes("report/\(file)"), as: UTF8.self)
      #expect(page.contains("The runs differ in: data (\(parts))."), "\(file)")
    }
  }

  @Test func `the same data in another file are the same`() throws {
    let place = try Self.place(data: [Self.some])
    try place.write("id,v,y\n" + Self.some, to: "copy.csv")
    try place.write(
      Self.config(seed: 2).replacing("data.csv", with: "copy.csv"), to: "config.json")
    try place.lab("run", "config.json", "-q")
    #expect(!(try place.lab("compare").contains("The data differ")))
    let groups = try place.lab("compare", "--group-by", "config", "--csv")
    #expect(groups.split(separator: "\n").count == 2, "\(groups)")
  }

  @Test func `other first weights are told and not folded`() throws {
    let place = try Self.place(data: [Self.some], seeds: [1, 2])
    for epoch in ["1@0", "2@0", "1@0"] {
      try place.lab("export", epoch, "first.npz")
      try place.write(Self.config(model: #","initial_weights":"first.npz""#), to: "config.json")
      try place.lab("run", "config.json", "-q")
    }
    let text = try place.lab("compare", "3", "4")
    #expect(text.contains("The initial weights differ.\n") && !text.contains("The data differ"))
    let same = try place.lab("compare", "3", "5")
    #expect(!same.contains("differ"))
    let groups = try place.lab("compare", "--group-by", "config", "--csv")
    #expect(groups.split(separator: "\n").count == 4, "\(groups)")
    let bits = try place.run("compare", "3", "4", "--bits")
    #expect(bits.output.contains("They differ in: initial_weights.\n"), "\(bits.output)")
    // What an old database did not keep is like nothing else.
    _ = try place.sqlite("UPDATE run SET initial_hash = NULL")
    let unknown = try place.lab("compare", "--group-by", "config", "--csv")
    #expect(unknown.split(separator: "\n").count == 5, "\(unknown)")
    #expect(try place.lab("compare", "3", "5").contains("The initial weights differ.\n"))
  }

  @Test func `a run has the settings it was created with, also when it was lengthened`() throws {
    let place = try Self.place(data: [Self.some])
    try place.lab("resume", "1", "--epochs", "4", "-q")
    for epochs in [2, 4] {
      try place.write(Self.config(seed: 2, epochs: epochs), to: "config.json")
      try place.lab("run", "config.json", "-q")
    }
    let groups = try place.lab("compare", "--group-by", "config", "--csv")
    let head = try #require(groups.split(separator: "\n").first)
    #expect(head.hasPrefix("group,training.epochs,"), "\(groups)")
    #expect(groups.split(separator: "\n").dropFirst().map { $0.prefix(3) } == ["1,2", "2,4"])
    #expect(!(try place.lab("compare", "1", "2").contains("training.epochs")))
    #expect(try place.lab("compare", "1", "3").contains("training.epochs"))
    // What is shown and asked for is what its configuration has now.
    let rows = try place.lab("compare", "1", "3", "--csv").split(separator: "\n")
    #expect(rows.map { $0.split(separator: ",")[4] } == ["training.epochs", "4", "4"])
    let shared = try place.lab("compare", "1", "2", "--all")
    #expect(shared.contains(/\ntraining.epochs +2 \(run 1 now 4\)\n/), "\(shared)")
    #expect(try place.lab("compare", "1", "--all").contains(/\ntraining.epochs +4\n/))
    let four = try place.lab("compare", "--where", "training.epochs = 4", "--csv")
    #expect(four.split(separator: "\n").map { $0.prefix(1) } == ["r", "1", "3"], "\(four)")
  }
}

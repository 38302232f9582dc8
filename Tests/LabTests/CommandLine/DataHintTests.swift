import Testing

/// Data of a form that is not read: what is told names the cause and a way, and the way works.
@Suite struct DataHintTests {
  // MARK: Arrays of other things than numbers

  static let types: [(type: String, what: String, next: String)] = [
    ("'|O'", "an array of Python objects (`|O`)", "p[i, :n[i]] = np.reshape(s, (n[i], w))\n"),
    (
      "'|O'", "an array of Python objects (`|O`)",
      "np.unique(y.astype(str), return_inverse=True)[1]"
    ),
    ("'<U5'", "an array of texts (`<U5`)", "`np.unique(y, return_inverse=True)[1]`"),
    ("'|S3'", "an array of texts (`|S3`)", "`np.unique(y, return_inverse=True)[1]`"),
    ("'<c8'", "an array of complex numbers (`<c8`)", "`np.concatenate([x.real, x.imag], axis=-1)`"),
    (
      "'<M8[ns]'", "an array of points in time (`<M8[ns]`)",
      "`(x - x.min()) / np.timedelta64(1, \"s\")`"
    ),
    ("'<m8[s]'", "an array of durations (`<m8[s]`)", "`x / np.timedelta64(1, \"s\")`"),
    ("'<V2'", "an array of bytes without a type (`<V2`)", "`array.astype(\"float32\")`"),
    ("'<f16'", "elements of type `<f16`", "`array.astype(\"float32\")`"),
    ("[('a b', '<f4'), ('c', '<f4')]", "an array of records", "`array[\"a b\"]`"),
  ]

  @Test(arguments: types)
  func `arrays of something else name a way to numbers`(type: String, what: String, next: String)
    throws
  {
    let place = try Workplace()
    let bytes =
      NPYBytes.header("{'descr': \(type), 'fortran_order': False, 'shape': (2,), }")
      + [UInt8](repeating: 0, count: 32)
    try place.write(bytes, to: "a.npy")
    try place.write(ZipBuilder(entries: [.init(npy: bytes, "a")]).bytes(), to: "a.npz")
    for (file, shown) in [("a.npy", "a.npy"), ("a.npz:a", "a.npz:a")] {
      let told = try place.refusal(of: HintTrial.config(#""x":[[[1]],[[2]]],"y":"\#(file)""#))
      #expect(told.hasPrefix("error: \(what)"), "\(told)")
      #expect(told.contains("(\(shown))\n") && told.contains(next), "\(told)")
    }
  }

  // MARK: Text files

  @Test func `lines of a ts file that begin with % or # are comments`() throws {
    let place = try Workplace()
    let lines = ["@problemName p", "@classLabel true a b", "@data", "1,2,3:a", "3,2,1:b"]
    try place.write(lines.joined(separator: "\n"), to: "plain.ts")
    let comments = ["% one", "#two", "  %three", "%", "# 1,2:a"]
    try place.write(
      zip(comments, lines).map { "\($0)\n\($1)" }.joined(separator: "\n") + "\n%end\n",
      to: "told.ts")
    for file in ["plain.ts", "told.ts"] {
      try place.mustTrain(HintTrial.config("\"ts\":\"\(file)\""))
    }
    #expect(try place.sqlite("SELECT count(*), count(DISTINCT data_hash) FROM runs") == "2|1")
  }

  private static func arff(_ target: String, _ label: (Int) -> String) -> String {
    """
    % from elsewhere
    @RELATION waves

    @attribute t0 numeric
    @attribute t1 real
    @attribute target \(target)
    @DATA
    1.5,-2,\(label(0))
    % more
    0.5,2e1,\(label(1))
    """ + "\n"
  }

  @Test(arguments: ["waves.ts", "waves.csv"], ["{1, 2}", "{up,down}", "numeric"])
  func `an ARFF file is told, and the command converts it`(name: String, target: String) throws {
    let place = try Workplace()
    let labels = target == "{up,down}" ? ["down", "up"] : ["1", "2"]
    try place.write(Self.arff(target) { labels[$0] }, to: name)
    let source =
      name.hasSuffix("ts")
      ? "\"ts\":\"\(name)\"" : HintTrial.columns.replacing("d.csv", with: name)
    let told = try place.refusal(of: HintTrial.config(source))
    #expect(told.hasPrefix("error: an ARFF file, which cannot be read (\(name))\n"), "\(told)")
    let command = try #require(told.split(separator: "\n").last).drop { $0 == " " }
    #expect(try place.shell(String(command)).status == 0)
    let new = #""ts":"waves-converted.ts""#
    try place.mustTrain(
      target == "numeric"
        ? HintTrial.config(new, units: 1, activation: "linear", loss: "mean_squared_error")
        : HintTrial.config(new))
    let shown = try place.run("check", "config.json").output
    #expect(shown.contains("samples          2\n") && shown.contains("time steps       2\n"))
  }

  @Test func `an ARFF file by its name, or of several dimensions, is told likewise`() throws {
    let place = try Workplace()
    let told = try place.refusal(of: HintTrial.config(#""ts":"a.ARFF""#))
    #expect(
      told.hasPrefix("error: `data.train.ts` is \"a.ARFF\", an ARFF file, which cannot be read"),
      "\(told)")
    for source in [HintTrial.columns.replacing("d.csv", with: "a.arff"), #""x":"a.arff","y":[0]"#] {
      #expect(
        try place.refusal(of: HintTrial.config(source)).contains(
          "an ARFF file, which cannot be read"))
    }
    try place.write(
      """
      @relation two
      @attribute both relational
        @attribute t0 numeric
      @end both
      @attribute label {a,b}
      @data
      '1\\n2',a
      """, to: "two.ts")
    #expect(
      try place.refusal(of: HintTrial.config(#""ts":"two.ts""#))
        == "error: an ARFF file, which cannot be read (two.ts)\n"
        + "  the archives have the same data as `.ts`: take that file\n")
  }

  @Test(arguments: [
    (#""1,234.5""#, "thousands separators", "write the number without them: 1234.5", "1234.5"),
    (
      #""-1,234,567""#, "thousands separators", "write the number without them: -1234567",
      "-1234567"
    ),
    (#""1.234,5""#, "thousands separators", "write the number without them: 1234.5", "1234.5"),
    ("1 234", "thousands separators", "write the number without them: 1234", "1234"),
    ("1'234.25", "thousands separators", "write the number without them: 1234.25", "1234.25"),
    (
      #""2,000""#, "a comma",
      "write 2000 where the comma separates thousands, 2.000 where it is a decimal comma", "2.000"
    ),
    (#""2,5""#, "a decimal comma", "write numbers with a point, such as 2.5", "2.5"),
  ])
  func `numbers in groups are told`(number: String, what: String, next: String, better: String)
    throws
  {
    let place = try Workplace()
    let shown = number.replacing("\"", with: "")
    let table = { (v: String, y: String) in "id,v,y\n1,\(v),0\n2,1,\(y)\n" }
    try place.write(table(number, "1"), to: "d.csv")
    let told = try place.refusal(of: HintTrial.sigmoid(HintTrial.columns))
    #expect(
      told.hasPrefix("error: column `v` has \(what): it is `\(shown)` (d.csv:2:")
        && told.hasSuffix("\n  \(next)\n"), "\(told)")
    try place.write(table("3", number), to: "d.csv")
    #expect(
      try place.refusal(of: HintTrial.sigmoid(HintTrial.columns)).hasPrefix(
        "error: column `y` has \(what)"))
    try place.write(table(better, "1"), to: "d.csv")
    try place.mustTrain(HintTrial.sigmoid(HintTrial.columns))
  }

  @Test func `with decimal commas points are what groups`() throws {
    let place = try Workplace()
    let source = HintTrial.columns + #", "delimiter": ";", "decimal": ",""#
    for (number, told) in [
      (
        "1.234,5",
        "column `v` has thousands separators: it is `1.234,5` (d.csv:2:3)\n"
          + "  write the number without them: 1234,5\n"
      ),
      (
        "2.000",
        "column `v` has a point: it is `2.000` (d.csv:2:3)\n"
          + "  write 2000 where the point separates thousands, 2,000 where it is a decimal point\n"
      ),
    ] {
      try place.write("id;v;y\n1;\(number);0\n2;1,5;1\n", to: "d.csv")
      #expect(try place.refusal(of: HintTrial.sigmoid(source)) == "error: " + told)
    }
    try place.write("id;v;y\n1;1234,5;0\n2;2,000;1\n", to: "d.csv")
    try place.mustTrain(HintTrial.sigmoid(source))
  }

  @Test func `a first target in groups is a number, no class`() throws {
    let place = try Workplace()
    try place.write("id,v,y\n1,1,\"1,234.5\"\n2,2,3\n", to: "d.csv")
    #expect(
      try place.refusal(
        of: HintTrial.config(
          HintTrial.columns, units: 1, activation: "linear", loss: "mean_squared_error")
      ).hasPrefix("error: column `y` has thousands separators: it is `1,234.5` (d.csv:2:6)"))
  }

  @Test(arguments: ["12,34.5", "1234,567.8", "1,2345", "1,,234", "x1,234", "1 23"])
  func `what is no number in groups is not taken for one`(text: String) throws {
    let place = try Workplace()
    try place.write("id,v,y\n1,\"\(text)\",0\n2,1,1\n", to: "d.csv")
    let told = try place.refusal(of: HintTrial.sigmoid(HintTrial.columns))
    #expect(!told.contains("thousands sep"), "\(told)")
  }

  @Test(arguments: ["none", "NA", "null", "N/A"])
  func `a class with the name of what is missing can be named`(label: String) throws {
    let place = try Workplace()
    try place.write("id,v,y\n1,1,walk\n2,2,\(label)\n3,3,sit\n", to: "d.csv")
    let told = try place.refusal(of: HintTrial.config(HintTrial.columns, units: 3))
    let classes = "\"classes\": [\"walk\", \"\(label)\", \"sit\"]"
    #expect(
      told == "error: column `y` is missing: it is `\(label)` (d.csv:3:5)\n"
        + "  write it, or train with `\"missing\": \"drop\"`, which leaves its sample out; where it is a "
        + "class, name all: `\(classes)` in `data.train`\n")
    try place.mustTrain(HintTrial.config(HintTrial.columns + "," + classes, units: 3))
    #expect(try place.sqlite("SELECT group_concat(name) FROM classes") == "walk,\(label),sit")
  }
}

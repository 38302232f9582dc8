import Foundation
import Lab
import LabFormats
import Testing

/// Weights under other programs' names, and events that TensorBoard reads. Whether those programs
/// predict the same is tried by `Scripts/test-exports`, which needs them.
@Suite struct ExportTests {
  private static let models = [
    #"{"type":"lstm","units":3}"#, #"{"type":"gru","units":3}"#,
    #"{"type":"simple_rnn","units":3}"#,
    #"{"type":"lstm","units":3,"use_bias":false}"#,
    #"{"type":"bidirectional","layer":{"type":"gru","units":3}}"#,
  ]

  private static func place(_ layer: String) throws -> Workplace {
    let place = try Workplace()
    try place.write(
      Trial(
        epochs: 2, layers: "[\(layer),{\"type\":\"dense\",\"units\":2,\"activation\":\"sigmoid\"}]")
    )
    try place.lab("run", "config.json", "-q")
    return place
  }

  @Test(arguments: models) func `an npz has the bits of the safetensors`(layer: String) throws {
    let place = try Self.place(layer)
    try place.lab("export", "1", "a.safetensors")
    try place.lab("export", "1", "a.npz")
    let files = try ["a.safetensors", "a.npz"].map { try TensorFile.read(place.file($0)) }
    #expect(files[0].count >= 4 && files[0] == files[1])
    try place.lab("export", "1", "b.npz")
    #expect(try place.bytes("a.npz") == place.bytes("b.npz"))
  }

  @Test(arguments: models) func `other names hold the same numbers`(layer: String) throws {
    let place = try Self.place(layer)
    var sums: [Double] = []
    for names in ["keras", "pytorch", "onnx"] {
      try place.lab("export", "1", "\(names).safetensors", "--names", names)
      let tensors = try TensorFile.read(place.file("\(names).safetensors"))
      let squares = tensors.flatMap(\.values).map { Double($0) * Double($0) }.sorted()
      sums.append(squares.filter { $0 > 0 }.reduce(0, +))
    }
    #expect(sums[0] > 0 && sums[1] == sums[0] && sums[2] == sums[0])
  }

  @Test func `PyTorch's weights are Keras's, turned`() throws {
    let place = try Self.place(#"{"type":"lstm","units":3}"#)
    try place.lab("export", "1@1", "keras.safetensors")
    try place.lab("export", "1@1", "pytorch.safetensors", "--names", "pytorch")
    let keras = try TensorFile.read(place.file("keras.safetensors"))
    let pytorch = try TensorFile.read(place.file("pytorch.safetensors"))
    #expect(
      pytorch.map(\.name) == [
        "lstm.weight_ih_l0", "lstm.weight_hh_l0", "lstm.bias_ih_l0", "lstm.bias_hh_l0",
        "dense.weight", "dense.bias",
      ])
    #expect(pytorch[0].shape == [12, 2] && pytorch[1].shape == [12, 3])
    // i f c o is PyTorch's i f g o: only the axes change places.
    for row in 0..<2 {
      for col in 0..<12 {
        #expect(pytorch[0].values[col * 2 + row] == keras[0].values[row * 12 + col])
      }
    }
    #expect(pytorch[2].values == keras[2].values && pytorch[3].values.allSatisfy { $0 == 0 })
  }

  @Test func `a GRU's gates change places`() throws {
    let place = try Self.place(#"{"type":"gru","units":3}"#)
    try place.lab("export", "1", "keras.npz")
    try place.lab("export", "1", "pytorch.npz", "--names", "pytorch")
    try place.lab("export", "1", "onnx.npz", "--names", "onnx")
    let keras = try TensorFile.read(place.file("keras.npz"))
    let pytorch = try TensorFile.read(place.file("pytorch.npz"))
    let onnx = try TensorFile.read(place.file("onnx.npz"))
    let bias = keras[2].values
    #expect(keras[2].shape == [2, 9])
    #expect(pytorch[2].values == Array(bias[3..<6] + bias[0..<3] + bias[6..<9]))
    #expect(pytorch[3].values == Array(bias[12..<15] + bias[9..<12] + bias[15..<18]))
    #expect(onnx.map(\.shape) == [[1, 9, 2], [1, 9, 3], [1, 18], [2, 3], [2]])
    #expect(onnx[2].values == bias)
  }

  @Test func `functions that the other program must be told are noted`() throws {
    let place = try Self.place(
      #"{"type":"simple_rnn","units":3,"activation":"relu","return_sequences":true},"#
        + #"{"type":"lstm","units":3,"activation":"relu"}"#)
    func notes(_ names: String) throws -> [Substring] {
      let errors = try place.run("export", "1", "\(names).npz", "--names", names).errors
      return errors.split(separator: "\n").filter { $0.hasPrefix("note: ") }
    }
    #expect(try notes("keras").isEmpty)
    #expect(
      try notes("pytorch") == [
        "note: layer simple_rnn needs torch.nn.RNN(…, nonlinearity='relu')",
        "note: torch.nn.LSTM computes layer lstm with tanh and sigmoid only",
      ])
    #expect(
      try notes("onnx") == [
        #"note: layer simple_rnn needs activations=["Relu"] in each direction"#,
        #"note: layer lstm needs activations=["Sigmoid", "Relu", "Relu"] in each direction"#,
      ])
    let usual = try Self.place(#"{"type":"gru","units":3}"#)
    #expect(try !usual.run("export", "1", "a.npz", "--names", "pytorch").errors.contains("note"))
  }

  @Test func `a file's ending and the names are checked`() throws {
    let place = try Self.place(#"{"type":"lstm","units":3}"#)
    #expect(try place.run("export", "1", "weights.pt").status == 64)
    #expect(try place.run("export", "1").status == 64)
    #expect(try place.run("export", "1", "a.npz", "--tensorboard", "events").status == 64)
    #expect(try place.run("export", "1", "1", "a.npz").status == 64)
    #expect(try place.run("export", "1", "a.npz", "--names", "tensorflow").status == 64)
    #expect(try place.run("export", "1@1", "--tensorboard", "events").status == 64)
    #expect(try place.names().filter { $0 != "lab.db-shm" && $0 != "lab.db-wal" }.count <= 3)
  }

  @Test func `the check sum is Castagnoli's`() {
    #expect(CRC32C.value(Array("123456789".utf8)) == 0xE306_9283)
    #expect(CRC32C.value([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
    #expect(CRC32C.value([]) == 0)
  }

  /// Walks the records as their framing says and looks for what they must hold.
  @Test func `events are framed, checked and complete`() throws {
    let place = try Self.place(#"{"type":"lstm","units":3}"#)
    try place.lab("export", "1", "--tensorboard", "events")
    for split in ["train", "validation"] {
      let folder = "events/1-trial/\(split)"
      let name = try #require(
        try FileManager.default.contentsOfDirectory(atPath: place.file(folder)).first)
      #expect(name.hasPrefix("events.out.tfevents."))
      let records = try Self.records(place.bytes("\(folder)/\(name)"))
      // The version, then an event an epoch; the first state has weights and no loss.
      #expect(records.count == (split == "train" ? 4 : 3))
      #expect(String(decoding: records[0], as: UTF8.self).contains("brain.Event:2"))
      for record in records.suffix(2) {
        let text = String(decoding: record, as: UTF8.self)
        #expect(text.contains("epoch_loss") && text.contains("epoch_accuracy"))
        #expect(text.contains("lstm/recurrent_kernel/histogram") == (split == "train"))
      }
    }
  }

  /// The files below a folder with their bytes.
  private static func files(_ place: Workplace, _ folder: String) throws -> [String: [UInt8]] {
    let paths = try FileManager.default.subpathsOfDirectory(atPath: place.file(folder)).filter {
      $0.contains("tfevents")
    }
    return try paths.reduce(into: [:]) { $0[$1] = try place.bytes("\(folder)/\($1)") }
  }

  @Test func `each run has a folder, and none is written into twice`() throws {
    let place = try Self.place(#"{"type":"lstm","units":3}"#)
    try place.write(Trial(name: "../a b/ü:", epochs: 1, hasTest: true))
    try place.lab("run", "config.json", "-q")
    // One of them is named twice.
    let told = try place.run("export", "1", "@last", "2", "--tensorboard", "events/")
    #expect(told.status == 0)
    #expect(
      told.errors == """
        Wrote events/1-trial: train, validation
        Wrote events/2-.._a_b_ü_: train, validation, test

        """)
    let before = try Self.files(place, "events")
    #expect(before.count == 5)
    // What one folder refuses, no other gets.
    try place.lab("run", "config.json", "-q")
    for runs in [["1"], ["3", "1"], ["2", "3"]] {
      let refused = try Program.run(
        Program.path, ["export"] + runs + ["--tensorboard", "events"], in: place.path)
      #expect(refused.status == 73)
      #expect(refused.errors.hasPrefix("error: the folder has events already (events/"))
    }
    #expect(try place.run("export", "3", "9", "--tensorboard", "events").status == 66)
    #expect(try Self.files(place, "events") == before)
    // Another database's run of the same number and name is another run.
    try place.lab("run", "config.json", "-q", "--db", "other.db")
    try place.lab("export", "1", "--tensorboard", "others", "--db", "other.db")
    #expect(
      try place.run("export", "2", "--tensorboard", "others", "--db", "lab.db").status == 0)
    try place.lab("export", "3", "--tensorboard", "events")
    #expect(try Self.files(place, "events").count == 8)
  }

  @Test(arguments: [
    ("trial", "trial"), ("..", ".."), ("a/b\\c", "a_b_c"), ("e\u{301}\u{200B}", "é_"),
    (String(repeating: "語", count: 40), String(repeating: "語", count: 33)),
    ("a:*?\"<>|$(rm)'\n", "a_________rm___"),
  ]) func `a run's name becomes a part of a file's name`(name: String, expected: String) {
    #expect(FileName.safe(name) == expected)
  }

  @Test func `only a file of weights is replaced, and that is told`() throws {
    let place = try Self.place(#"{"type":"lstm","units":3}"#)
    for name in ["a.npz", "a.safetensors"] {
      #expect(try place.run("export", "1@0", name).errors == "Wrote 5 tensors to \(name)\n")
      let first = try place.bytes(name)
      #expect(
        try place.run("export", "1", name).errors
          == "Wrote 5 tensors to \(name), in place of an earlier file\n")
      #expect(try place.bytes(name) != first)
      // What stands there under another name's ending is something else.
      for other in [place.file("lab.db"), place.file("config.json")] {
        try? FileManager.default.removeItem(atPath: place.file("link-\(name)"))
        try FileManager.default.createSymbolicLink(
          atPath: place.file("link-\(name)"), withDestinationPath: other)
        let before = try [UInt8](Data(contentsOf: URL(filePath: other)))
        let refused = try place.run("export", "1", "link-\(name)")
        let isDatabase = other.hasSuffix(".db")
        #expect(refused.status == (isDatabase ? 64 : 73))
        #expect(
          refused.errors.hasPrefix(
            isDatabase
              ? "error: the output would replace the database ("
              : "error: there is a file already, and it holds no weights ("))
        #expect(try [UInt8](Data(contentsOf: URL(filePath: other))) == before)
      }
    }
  }

  private static func records(_ bytes: [UInt8]) throws -> [[UInt8]] {
    func number(_ start: Int, _ count: Int) -> UInt64 {
      (0..<count).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
    }
    var records: [[UInt8]] = []
    var start = 0
    while start < bytes.count {
      let length = Int(number(start, 8))
      let record = Array(bytes[start + 12..<start + 12 + length])
      #expect(UInt32(number(start + 8, 4)) == CRC32C.masked(Array(bytes[start..<start + 8])))
      #expect(UInt32(number(start + 12 + length, 4)) == CRC32C.masked(record))
      records.append(record)
      start += length + 16
    }
    return records
  }
}

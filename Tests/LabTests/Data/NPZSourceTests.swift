import Foundation
import LabFormats
import Testing

/// Arrays in `.npz` files as sources of data.
@Suite struct NPZSourceTests {
  private static let x = NPYBytes.file(
    shape: [4, 3, 2], values: (0..<24).map { Double($0) / 4 })
  private static let y = NPYBytes.file(shape: [4, 2], values: [1, 0, 0, 1, 1, 0, 0, 1])

  private static func archive(_ arrays: [(String, [UInt8])]) -> [UInt8] {
    ZipBuilder(entries: arrays.map { .init(npy: $1, $0) }).bytes()
  }

  private static func place(_ files: [(String, [UInt8])]) throws -> Workplace {
    let place = try Workplace()
    for (name, bytes) in files { try place.write(bytes, to: name) }
    return place
  }

  private static func trial(_ x: String, _ y: String, lengths: String? = nil) -> Trial {
    let more = lengths.map { ",\"lengths\":\"\($0)\"" } ?? ""
    return Trial(epochs: 1, train: "{\"x\":\"\(x)\",\"y\":\"\(y)\"\(more)}")
  }

  private static let both = archive([("x", x), ("y", y), ("unused", Array("no array".utf8))])

  @Test func `an array of an archive is that of a file of its own`() throws {
    let place = try Self.place([("x.npy", Self.x), ("y.npy", Self.y), ("data.npz", Self.both)])
    try place.write(NPYBytes.file(shape: [4], values: [3, 1, 2, 3]), to: "n.npy")
    let archive = Self.archive([("n", try place.bytes("n.npy"))])
    try place.write(archive, to: "lengths.npz")
    for trial in [
      Self.trial("x.npy", "y.npy"), Self.trial("data.npz:x", "data.npz:y"),
      Self.trial("data.npz:x.npy", "y.npy"), Self.trial("x.npy", "y.npy", lengths: "n.npy"),
      Self.trial("data.npz:x", "y.npy", lengths: "lengths.npz:n"),
    ] {
      try place.write(trial)
      try place.lab("run", "config.json", "-q")
    }
    let hashes = try place.sqlite("SELECT data_hash FROM runs").split(separator: "\n")
    #expect(hashes.count == 5 && hashes[0] == hashes[1] && hashes[0] == hashes[2])
    #expect(hashes[3] == hashes[4] && hashes[0] != hashes[3])
    #expect(
      try place.sqlite("SELECT config LIKE '%\"x\":\"data.npz:x\"%' FROM runs WHERE run_id = 2")
        == "1")
    try place.lab("resume", "2", "--epochs", "2", "-q")
  }

  @Test(arguments: ["plain", "packed"])
  func `files of NumPy are read`(name: String) throws {
    let place = try Self.place([("d.npz", try Fixture.bytes("data_\(name).npz"))])
    var trial = Self.trial("d.npz:x_train", "d.npz:y_train", lengths: "d.npz:lengths")
    trial.features = 4
    try place.write(trial)
    let told = try place.run("check", "config.json")
    #expect(told.output.contains("time steps       1 to 3, median 2\n"), "\(told)")
    trial.train = trial.train?.replacing("x_train", with: "names")
    try place.write(trial)
    #expect(
      try place.run("check", "config.json").errors.hasPrefix(
        "error: an array of Python objects (`|O`), which would be run as code (d.npz:names)\n"))
  }

  @Test func `paths with colons are files where they are`() throws {
    let place = try Self.place([("odd.npz:x.npy", Self.x), ("y:2.npy", Self.y)])
    try place.write(Self.trial("odd.npz:x.npy", "y:2.npy"))
    try place.lab("check", "config.json")
    try FileManager.default.createDirectory(
      atPath: place.file("a.npz:b"), withIntermediateDirectories: false)
    try place.write(Self.both, to: "a.npz:b/c.npz")
    try place.write(Self.trial("a.npz:b/c.npz:x", "a.npz:b/c.npz:y"))
    try place.lab("check", "config.json")
    try place.write(Self.archive([("a:b", Self.x), ("y", Self.y)]), to: "colon.npz")
    try place.write(Self.trial("colon.npz:a:b", "colon.npz:y"))
    try place.lab("check", "config.json")
  }

  @Test(arguments: [
    (
      "data.npz:X", "error: the file has no array `X` (data.npz)",
      "did you mean `x`? members: x, y, unused"
    ),
    (
      "data.npz:z_train", "error: the file has no array `z_train` (data.npz)",
      "members: x, y, unused"
    ),
    (
      "absent.npz:x", "error: no such .npz file (absent.npz)",
      "check the path; a relative path inside a configuration starts at its folder"
    ),
    (
      "single.npz:x", "error: not an .npz file: it is not a zip file (single.npz)",
      "it holds one array without a name: call the file single.npy"
    ),
    (
      "data.npz", "error: `data.train.x` is \"data.npz\" (config.json:2:22)",
      "allowed: nested arrays of numbers, the path of a .npy file, or of an array in an .npz file, "
        + "such as \"data.npz:x\""
    ),
    (
      "data.npz:y",
      "error: `data.train.x` has the shape [4, 2], not (samples, time steps, features) "
        + "(data.npz:y)", "for one feature: `x[:, :, None]`; for one time step: `x[:, None, :]`"
    ),
    (
      "data.npz:unused",
      "error: not a .npy file: it does not begin with \\x93NUMPY (data.npz:unused)",
      "save the array with `np.save(path, array)`"
    ),
    (
      "torch.npz:x", "error: a PyTorch file; it holds code, which is never run (torch.npz)",
      "save the arrays with `np.savez(path, x=x, y=y)`"
    ),
  ])
  func `what is not there is told with what is`(x: String, what: String, next: String) throws {
    let torch = ZipBuilder(entries: [.init(name: "archive/data.pkl", data: [1])]).bytes()
    let place = try Self.place([
      ("data.npz", Self.both), ("single.npz", Self.x), ("torch.npz", torch),
    ])
    try place.write(Self.trial(x, "data.npz:y"))
    let outcome = try place.run("check", "config.json")
    #expect(outcome.errors == "\(what)\n  \(next)\n")
    #expect(outcome.status == (what.contains("no such") ? 66 : 65))
  }

  /// An array that is not needed is not unpacked: one that cannot be does no harm.
  @Test func `only what is needed is unpacked`() throws {
    var broken = ZipBuilder.Entry(npy: Self.y, "broken")
    broken.checksum ^= 1
    let archive = ZipBuilder(entries: [
      .init(npy: Self.x, "x"), broken, .init(npy: Self.y, "y"),
    ])
    let place = try Self.place([("data.npz", archive.bytes())])
    try place.write(Self.trial("data.npz:x", "data.npz:y"))
    try place.lab("check", "config.json")
    try place.write(Self.trial("data.npz:x", "data.npz:broken"))
    let refused = try place.run("check", "config.json")
    #expect(refused.errors.contains("the checksum of `broken.npy` does not match"))
  }

  @Test func `a report tells the archive to bring along`() throws {
    let place = try Self.place([("data.npz", Self.both)])
    try place.write(Self.trial("data.npz:x", "data.npz:y"))
    try place.lab("run", "config.json", "-q")
    try place.lab("report", "1", "-o", "report")
    let page = String(decoding: try place.bytes("report/summary.md"), as: UTF8.self)
    #expect(page.contains("finds them: data.npz\n"), "\(page)")
  }
}

import Foundation
import Lab
import LabFormats
import Testing

/// Reading and writing whole files, and what is said when that fails.
@Suite struct FileBytesTests {
  @Test func `an existing file is replaced whole`() throws {
    let folder = try Workplace()
    let path = folder.file("weights.safetensors")
    let tensor = NamedTensor(name: "a", shape: [2], values: [1, 2])
    try SafetensorsFile.write([], to: path)
    try SafetensorsFile.write([tensor], to: path)
    #expect(try TensorFile.read(path) == [tensor])
    #expect(try folder.names() == ["weights.safetensors"])
  }

  @Test func `a link stays a link`() throws {
    let folder = try Workplace()
    try FileBytes.write([1], to: folder.file("real"))
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("link"), withDestinationPath: "real")
    try FileBytes.write([2, 3], to: folder.file("link"))
    #expect(try FileBytes.read(folder.file("real"), what: "test") == [2, 3])
    #expect(try folder.names() == ["link", "real"])
  }

  @Test func `a device stays a device`() throws {
    try FileBytes.write([1, 2, 3], to: "/dev/null")
    #expect(try FileBytes.read("/dev/null", what: "test") == [])
  }

  @Test func `large files come back`() throws {
    let folder = try Workplace()
    let bytes = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
    try FileBytes.write(bytes, to: folder.file("large"))
    #expect(try FileBytes.read(folder.file("large"), what: "test") == bytes)
  }

  @Test func `what cannot be written is told`() throws {
    let folder = try Workplace()
    let missing = folder.file("no/such/file")
    let error = #expect(throws: LabError.self) { try FileBytes.write([1], to: missing) }
    #expect(
      error?.description
        == "error: cannot create the file: no such folder (\(missing))\n  create the folder first"
    )
    #expect(error?.exitCode == 73)
    let other = #expect(throws: LabError.self) { try FileBytes.write([1], to: folder.path) }
    #expect(
      other?.description
        == "error: a folder is where the file was to be written (\(folder.path))\n"
        + "  name a file inside it")
  }

  @Test func `a full disk leaves the file as it was`() throws {
    let error = #expect(throws: LabError.self) { try FileBytes.write([1], to: "/dev/full") }
    #expect(
      error?.description
        == "error: the disk is full (/dev/full)\n  free some space and try again")
    #expect(error?.exitCode == 74)
  }

  @Test func `what cannot be read is told`() throws {
    let folder = try Workplace()
    let missing = folder.file("none.npz")
    let error = #expect(throws: LabError.self) { try TensorFile.read(missing) }
    #expect(
      error?.description
        == "error: no such weights file (\(missing))\n"
        + "  check the path; a relative path inside a configuration starts at its folder")
    #expect(error?.exitCode == 66)
    let other = #expect(throws: LabError.self) { try TensorFile.read(folder.path) }
    #expect(
      other?.description
        == "error: a folder where a weights file was expected (\(folder.path))\n  name a file in it"
    )
  }
}

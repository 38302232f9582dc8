import Lab
import LabFormats
import Testing

/// Zip files that lie, and unusual ones that do not.
@Suite struct ZipTests {
  /// A .npy file of one float32 and its CRC-32 (computed with Python's zlib).
  static let array =
    NPYTests.file("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }") + [0, 0, 0x20, 0x40]
  static let checksum: UInt32 = 0x6D6E_B310

  static func entry(_ name: String = "a.npy") -> ZipBuilder.Entry {
    ZipBuilder.Entry(name: name, data: array, checksum: checksum)
  }

  static func zip(
    _ changes: (inout ZipBuilder) -> Void = { _ in }
  ) -> [UInt8] {
    var zip = ZipBuilder(entries: [entry()])
    changes(&zip)
    return zip.bytes()
  }

  static let one = [NamedTensor(name: "a", shape: [1], values: [2.5])]

  @Test func `honest files are read`() throws {
    #expect(try TensorFile.tensors(Self.zip(), place: "f") == Self.one)
    let empty = ZipBuilder().bytes()
    #expect(try TensorFile.tensors(empty, place: "f") == [])
    let commented = Self.zip { $0.comment = Array("PK\u{5}\u{6} a comment".utf8) }
    #expect(try TensorFile.tensors(commented, place: "f") == Self.one)
    let wide = Self.zip {
      $0.hasWideEnd = true
      $0.entries[0].isWide = true
    }
    #expect(try TensorFile.tensors(wide, place: "f") == Self.one)
  }

  static let lies =
    ([
      (Array(zip().dropLast()), "its end is missing; it may be cut off"),
      (zip { $0.count = 2 }, "its directory ends early"),
      (zip { $0.count = 0 }, "its directory has gaps"),
      (zip { $0.directoryOffset = 1 }, "its directory does not stand where its end says"),
      (
        zip {
          $0.hasWideEnd = true; $0.directoryOffset = Int.max
        },
        "its directory does not stand where its end says"
      ),
      (
        zip {
          $0.hasWideEnd = true; $0.count = Int.max
        }, "its directory ends early"
      ),
      (zip { $0.entries[0].flags = 1 }, "`a.npy` is encrypted"),
      (zip { $0.entries[0].method = 12 }, "`a.npy` is packed with the unknown method 12"),
      (zip { $0.entries[0].method = 8 }, "`a.npy` does not unpack to 71 bytes"),
      (zip { $0.entries[0].size = 99 }, "`a.npy` is stored in 71 of 99 bytes"),
      (zip { $0.entries[0].packed = 999 }, "`a.npy` differs from what the directory says"),
      (zip { $0.entries[0].offset = 1 }, "`a.npy` does not begin where the directory says"),
      (zip { $0.entries[0].offset = 9999 }, "`a.npy` does not begin where the directory says"),
      (
        zip {
          $0.entries[0].offset = Int.max; $0.entries[0].isWide = true
        },
        "`a.npy` does not begin where the directory says"
      ),
      (
        zip {
          $0.entries[0].offset = -1; $0.entries[0].isWide = true
        }, "a bad zip64 field"
      ),
      (
        zip { $0.entries[0].directoryName = "b.npy" },
        "`b.npy` differs from what the directory says"
      ),
      (
        zip { $0.entries[0].checksum ^= 1 }, "the checksum of `a.npy` does not match its bytes"
      ),
      (
        zip {
          $0.entries[0].method = 8; $0.entries[0].size = 1 << 40; $0.entries[0].isWide = true
        },
        "`a.npy` claims 1099511627776 bytes from 71"
      ),
      (
        zip {
          $0.entries.append(entry()); $0.entries[1].offset = 0
        }, "`a.npy` overlaps another entry"
      ),
      (zip { $0.entries.append(entry()) }, "two arrays are named `a`"),
    ] as [(zip: [UInt8], what: String)]).map { zip, what in
      Case(
        zip,
        "a damaged zip file: \(what) (f)\n  save it again, such as with `np.savez(path, **arrays)`")
    }

  @Test(arguments: lies) func `a file that lies is refused`(lie: Case<[UInt8]>) {
    lie.expectRefusal { try TensorFile.tensors($0, place: "f") }
  }

  @Test func `other zip files are told apart`() {
    let torch = ZipBuilder(entries: [Self.entry("archive/data.pkl")]).bytes()
    let error = #expect(throws: LabError.self) { try TensorFile.tensors(torch, place: "f") }
    #expect(error?.what == "a PyTorch file; it holds code, which is never run")
    let text = ZipBuilder(entries: [Self.entry("a\u{1B}.txt")]).bytes()
    let other = #expect(throws: LabError.self) { try TensorFile.tensors(text, place: "f") }
    #expect(other?.what == "a zip file with `a␛.txt`, which is not an .npy")
  }
}

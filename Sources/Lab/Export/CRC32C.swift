/// Castagnoli's cyclic redundancy check (RFC 3720, appendix B.4).
package enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { byte in
    (0..<8).reduce(UInt32(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1
    }
  }

  /// Returns the check of some bytes.
  package static func value(_ bytes: [UInt8]) -> UInt32 {
    ~bytes.reduce(UInt32.max) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
  }

  /// Returns the check as TFRecord stores it: turned right by 15 bits, plus a constant.
  package static func masked(_ bytes: [UInt8]) -> UInt32 {
    let value = value(bytes)
    return (value >> 15 | value << 17) &+ 0xA282_EAD8
  }
}

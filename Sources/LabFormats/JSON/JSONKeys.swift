/// The keys of one object seen so far; finds duplicates by their decoded bytes.
struct JSONKeys {
  private var keys: [(bytes: [UInt8], offset: Int)] = []
  /// Replaces the linear search once there are many keys.
  private var offsets: [[UInt8]: Int] = [:]
  private static let linearLimit = 16

  /// Adds a key; returns the offset of an equal key that was added before.
  mutating func insert(_ key: [UInt8], at offset: Int) -> Int? {
    if keys.count < Self.linearLimit {
      if let earlier = keys.first(where: { $0.bytes == key }) { return earlier.offset }
      keys.append((key, offset))
      return nil
    }
    if offsets.isEmpty { for known in keys { offsets[known.bytes] = known.offset } }
    if let earlier = offsets.updateValue(offset, forKey: key) { return earlier }
    return nil
  }
}

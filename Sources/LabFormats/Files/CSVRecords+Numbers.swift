extension CSVRecords {
  /// Reads records that have plain numbers in some columns, up to the first that has anything else there.
  ///
  /// So most rows of a long series are read, in one pass over their bytes; what it stops at, `advance`
  /// reads or refuses.
  /// - Parameters:
  ///   - columns: The places of the columns, all different, in the order in which a row's numbers are wanted.
  ///   - count: The number of fields of a record.
  /// - Returns: The number of records.
  package mutating func takeNumbers(
    in columns: [Int], of count: Int, into numbers: inout Numbers
  ) -> Int {
    var slots = [Int?](repeating: nil, count: count)
    for (slot, column) in columns.enumerated() { slots[column] = slot }
    var row = [WideNumber](repeating: WideNumber(double: 0, float: 0), count: columns.count)
    var taken = 0
    var start = next
    unsafe file.bytes.withUnsafeBufferPointer { bytes in
      while let end = unsafe endOfNumbers(from: start, in: bytes, slots, &row) {
        for number in row { numbers.append(number) }
        taken += 1
        start = end + 1
      }
    }
    next = start
    return taken
  }

  /// Reads the numbers of the record that begins at `start` and returns where it ends; nil for any other
  /// record.
  ///
  /// - Parameter slots: Of each field the place of its number in `row`; nil where none is wanted.
  private func endOfNumbers(
    from start: Int, in bytes: UnsafeBufferPointer<UInt8>, _ slots: [Int?],
    _ row: inout [WideNumber]
  ) -> Int? {
    var index = start
    for field in slots.indices {
      if field > 0 {
        guard index < bytes.count, unsafe bytes[index] == delimiter else { return nil }
        index += 1
      }
      guard let slot = slots[field] else {
        guard let end = unsafe endOfPlainField(from: index, in: bytes) else { return nil }
        index = end
        continue
      }
      guard
        let number = unsafe DecimalNumber(
          prefixOf: bytes, from: index, to: bytes.count, mark: file.decimalMark),
        let wide = number.wide, wide.float.isFinite
      else { return nil }
      row[slot] = wide
      index = number.end
    }
    if index < bytes.count, unsafe bytes[index] == TextFile.carriageReturn { index += 1 }
    return unsafe index >= bytes.count || bytes[index] == Byte.lineFeed ? index : nil
  }

  /// Returns where a field without quotes ends; nil for any other.
  private func endOfPlainField(
    from start: Int, in bytes: UnsafeBufferPointer<UInt8>
  ) -> Int? {
    var index = start
    while index < bytes.count, unsafe bytes[index] != delimiter,
      unsafe bytes[index] != Byte.lineFeed
    {
      guard unsafe bytes[index] != Byte.quote else { return nil }
      index += 1
    }
    return index
  }
}

import LabFormats

/// A file of TensorBoard's events: records framed as TensorFlow's TFRecord, each an `Event` in
/// protocol buffers' encoding (tensorflow/core/util/event.proto, framework/summary.proto).
package struct EventFile {
  /// The file's bytes so far.
  package private(set) var bytes: [UInt8] = []

  /// Starts a file, whose first event says its version.
  package init(time: Double) {
    var event = ProtocolBuffer()
    event.append(1, double: time)
    event.append(3, bytes: Array("brain.Event:2".utf8))
    append(record: event.bytes)
  }

  /// A value of a step.
  package enum Value {
    case scalar(Double)
    case histogram([Float])
  }

  /// Appends a step with its values, each with its tag.
  package mutating func append(
    step: Int, time: Double, values: [(tag: String, value: Value)]
  ) {
    var summary = ProtocolBuffer()
    for (tag, value) in values {
      var message = ProtocolBuffer()
      message.append(1, bytes: Array(tag.utf8))
      switch value {
      case .scalar(let number): message.append(2, float: Float(number))
      case .histogram(let numbers): message.append(5, bytes: Self.histogram(numbers))
      }
      summary.append(1, bytes: message.bytes)
    }
    var event = ProtocolBuffer()
    event.append(1, double: time)
    event.append(2, integer: step)
    event.append(5, bytes: summary.bytes)
    append(record: event.bytes)
  }

  /// As many buckets as TensorFlow's own summaries have.
  private static let buckets = 30

  /// A `HistogramProto`: extremes, sums and buckets of equal width; numbers that are not finite are
  /// left out.
  private static func histogram(_ all: [Float]) -> [UInt8] {
    let numbers = all.filter(\.isFinite).map(Double.init)
    let least = numbers.min() ?? 0
    let greatest = numbers.max() ?? 0
    let width = (greatest - least) / Double(buckets)
    var counts = [Double](repeating: 0, count: width > 0 ? buckets : 1)
    for number in numbers {
      counts[width > 0 ? min(buckets - 1, Int((number - least) / width)) : 0] += 1
    }
    let limits = counts.indices.map {
      $0 == counts.count - 1 ? greatest : least + width * Double($0 + 1)
    }
    var message = ProtocolBuffer()
    message.append(1, double: least)
    message.append(2, double: greatest)
    message.append(3, double: Double(numbers.count))
    message.append(4, double: numbers.reduce(0, +))
    message.append(5, double: numbers.reduce(0) { $0 + $1 * $1 })
    message.append(6, doubles: limits)
    message.append(7, doubles: counts)
    return message.bytes
  }

  /// Length, its masked CRC-32C, the record, its masked CRC-32C.
  private mutating func append(record: [UInt8]) {
    var length: [UInt8] = []
    length.appendLittleEndian(UInt64(record.count))
    bytes += length
    bytes.appendLittleEndian(CRC32C.masked(length))
    bytes += record
    bytes.appendLittleEndian(CRC32C.masked(record))
  }
}

/// The parts of protocol buffers' encoding that events need
/// (https://protobuf.dev/programming-guides/encoding).
private struct ProtocolBuffer {
  var bytes: [UInt8] = []

  mutating func append(_ field: Int, integer: Int) {
    append(varint: UInt64(field << 3))
    append(varint: UInt64(bitPattern: Int64(integer)))
  }

  mutating func append(_ field: Int, double: Double) {
    append(varint: UInt64(field << 3 | 1))
    bytes.appendLittleEndian(double.bitPattern)
  }

  mutating func append(_ field: Int, float: Float) {
    append(varint: UInt64(field << 3 | 5))
    bytes.appendLittleEndian(float.bitPattern)
  }

  mutating func append(_ field: Int, bytes contents: [UInt8]) {
    append(varint: UInt64(field << 3 | 2))
    append(varint: UInt64(contents.count))
    bytes += contents
  }

  mutating func append(_ field: Int, doubles: [Double]) {
    var contents: [UInt8] = []
    for number in doubles { contents.appendLittleEndian(number.bitPattern) }
    append(field, bytes: contents)
  }

  private mutating func append(varint: UInt64) {
    var rest = varint
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}

import LabFormats

/// A matrix as a picture: each cell a square, orange for positive and blue for negative numbers.
///
/// A large matrix becomes a smaller one, each of whose cells is the mean of a block.
struct HeatGrid: Equatable {
  let rows, cols: Int
  /// Row by row; −127 and 127 stand for the whole scale.
  let cells: [Int8]

  /// The width of a cell in pixels, as `--cell` in the page's style.
  private static let cell = 19
  /// The shades of each sign; the script draws with as many.
  static let shades = 10

  /// A picture of at most `limit` rows and columns.
  ///
  /// - Parameter value: The number in a row and a column of the matrix.
  init(
    rows: Int, cols: Int, limit: Int, scale: Float, value: (_ row: Int, _ col: Int) -> Float
  ) {
    self.rows = min(rows, limit)
    self.cols = min(cols, limit)
    cells = Self.means(rows: rows, cols: cols, limit: limit, value: value).map {
      Self.quantised($0, scale: scale)
    }
  }

  /// Returns the means of blocks, at most `limit` rows and columns of them, row by row.
  static func means(
    rows: Int, cols: Int, limit: Int, value: (_ row: Int, _ col: Int) -> Float
  ) -> [Float] {
    let (height, width) = (min(rows, limit), min(cols, limit))
    var means: [Float] = []
    means.reserveCapacity(height * width)
    for row in 0..<height {
      let block = block(row, of: height, length: rows)
      for col in 0..<width {
        let other = Self.block(col, of: width, length: cols)
        var sum: Float = 0
        for r in block { for c in other { sum += value(r, c) } }
        means.append(sum / Float(block.count * other.count))
      }
    }
    return means
  }

  /// Returns the magnitude that has the full shade: 99 of 100 numbers have less, or as much.
  static func scale(of values: [Float]) -> Float {
    let sizes = values.filter(\.isFinite).map(\.magnitude.bitPattern)
    guard let greatest = sizes.max() else { return 0 }
    let robust = least(after: (sizes.count * 99 + 99) / 100 - 1, of: sizes)
    return Float(bitPattern: robust > 0 ? robust : greatest)
  }

  /// Returns the number that would stand behind so many others if they were sorted, which would take longer.
  ///
  /// - Parameter keys: Bits of floats from 0, which are in the floats' order.
  private static func least(after count: Int, of keys: [UInt32]) -> UInt32 {
    var (keys, left) = (keys, count)
    // By their first 11 bits, by the next 11, by the last 10.
    for (shift, bits) in [(21, 11), (10, 11), (0, 10)] {
      var counts = [Int](repeating: 0, count: 1 << bits)
      func digit(_ key: UInt32) -> Int { Int(key >> UInt32(shift)) & (1 << bits - 1) }
      for key in keys { counts[digit(key)] += 1 }
      var found = 0
      while left >= counts[found] {
        left -= counts[found]
        found += 1
      }
      keys = keys.filter { digit($0) == found }
    }
    return keys[0]
  }

  /// The matrix's rows or columns that one of the picture stands for.
  private static func block(_ index: Int, of count: Int, length: Int) -> Range<Int> {
    index * length / count..<(index + 1) * length / count
  }

  private static func quantised(_ value: Float, scale: Float) -> Int8 {
    guard value.isFinite, scale > 0 else { return 0 }
    return Int8((max(-1, min(1, value / scale)) * 127).rounded())
  }

  /// Returns the picture; one path a shade.
  func svg(label: String, attributes: String = "") -> String {
    """
    <svg viewBox="0 0 \(cols) \(rows)" width="\(Self.cell * cols)" role="img"\(attributes) \
    aria-label="\(HTMLText.escaped(label))">\(paths)</svg>
    """
  }

  private var paths: String {
    var paths = [String](repeating: "", count: 2 * Self.shades + 1)
    for (index, cell) in cells.enumerated() {
      let level = Int((Float(cell) / 127 * Float(Self.shades)).rounded())
      if level != 0 { paths[level + Self.shades] += "M\(index % cols) \(index / cols)h1v1h-1z" }
    }
    return paths.enumerated().map { index, path in
      let level = index - Self.shades
      guard !path.isEmpty else { return "" }
      let opacity = NumberText.fixed(Double(abs(level)) / Double(Self.shades), digits: 1)
      return "<path class=\"\(level < 0 ? "n" : "p")\" fill-opacity=\"\(opacity)\" d=\"\(path)\"/>"
    }.joined()
  }
}

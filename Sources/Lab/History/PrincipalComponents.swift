/// The principal components of points with very many coordinates: found from the products of the points with each
/// other, of which there are few.
///
/// With the points' mean taken away, X = U·S·Vᵀ; the eigenvectors of X·Xᵀ are the columns of U, and its
/// eigenvalues the squares of S.
struct PrincipalComponents {
  /// The coordinates of each point, as many as components were asked for: the columns of U·S.
  let coordinates: [[Double]]
  /// The share of the variance that each of them has.
  let shares: [Double]
  /// The weights of the points, with their mean taken away, that add up to each direction of length 1: the columns
  /// of U·S⁻¹; zeros where there is no such direction.
  let mixtures: [[Double]]

  /// - Parameters:
  ///   - products: The products of the points with each other, row by row: a symmetric matrix.
  ///   - count: The number of points.
  ///   - components: The number of components, at most that of points.
  init(products: [Double], count: Int, components: Int) {
    let (values, vectors) = Self.eigen(Self.centred(products, count), count)
    let order = (0..<count).sorted { (values[$1], $0) < (values[$0], $1) }.prefix(components)
    let all = values.reduce(0) { $0 + max(0, $1) }
    shares = order.map { all > 0 ? max(0, values[$0]) / all : 0 }
    var columns: [[Double]] = []
    var mixtures: [[Double]] = []
    for index in order {
      let length = max(0, values[index]).squareRoot()
      var column = (0..<count).map { vectors[$0 * count + index] }
      // A direction has no sign of its own: its greatest coordinate is positive.
      let greatest = column.max { abs($0) < abs($1) } ?? 0
      if greatest < 0 { column = column.map { -$0 } }
      columns.append(column.map { $0 * length })
      let isThere = length > 1e-12 * max(all.squareRoot(), 1e-300)
      mixtures.append(column.map { isThere ? $0 / length : 0 })
    }
    coordinates = (0..<count).map { point in columns.map { $0[point] } }
    self.mixtures = mixtures
  }

  /// The products with the mean of the points taken from each.
  private static func centred(_ products: [Double], _ count: Int) -> [Double] {
    let rows = (0..<count).map { row in
      products[row * count..<(row + 1) * count].reduce(0, +) / Double(count)
    }
    let mean = rows.reduce(0, +) / Double(count)
    return (0..<count * count).map { products[$0] - rows[$0 / count] - rows[$0 % count] + mean }
  }

  /// Eigenvalues and eigenvectors (columns) of a symmetric matrix, by Jacobi's rotations: row after row each element
  /// beside the diagonal is turned to zero, until none is left that counts.
  private static func eigen(
    _ matrix: [Double], _ count: Int
  ) -> (values: [Double], vectors: [Double]) {
    var a = matrix
    var v = [Double](repeating: 0, count: count * count)
    for index in 0..<count { v[index * count + index] = 1 }
    let scale = a.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<60 {
      var rest = 0.0
      for p in 0..<count {
        for q in p + 1..<max(p + 1, count) { rest += a[p * count + q] * a[p * count + q] }
      }
      if rest <= 1e-30 * scale { break }
      for p in 0..<count {
        for q in p + 1..<max(p + 1, count) where a[p * count + q] != 0 {
          rotate(&a, &v, p, q, count)
        }
      }
    }
    return ((0..<count).map { a[$0 * count + $0] }, v)
  }

  private static func rotate(
    _ a: inout [Double], _ v: inout [Double], _ p: Int, _ q: Int, _ count: Int
  ) {
    let theta = (a[q * count + q] - a[p * count + p]) / (2 * a[p * count + q])
    let t = (theta < 0 ? -1.0 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<count {
      let (x, y) = (a[k * count + p], a[k * count + q])
      a[k * count + p] = c * x - s * y
      a[k * count + q] = s * x + c * y
    }
    for k in 0..<count {
      let (x, y) = (a[p * count + k], a[q * count + k])
      a[p * count + k] = c * x - s * y
      a[q * count + k] = s * x + c * y
      let (u, w) = (v[k * count + p], v[k * count + q])
      v[k * count + p] = c * u - s * w
      v[k * count + q] = s * u + c * w
    }
  }
}

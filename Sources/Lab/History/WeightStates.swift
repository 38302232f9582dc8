import Foundation
import LSTMEngine
import LabFormats
import LabStore

/// The states of runs' weights as points, each as its difference from the first.
struct WeightStates {
  /// A run's state.
  struct State {
    let run: Int64
    let epoch: Int
  }

  /// A layer's gate by its names in the view `gate_stats`.
  struct Part: Equatable {
    let layer: String
    let gate: String?
  }

  /// What a step from one state to the next does to a part.
  struct Step {
    /// The square of its length.
    var square = 0.0
    /// Its product with the step before.
    var product = 0.0
  }

  private(set) var states: [State] = []
  /// The states of each run.
  private(set) var runs: [Range<Int>] = []
  let parts: [Part]
  /// What is left out, where something is.
  let note: String?
  private var points: [[Double]] = []
  /// The part of each coordinate.
  private let owners: [Int]
  private let first: [Float]
  private let tensors: [TensorDescription]

  /// As many states are looked at, of all runs together.
  private static let mostStates = 240
  private static let mostBytes = 1 << 30

  /// Reads the stored weights of runs that have the same tensors.
  init(_ opened: [OpenedRun]) throws {
    let tensors = try opened[0].database.tensors(of: opened[0].id)
    self.tensors = tensors
    for run in opened.dropFirst() where try run.database.tensors(of: run.id) != tensors {
      throw LabError(
        .usage, "the weights of runs \(opened[0].id) and \(run.id) are not the same tensors",
        where: run.place, next: "name runs of one model")
    }
    (parts, owners) = Self.parts(of: tensors)
    let count = tensors.reduce(0) { $0 + $1.count }
    let most = max(4, min(Self.mostStates, Self.mostBytes / (8 * max(count, 1)))) / opened.count
    var isThinned = false
    var first: [Float] = []
    for run in opened {
      let stored = try run.database.epochs(of: run.id, storing: .weights)
      let epochs = Self.thinned(stored, to: max(3, most))
      isThinned = isThinned || epochs.count < stored.count
      guard epochs.count > 1 else {
        throw LabError(
          .notFound,
          "run \(run.id) has stored the weights of \(epochs.count) epoch\(epochs.count == 1 ? "" : "s")",
          where: run.place, next: "a way has at least two: train the run further")
      }
      runs.append(states.count..<states.count + epochs.count)
      for epoch in epochs {
        let weights = try run.weights(at: epoch).flatMap(\.self)
        if first.isEmpty { first = weights }
        states.append(State(run: run.id, epoch: epoch))
        points.append(zip(weights, first).map { Double($0) - Double($1) })
      }
    }
    self.first = first
    note =
      isThinned
      ? "Of the stored epochs \(states.count) are looked at, evenly spread: the way between them counts as straight."
      : nil
  }

  private static func thinned(_ epochs: [Int], to most: Int) -> [Int] {
    guard epochs.count > most else { return epochs }
    return (0..<most).map { epochs[$0 * (epochs.count - 1) / (most - 1)] }
  }

  /// The parts in the order of the tensors, and which of them each value belongs to.
  private static func parts(of tensors: [TensorDescription]) -> ([Part], [Int]) {
    var parts: [Part] = []
    var owners: [Int] = []
    for tensor in tensors {
      let blocks = (0..<max(tensor.gates.count, 1)).map { block in
        let gate = LayerPart(tensor.part.direction, tensor.gate(ofColumn: block * tensor.units))
        let part = Part(layer: tensor.layer, gate: gate.text)
        if let index = parts.firstIndex(of: part) { return index }
        parts.append(part)
        return parts.count - 1
      }
      for _ in 0..<tensor.rows {
        for block in blocks { owners += repeatElement(block, count: tensor.units) }
      }
    }
    return (parts, owners)
  }

  /// The products of all states with each other, row by row.
  var products: [Double] {
    var products = [Double](repeating: 0, count: states.count * states.count)
    for row in states.indices {
      for column in row..<states.count {
        let product = Self.product(points[row], points[column])
        products[row * states.count + column] = product
        products[column * states.count + row] = product
      }
    }
    return products
  }

  private static func product(_ a: [Double], _ b: [Double]) -> Double {
    var sums = SIMD8<Double>.zero
    let whole = a.count & ~7
    for start in stride(from: 0, to: whole, by: 8) {
      var (x, y) = (SIMD8<Double>.zero, SIMD8<Double>.zero)
      for lane in 0..<8 {
        x[lane] = a[start + lane]
        y[lane] = b[start + lane]
      }
      sums += x * y
    }
    return (whole..<a.count).reduce(sums.sum()) { $0 + a[$1] * b[$1] }
  }

  /// The Euclidean distance between two states.
  func distance(_ a: Int, _ b: Int) -> Double {
    squares(a, b).reduce(0, +).squareRoot()
  }

  /// The squares of the distance between two states, part by part.
  func squares(_ a: Int, _ b: Int) -> [Double] {
    var squares = [Double](repeating: 0, count: parts.count)
    for index in owners.indices {
      let difference = points[b][index] - points[a][index]
      squares[owners[index]] += difference * difference
    }
    return squares
  }

  /// What the step to a state does to each part.
  ///
  /// - Parameter before: The state that the step before began at; nil where there was none.
  func step(_ index: Int, after before: Int?) -> [Step] {
    var steps = [Step](repeating: Step(), count: parts.count)
    for value in owners.indices {
      let own = points[index][value] - points[index - 1][value]
      steps[owners[value]].square += own * own
      if let before {
        steps[owners[value]].product += own * (points[index - 1][value] - points[before][value])
      }
    }
    return steps
  }

  // MARK: The plane of the first two components

  private(set) var origin: [Double] = []
  private(set) var directions: [[Double]] = []
  private(set) var seen: [[Double]] = []

  /// The same with the plane in which its states lie furthest apart.
  func seen(along found: PrincipalComponents) -> WeightStates {
    var path = self
    let count = Double(states.count)
    path.origin = owners.indices.map { value in points.reduce(0) { $0 + $1[value] } / count }
    path.directions = found.mixtures.prefix(2).map { mixture in
      owners.indices.map { value in
        points.indices.reduce(0) { $0 + mixture[$1] * (points[$1][value] - path.origin[value]) }
      }
    }
    path.seen = found.coordinates
    return path
  }

  /// The weights at a place of that plane, tensor after tensor.
  func weights(at place: (Double, Double)) -> [[Float]] {
    var start = 0
    return tensors.map { tensor in
      defer { start += tensor.count }
      return (start..<start + tensor.count).map { value in
        let moved = origin[value] + place.0 * directions[0][value] + place.1 * directions[1][value]
        return Float(Double(first[value]) + moved)
      }
    }
  }
}

/// Angles for people.
enum Angle {
  /// The angle of a cosine in degrees, from 0 to 180.
  static func degrees(cosine: Double) -> Double { acos(max(-1, min(1, cosine))) * 180 / .pi }
}

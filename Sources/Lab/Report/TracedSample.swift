import LSTMEngine
import LabFormats
import LabStore

/// One sample in one epoch: what each recurrent layer read and made of it, step by step.
struct TracedSample {
  /// One number a unit, or an input, at each time step.
  struct Plane {
    /// What a plane holds.
    enum Kind: String {
      case input
      /// A sum before an activation.
      case sum
      /// A part of something, 0 to 1.
      case gate
      case candidate, state
    }

    /// As `explain --json` names it, without a direction.
    let name: String
    let kind: Kind
    /// Step by step.
    let values: [[Float]]

    var width: Int { values[0].count }
  }

  /// A recurrent layer, or one direction of a two-way layer.
  struct Layer {
    let name: String
    let direction: Direction?
    /// nil where only what was recorded is known.
    let cell: RecurrentSpecification?
    var planes: [Plane]

    /// What is shown over time.
    var quantities: [Plane] { planes.filter { [.gate, .candidate, .state].contains($0.kind) } }
  }

  /// The sample's number in the training data.
  let number: Int
  let steps: Int
  let layers: [Layer]
  /// The model's output, row by row; empty where it is not known.
  var output: [[Float]] = []
  /// What the output should be.
  var target: [[Float]] = []
  /// The characters of a text, one a step.
  var characters: [String]?

  /// Takes what was recorded.
  init(number: Int, steps: Int, layers: [Layer]) {
    self.number = number
    self.steps = steps
    self.layers = layers
  }

  /// Computes a sample.
  init(_ number: Int, of run: InspectedRun, by network: NetworkInspection) {
    let trace = network.trace(run.samples.sequence(number))
    self.number = number
    steps = trace.layers[0].input.count
    layers = zip(run.description.layers, trace.layers).flatMap { layer, trace in
      Self.layers(layer, trace)
    }
    output = trace.output
    target = trace.output.indices.map { run.target(of: number, row: $0) }
    characters = run.characters.map { signs in
      trace.layers[0].input.map { signs[Int($0[0])] }
    }
  }

  private static func layers(_ layer: LayerSpecification, _ trace: LayerTrace) -> [Layer] {
    guard let cell = layer.recurrent else { return [] }
    return layer.directions.map { direction in
      func own(_ all: [TraceQuantity], _ plane: (TraceQuantity) -> Plane) -> [Plane] {
        all.filter { $0.direction == direction }.map(plane)
      }
      return Layer(
        name: layer.name, direction: direction, cell: cell,
        planes: [Plane(name: "x", kind: .input, values: trace.input)]
          + own(trace.sums) {
            Plane(name: "\($0.kind.rawValue)_sum", kind: .sum, values: $0.values)
          }
          + own(trace.quantities) {
            Plane(name: $0.kind.rawValue, kind: $0.kind.plane, values: $0.values)
          })
    }
  }
}

extension Quantity {
  /// What a plane of it holds.
  var plane: TracedSample.Plane.Kind { isPart ? .gate : isState ? .state : .candidate }
}

import Foundation
package import LSTMEngine
package import LabFormats

/// Measures a training step of recurrent layers and a dense one on random samples, as `bench` prints it.
package struct StepBench: Sendable {
  private let cell: RecurrentCell
  /// The features of a time step.
  package var input = 64
  /// The units of each recurrent layer.
  package var units = 128
  /// The time steps of a sample.
  package var steps = 100
  /// The samples of a batch.
  package var batch = 64
  /// The number of recurrent layers.
  package var layers = 1
  /// The dense layer's units.
  package var outputs = 10
  /// How long to measure.
  package var seconds = 2.0

  /// The kinds of cells that can be measured.
  package static let cellNames = RecurrentCell.allCases.map(\.rawValue)

  /// Measures layers of these cells, one of `cellNames`.
  package init(cell name: String = RecurrentCell.lstm.rawValue) {
    guard let cell = RecurrentCell(rawValue: name) else { preconditionFailure("no cell \(name)") }
    self.cell = cell
  }

  /// The model: every layer but the last gives its whole sequence to the next.
  package var description: NetworkDescription {
    var specifications = (0..<layers).map { index in
      var recurrent = RecurrentSpecification(cell, units: units)
      recurrent.returnSequences = index < layers - 1
      let name = cell.rawValue
      return LayerSpecification(
        name: index == 0 ? name : "\(name)_\(index)", kind: .recurrent(recurrent))
    }
    var dense = DenseSpecification(units: outputs)
    dense.activation = .softmax
    specifications.append(LayerSpecification(name: "dense", kind: .dense(dense)))
    return NetworkDescription(
      layers: specifications, loss: .sparseCategoricalCrossentropy, metrics: [.accuracy],
      optimizer: .adam, features: input, steps: steps, batchSize: batch)
  }

  /// Measures; a model that does not fit the machine's memory is an error.
  package func run(_ resources: TrainingSession.Resources) throws(LabError) -> Result {
    let description = description
    let needed = Network.estimatedBytes(description)
    guard needed < Double(ProcessInfo.processInfo.physicalMemory) else {
      throw LabError(
        .usage, "the model takes \(NumberText.fixed(needed / 1e9, digits: 1)) GB of memory",
        where: "bench", next: "choose smaller --units, --steps or --batch")
    }
    let bench = EngineBench(
      description, threads: resources.threads(for: description), kernels: resources.kernels,
      seconds: seconds)
    let measured = bench.run()
    return Result(
      measured: measured, operations: description.floatingPointOperations,
      instructionSet: resources.kernels.name, peakMemory: Self.peakMemory)
  }

  /// The most memory that this process has taken so far, in bytes.
  private static var peakMemory: Int {
    var usage = rusage()
    #if os(Linux)
      unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
      return usage.ru_maxrss * 1024
    #else
      unsafe getrusage(RUSAGE_SELF, &usage)
      return usage.ru_maxrss
    #endif
  }

  /// What was measured.
  package struct Result: Answer, Sendable {
    let measured: EngineBench.Result
    let operations: Double
    let instructionSet: String
    let peakMemory: Int
  }
}

extension StepBench.Result {
  /// The figures, one row: `gflops` counts 2·GH(I + H)·T·B·3 a layer, `peak_ratio` what is executed.
  package var table: Table {
    Table(
      columns: [
        .init("step_ms", .exact), .init("gflops", .exact), .init("peak_ratio", .exact),
        .init("micro_kernel_gflops", .exact), .init("threads", .integer), .init("isa", .text),
        .init("peak_memory_bytes", .bytes),
      ],
      rows: [
        [
          .real(rounded(measured.stepSeconds * 1e3, digits: 6)),
          .real(rounded(operations / measured.stepSeconds / 1e9, digits: 2)),
          .real(rounded(measured.peakRatio, digits: 4)),
          .real(rounded(measured.microKernelRate / 1e9, digits: 2)), .integer(measured.threads),
          .text(instructionSet), .integer(peakMemory),
        ]
      ])
  }

  /// The row alone, so that the output of several measurements has a line for each.
  package var jsonText: JSONText { table.object(ofRow: 0) }

  /// More digits than these are noise.
  private func rounded(_ value: Double, digits: Int) -> Double {
    let scale = (0..<digits).reduce(1.0) { scale, _ in scale * 10 }
    return (value * scale).rounded() / scale
  }
}

internal import LSTMKernels

/// Where the masks of one layer come from: the run's seed and the layer's place in the model.
struct MaskSource {
  let seed: UInt64
  /// The layer's place in the model.
  let layer: Int
  /// What in the layer is dropped. A layer has up to four masks; the numbers are part of what a
  /// configuration trains to.
  enum Purpose: Int {
    case input = 0
    case state = 1
    case backwardInput = 2
    case backwardState = 3
  }

  /// Returns the key of the generator for one mask in one optimizer step.
  func key(_ purpose: Purpose, iteration: Int) -> UInt64 {
    RandomStream(seed: seed, purpose: .dropout, number: 4 * layer + purpose.rawValue)
      .bits(iteration)
  }
}

/// What the elements of a matrix are multiplied by in one optimizer step: 0 with the probability
/// `rate`, else 1 / (1 − rate) (Srivastava and others, 2014).
///
/// An element is a function of seed, layer, optimizer step, sample, time step and column: of neither
/// the batch it is in nor the threads.
@safe struct DropoutMask {
  private let source: MaskSource
  private let purpose: MaskSource.Purpose
  private let rate: Double
  private let matrix: PanelMatrix  // (rows, columns)
  private let kernels: lk_kernels

  init(
    rate: Double, _ source: MaskSource, _ purpose: MaskSource.Purpose, arena: Arena, rows: Double,
    columns: Int, kernels: Kernels
  ) {
    precondition(rate >= 0 && rate < 1, "a dropout rate of \(rate)")
    self.source = source
    self.purpose = purpose
    self.rate = rate
    matrix = PanelMatrix(arena, rows: rows, columns: columns)
    unsafe self.kernels = kernels.table
  }

  func panels() -> lk_panels { unsafe matrix.panels() }

  /// Draws one row for each of the sequences, at the row of its place in the batch.
  func draw(_ batch: Batch, _ sequences: Range<Int>, iteration: Int) {
    var dropout = dropout(iteration)
    for b in sequences { unsafe draw(&dropout, sample: batch.samples[b], step: 0, row: b) }
  }

  /// Draws one row for each time step of each of the sequences.
  func drawSteps(_ batch: Batch, _ sequences: Range<Int>, iteration: Int) {
    var dropout = dropout(iteration)
    for b in sequences {
      for t in unsafe 0..<batch.lengths[b] {
        unsafe draw(&dropout, sample: batch.samples[b], step: t, row: batch.starts[t] + b)
      }
    }
  }

  private func draw(_ dropout: inout lk_dropout, sample: Int, step: Int, row: Int) {
    unsafe kernels.draw_mask(
      &dropout, UInt32(truncatingIfNeeded: sample), UInt32(truncatingIfNeeded: step),
      matrix.panels(), panelCount(matrix.columns), row)
  }

  private func dropout(_ iteration: Int) -> lk_dropout {
    let key = source.key(purpose, iteration: iteration)
    return lk_dropout(
      key: (UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32)),
      threshold: UInt32(rate * 0x1p32), scale: Float(1 / (1 - rate)))
  }
}

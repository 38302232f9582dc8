internal import LSTMKernels

/// The batch that is being computed: `size` sequences of `steps` time steps.
///
/// Row t · size + b of a sequence matrix is time step t of the batch's sequence b.
struct Batch {
  let size: Int
  let steps: Int

  /// The rows of a matrix with one for each time step of each sequence, without overflow.
  var rows: Double { Double(size) * Double(steps) }
}

/// A layer with its memory. Forward and backward of different rows of a batch are independent, so
/// members of a team take rows each; weight gradients are taken by columns.
protocol Layer: AnyObject {
  /// Computes the outputs of the batch's sequences `rows`.
  func forward(_ batch: Batch, rows: Range<Int>)
  /// Computes, from the gradient of the outputs, that of the pre-activations and of the inputs.
  func backward(_ batch: Batch, rows: Range<Int>)
  /// Writes the weight gradients of the parameter panels `panels`.
  func accumulateGradients(_ batch: Batch, panels: Range<Int>)
  /// Brings what is derived from the weights of the parameter panels `panels` up to date.
  func weightsChanged(panels: Range<Int>)

  /// Where the layer's parameters stand.
  var placement: Placement { get }
  /// The outputs, as the next layer reads them: (rows of the batch, units).
  func output(_ batch: Batch) -> lk_panels
  /// The gradient of the outputs, as the next layer writes it.
  func outputGradient(_ batch: Batch) -> lk_panels
}

/// Where a layer reads its input and writes its input's gradient.
enum LayerInput {
  /// The samples: (T · B, features). Nothing is behind them.
  case samples(PanelMatrix)
  /// The layer below.
  case layer(any Layer)

  func values(_ batch: Batch) -> lk_panels {
    switch self {
    case .samples(let matrix): unsafe matrix.panels()
    case .layer(let layer): unsafe layer.output(batch)
    }
  }

  /// The gradient to write, or nil where nobody asks for it.
  func gradient(_ batch: Batch) -> lk_panels? {
    switch self {
    case .samples: nil
    case .layer(let layer): unsafe layer.outputGradient(batch)
    }
  }
}

/// The flat buffers of a model, one placement a layer in each.
@safe struct ParameterBuffers {
  let weights: UnsafeMutablePointer<Float>
  let gradients: UnsafeMutablePointer<Float>

  func weights(_ placement: Placement) -> lk_panels {
    unsafe lk_panels(base: weights + placement.offset, stride: placement.panelStride)
  }

  func gradients(_ placement: Placement) -> lk_panels {
    unsafe lk_panels(base: gradients + placement.offset, stride: placement.panelStride)
  }
}

extension lk_panels {
  /// No matrix: where a kernel has nothing to read or write.
  static var none: lk_panels { unsafe lk_panels(base: nil, stride: 0) }

  /// Returns the same matrix with its row `row` as the first.
  func from(_ row: Int) -> lk_panels {
    unsafe lk_panels(base: base + row * lanes, stride: stride)
  }
}

extension Activation {
  /// The element-wise function, or nil for softmax, which needs the whole row.
  var kernel: lk_activation? {
    switch self {
    case .linear: LK_LINEAR
    case .sigmoid: LK_SIGMOID
    case .tanh: LK_TANH
    case .relu: LK_RELU
    case .softmax: nil
    }
  }
}

internal import LSTMKernels

/// A layer with its memory. Forward and backward of different sequences of a batch are independent,
/// so members of a team take sequences each; weight gradients are taken by columns.
protocol Layer: AnyObject {
  /// Computes the outputs of the batch's sequences `sequences`.
  func forward(_ batch: Batch, sequences: Range<Int>)
  /// Computes, from the gradient of the outputs, that of the pre-activations and of the inputs.
  func backward(_ batch: Batch, sequences: Range<Int>)
  /// Writes the weight gradients of the parameter panels `panels`.
  func accumulateGradients(_ batch: Batch, panels: Range<Int>)
  /// The sums that the weight gradients are, one for each of the layer's placements: after `backward`
  /// their terms can be looked at one by one.
  func gradientSums(_ batch: Batch) -> [GradientSum]
  /// Brings what is derived from the weights of the parameter panels `panels` up to date.
  func weightsChanged(panels: Range<Int>)

  /// Where the layer's parameters stand.
  var placement: Placement { get }
  /// The layers that hold the parameters, whose gradients are taken and weights changed one by one.
  var parts: [any Layer] { get }
  /// The outputs, as the next layer reads them: (R or B, units), a row for each time step or for each
  /// sequence.
  var output: lk_panels { get }
  /// The gradient of the outputs, as the next layer writes it.
  var outputGradient: lk_panels { get }
}

extension Layer {
  var parts: [any Layer] { [self] }
}

/// Where a layer reads its input and writes its input's gradient.
enum LayerInput {
  /// The samples: (R, features). Nothing is behind them.
  case samples(PanelMatrix)
  /// A matrix that another layer has made, and where that layer wants its gradient.
  case matrix(PanelMatrix, gradient: PanelMatrix?)
  /// The layer below.
  case layer(any Layer)

  var values: lk_panels {
    switch self {
    case .samples(let matrix), .matrix(let matrix, _): unsafe matrix.panels()
    case .layer(let layer): unsafe layer.output
    }
  }

  /// The gradient to write, or nil where nobody asks for it.
  var gradient: lk_panels? {
    switch self {
    case .samples: nil
    case .matrix(_, let gradient): unsafe gradient?.panels()
    case .layer(let layer): unsafe layer.outputGradient
    }
  }

  /// Whether somebody asks for the gradient.
  var givesGradient: Bool { unsafe gradient != nil }
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

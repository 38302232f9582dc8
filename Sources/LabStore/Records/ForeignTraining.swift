/// What is stored of a foreign run, one that another program trained, beside what is stored of every run.
package struct ForeignTraining: Equatable, Sendable {
  /// The program that trains, with its version: `keras 3.12.0 (torch)`.
  package var trainer: String
  /// The model and its training as a configuration of ours, where the engine knows every layer: JSON.
  package var native: String?
  /// Whether every number is stored as the program has it; wider ones are rounded to float32.
  package var isExact: Bool
  /// What the program calls its data, best a hash; nil where that is not known.
  package var dataHash: String?
  /// The run that it goes on from, which need not be here, and that run's epoch.
  package var parent: Parent?
  /// What the program knows of each tensor, in canonical order.
  package var tensors: [ForeignTensor]
  /// The optimizer's slots whose shapes are not those of the weights.
  package var slots: [ForeignSlot]

  /// A run and one of its epochs.
  package struct Parent: Equatable, Sendable {
    /// The run's unique name.
    package let uuid: String
    /// Its epoch.
    package let epoch: Int

    /// Names a parent.
    package init(uuid: String, epoch: Int) {
      self.uuid = uuid
      self.epoch = epoch
    }
  }

  /// Describes a run of another program; there are as many tensors as the run's description has.
  package init(
    trainer: String, native: String? = nil, isExact: Bool = true, dataHash: String? = nil,
    parent: Parent? = nil,
    tensors: [ForeignTensor], slots: [ForeignSlot] = []
  ) {
    self.trainer = trainer
    self.native = native
    self.isExact = isExact
    self.dataHash = dataHash
    self.parent = parent
    self.tensors = tensors
    self.slots = slots
  }
}

/// What another program knows of a tensor.
package struct ForeignTensor: Equatable, Sendable {
  /// The program's name for it.
  package let path: String
  /// The lengths of its axes there; their product is the number of values.
  package let shape: [Int]
  /// Its type of number there: `float32`, `bfloat16`, ….
  package let dtype: String
  /// How its numbers were put into our order, a JSON object; nil where they stand as they did.
  package let turned: String?
  /// Whether training changes it; a moving average is not changed by the optimizer.
  package let isTrainable: Bool

  /// Describes a tensor.
  package init(path: String, shape: [Int], dtype: String, turned: String?, isTrainable: Bool) {
    self.path = path
    self.shape = shape
    self.dtype = dtype
    self.turned = turned
    self.isTrainable = isTrainable
  }
}

/// An optimizer's slot whose tensors have shapes of their own.
package struct ForeignSlot: Equatable, Sendable {
  /// A tensor of the slot.
  package struct Tensor: Equatable, Sendable {
    /// The number of the weight tensor that it belongs to; nil for none.
    package let weights: Int?
    /// The lengths of its axes.
    package let shape: [Int]

    /// Describes a tensor.
    package init(weights: Int?, shape: [Int]) {
      self.weights = weights
      self.shape = shape
    }

    /// Number of values.
    package var count: Int { shape.reduce(1, *) }
  }

  /// The slot's name.
  package let name: String
  /// Its tensors in the order of storing.
  package let tensors: [Tensor]

  /// Describes a slot.
  package init(name: String, tensors: [Tensor]) {
    self.name = name
    self.tensors = tensors
  }
}

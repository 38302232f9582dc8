package import Foundation

/// Everything about a run that is known before its first epoch.
package struct RunDescription: Sendable {
  /// The run and the epoch that a fork starts from.
  package struct Parent: Equatable, Sendable {
    /// The parent's id.
    package let run: Int64
    /// The parent's epoch, which becomes the fork's first.
    package let epoch: Int

    /// Names a parent.
    package init(run: Int64, epoch: Int) {
      self.run = run
      self.epoch = epoch
    }
  }

  /// A part of the data whose predictions will be recorded.
  package struct Split: Sendable {
    /// `train`, `validation` or `test`.
    package let name: DataSplit
    /// Number of samples.
    package let samples: Int
    /// Number of values the model gives for a sample.
    package let outputs: Int
    /// The targets, sample after sample: float32, little-endian.
    package let targets: Data

    /// Describes a split; `targets` has samples × outputs values.
    package init(name: DataSplit, samples: Int, outputs: Int, targets: Data) {
      precondition(
        targets.count == 4 * samples * outputs,
        "\(targets.count) bytes of targets for \(samples) × \(outputs) values")
      self.name = name
      self.samples = samples
      self.outputs = outputs
      self.targets = targets
    }
  }

  /// The place of a run in a sweep.
  package struct SweepPlace: Equatable, Sendable {
    /// The sweep's name, which only one definition has.
    package let name: String
    /// What is varied, as a JSON object.
    package let definition: String
    /// The number of the point that the run belongs to, from 0.
    package let point: Int

    /// Names a point of a sweep.
    package init(name: String, definition: String, point: Int) {
      self.name = name
      self.definition = definition
      self.point = point
    }
  }

  /// Unique everywhere; nil for one that is drawn.
  package var uuid: String?
  /// Name, from the configuration.
  package var name: String
  /// Start of the run.
  package var createdAt: Date
  /// Seed of every random number; nil where another program's is not known.
  package var seed: Int64?
  /// The configuration as normalised JSON.
  package var config: String
  /// SHA-256 of `config`, in hexadecimal.
  package var configHash: String
  /// The absolute path that relative paths in `config` start from; nil where it names no files.
  package var configDirectory: String?
  /// What the run reads; nil where another program's data are not known.
  package var data: DataDescription?
  /// Where the run was forked from.
  package var parent: Parent?
  /// The fold of a cross-validation that it validates with, from 0; nil of any other run.
  package var fold: Int?
  /// The sweep that the run belongs to.
  package var sweep: SweepPlace?
  /// Tags, in the configuration's order.
  package var tags: [String]
  /// Free text.
  package var notes: String?
  /// Name of the machine.
  package var host: String
  /// Version of the program.
  package var version: String
  /// The weight tensors in canonical order.
  package var tensors: [TensorDescription]
  /// The numbers of the tensors that the seed draws, where others are given.
  package var drawnTensors: Set<Int> = []
  /// The parts of the data whose predictions will be recorded.
  package var splits: [Split]
  /// The gates and states that are recorded of samples, in the order in which a step stores them.
  package var activations: [ActivationDescription] = []
  /// The number of time steps of the longest sample that they are recorded of.
  package var activationSteps = 0
  /// What is stored besides of a run that another program trains; nil of our own.
  package var foreign: ForeignTraining?

  /// Describes a run.
  package init(
    name: String, createdAt: Date, seed: Int64?, config: String, configHash: String,
    configDirectory: String?, data: DataDescription?, parent: Parent? = nil, tags: [String] = [],
    notes: String? = nil, host: String, version: String, tensors: [TensorDescription],
    splits: [Split] = []
  ) {
    self.name = name
    self.createdAt = createdAt
    self.seed = seed
    self.config = config
    self.configHash = configHash
    self.configDirectory = configDirectory
    self.data = data
    self.parent = parent
    self.tags = tags
    self.notes = notes
    self.host = host
    self.version = version
    self.tensors = tensors
    self.splits = splits
  }

  /// Number of weights; of a foreign run, of those that training changes.
  package var parameters: Int {
    tensors.enumerated().reduce(0) { sum, tensor in
      let isTrained = foreign?.tensors[tensor.offset].isTrainable ?? true
      return sum + (isTrained ? tensor.element.count : 0)
    }
  }
}

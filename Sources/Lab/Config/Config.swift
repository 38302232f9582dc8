package import LSTMEngine

/// A configuration file, decoded strictly and with every default filled in.
///
/// A `Config` is well formed but not yet known to fit its data; only a `TrainingPlan` can be trained.
package struct Config: Equatable, Sendable {
  /// The run's name; by default the file's name without its extension.
  package var name: String
  /// The seed of every random number of the run; by default 0.
  package var seed = 0
  /// Words that runs are found by, each once.
  package var tags: [String] = []
  /// Remarks for people, in any number of lines.
  package var notes = ""
  /// The samples and where they come from.
  package var data: DataConfig
  /// The layers and their first weights.
  package var model: ModelConfig
  /// How the model is trained.
  package var training: TrainingConfig
  /// What is stored of the run.
  package var record = RecordConfig()
  /// Where it came from: no part of what is configured.
  package var file = ConfigFile("")

  /// Makes a configuration with the defaults of everything that is not given.
  package init(name: String, data: DataConfig, model: ModelConfig, training: TrainingConfig) {
    self.name = name
    self.data = data
    self.model = model
    self.training = training
  }
}

/// The layers and where their first weights come from.
package struct ModelConfig: Equatable, Sendable {
  /// The layers, the one that reads the samples first.
  package var layers: [LayerSpecification]
  /// The path of a safetensors or npz file, as written; nil for random weights.
  package var initialWeights: String?

  /// Makes a model.
  package init(layers: [LayerSpecification], initialWeights: String? = nil) {
    self.layers = layers
    self.initialWeights = initialWeights
  }
}

/// How the model is trained; the defaults are Keras's.
package struct TrainingConfig: Equatable, Sendable {
  /// The last epoch to train, counted from 1.
  package var epochs = 1
  /// The most samples that a step takes.
  package var batchSize = 32
  /// Whether each epoch has an order of samples of its own.
  package var shuffle = true
  /// What training makes small.
  package var loss: Loss
  /// How the weights follow the gradients.
  package var optimizer = OptimizerSpecification.adam
  /// What is measured besides the loss, each once.
  package var metrics: [Metric] = []
  /// Factors of some classes' losses, each class once; all others have 1.
  package var classWeights: [ClassWeight] = []
  /// Limits on the gradients.
  package var clipping = GradientClipping()
  /// How the learning rate changes; nil for not at all.
  package var rateControl: RateControl?
  /// When to stop before the last epoch; nil for never.
  package var earlyStopping: EarlyStopping?

  /// Makes a training with the defaults of everything but the loss.
  package init(loss: Loss) { self.loss = loss }
}

/// What is stored, and after how many epochs.
package struct RecordConfig: Equatable, Sendable {
  /// The epochs from one stored state of the weights to the next, from 1.
  package var weightsEvery = 1
  /// The same for the optimizer's state.
  package var optimizerEvery = 1
  /// The same for predictions; 0 never stores them.
  package var predictionsEvery = 0
  /// The same for the gates and states of samples; 0 never stores them.
  package var activationsEvery = 0
  /// The training samples whose gates and states are stored, each once.
  package var activationSamples: [Int] = []

  /// Makes the default: every state, no predictions.
  package init() {}
}

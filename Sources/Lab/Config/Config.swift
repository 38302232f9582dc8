package import LSTMEngine

/// A configuration file, decoded strictly and with every default filled in.
///
/// A `Config` is well formed but not yet known to fit its data; only a `TrainingPlan` can be trained.
package struct Config: Equatable, Sendable {
  /// The run's name; by default the file's name without its extension.
  package var name: String
  /// The seed of every random number of the run; by default 0.
  package var seed = 0
  package var tags: [String] = []
  package var notes = ""
  package var data: DataConfig
  package var model: ModelConfig
  package var training: TrainingConfig
  package var record = RecordConfig()

  package init(name: String, data: DataConfig, model: ModelConfig, training: TrainingConfig) {
    self.name = name
    self.data = data
    self.model = model
    self.training = training
  }
}

/// Where the samples come from.
package struct DataConfig: Equatable, Sendable {
  package var train: DataSource
  package var validation: ValidationSource?

  package init(train: DataSource, validation: ValidationSource? = nil) {
    self.train = train
    self.validation = validation
  }
}

/// Samples and their targets.
package struct DataSource: Equatable, Sendable {
  /// Samples × time steps × features.
  package var x: ArraySource
  /// Samples; samples × outputs; or samples × time steps × outputs.
  package var y: ArraySource

  package init(x: ArraySource, y: ArraySource) {
    self.x = x
    self.y = y
  }
}

/// An array written in the configuration or stored in a file.
package enum ArraySource: Equatable, Sendable {
  case inline(FloatArray)
  /// The path of a `.npy` file, as written: relative to the configuration's folder.
  case file(String)
}

/// Samples that are never trained on.
package enum ValidationSource: Equatable, Sendable {
  /// The last part of the training samples, as a fraction of them.
  case split(Double)
  case source(DataSource)
}

/// The layers and where their first weights come from.
package struct ModelConfig: Equatable, Sendable {
  package var layers: [LayerSpecification]
  /// The path of a safetensors or npz file, as written; nil for random weights.
  package var initialWeights: String?

  package init(layers: [LayerSpecification], initialWeights: String? = nil) {
    self.layers = layers
    self.initialWeights = initialWeights
  }
}

/// How the model is trained; the defaults are Keras's.
package struct TrainingConfig: Equatable, Sendable {
  package var epochs = 1
  package var batchSize = 32
  package var shuffle = true
  package var loss: Loss
  package var optimizer = OptimizerSpecification.adam
  package var metrics: [Metric] = []

  package init(loss: Loss) { self.loss = loss }
}

/// What is stored, and after how many epochs; 0 means never.
package struct RecordConfig: Equatable, Sendable {
  package var weightsEvery = 1
  package var optimizerEvery = 1
  package var predictionsEvery = 0

  package init() {}
}

import LabFormats

/// What is stored, and after how many epochs.
package struct RecordConfig: Equatable, Sendable {
  /// The epochs from one stored state of the weights to the next, from 1.
  package var weightsEvery = 1
  /// The same for the optimizer's state.
  package var optimizerEvery = 1
  /// The same for predictions of training and validation data; 0 stores none of them.
  package var predictionsEvery = 0
  /// The same for the gates and states of samples; 0 never stores them.
  package var activationsEvery = 0
  /// The training samples whose gates and states are stored, each once.
  package var activationSamples: [Int] = []

  /// By default every state is stored, and no predictions.
  package init() {}
}

extension RecordConfig {
  static var form: ObjectForm<RecordConfig> {
    ObjectForm(
      start: RecordConfig(),
      [
        Field(
          "weights", \.weightsEvery, every(from: 1),
          "The weights; the first epoch, the last and the one at which a signal stops the run always have them."
        ),
        Field("optimizer", \.optimizerEvery, every(from: 1), "The optimizer's state."),
        Field(
          "predictions", \.predictionsEvery, every(from: 0),
          "The outputs of all training and validation samples; those of test data are stored once."),
        Field(
          optional: "activations", \.activations, activationsRule,
          "The gates, cell states and hidden states of some samples."),
      ])
  }

  private static func every(from least: Int) -> Rule<Int> {
    .object(
      ObjectForm(
        start: least,
        [
          Field(
            required: "every", \.self, .count(from: least),
            "The number of epochs from one to the next"
              + (least == 0 ? "; 0 stores none." : "."))
        ]))
  }

  private static var activationsRule: Rule<(every: Int, samples: [Int])> {
    .object(
      ObjectForm(
        start: (every: 1, samples: []),
        [
          Field(
            "every", \.every, .count(from: 0),
            "The number of epochs from one to the next; 0 never stores them."),
          Field(
            required: "samples", \.samples, .set(of: .count(from: 0), upTo: 1000),
            "Training samples, counted from 0."),
        ]))
  }

  /// What is stored of some samples; nil where nothing is.
  private var activations: (every: Int, samples: [Int])? {
    get { activationsEvery == 0 ? nil : (activationsEvery, activationSamples) }
    set { (activationsEvery, activationSamples) = newValue ?? (0, []) }
  }
}

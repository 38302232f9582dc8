import LabFormats

/// What a resume needs besides weights and optimizer slots, as the JSON that an epoch stores.
///
/// Random numbers need nothing more: they depend on the seed and the epoch's number alone.
struct TrainingState: Equatable {
  /// The number of optimizer steps made.
  var iterations: Int
  /// The generator whose position the epoch's number is.
  var random = "philox4x32-10"
  /// Where the controls stand; not stored while they have nothing to remember.
  var controls = ControlState()
  /// The optimizer's slots that a foreign run has with the epoch; nil of our own, whose configuration tells.
  var slots: [String]?

  /// The state as one line of JSON; its numbers read back to the same bits.
  var json: String {
    guard controls == ControlState(), slots == nil else { return Self.form.text(self).compact }
    // What nearly every epoch of a small run stores: the form would take as long as all its other bytes.
    return #"{"iterations":\#(iterations),"random":"\#(random)"}"#
  }

  init(iterations: Int, controls: ControlState = ControlState()) {
    self.iterations = iterations
    self.controls = controls
  }

  /// What is known of a foreign run's training.
  init(iterations: Int, slots: [String]) {
    self.iterations = iterations
    self.slots = slots
    random = "unknown"
  }

  /// Reads what ``json`` wrote; `place` names the epoch in messages.
  init(json: String, place: String) throws(LabError) {
    let problems = ConfigProblems()
    guard let root = try? JSONDocument(json, source: "stored training state").root,
      let state = Rule.object(Self.form).read(
        ConfigNode(value: root, path: "", problems: problems)),
      problems.isEmpty
    else {
      throw LabError(
        .data, "the stored training state cannot be read: \(Visible.line(json))", where: place,
        next: "resume from an earlier epoch with --from")
    }
    self = state
  }

  static let form = ObjectForm(
    start: TrainingState(iterations: 0),
    [
      Field(required: "iterations", \.iterations, .integer(0...1 << 53)),
      Field(required: "random", \.random, .text),
      Field("controls", \.controls, .object(ControlState.form)).omittedAtDefault,
      Field(optional: "slots", \.slots, .array(of: .line(upTo: 100), upTo: 1_000)),
    ])
}

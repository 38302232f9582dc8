import Lab
import LabFormats
import Testing

/// The exact message for every mistake in a control.
@Suite struct ControlErrorTests {
  /// Members of `training`, and the message they are refused with.
  static let cases: [Case<String>] = [
    Case(
      #""clip_norm":0"#,
      "`training.clip_norm` is 0\n  allowed: a number above 0, not below 1e-45"),
    Case(
      #""clip_norm":1,"global_clip_norm":2"#,
      "`clip_norm` and `global_clip_norm` exclude each other\n"
        + "  `clip_norm` limits each tensor's gradient, `global_clip_norm` that of all together"),
    Case(
      #""early_stopping":{"monitor":"val_los"}"#,
      "`training.early_stopping.monitor` is \"val_los\"\n"
        + "  did you mean `val_loss`? allowed: one of val_loss, val_accuracy, "
        + "val_mean_absolute_error, val_mean_squared_error, val_precision, val_recall, "
        + "val_f1_score, val_auc, val_top_k_categorical_accuracy, val_r2_score, "
        + "val_root_mean_squared_error, val_mean_absolute_percentage_error, loss, accuracy, "
        + "mean_absolute_error, mean_squared_error, precision, recall, f1_score, auc, "
        + "top_k_categorical_accuracy, r2_score, root_mean_squared_error, "
        + "mean_absolute_percentage_error; the test data are for the end, not to choose by"),
    Case(
      #""early_stopping":{"restore_best_weights":true}"#,
      "unknown key `restore_best_weights` in training.early_stopping\n"
        + "  did you mean `restore_best`? allowed: monitor, mode, min_delta, patience, baseline, "
        + "restore_best, start_from_epoch"),
    Case(
      #""learning_rate_schedule":{"type":"exponential","decay_steps":1}"#,
      "`training.learning_rate_schedule.type` is \"exponential\"\n"
        + "  allowed: one of exponential_decay, inverse_time_decay, cosine_decay, "
        + "polynomial_decay, piecewise_constant_decay, reduce_on_plateau"),
    Case(
      #""learning_rate_schedule":{"type":"exponential_decay","decay_steps":0,"decay_rate":1}"#,
      "`training.learning_rate_schedule.decay_steps` is 0\n"
        + "  allowed: a whole number from 1 to 1000000000"),
    Case(
      #""learning_rate_schedule":{"type":"cosine_decay","decay_steps":5,"warmup_steps":2}"#,
      "`training.learning_rate_schedule.warmup_steps` has no `warmup_target`\n"
        + "  name the learning rate that the warm-up leads to"),
    Case(
      #""learning_rate_schedule":{"type":"piecewise_constant_decay","boundaries":[5],"values":[1]}"#,
      "`training.learning_rate_schedule.values` has 1 numbers for 1 boundaries\n"
        + "  give one value more than boundaries: the rate up to each, and the one beyond"),
    Case(
      #""learning_rate_schedule":{"type":"piecewise_constant_decay","boundaries":[5,5],"#
        + #""values":[1,2,3]}"#,
      "`training.learning_rate_schedule.boundaries` do not rise\n"
        + "  write the numbers of steps in order, each once"),
    Case(
      #""class_weight":{}"#,
      "`training.class_weight` is an object\n"
        + "  allowed: an object with one number for each class: {\"0\": 1.0, \"1\": 3.0}"),
    Case(
      #""class_weight":{"0":-1}"#,
      "`training.class_weight.0` is -1\n  allowed: a number from 0 to 3.4e38"
    ),
  ]

  @Test(arguments: cases) func `each mistake has its message`(example: Case<String>) {
    let json = ConfigErrorTests.config(training: #"{"loss":"huber",\#(example.input)}"#)
    let error = #expect(throws: LabError.self) { try Config(json: json, source: "c.json") }
    let text = error?.description.replacing(/\ \(c\.json:\d+:\d+\)/, with: "")
    #expect(text == example.message)
  }

  /// Controls that need what the data or the metrics do not have.
  static let misfits: [Case<String>] = [
    Case(
      #""loss":"binary_crossentropy","early_stopping":{}"#,
      "`training.early_stopping.monitor` is `val_loss`, but there are no validation data "
        + "(c.json)\n  add `data.validation`, such as { \"split\": 0.2 }, or set it to `loss`"),
    Case(
      #""loss":"huber","learning_rate_schedule":{"type":"reduce_on_plateau","monitor":"accuracy"}"#,
      "`training.learning_rate_schedule.monitor` is `accuracy`, which is not measured "
        + "(c.json)\n  add `accuracy` to `training.metrics`, or follow `loss`"),
    Case(
      #""loss":"huber","class_weight":{"0":2}"#,
      "`training.class_weight` has no meaning for `huber` (c.json)\n"
        + "  leave it out, or use a crossentropy, whose targets are classes"),
    Case(
      #""loss":"binary_crossentropy","class_weight":{"2":2}"#,
      "`training.class_weight` names `2`, which is no class (c.json)\n"
        + "  the classes are \"0\" to \"1\""
    ),
  ]

  @Test(arguments: misfits) func `a control that the data do not fit is refused`(
    example: Case<String>
  ) {
    example.expectRefusal { training in
      let json = ConfigErrorTests.config(training: "{\(training)}")
      return try TrainingPlan(Config(json: json, source: "c.json"))
    }
  }

  @Test func `class weights are found by name, and stand in one order`() throws {
    let config = try Config(
      json: ConfigErrorTests.config(
        training: #"{"loss":"huber","class_weight":{"b":1,"10":2,"9":3,"a":4}}"#),
      source: "c.json")
    #expect(
      config.normalised().contains(#""class_weight":{"9":3.0,"10":2.0,"a":4.0,"b":1.0}"#))
  }
}

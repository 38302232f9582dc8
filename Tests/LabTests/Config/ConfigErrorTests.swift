import Lab
import LabFormats
import Testing

/// The exact message for every mistake in a configuration.
@Suite struct ConfigErrorTests {
  /// A configuration with one part replaced.
  static func config(
    data: String = #"{"train":{"x":[[[1,2],[3,4]]],"y":[[1]]}}"#,
    layers: String = #"[{"type":"lstm","units":4},{"type":"dense","units":1}]"#,
    training: String = #"{"loss":"huber"}"#, more: String = ""
  ) -> String {
    "{\"data\":\(data),\n\"model\":{\"layers\":\(layers)},\n\"training\":\(training)\(more)}"
  }

  @Test(arguments: structure + values + arrays + layers)
  func `each mistake has its message`(example: Case<String>) {
    example.expectRefusal { try Config(json: $0, source: "c.json") }
  }

  static let structure: [Case<String>] = [
    Case(
      "[]",
      "the configuration is an array (c.json:1:1)\n"
        + "  write one object: { \"data\": …, \"model\": …, \"training\": … }"),
    Case(
      "{}",
      "`data` is missing (c.json:1:1)\n  allowed: an object { … }\n"
        + "error: `model` is missing (c.json:1:1)\n  allowed: an object { … }\n"
        + "error: `training` is missing (c.json:1:1)\n  allowed: an object { … }"),
    Case(
      config(layers: #"[{"type":"lstm","unit":4}]"#),
      "`model.layers[0].units` is missing (c.json:2:20)\n"
        + "  allowed: a whole number from 1 to 1000000\n"
        + "error: unknown key `unit` in model.layers[0] (c.json:2:35)\n"
        + "  did you mean `units`? allowed: type, name, trainable, units, activation, "
        + "recurrent_activation, use_bias, unit_forget_bias, return_sequences, dropout, "
        + "recurrent_dropout"),
    Case(
      config(more: ",\n\"nmae\":\"a\""),
      "unknown key `nmae` (c.json:4:1)\n"
        + "  did you mean `name`? allowed: $schema, name, seed, tags, notes, data, model, "
        + "training, record"),
    Case(
      config(training: #"{"loss":"huber","verbose":1}"#),
      "unknown key `verbose` in training (c.json:3:28)\n"
        + "  allowed: loss, epochs, batch_size, shuffle, optimizer, metrics, class_weight, "
        + "clip_value, clip_norm, global_clip_norm, learning_rate_schedule, early_stopping"),
    Case(
      config(more: #","x\u001b[2J":1"#),
      "unknown key `x␛[2J` (c.json:3:29)\n"
        + "  allowed: $schema, name, seed, tags, notes, data, model, training, record"),
    Case(
      config(training: "{}"),
      "`training.loss` is missing (c.json:3:12)\n"
        + "  allowed: one of binary_crossentropy, categorical_crossentropy, "
        + "sparse_categorical_crossentropy, mean_squared_error, mean_absolute_error, huber"),
    Case(
      config(data: #"{"train":{"x":"x.npy","y":"y.npy"},"validation":{"x":"v.npy"}}"#),
      "`data.validation.y` is missing (c.json:1:57)\n"
        + "  allowed: nested arrays of numbers, the path of a .npy file, or of an array in an .npz "
        + "file, such as \"data.npz:x\""),
    Case(
      config(
        data:
          #"{"train":{"x":"x.npy","y":"y.npy"},"validation":{"x":"v.npy","y":"w.npy","split":0.5}}"#
      ),
      "unknown key `split` in data.validation (c.json:1:82)\n  allowed: x, y, lengths, padding, missing"
    ),
  ]

  static let values: [Case<String>] = [
    Case(
      config(training: #"{"loss":"mse"}"#),
      "`training.loss` is \"mse\" (c.json:3:20)\n"
        + "  did you mean `mean_squared_error`? allowed: one of binary_crossentropy, "
        + "categorical_crossentropy, sparse_categorical_crossentropy, mean_squared_error, "
        + "mean_absolute_error, huber"),
    Case(
      config(training: #"{"loss":"huber","epochs":0}"#),
      "`training.epochs` is 0 (c.json:3:37)\n"
        + "  allowed: a whole number from 1 to 1000000000"),
    Case(
      config(training: #"{"loss":"huber","epochs":10.0}"#),
      "`training.epochs` is 10.0 (c.json:3:37)\n"
        + "  allowed: a whole number from 1 to 1000000000"),
    Case(
      config(training: #"{"loss":"huber","batch_size":"3"}"#),
      "`training.batch_size` is \"3\" (c.json:3:41)\n"
        + "  allowed: a whole number from 1 to 1000000000"),
    Case(
      config(training: #"{"loss":"huber","shuffle":1}"#),
      "`training.shuffle` is 1 (c.json:3:38)\n  allowed: true or false"),
    Case(
      config(training: #"{"loss":"huber","metrics":["accuracy","accuracy"]}"#),
      "`training.metrics[1]` repeats an earlier element (c.json:3:38)\n"
        + "  list each only once"),
    Case(
      config(training: #"{"loss":"huber","optimizer":"adan"}"#),
      "`training.optimizer` is \"adan\" (c.json:3:40)\n"
        + "  did you mean `adam`? allowed: one of sgd, adam, adamw, rmsprop"),
    Case(
      config(training: #"{"loss":"huber","optimizer":null}"#),
      "`training.optimizer` is null (c.json:3:40)\n"
        + "  allowed: one of sgd, adam, adamw, rmsprop, or an object with `type`"),
    Case(
      config(training: #"{"loss":"huber","optimizer":{"type":"adam","lr":1}}"#),
      "unknown key `lr` in training.optimizer (c.json:3:55)\n"
        + "  did you mean `learning_rate`? allowed: type, learning_rate, beta_1, beta_2, "
        + "epsilon, amsgrad"),
    Case(
      config(training: #"{"loss":"huber","optimizer":{"type":"adam","beta_1":0.99999999}}"#),
      "`training.optimizer.beta_1` is 0.99999999 (c.json:3:64)\n"
        + "  allowed: a number from 0 to below 1 in float32, so at most 0.9999999"),
    Case(
      config(training: #"{"loss":"huber","optimizer":{"type":"adam","epsilon":1e-60}}"#),
      "`training.optimizer.epsilon` is 1e-60 (c.json:3:65)\n"
        + "  allowed: a number above 0, not below 1e-45"),
    Case(
      config(training: #"{"loss":"huber","optimizer":{"type":"sgd","learning_rate":-1e-3}}"#),
      "`training.optimizer.learning_rate` is -1e-3 (c.json:3:70)\n"
        + "  allowed: a number from 0 to 3.4e38"),
    Case(
      config(more: #","seed":9223372036854775808"#),
      "`seed` is 9223372036854775808 (c.json:3:36)\n"
        + "  allowed: a whole number from 0 to 9223372036854775807"),
    Case(
      config(more: #","name":"12""#),
      "`name` is \"12\" (c.json:3:36)\n"
        + "  allowed: a text of 1 to 200 characters, not a number, without `@` and control "
        + "characters, not beginning with `-` or a space"),
    Case(
      config(more: #","record":{"weights":{"every":0}}"#),
      "`record.weights.every` is 0 (c.json:3:58)\n"
        + "  allowed: a whole number from 1 to 1000000000"),
    Case(
      config(
        data: #"{"train":{"x":"x.npy","y":"y.npy"},"validation":{"split":1}}"#),
      "`data.validation.split` is 1 (c.json:1:66)\n"
        + "  allowed: a number above 0 and below 1"),
  ]

  static let arrays: [Case<String>] = [
    Case(
      config(data: #"{"train":{"x":[[[1,2],[3,4]],[[1,2],[3]]],"y":[[1],[2]]}}"#),
      "`data.train.x[1][1]` has 1 number where 2 were expected (c.json:1:45)\n"
        + "  make it as long as the first of its level"),
    Case(
      config(data: #"{"train":{"x":[[[1,2],[3,4]],[]],"y":[[1],[2]]}}"#),
      "`data.train.x[1]` is empty (c.json:1:38)\n"
        + "  x is an array of samples, each an array of time steps, each of numbers"),
    Case(
      config(data: #"{"train":{"x":[[[1,2],[3,4]],5],"y":[[1],[2]]}}"#),
      "`data.train.x[1]` is 5 where an array was expected (c.json:1:38)\n"
        + "  all elements of one level must have as many levels of brackets"),
    Case(
      config(data: #"{"train":{"x":[[[1,2],[3,4]]],"y":[[1]],"lengths":[0]}}"#),
      "`data.train.lengths[0]` is 0 (c.json:1:60)\n"
        + "  allowed: a whole number from 1 to 1099511627776"),
    Case(
      config(data: #"{"train":{"x":[[[1,2],[3,[4]]]],"y":[[1]]}}"#),
      "`data.train.x[0][1][1]` is an array where a number was expected (c.json:1:34)\n"
        + "  all elements of one level must have as many levels of brackets"),
    Case(
      config(data: #"{"train":{"x":[[[1,2],3]],"y":[[1]]}}"#),
      "`data.train.x[0][1]` is 3 where an array of 2 numbers was expected "
        + "(c.json:1:31)\n  all elements of one level must have as many levels of brackets"),
    Case(
      config(data: #"{"train":{"x":[[[1,true]]],"y":[[1]]}}"#),
      "`data.train.x[0][0][1]` is true where a number was expected (c.json:1:28)\n"
        + "  all elements of one level must have as many levels of brackets"),
    Case(
      config(data: #"{"train":{"x":[[[1,1e39]]],"y":[[1]]}}"#),
      "`data.train.x[0][0][1]` is 1e39, too large for float32 (c.json:1:28)\n"
        + "  scale the data: the largest float32 is 3.4028235e38"),
    Case(
      config(data: #"{"train":{"x":[[1,2]],"y":[[1]]}}"#),
      "`data.train.x` has 2 levels of brackets (c.json:1:23)\n"
        + "  x is an array of samples, each an array of time steps, each of numbers"),
    Case(
      config(data: #"{"train":{"x":[[[[1]]]],"y":[[1]]}}"#),
      "`data.train.x` has more than 3 levels of brackets (c.json:1:23)\n"
        + "  x is an array of samples, each an array of time steps, each of numbers"),
    Case(
      config(data: #"{"train":{"x":[[]],"y":[]}}"#),
      "`data.train.x[0]` is empty (c.json:1:24)\n"
        + "  x is an array of samples, each an array of time steps, each of numbers\n"
        + "error: `data.train.y` is empty (c.json:1:32)\n"
        + "  y is an array of samples: numbers, arrays of outputs, or arrays of time steps"),
    Case(
      config(data: #"{"train":{"x":"x.csv","y":[[1]]}}"#),
      "`data.train.x` is \"x.csv\" (c.json:1:23)\n"
        + "  allowed: nested arrays of numbers, the path of a .npy file, or of an array in an .npz "
        + "file, such as \"data.npz:x\""),
  ]

  static let layers: [Case<String>] = [
    Case(
      config(layers: "[]"),
      "`model.layers` is an array (c.json:2:19)\n  allowed: an array of 1 to 1000 layers"),
    Case(
      config(layers: #"[{"type":"conv","units":4,"filters":5}]"#),
      "`model.layers[0].type` is \"conv\" (c.json:2:28)\n"
        + "  allowed: one of lstm, gru, simple_rnn, bidirectional, dense, embedding, dropout"),
    Case(
      config(layers: #"[{"units":4}]"#),
      "`model.layers[0].type` is missing (c.json:2:20)\n"
        + "  allowed: one of lstm, gru, simple_rnn, bidirectional, dense, embedding, dropout"),
    Case(
      config(
        layers: """
          [{"type":"lstm","units":4,"activation":"softmax","recurrent_activation":"softmax"}]
          """),
      "`model.layers[0].activation` is \"softmax\" (c.json:2:58)\n"
        + "  allowed: one of linear, sigmoid, tanh, relu; "
        + "softmax needs a whole row of outputs, so only a dense layer has it\n"
        + "error: `model.layers[0].recurrent_activation` is \"softmax\" (c.json:2:91)\n"
        + "  allowed: one of linear, sigmoid, tanh, relu; "
        + "softmax needs a whole row of outputs, so only a dense layer has it"),
    Case(
      config(layers: #"[{"type":"dense","units":4,"activation":"tanhh"}]"#),
      "`model.layers[0].activation` is \"tanhh\" (c.json:2:59)\n"
        + "  did you mean `tanh`? allowed: one of linear, sigmoid, tanh, relu, softmax"),
    Case(
      config(layers: #"[{"type":"dense","units":4,"name":"a/b"}]"#),
      "`model.layers[0].name` is \"a/b\" (c.json:2:53)\n"
        + "  allowed: 1 to 100 of the characters A-Z a-z 0-9 _ . -"),
    Case(
      config(layers: #"[{"type":"dense","units":4},{"type":"dense","units":4,"name":"dense"}]"#),
      "two layers are named `dense`, the second at model.layers[1] (c.json:2:47)\n"
        + "  give one of them another `name`"),
    Case(
      config(layers: #"[{"type":"lstm","units":1000000}]"#),
      "the model has more than 1073741824 parameters up to layer `lstm` "
        + "(c.json, model.layers)\n"
        + "  use fewer units: it has 2 inputs and 1000000 units"),
  ]

  @Test func `ten problems are told at most`() throws {
    let layers = (0..<14).map { _ in #"{"type":"dense","units":0}"# }.joined(separator: ",")
    let error = #expect(throws: LabError.self) {
      try Config(json: Self.config(layers: "[\(layers)]"), source: "c.json")
    }
    let lines = try #require(error?.description.split(separator: "\n"))
    #expect(lines.count == 22)
    #expect(lines.suffix(2) == ["error: 4 more", "  correct the ones above first"])
  }
}

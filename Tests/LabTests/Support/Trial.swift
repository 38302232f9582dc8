/// The configuration of a small run for tests: everything that a test does not name is fixed.
struct Trial {
  var name = "trial"
  var seed = 1
  var epochs = 6
  var samples = 7
  var steps = 3
  var features = 2
  var batch = 3
  var layers = #"[{"type":"lstm","units":5},{"type":"dense","units":2,"activation":"sigmoid"}]"#
  var loss = "binary_crossentropy"
  var optimizer = #"{"type":"adam","learning_rate":0.01}"#
  /// More members of `training`, each after a comma.
  var controls = ""
  /// Whether there are test data.
  var hasTest = false
  /// Where it is set, the numbers of the data are whole, from 0 to below it.
  var vocabulary: Int?
  /// Whether samples have up to two steps less than `steps`.
  var isRagged = false
  /// The members of `record`.
  var record = ""
  /// More members of the whole.
  var more = ""
  /// Replaces x and y of the training data.
  var train: String?
  /// Members of `model` after its layers.
  var model = ""

  /// The numbers of some samples, multiples of 1/64, and so exact in float32.
  private func numbers(_ samples: Int, seed: UInt64) -> String {
    var random = CounterRandom(seed: seed)
    func list(_ count: Int, _ element: () -> String) -> String {
      "[" + (0..<count).map { _ in element() }.joined(separator: ",") + "]"
    }
    var sample = -1
    return list(samples) {
      sample += 1
      return list(isRagged ? steps - sample % 3 : steps) {
        list(features) {
          let number = random.next()
          return vocabulary.map { "\(number % UInt64($0))" }
            ?? "\(Double(Int(number % 257) - 128) / 64)"
        }
      }
    }
  }

  private func targets(_ count: Int) -> String {
    "[" + (0..<count).map { $0 % 3 == 0 ? "[0,1]" : "[1,0]" }.joined(separator: ",") + "]"
  }

  var json: String {
    let train =
      train ?? #"{"x":\#(numbers(samples, seed: 7)),"y":\#(targets(samples))}"#
    let validation = #"{"x":\#(numbers(2, seed: 8)),"y":\#(targets(2))}"#
    let test =
      hasTest
      ? #","test":{"x":\#(numbers(4, seed: 9)),"y":\#(targets(4))}"# : ""
    return """
      {"name":"\(name)","seed":\(seed),
      "data":{"train":\(train),"validation":\(validation)\(test)},
      "model":{"layers":\(layers)\(model)},
      "training":{"epochs":\(epochs),"batch_size":\(batch),"loss":"\(loss)","optimizer":\(optimizer),
      "metrics":["accuracy","mean_absolute_error","mean_squared_error"]\(controls)},
      "record":{\(record)}\(more)}
      """
  }
}

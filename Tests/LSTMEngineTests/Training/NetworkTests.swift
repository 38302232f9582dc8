import LSTMEngine
import Testing

/// What a network computes depends on weights, samples and order alone.
@Suite struct NetworkTests {
  @Test(arguments: Experiment.table, [2, 3, 8])
  func `threads do not change a bit`(experiment: Experiment, threads: Int) throws {
    let one = try experiment.network(), several = try experiment.network(threads: threads)
    let expected = experiment.train(one, epochs: 1...experiment.epochs)
    let measured = experiment.train(several, epochs: 1...experiment.epochs)
    #expect(measured.count == experiment.epochs)
    #expect(measured == expected)
    #expect(bits(several) == bits(one))
  }

  @Test(arguments: Experiment.table, Kernels.available)
  func `levels do not change a bit`(experiment: Experiment, level: String) throws {
    let one = try experiment.network(), other = try experiment.network(level: level)
    let expected = experiment.train(one, epochs: 1...experiment.epochs)
    #expect(experiment.train(other, epochs: 1...experiment.epochs) == expected)
    #expect(bits(other) == bits(one))
  }

  @Test(arguments: Experiment.table)
  func `going on from any epoch gives the same bits`(experiment: Experiment) throws {
    let whole = try experiment.network()
    _ = experiment.train(whole, epochs: 1...experiment.epochs)
    for stop in 1..<experiment.epochs {
      let first = try experiment.network()
      _ = experiment.train(first, epochs: 1...stop)
      let snapshot = first.snapshot()
      let second = Network(experiment.description, threads: 1)
      second.restore(
        weights: second.layout.tensors.map { $0.values(in: snapshot.weights) },
        slots: snapshot.slots.map { slot in second.layout.tensors.map { $0.values(in: slot) } },
        iterations: snapshot.iterations)
      _ = experiment.train(second, epochs: stop + 1...experiment.epochs)
      #expect(bits(second) == bits(whole))
    }
  }

  /// A sample's output does not depend on its batch: how many rows there are, or which is its own.
  @Test(arguments: Experiment.table)
  func `each sample is computed alone`(experiment: Experiment) throws {
    let network = try experiment.network()
    _ = experiment.train(network, epochs: 1...1)
    let set = experiment.set
    var together: [Float]? = []
    _ = network.evaluate(set, predictions: &together)
    var place = 0
    for sample in 0..<set.count {
      var output: [Float]? = []
      _ = network.evaluate(set.alone(sample), predictions: &output)
      let rows = experiment.sequences ? set.steps(of: sample) : 1
      let width = rows * experiment.outputs
      #expect(output?.count == width)
      #expect(output == together.map { Array($0[place..<place + width]) })
      place += width
    }
    #expect(together?.count == place)
  }

  @Test func `a loss that is not finite stops the epoch`() throws {
    let experiment = Experiment(
      optimizer: OptimizerSpecification(kind: .sgd(momentum: 0, nesterov: false), learningRate: 1))
    let network = try experiment.network()
    let set = experiment.set
    let result = network.trainEpoch(set, order: Array(0..<10), learningRate: .infinity)
    #expect(result == .diverged(batch: 2))
  }

  @Test func `an epoch stops when asked`() throws {
    let network = try Experiment().network()
    var asked: [Int] = []
    let result = network.trainEpoch(Experiment().set, order: Array(0..<10), learningRate: 0.01) {
      asked.append($0)
      return $0 < 2
    }
    #expect(result == .stopped)
    #expect(asked == [1, 2])
  }

  private func bits(_ network: Network) -> [UInt32] {
    let snapshot = network.snapshot()
    let all = [snapshot.weights] + snapshot.slots
    return all.flatMap { flat in
      network.layout.tensors.flatMap { $0.values(in: flat).map(\.bitPattern) }
    }
  }
}

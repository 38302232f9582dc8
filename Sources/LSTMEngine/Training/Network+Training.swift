internal import LSTMKernels

extension Network {
  /// Trains one epoch: the samples in `order`, in batches, with one optimizer step each.
  ///
  /// After each batch `goOn` is asked with the number of batches done; false stops the epoch, and the
  /// state is then between two epochs.
  package func trainEpoch(
    _ set: SampleSet, order: [Int], learningRate: LearningRate, goOn: (Int) -> Bool = { _ in true }
  ) -> EpochResult {
    var measurement = Measurement(metrics: description.metrics.count)
    let batches = description.batches(of: order.count)
    for index in 0..<batches {
      let first = index * description.batchSize
      let batch = batchRows.arrange(
        set, order, first: first, size: min(description.batchSize, order.count - first),
        iteration: iterations)
      trainBatch(set, batch, learningRate: learningRate)
      measure(batch, into: &measurement)
      runningLoss = measurement.loss
      guard runningLoss.isFinite else { return .diverged(batch: index + 1) }
      guard goOn(index + 1) else { return .stopped }
    }
    guard weightsAreFinite else { return .diverged(batch: batches) }
    return .finished(measurement)
  }

  /// Trains one epoch with the same learning rate for every step.
  package func trainEpoch(
    _ set: SampleSet, order: [Int], learningRate: Double, goOn: (Int) -> Bool = { _ in true }
  ) -> EpochResult {
    trainEpoch(set, order: order, learningRate: .constant(learningRate), goOn: goOn)
  }

  /// Makes one optimizer step. Members of the team take sequences first, then columns of the weights;
  /// they meet once more where the norms of gradients are limited.
  private func trainBatch(_ set: SampleSet, _ batch: Batch, learningRate: LearningRate) {
    team.run { member in
      let sequences = batch.share(member: member, of: team.members)
      forward(set, batch, sequences)
      computeLoss(batch, sequences, isTraining: true)
      for layer in backwardLayers { layer.backward(batch, sequences: sequences) }
    }
    probe?.begin(batch, self)
    let settings = optimizer.specification.settings(
      iteration: iterations, learningRate: learningRate.at(iteration: iterations))
    settingsOfStep = settings
    if clipper.needsNorms {
      team.run { member in
        for layer in trainedLayers { takeGradients(of: layer, batch, member: member) }
      }
      clipper.decide()
      team.run { member in
        for layer in trainedLayers {
          let panels = team.share(of: layer.placement.panels, member: member)
          clipper.scale(layer.placement, panels: panels, parameters)
          update(layer, settings, panels: panels)
        }
      }
    } else {
      team.run { member in
        for layer in trainedLayers {
          let panels = takeGradients(of: layer, batch, member: member)
          update(layer, settings, panels: panels)
        }
      }
    }
    iterations += 1
    probe?.end(self)
  }

  /// Computes a member's share of a layer's gradients and returns its panels.
  @discardableResult
  private func takeGradients(of layer: any Layer, _ batch: Batch, member: Int) -> Range<Int> {
    let panels = team.share(of: layer.placement.panels, member: member)
    layer.accumulateGradients(batch, panels: panels)
    probe?.look(layer.placement, panels: panels, self)
    clipper.measure(layer.placement, panels: panels, parameters)
    return panels
  }

  /// Applies the gradients of some of a layer's panels.
  private func update(_ layer: any Layer, _ settings: lk_optimizer, panels: Range<Int>) {
    let placement = layer.placement
    optimizer.apply(
      settings, kernels,
      range: placement.offset(
        panel: panels.lowerBound)..<placement.offset(panel: panels.upperBound),
      parameters)
    layer.weightsChanged(panels: panels)
  }

  /// Measures a set with the present weights, in batches of the same size and in order.
  ///
  /// With `predictions`, the outputs of all rows in the set's order are appended to it.
  package func evaluate(_ set: SampleSet, predictions: inout [Float]?) -> Measurement {
    var measurement = Measurement(metrics: description.metrics.count)
    let order = Array(0..<set.count)
    if predictions != nil {
      predictions = [Float](repeating: 0, count: set.outputRows * head.outputs)
    }
    for first in stride(from: 0, to: set.count, by: description.batchSize) {
      let batch = batchRows.arrange(
        set, order, first: first, size: min(description.batchSize, set.count - first),
        iteration: nil)
      team.run { member in
        let sequences = batch.share(member: member, of: team.members)
        forward(set, batch, sequences)
        computeLoss(batch, sequences)
      }
      measure(batch, into: &measurement)
      if predictions != nil { collect(set, batch, into: &predictions) }
    }
    return measurement
  }

  private func measure(_ batch: Batch, into measurement: inout Measurement) {
    unsafe measurement.add(
      sequences: batch.size, rows: outputRows(batch), loss: head.losses,
      metrics: head.metricValues)
  }

  private func collect(_ set: SampleSet, _ batch: Batch, into predictions: inout [Float]?) {
    for b in 0..<batch.size {
      for (t, place) in outputRows(set, batch, b).enumerated() {
        let output = unsafe head.prediction(row: batch.starts[t] + b)
        predictions?.replaceSubrange(
          place * head.outputs..<(place + 1) * head.outputs, with: output)
      }
    }
  }

  private func outputRows(_ batch: Batch) -> Int {
    head.everyStep ? batch.rows : batch.size
  }

  /// Returns the rows of the set's outputs that belong to sequence `b` of the batch.
  func outputRows(_ set: SampleSet, _ batch: Batch, _ b: Int) -> Range<Int> {
    let sample = unsafe batch.samples[b]
    return head.everyStep ? set.outputRows(of: sample) : sample..<sample + 1
  }

  /// Returns the rows of the set's targets that belong to sequence `b` of the batch.
  private func targetRows(_ set: SampleSet, _ batch: Batch, _ b: Int) -> Range<Int> {
    let sample = unsafe batch.samples[b]
    return head.everyStep ? set.rows(of: sample) : sample..<sample + 1
  }

  func forward(_ set: SampleSet, _ batch: Batch, _ sequences: Range<Int>) {
    unsafe set.x.withUnsafeBufferPointer { x in
      guard let x = x.baseAddress else { return }
      for b in sequences {
        let rows = unsafe set.rows(of: batch.samples[b])
        unsafe lk_spread(
          x + rows.lowerBound * set.features, set.rate * set.features, rows.count, set.features,
          samples.panels(), batch.starts, b)
        head.setTargets(set.targets, rows: targetRows(set, batch, b), b: b, batch: batch)
      }
    }
    for layer in layers { layer.forward(batch, sequences: sequences) }
  }

  /// Computes the loss of some sequences and its gradient.
  ///
  /// - Parameters:
  ///   - total: The number of rows that the loss is the mean of; by default all of the batch's.
  ///   - isTraining: Whether rows have the weights of their classes.
  func computeLoss(
    _ batch: Batch, _ sequences: Range<Int>, of total: Int? = nil, isTraining: Bool = false
  ) {
    let total = total ?? outputRows(batch)
    batch.forEachStep(sequences, of: head.everyStep ? batch.steps : 1) { rows in
      head.computeLoss(rows: rows, of: total)
      if isTraining { head.weigh(rows: rows) }
    }
  }

  /// Whether every weight is finite.
  private var weightsAreFinite: Bool {
    unsafe kernels.table.finite(layout.floats, parameters.weights) != 0
  }
}

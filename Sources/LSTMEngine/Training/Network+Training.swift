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
    let batches = (order.count + description.batchSize - 1) / description.batchSize
    for index in 0..<batches {
      let first = index * description.batchSize
      let batch = Batch(size: min(description.batchSize, order.count - first), steps: set.steps)
      trainBatch(set, order, first: first, batch, learningRate: learningRate)
      unsafe measurement.add(
        rows: outputRows(batch), loss: head.losses, metrics: head.metricValues)
      guard measurement.loss.isFinite else { return .diverged(batch: index + 1) }
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

  /// Makes one optimizer step. Members of the team take rows first, then columns of the weights; they
  /// meet once more where the norms of gradients are limited.
  private func trainBatch(
    _ set: SampleSet, _ order: [Int], first: Int, _ batch: Batch, learningRate: LearningRate
  ) {
    team.run { member in
      let rows = team.share(of: batch.size, member: member)
      forward(set, order, first: first, batch, rows: rows)
      computeLoss(batch, rows: rows, isTraining: true)
      for layer in layers.reversed() { layer.backward(batch, rows: rows) }
    }
    let settings = optimizer.specification.settings(
      iteration: iterations, learningRate: learningRate.at(iteration: iterations))
    if clipper.needsNorms {
      team.run { member in
        for layer in layers { takeGradients(of: layer, batch, member: member) }
      }
      clipper.decide()
      team.run { member in
        for layer in layers {
          let panels = team.share(of: layer.placement.panels, member: member)
          clipper.scale(layer.placement, panels: panels, parameters)
          update(layer, settings, panels: panels)
        }
      }
    } else {
      team.run { member in
        for layer in layers {
          let panels = takeGradients(of: layer, batch, member: member)
          update(layer, settings, panels: panels)
        }
      }
    }
    iterations += 1
  }

  /// Computes a member's share of a layer's gradients and returns its panels.
  @discardableResult
  private func takeGradients(of layer: any Layer, _ batch: Batch, member: Int) -> Range<Int> {
    let panels = team.share(of: layer.placement.panels, member: member)
    layer.accumulateGradients(batch, panels: panels)
    clipper.measure(layer.placement, panels: panels, parameters)
    return panels
  }

  /// Applies the gradients of some of a layer's panels.
  private func update(_ layer: any Layer, _ settings: lk_optimizer, panels: Range<Int>) {
    let placement = layer.placement
    let start = placement.offset + panels.lowerBound * placement.panelStride
    optimizer.apply(
      settings, kernels, range: start..<(start + panels.count * placement.panelStride),
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
      predictions = [Float](repeating: 0, count: set.targets.rows * head.outputs)
    }
    for first in stride(from: 0, to: set.count, by: description.batchSize) {
      let batch = Batch(size: min(description.batchSize, set.count - first), steps: set.steps)
      team.run { member in
        let rows = team.share(of: batch.size, member: member)
        forward(set, order, first: first, batch, rows: rows)
        computeLoss(batch, rows: rows)
      }
      unsafe measurement.add(
        rows: outputRows(batch), loss: head.losses, metrics: head.metricValues)
      if predictions != nil { collect(batch, first: first, into: &predictions) }
    }
    return measurement
  }

  private func collect(_ batch: Batch, first: Int, into predictions: inout [Float]?) {
    for row in 0..<outputRows(batch) {
      let output = head.prediction(batch, row: row)
      let place = setRow(row, batch, sample: first + row % batch.size)
      predictions?.replaceSubrange(place * head.outputs..<(place + 1) * head.outputs, with: output)
    }
  }

  private func outputRows(_ batch: Batch) -> Int {
    description.outputHasSteps ? batch.size * batch.steps : batch.size
  }

  /// Returns the row of the set's targets that belongs to a row of the batch's output.
  private func setRow(_ row: Int, _ batch: Batch, sample: Int) -> Int {
    description.outputHasSteps ? sample * batch.steps + row / batch.size : sample
  }

  private func forward(
    _ set: SampleSet, _ order: [Int], first: Int, _ batch: Batch, rows: Range<Int>
  ) {
    let targetSteps = description.outputHasSteps ? batch.steps : 1
    let size = set.steps * set.features
    unsafe set.x.withUnsafeBufferPointer { x in
      guard let x = x.baseAddress else { return }
      for b in rows {
        let sample = order[first + b]
        unsafe lk_spread(
          x + sample * size, batch.steps, set.features, samples.panels(), b, batch.size)
        head.setTargets(set.targets, sample: sample, b: b, batch: batch, steps: targetSteps)
      }
    }
    for layer in layers { layer.forward(batch, rows: rows) }
  }

  private func computeLoss(_ batch: Batch, rows: Range<Int>, isTraining: Bool = false) {
    let total = outputRows(batch)
    for t in 0..<(description.outputHasSteps ? batch.steps : 1) {
      let rows = t * batch.size + rows.lowerBound..<t * batch.size + rows.upperBound
      head.computeLoss(batch, rows: rows, of: total)
      if isTraining { head.weigh(batch, rows: rows) }
    }
  }

  /// Whether every weight is finite.
  private var weightsAreFinite: Bool {
    unsafe kernels.table.finite(layout.floats, parameters.weights) != 0
  }
}

internal import LSTMKernels

/// Arranges the sequences of one batch after the other in the rows of the network's matrices.
@safe final class BatchRows {
  private let shape: BatchShape
  private let starts: UnsafeMutablePointer<Int>  // (T + 1)
  private let lengths: UnsafeMutablePointer<Int>  // (B)
  private let samples: UnsafeMutablePointer<Int>  // (B)
  private let lastRows: UnsafeMutablePointer<Int>  // (B)
  private let runs: UnsafeMutablePointer<lk_run>  // (1 + min(B, T))
  /// The batch before, where its sequences were equally long: another of its size and length has all
  /// in the same rows.
  private var equalBatch: Batch?

  /// Returns the number of floats that the arrangement takes from the arena.
  static func floats(_ shape: BatchShape) -> Double {
    let size = Double(shape.size), steps = Double(shape.steps)
    // Each piece is rounded up to a whole number of lanes.
    return 2 * (steps + 1 + 3 * size + 2 * (1 + min(size, steps))) + 5 * Double(lanes)
  }

  init(_ shape: BatchShape, arena: Arena) {
    self.shape = shape
    unsafe starts = arena.takeWords(shape.steps + 1, as: Int.self)
    unsafe lengths = arena.takeWords(shape.size, as: Int.self)
    unsafe samples = arena.takeWords(shape.size, as: Int.self)
    unsafe lastRows = arena.takeWords(shape.size, as: Int.self)
    unsafe runs = arena.takeWords(1 + min(shape.size, shape.steps), as: lk_run.self)
    unsafe runs[0] = lk_run(first: 0, lag: 0)
  }

  /// Returns the batch of `size` of the set's sequences, order[first], order[first + 1], …; the one
  /// before is no longer valid. Sequences of one length stay in their order. `iteration` is the
  /// number of the optimizer step, nil where nothing is trained.
  func arrange(_ set: SampleSet, _ order: [Int], first: Int, size: Int, iteration: Int?) -> Batch {
    precondition(
      size <= shape.size && set.steps <= shape.steps,
      "\(size) × \(set.steps) in \(shape.size) × \(shape.steps)")
    if var batch = equalBatch, set.areEquallyLong, batch.size == size, batch.steps == set.steps {
      for b in 0..<size { unsafe samples[b] = order[first + b] }
      batch.iteration = iteration
      return batch
    }
    var batch = arrange(set, order, first: first, size: size)
    batch.iteration = iteration
    equalBatch = set.areEquallyLong ? batch : nil
    return batch
  }

  private func arrange(_ set: SampleSet, _ order: [Int], first: Int, size: Int) -> Batch {
    let rows = sort(set, order, first: first, size: size)
    let steps = unsafe lengths[0]
    var reaching = size
    unsafe starts[0] = 0
    for t in 0..<steps {
      while unsafe lengths[reaching - 1] <= t { reaching -= 1 }
      unsafe starts[t + 1] = starts[t] + reaching
    }
    for b in 0..<size { unsafe lastRows[b] = starts[lengths[b] - 1] + b }
    return unsafe Batch(
      size: size, steps: steps, rows: rows, starts: starts, lengths: lengths, samples: samples,
      lastRows: lastRows, laterRuns: runs + 1, laterRunCount: findRuns(steps: steps), allRows: runs)
  }

  /// Sets `samples` and `lengths`, longest first; returns the sum of the lengths.
  private func sort(_ set: SampleSet, _ order: [Int], first: Int, size: Int) -> Int {
    // What is sorted says both how much shorter than the longest a sequence is and where it was.
    var keys = unsafe UnsafeMutableBufferPointer(start: samples, count: size)
    var isSorted = true
    for b in 0..<size {
      let key = (set.steps - set.steps(of: order[first + b])) * size + b
      if b > 0, unsafe key < keys[b - 1] { isSorted = false }
      unsafe keys[b] = key
    }
    if !isSorted { unsafe keys.sort() }
    var rows = 0
    for b in 0..<size {
      let sample = unsafe order[first + keys[b] % size]
      unsafe samples[b] = sample
      unsafe lengths[b] = set.steps(of: sample)
      unsafe rows += lengths[b]
    }
    return rows
  }

  /// Sets the runs of rows with one distance to the step before; returns their number.
  private func findRuns(steps: Int) -> Int {
    var count = 0
    for t in stride(from: 1, to: steps, by: 1) {
      let lag = unsafe starts[t] - starts[t - 1]
      if unsafe count == 0 || runs[count].lag != lag {
        count += 1
        unsafe runs[count] = unsafe lk_run(first: starts[t], lag: lag)
      }
    }
    return count
  }
}

extension Arena {
  /// Returns a zeroed piece for `count` values of words of 64 bits.
  fileprivate func takeWords<Value: BitwiseCopyable>(
    _ count: Int, as type: Value.Type
  ) -> UnsafeMutablePointer<Value> {
    let floats = count * MemoryLayout<Value>.stride / MemoryLayout<Float>.stride
    return unsafe UnsafeMutableRawPointer(take(floats)).bindMemory(to: type, capacity: count)
  }
}

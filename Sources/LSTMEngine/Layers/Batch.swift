internal import LSTMKernels

/// The greatest batch that a network computes: `size` sequences of `steps` time steps.
struct BatchShape {
  let size: Int
  let steps: Int

  /// The rows of a matrix with one for each time step of each sequence; no size overflows.
  var rows: Double { Double(size) * Double(steps) }

  /// The rows of a matrix with one for each time step of each sequence, or for each sequence.
  func rows(everyStep: Bool) -> Double { everyStep ? rows : Double(size) }
}

/// The batch that is being computed: its sequences, longest first, in the rows of every matrix.
///
/// Row `starts[t]` + b is time step t of sequence b. Step t has rows for the sequences that are long
/// enough and for no others, so nothing is ever computed for a step that is not there; where all
/// sequences are equally long the row is t · size + b.
@safe struct Batch {
  /// The number of sequences, B.
  let size: Int
  /// The number of time steps of the longest.
  let steps: Int
  /// The number of time steps of all sequences together, R.
  let rows: Int
  let starts: UnsafePointer<Int>  // (steps + 1)
  let lengths: UnsafePointer<Int>  // (size)
  let samples: UnsafePointer<Int>  // (size)  which of the set's sequences each is
  let lastRows: UnsafePointer<Int>  // (size)  the row of each sequence's last step
  /// Runs of rows with one distance to the row of the step before, from the second step on.
  let laterRuns: UnsafePointer<lk_run>
  let laterRunCount: Int
  /// One run of all rows, each its own.
  let allRows: UnsafePointer<lk_run>
  /// The number of the optimizer step that is computed; nil where the network is only measured.
  var iteration: Int?

  /// The time steps as the kernels see them.
  var time: lk_steps { unsafe lk_steps(steps: steps, starts: starts) }

  /// Returns a part of a weight gradient: aᵀ · d, row by row.
  func source(_ a: lk_panels, _ d: lk_panels, features: Int) -> lk_source {
    unsafe lk_source(a: a, d: d, features: features, runs: allRows, run_count: 1)
  }

  /// Returns a part of a weight gradient in which a is taken one time step before d.
  func sourceBefore(_ a: lk_panels, _ d: lk_panels, features: Int) -> lk_source {
    unsafe lk_source(a: a, d: d, features: features, runs: laterRuns, run_count: laterRunCount)
  }

  /// Calls the body with each run of matrix rows that belong to the sequences `sequences` in the first
  /// `count` time steps: one for each step that one of them has.
  func forEachStep(_ sequences: Range<Int>, of count: Int, _ body: (Range<Int>) -> Void) {
    for t in 0..<count {
      let start = unsafe starts[t]
      let end = unsafe min(sequences.upperBound, starts[t + 1] - start)
      guard sequences.lowerBound < end else { return }
      body(start + sequences.lowerBound..<start + end)
    }
  }

  /// Returns a member's share of the sequences: contiguous, in order, all covered once, and about
  /// equally many time steps for each member.
  func share(member: Int, of members: Int) -> Range<Int> {
    bound(member, of: members)..<bound(member + 1, of: members)
  }

  /// The number of sequences that the members before `member` take.
  private func bound(_ member: Int, of members: Int) -> Int {
    if member == 0 { return 0 }
    if member == members { return size }
    let wanted = rows * member / members
    var sequences = 0
    var rows = 0
    while sequences < size, unsafe rows + lengths[sequences] <= wanted {
      unsafe rows += lengths[sequences]
      sequences += 1
    }
    return sequences
  }
}

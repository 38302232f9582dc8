internal import LSTMKernels

/// A team of threads that runs one piece of work together; the caller is its first member.
@safe final class ThreadTeam {
  let members: Int
  private let team: OpaquePointer?

  /// Starts a team; with one member, or where the system gives no threads, work runs on the caller.
  init(members: Int) {
    precondition(members > 0, "a team of \(members)")
    unsafe team = members > 1 ? lk_team_start(members) : nil
    unsafe self.members = team == nil ? 1 : members
  }

  deinit {
    if let team = unsafe team { unsafe lk_team_stop(team) }
  }

  /// Runs the work once for each member and returns when all are done.
  func run(_ work: (_ member: Int) -> Void) {
    guard let team = unsafe team else { return work(0) }
    withoutActuallyEscaping(work) { work in
      var box = work
      unsafe withUnsafeMutablePointer(to: &box) { pointer in
        unsafe lk_team_run(
          team,
          { context, member, _ in
            unsafe context?.assumingMemoryBound(to: ((Int) -> Void).self).pointee(member)
          }, pointer)
      }
    }
  }

  /// Returns the member's share of `count` pieces: contiguous, in order, all pieces covered once.
  func share(of count: Int, member: Int) -> Range<Int> {
    (count * member / members)..<(count * (member + 1) / members)
  }
}

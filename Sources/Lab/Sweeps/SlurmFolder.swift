import Foundation
package import LabFormats

/// A folder of shell scripts that train a sweep as an array of Slurm's jobs, or without Slurm.
///
/// Each task of the array trains every n-th point into a database of its own; a job that follows merges them.
/// With rungs there is an array for each, and a task does what the merged database shows to be next.
package struct SlurmFolder: Sendable {
  /// The folder.
  package let path: String
  /// The number of tasks: at most one a point.
  package let tasks: Int
  /// The files by their names.
  package let files: [(name: String, text: String)]

  /// The scripts for a sweep.
  ///
  /// - Parameters:
  ///   - options: What each task's command has besides: folds, threads.
  package init(
    _ path: String, for sweep: Sweep, tasks: Int, options: [String]
  ) throws(LabError) {
    let points = Set(sweep.tasks.map(\.point)).count
    guard (1...SeedList.limit).contains(tasks) else {
      throw LabError(
        .usage, "there cannot be \(tasks) tasks", where: "--tasks",
        next: "allowed: 1 to \(SeedList.limit)")
    }
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    self.tasks = min(tasks, points)
    var definition = sweep.definition
    definition.name = sweep.name
    let scripts = SlurmScripts(
      name: sweep.name, tasks: self.tasks, rungs: sweep.halving?.0.rungs ?? [],
      options: options.map { ShellWord.quoted($0) }.joined(separator: " "))
    files = [
      ("sweep.json", definition.json(in: self.path + "/sweep.json").compact + "\n"),
      ("task.sh", scripts.task), ("merge.sh", scripts.merge), ("submit.sh", scripts.submit),
      ("run-here.sh", scripts.runHere),
    ]
  }

  /// Makes the folder.
  ///
  /// - Throws: `LabError` of kind `cannotCreate` where it has something else: the shards of another sweep, or of
  ///   another number of tasks, would be taken for those of this one.
  package func write() throws(LabError) {
    let there = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    let isSame = files.allSatisfy { name, text in
      FileManager.default.contents(atPath: "\(path)/\(name)") == Data(text.utf8)
    }
    guard there.isEmpty || isSame else {
      throw LabError(
        .cannotCreate, "the folder has something else in it", where: path,
        next: "name a new folder: its databases would be taken for those of this sweep")
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw LabError(
        .cannotCreate, "cannot make the folder", where: path, next: "name another folder")
    }
    for (name, text) in files {
      let file = "\(path)/\(name)"
      try FileBytes.write(Array(text.utf8), to: file)
      if name.hasSuffix(".sh") {
        try? FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file)
      }
    }
  }
}

/// The scripts' texts.
private struct SlurmScripts {
  let name: String
  let tasks: Int
  let rungs: [Int]
  /// For a shell.
  let options: String

  private var isRung: Bool { !rungs.isEmpty }

  /// The words that a loop over arrays runs through: the rungs, or one.
  private var stages: String { isRung ? rungs.map(String.init).joined(separator: " ") : "end" }

  /// One task of the array.
  var task: String {
    """
    #!/bin/sh
    #SBATCH --job-name=\(name)
    #SBATCH --array=1-\(tasks)
    #SBATCH --cpus-per-task=1
    #SBATCH --requeue
    #SBATCH --signal=B:TERM@60
    #SBATCH --open-mode=append
    #SBATCH --output=logs/%a.log
    # Task K of \(tasks): every \(tasks)th point of sweep.json, from the K-th on, into shards/K.db. Again, it goes on.
    # Without Slurm: sh task.sh K
    task="${1:-$SLURM_ARRAY_TASK_ID}"
    mkdir -p shards
    "${LSTM_LAB_BIN:-lstm-lab}" sweep sweep.json --task "$task/\(tasks)" --db "shards/$task.db" \\
      \(isRung ? "--among lab.db " : "")-j "${SLURM_CPUS_PER_TASK:-1}"\(options.isEmpty ? "" : " " + options) -q >/dev/null &
    training=$!
    trap 'kill -TERM "$training" 2>/dev/null' TERM INT
    wait "$training"
    status=$?
    while kill -0 "$training" 2>/dev/null; do
      wait "$training"
      status=$?
    done
    # 143: stopped by a signal, with every epoch stored. A job that is still said to run was stopped because its time
    # is nearly over, and begins anew in the queue; one that was cancelled or sent back to it is not said to run.
    if [ "$status" -eq 143 ] && [ -n "${SLURM_ARRAY_JOB_ID:-}" ]; then
      job="${SLURM_ARRAY_JOB_ID}_$task" # the bare number of the last task's job is that of the whole array
      if [ "$(squeue -h -j "$job" -o %T)" = RUNNING ]; then scontrol requeue "$job"; fi
    fi
    exit "$status"

    """
  }

  /// Brings the tasks' databases together.
  var merge: String {
    """
    #!/bin/sh
    #SBATCH --job-name=\(name)-merge
    #SBATCH --requeue
    #SBATCH --open-mode=append
    #SBATCH --output=logs/merge.log
    # Takes the runs of all tasks into lab.db; again, those that are new.
    exec "${LSTM_LAB_BIN:-lstm-lab}" merge --db lab.db shards/*.db

    """
  }

  /// Submits everything.
  var submit: String {
    """
    #!/bin/sh
    # Submits the sweep; options are sbatch's: sh submit.sh --partition=short --time=2:00:00
    # Submitted again after all has ended, it goes on with what is not done.
    set -eu
    cd "$(dirname "$0")"
    mkdir -p logs shards
    before=
    for stage in \(stages); do
      # afterany: a task that was stopped has another exit code than 0.
      array="$(sbatch --parsable ${before:+--dependency=afterany:"$before"} "$@" task.sh)"
      array="${array%%;*}"
      before="$(sbatch --parsable --dependency=afterany:"$array" "$@" merge.sh)"
      before="${before%%;*}"
      echo "\(isRung ? "To epoch $stage: " : "")array $array, then merge $before"
    done

    """
  }

  /// Does the same on one machine.
  var runHere: String {
    """
    #!/bin/sh
    # Trains the sweep on this machine, JOBS tasks at a time: JOBS=4 sh run-here.sh. Again, it goes on.
    # With GNU parallel, for each \(isRung ? "rung" : "time"): seq \(tasks) | parallel sh task.sh; sh merge.sh
    cd "$(dirname "$0")" || exit
    status=0
    for stage in \(stages); do
      seq \(tasks) | xargs -P "${JOBS:-1}" -n 1 sh task.sh || status=$?
      sh merge.sh || status=$?
    done
    exit "$status"

    """
  }
}

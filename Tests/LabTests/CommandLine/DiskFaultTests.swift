import Foundation
import Testing

/// Calls of the system that fail once, or from then on, while a database is made and a run stored.
@Suite struct DiskFaultTests {
  /// Fails the call of one kind whose number is FAULT_AT, and those behind it where FAULT_STAYS is set, as far
  /// as they concern the database; writes down that it did.
  private static let faults = #"""
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <errno.h>
    #include <fcntl.h>
    #include <stdarg.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/syscall.h>
    #include <unistd.h>

    static int count;

    static int fails(const char *kind, const char *path) {
      const char *wanted = getenv("FAULT_CALL");
      if (!wanted || strcmp(wanted, kind) || !path || !strstr(path, "lab.db")) return 0;
      int number = __atomic_add_fetch(&count, 1, __ATOMIC_SEQ_CST), at = atoi(getenv("FAULT_AT"));
      if (number < at || (number > at && !getenv("FAULT_STAYS"))) return 0;
      long mark = syscall(SYS_openat, AT_FDCWD, "reached", O_WRONLY | O_CREAT, 0644);
      syscall(SYS_close, mark);
      errno = atoi(getenv("FAULT_ERRNO"));
      return 1;
    }

    static int file_fails(const char *kind, int file) {
      char link[64], path[4096];
      snprintf(link, sizeof link, "/proc/self/fd/%d", file);
      ssize_t size = readlink(link, path, sizeof path - 1);
      if (size < 0) return 0;
      path[size] = 0;
      return fails(kind, path);
    }

    #define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
    #define OPEN(name) int name(const char *path, int flags, ...) { \
      va_list list; va_start(list, flags); int mode = va_arg(list, int); va_end(list); \
      return fails("open", path) ? -1 : NEXT(name)(path, flags, mode); }
    #define ON_FILE(type, name, kind, parameters, arguments) type name parameters { \
      return file_fails(kind, file) ? -1 : NEXT(name) arguments; }
    OPEN(open)
    OPEN(open64)
    ON_FILE(ssize_t, write, "write", (int file, const void *data, size_t size), (file, data, size))
    ON_FILE(ssize_t, pwrite, "write", (int file, const void *data, size_t size, off_t at),
      (file, data, size, at))
    ON_FILE(ssize_t, pwrite64, "write", (int file, const void *data, size_t size, off64_t at),
      (file, data, size, at))
    ON_FILE(int, fsync, "sync", (int file), (file))
    ON_FILE(int, fdatasync, "sync", (int file), (file))
    ON_FILE(int, ftruncate, "truncate", (int file, off_t size), (file, size))
    ON_FILE(int, ftruncate64, "truncate", (int file, off64_t size), (file, size))
    int rename(const char *from, const char *to) {
      return fails("rename", to) ? -1 : NEXT(rename)(from, to); }
    int unlink(const char *path) { return fails("unlink", path) ? -1 : NEXT(unlink)(path); }
    """#

  private struct Call {
    let kind: String
    /// The numbers of the calls that fail, one a trial, from the first of a new database on.
    let numbers: [Int]
  }

  private static let calls = [
    Call(kind: "open", numbers: [1, 1, 2, 2, 3, 5, 8, 11]),
    Call(kind: "write", numbers: [1, 1, 2, 9, 40, 20, 90]),
    Call(kind: "sync", numbers: [1, 1, 2, 2, 3, 4]),
    Call(kind: "truncate", numbers: [1, 1, 2]), Call(kind: "rename", numbers: [1]),
    Call(kind: "unlink", numbers: [1]),
  ]

  /// A folder with the faults' library, a whole run of 12 epochs in `whole.db`, and its first 4 in `short.db`.
  private func workplace() throws -> Workplace {
    let place = try Workplace()
    try place.write(Self.faults, to: "faults.c")
    let compiled = try place.shell("cc -w -shared -fPIC -o faults.so faults.c -ldl")
    #expect(compiled.status == 0, "\(compiled.errors)")
    try place.write(Trial(epochs: 3), to: "short.json")
    try place.write(Trial(epochs: 12))
    try place.lab("run", "short.json", "-q", "--db", "short.db")
    try place.lab("run", "config.json", "-q", "--db", "whole.db")
    return place
  }

  private static let commands = [
    (command: "run config.json", before: "true"),
    (command: "resume 1 --epochs 12", before: "cp short.db lab.db"),
  ]

  @Test(.enabled(if: LimitTests.canPreload, "there is no C compiler"))
  func `a call that fails ends in a documented way, and what is stored is whole`() throws {
    let place = try workplace()
    for call in Self.calls { try fail(call, in: place) }
  }

  private func fail(_ call: Call, in place: Workplace) throws {
    let whole = try place.hashes(of: "1", database: "whole.db")
    var reached = 0
    for (trial, number) in call.numbers.enumerated() {
      let (command, before) = Self.commands[trial % 2]
      let errno = [EIO, ENOSPC, EACCES][trial % 3]
      let stays = trial % 4 < 2 ? "" : "FAULT_STAYS=1"
      let name = "\(command), \(call.kind) \(number): \(errno) \(stays)"
      let outcome = try place.shell(
        """
        rm -f lab.db* lab-rescued.db* reached; \(before)
        export FAULT_CALL=\(call.kind) FAULT_AT=\(number) FAULT_ERRNO=\(errno) \(stays)
        LD_PRELOAD=./faults.so exec timeout -s KILL 60 "$LAB" \(command) -q
        """)
      #expect([0, 73, 74].contains(outcome.status), "\(name): \(outcome.status) \(outcome.errors)")
      #expect(outcome.status == 0 || outcome.errors.hasPrefix("error: "), "\(name)")
      if try place.names().contains("reached") { reached += 1 }
      try expectWhole(place, whole, isDone: outcome.status == 0, name)
    }
    #expect(reached == call.numbers.count, "\(call.kind): \(reached) faults")
  }

  /// What is stored is the beginning of the whole run, all of it where the run came to its end, and can be
  /// gone on with.
  private func expectWhole(
    _ place: Workplace, _ whole: [Substring], isDone: Bool, _ name: String
  ) throws {
    guard try place.names().contains("lab.db") else {
      #expect(!isDone, "\(name)")
      return
    }
    #expect(try place.sqlite("PRAGMA integrity_check") == "ok", "\(name)")
    let stored = try place.sqlite("SELECT count(*) FROM run") == "0" ? [] : place.hashes(of: "1")
    #expect(Array(whole.prefix(stored.count)) == stored, "\(name)")
    if isDone { #expect(stored.count == whole.count, "\(name)") }
  }
}

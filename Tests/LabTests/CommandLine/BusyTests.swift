import Foundation
import Testing

/// A database that another program keeps locked, and what is advised of damaged ones.
struct BusyTests {
  @Test func `who waits in vain is told so after a minute, and can do it afterwards`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 3))
    try place.lab("run", "config.json", "-q")
    // The shell holds its transaction until its input ends.
    let outcome = try place.shell(
      """
      mkfifo commands
      sqlite3 -batch lab.db < commands > held & shell=$!
      exec 3> commands
      echo "BEGIN IMMEDIATE; SELECT 'held';" >&3
      while ! grep -q held held; do sleep 0.05; done
      "$LAB" runs > runs || echo "a reader was refused"
      "$LAB" tag 1 --add late > said; echo "status $?"
      exec 3>&-
      wait $shell
      "$LAB" tag 1 --add late > said; echo "status $?"
      """)
    #expect(outcome.output == "status 75\nstatus 0\n", "\(outcome.output) \(outcome.errors)")
    #expect(
      outcome.errors.hasPrefix(
        "error: another process has kept the database locked (\(place.file("lab.db")))\n"
          + "  try again when it is done\n"))
    #expect(try place.lab("runs", "--csv").contains("late"))
  }

  @Test func `what is advised of a damaged database saves what can still be read`() throws {
    let place = try Workplace()
    try place.write(Trial(epochs: 200))
    try place.lab("run", "config.json", "-q")
    let half = try place.shell(
      """
      sqlite3 lab.db "PRAGMA wal_checkpoint(TRUNCATE)" > said
      size=$(wc -c < lab.db)
      head -c $((size / 2 / 4096 * 4096)) lab.db > half.db
      "$LAB" runs --db half.db
      """)
    #expect(
      half.status == 65 && half.errors.contains("save what can still be read with sqlite3's .dump"))
    let dump = try place.shell("sqlite3 half.db .dump 2> said | grep -c 'INSERT INTO'")
    #expect((Int(dump.output.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0) > 100)
  }
}

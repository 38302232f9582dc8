import Testing

extension Workplace {
  /// Makes the library that lets calls on the files of this folder go wrong: Fixtures/faults.c.
  ///
  /// - Returns: Its path, which lies outside of the folder's counted files: it is read by the loader only.
  func makeFaults() throws {
    let made = try shell("cc -w -shared -fPIC -o faults.so '\(Fixture.path("faults.c"))' -ldl")
    try #require(made.status == 0, "\(made.errors)")
  }

  /// The environment in which a call goes wrong.
  ///
  /// - Parameters:
  ///   - mode: What happens, as Fixtures/faults.c tells.
  ///   - number: Which of the calls it is, counted from 1.
  ///   - calls: Their names, with commas around; nil for all.
  ///   - file: The end of the names of the files that count.
  func fault(
    _ mode: String, at number: Int, of calls: String? = nil, on file: String? = nil,
    doing deed: String = "", forEver: Bool = false
  ) -> [String: String] {
    var environment = [
      "LD_PRELOAD": self.file("faults.so"), "FAULT_ROOT": path, "FAULT_AT": "\(number)",
      "FAULT_MODE": mode, "FAULT_LOG": self.file("reached"), "FAULT_DO": deed,
    ]
    environment["FAULT_ONLY"] = calls
    environment["FAULT_FILE"] = file
    if forEver { environment["FAULT_ON"] = "1" }
    return environment
  }

  /// Whether a fault was reached since this was asked last.
  func wasReached() throws -> Bool { try shell("rm reached 2>&1").status == 0 }
}

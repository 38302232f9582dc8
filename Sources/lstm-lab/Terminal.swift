import Foundation
import Lab
import LabFormats

/// The two output streams, and what they can show.
enum Terminal {
  /// Writes data to standard output: all of it, or an error says that some is missing.
  static func write(_ text: String) throws(LabError) { _ = try offer(text) }

  /// Writes data likewise; returns false where the reader has enough, which is no error.
  static func offer(_ text: String) throws(LabError) -> Bool {
    if isatty(STDOUT_FILENO) == 1 { Interruption.leaveClean() }
    let code = put(text, STDOUT_FILENO)
    guard code != 0, code != EPIPE else { return code == 0 }
    throw LabError(
      .inputOutput, "the output cannot be written: \(unsafe String(cString: strerror(code)))",
      where: "standard output", next: "free some space, or send the output elsewhere")
  }

  /// Writes a message to standard error, with a line break.
  ///
  /// A message that cannot be written is passed over: a full log must not end a training.
  static func say(_ text: String) {
    _ = put(message(text, for: STDERR_FILENO) + "\n", STDERR_FILENO)
  }

  /// Returns a message in lines that fit into the terminal that a stream goes to, if it is one.
  ///
  /// Whatever control characters are in it become visible: names, paths and labels may hold any.
  static func message(_ text: String, for descriptor: CInt) -> String {
    WrappedText.message(Visible.paragraph(text), width: width(of: descriptor))
  }

  /// Tells what will be trained on and what it will take, unless it is to be quiet, and what looks like a
  /// mistake.
  static func announce(_ report: PlanReport, isQuiet: Bool) {
    if !isQuiet { say(([report.announcement] + report.notes).joined(separator: "\n")) }
    for warning in report.warnings { say(warning.description) }
  }

  /// Writes as it is, for a line that is drawn over.
  static func draw(_ text: String, on descriptor: CInt) { _ = put(text, descriptor) }

  /// What standard output shows.
  static var screen: Screen {
    Screen(columns: width(of: STDOUT_FILENO), hasColour: hasColour(STDOUT_FILENO))
  }

  /// Whether a stream is a terminal on which a line can be drawn over.
  static func canBeDrawnOver(_ descriptor: CInt) -> Bool {
    isatty(descriptor) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// Whether text may be coloured: on a terminal, and not where NO_COLOR asks for none.
  static func hasColour(_ descriptor: CInt) -> Bool {
    canBeDrawnOver(descriptor)
      && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty
  }

  /// The columns of the terminal that a stream goes to; nil where it is none.
  static func width(of descriptor: CInt) -> Int? {
    var size = winsize()
    guard isatty(descriptor) == 1, unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0
    else { return nil }
    return size.ws_col > 0 ? Int(size.ws_col) : 80
  }

  /// Writes a text whole; returns 0, or the number of the system's error.
  private static func put(_ text: String, _ descriptor: CInt) -> CInt {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes[done...].withUnsafeBytes { unsafe write($0, to: descriptor) }
      if count < 0, errno == EINTR { continue }
      if count <= 0 { return count < 0 ? errno : EIO }
      done += count
    }
    return 0
  }

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Int {
    #if canImport(Darwin)
      unsafe Darwin.write(descriptor, bytes.baseAddress, bytes.count)
    #else
      unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
    #endif
  }
}

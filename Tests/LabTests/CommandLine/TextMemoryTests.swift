import Foundation
import Testing

/// Text files of hostile shapes: an answer or one clear error, in at most four times the memory of the file.
@Suite struct TextMemoryTests {
  /// What a file is made of: the part that is repeated makes it large.
  private struct Shape {
    let file: String
    let start: String
    let part: String
    var end = ""
    /// Whether each part begins with its number.
    var isNumbered = false
    var name: String {
      "\(file): \(start.suffix(20))(\(part.debugDescription))\(end.prefix(20))"
    }

    func bytes(_ count: Int) -> [UInt8] {
      let part = Array(part.utf8)
      var bytes = Array(start.utf8)
      if isNumbered {
        var number = 0
        while bytes.count < count {
          bytes += "\(number * 7_919 % 1_000_003)".utf8
          bytes += part
          number += 1
        }
        return bytes
      }
      for _ in 0..<count / part.count { bytes += part }
      return bytes + Array(end.utf8)
    }
  }

  private static let columns = "id,x,y\n"
  private static let header = "@equalLength false\n@classLabel true a b\n@data\n"
  private static let before = #"{"data":{"train":{"x":"#
  private static let after = #"""
    ,"y":[0,1]}},"model":{"layers":[{"type":"lstm","units":2},{"type":"dense","units":2}]},
    "training":{"epochs":1,"loss":"mean_squared_error"}}
    """#

  private static func csv(_ start: String, _ part: String, _ end: String = "") -> Shape {
    Shape(file: "a.csv", start: start, part: part, end: end)
  }

  /// A sequence in each row, their names in no order.
  private static func sequences(_ part: String) -> Shape {
    Shape(file: "a.csv", start: columns, part: part, isNumbered: true)
  }

  private static func ts(_ start: String, _ part: String, _ end: String = "") -> Shape {
    Shape(file: "a.ts", start: start, part: part, end: end)
  }

  private static func json(_ start: String, _ part: String, _ end: String) -> Shape {
    Shape(file: "config.json", start: before + start, part: part, end: end + after)
  }

  private static let shapes = [
    csv(columns + "1,", "7", ",a\n"), csv(columns + "1,", "a", ",a\n"),
    csv(columns + "1,", "é", ",a\n"), csv(columns + "1,", "\u{1B}", ",a\n"),
    csv(columns + "1,1,", "a", "\n"), csv(columns, "a", ",1,a\n"), csv(columns + "1,1,", ","),
    csv(columns + "1,1,1\n", "\n", "2,1,2\n"),
    csv(columns, "1,1,1\n"), csv("", ",", "\n1,2\n"), csv("id,x,y,", "a,", "a\n1,1,2\n"),
    csv("id,x,", "y", "\n1,1,2\n"), csv("id,x,y,", "y", "\n1,1,2,3\n"), csv("", "a"),
    csv(columns + "1,1,\"", "a", "\"\n"), csv(columns + "1,1,\"", "\"\"", "\"\n"),
    csv(columns + "1,\"", "\n", "\",1\n"),
    sequences(",1,1\n"), sequences("-of-a-long-name,1,a\n"),
    ts(header, "7", ":a\n"), ts(header, ",", ":a\n"),
    ts(header + "1,", ",", ":a\n"), ts(header, ":", "a\n"), ts(header, "1:a\n"),
    ts("@", "a", "\n" + header), ts("", "a ", "\n" + header),
    ts("@x ", "a ", "\n" + header + "1:a\n"), ts("@classLabel true a", "a", "\n@data\n1:a\n"),
    json("[", "0,", "0]"), json("[", "[0],", "[0]]"),
    json("[", "[],", "[]]"), json("[", "\"\",", "0]"), json("[", "null,", "0]"),
    json("[", "{},", "0]"), json("\"", "\\n", "\""), json("[[[", "7", "]]]"),
    json("[", "[", "]"), json("[[[0]]],\"", "a", "\":1"), json("[[[0]]],\"z\":{", "\"\":[],", "}"),
  ]

  /// Writes what the process had in memory at most, in kB, when it ends.
  private static let meter = """
    #include <stdio.h>
    #include <string.h>
    __attribute__((destructor)) static void tell(void) {
      char line[256];
      FILE *status = fopen("/proc/self/status", "r"), *peak = fopen("peak", "w");
      while (fgets(line, sizeof line, status))
        if (!strncmp(line, "VmHWM:", 6)) fputs(line + 6, peak);
      fclose(peak);
    }
    """

  /// Checks a configuration of such a file and returns the most memory in bytes, and what was said.
  private func peak(_ shape: Shape, _ count: Int, in place: Workplace) throws -> (Int, String) {
    try place.write(shape.bytes(count), to: shape.file)
    if shape.file != "config.json" {
      let source =
        shape.file == "a.ts"
        ? #"{"ts":"a.ts"}"# : #"{"csv":"a.csv","sequence":"id","features":["x"],"target":"y"}"#
      var trial = Trial()
      trial.train = source
      try place.write(trial)
    }
    let outcome = try place.shell(
      "LD_PRELOAD=./meter.so exec timeout -s KILL 120 \"$LAB\" check config.json"
    )
    #expect(outcome.status == 0 || outcome.status == 65, "\(outcome.errors)")
    #expect(outcome.errors.utf8.count < 4_000)
    let peak = try place.text("peak").split(separator: " ").first { Int($0) != nil }
    return (try #require(peak.flatMap { Int($0) }) * 1024, outcome.errors)
  }

  @Test(.enabled(if: LimitTests.canPreload, "there is no C compiler"))
  func `a text file takes at most four times its size`() throws {
    let place = try Workplace()
    try place.write(Self.meter, to: "meter.c")
    #expect(try place.shell("cc -shared -fPIC -o meter.so meter.c").status == 0)
    let size = 2_000_000
    for shape in Self.shapes {
      let (base, _) = try peak(shape, 100, in: place)
      let (whole, errors) = try peak(shape, size, in: place)
      #expect(base > 1_000_000)
      let times = Double(whole - base) / Double(size)
      #expect(times <= 4, "\(shape.name): \(times) times: \(errors)")
    }
  }
}

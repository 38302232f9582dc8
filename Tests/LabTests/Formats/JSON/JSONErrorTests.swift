import Lab
import LabFormats
import Testing

/// The exact message for every text that is not JSON.
@Suite struct JSONErrorTests {
  static let cases: [Case<String>] = [
    Case("", "the text is empty (f:1:1)\n  write one JSON value"),
    Case(" \n", "the text is empty (f:1:1)\n  write one JSON value"),
    Case(
      "\u{FEFF}{}",
      "the text begins with a byte-order mark (f:1:1)\n"
        + "  save it as UTF-8 without byte-order mark"),
    Case(
      "{}\n x",
      "`x` after the end of the JSON value (f:2:2)\n  remove it: a file holds one value"),
    Case(
      "[1,\n 2,]", "a comma before `]` (f:2:3)\n  remove the comma after the last value"),
    Case(
      "{\"a\":1,}", "a comma before `}` (f:1:7)\n  remove the comma after the last value"),
    Case("[,1]", "`,` where a value was expected (f:1:2)\n  write a value before it"),
    Case(
      "[1 2]", "`2` where `,` or `]` was expected (f:1:4)\n  separate values by one comma"),
    Case(
      "[1}", "`}` where `,` or `]` was expected (f:1:3)\n  separate values by one comma"),
    Case(
      "{\"a\" 1}",
      "`1` where `:` was expected after a key (f:1:6)\n  write `\"key\": value`"),
    Case(
      "{a:1}",
      "`a` where a key was expected (f:1:2)\n  write keys in double quotes: \"key\""),
    Case("{,}", "a comma without a value before it (f:1:2)\n  remove the comma"),
    Case(
      "{\"a\":1,\n\"b\":2, \"\\u0061\":3}",
      "duplicate key `a` (f:2:8)\n  keep one of them: the first is at 1:2"),
    Case(
      "[1, // one\n2]",
      "a comment, which JSON does not have (f:1:5)\n"
        + "  remove it; `notes` can hold free text"),
    Case(
      "[1 # one\n]",
      "a comment, which JSON does not have (f:1:4)\n"
        + "  remove it; `notes` can hold free text"),
    Case("[NaN]", "`NaN` is not a JSON number (f:1:2)\n  write a finite number"),
    Case("[Infinity]", "`Infinity` is not a JSON number (f:1:2)\n  write a finite number"),
    Case("[-Infinity]", "`-Infinity` is not a JSON number (f:1:2)\n  write a finite number"),
    Case("[True]", "`True` is not JSON (f:1:2)\n  write true, false or null"),
    Case("[adam]", "`adam` without quotes (f:1:2)\n  put strings in double quotes"),
    Case("['a']", "a string in single quotes (f:1:2)\n  use double quotes"),
    Case(
      "[1e999]",
      "the number `1e999` is too large (f:1:2)\n"
        + "  the largest number is 1.7976931348623157e308"),
    Case(
      "[01]",
      "the number `01` begins with a zero (f:1:2)\n  remove the leading zeros"),
    Case(
      "[+1]",
      "a number that begins with `+` (f:1:2)\n  begin with a digit or `-`, such as 0.5"),
    Case(
      "[.5]",
      "a number that begins with `.` (f:1:2)\n  begin with a digit or `-`, such as 0.5"),
    Case(
      "[1.]", "`1.` is not a JSON number (f:1:2)\n  write digits such as 10, -0.5 or 1e-3"),
    Case(
      "[1e]", "`1e` is not a JSON number (f:1:2)\n  write digits such as 10, -0.5 or 1e-3"),
    Case(
      "[0x10]",
      "`0x10` is not a JSON number (f:1:2)\n  write digits such as 10, -0.5 or 1e-3"),
    Case(
      "[1_000]", "`_` where `,` or `]` was expected (f:1:3)\n  separate values by one comma"),
    Case("[-]", "`-` is not a JSON number (f:1:2)\n  write digits such as 10, -0.5 or 1e-3"),
    Case(
      "[\"a\tb\"]", "a raw control character U+0009 in a string (f:1:4)\n  write \\t"),
    Case(
      "[\"a\u{1B}b\"]", "a raw control character U+001B in a string (f:1:4)\n  write \\u001B"
    ),
    Case(
      "[\"a\nb\"]",
      "a string that does not end on its line (f:1:2)\n"
        + "  close it with a double quote; a line break inside is written \\n"),
    Case(
      "[\"\\x\"]",
      "an unknown escape \\ before `x` (f:1:3)\n"
        + "  write \\\\ for a backslash; known: \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX"),
    Case(
      "[\"\\ud83d\"]",
      "half of a surrogate pair in a string (f:1:3)\n"
        + "  write both halves, such as \\ud83d\\ude00, or the character itself"),
    Case(
      "[\"\\ude00\"]",
      "half of a surrogate pair in a string (f:1:3)\n"
        + "  write both halves, such as \\ud83d\\ude00, or the character itself"),
    Case(
      "[\"\\u12g4\"]",
      "\\u without four hexadecimal digits (f:1:3)\n  such as \\u00e9"),
    Case("[1", "the text ends inside an array (f:1:3)\n  close the array of 1:1 with `]`"),
    Case(
      "{\"a\":[1,",
      "the text ends inside an array (f:1:9)\n  close the array of 1:6 with `]`"),
    Case("{", "the text ends inside an object (f:1:2)\n  close the object of 1:1 with `}`"),
    Case(
      "{\"a\":",
      "the text ends where a value was expected (f:1:6)\n  complete the text"),
    Case(
      "\"äöü\" €",
      "`€` after the end of the JSON value (f:1:7)\n  remove it: a file holds one value"),
    Case(
      String(repeating: "[", count: 200),
      "nested deeper than 128 levels (f:1:129)\n  use fewer levels"),
  ]

  @Test(arguments: cases) func `each mistake has its message`(example: Case<String>) {
    example.expectRefusal { try JSONDocument($0, source: "f") }
  }

  @Test(
    arguments: [
      [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
      [0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], [0x22, 0xE2, 0x82, 0x22], [0x22, 0x80, 0x22],
      [0x22, 0xE2], [0x22, 0xF0, 0x82, 0x82, 0xAC, 0x22],
    ] as [[UInt8]]) func `what is not UTF-8 is refused`(bytes: [UInt8])
  {
    let error = #expect(throws: LabError.self) { try JSONDocument(bytes, source: "f") }
    let byte = String(bytes[1], radix: 16, uppercase: true)
    #expect(
      error?.description
        == "error: the byte 0x\(byte) is not UTF-8 (f:1:2)\n  save the text as UTF-8")
  }

  @Test func `a depth of 128 is read`() throws {
    let text = String(repeating: "[", count: 128) + String(repeating: "]", count: 128)
    #expect(try JSONDocument(text, source: "f").root.count == 1)
  }

  @Test func `many keys keep their duplicates apart`() {
    let members = (0..<40).map { "\"k\($0)\":0" } + ["\"k3\":0"]
    let text = "{\(members.joined(separator: ",\n"))}"
    let error = #expect(throws: LabError.self) { try JSONDocument(text, source: "f") }
    #expect(
      error?.description
        == "error: duplicate key `k3` (f:41:1)\n  keep one of them: the first is at 4:1")
  }
}

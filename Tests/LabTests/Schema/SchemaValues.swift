/// Values to put behind any key, at and beyond the bounds that some key has.
enum SchemaValues {
  static let all = scalars + texts + arrays + objects + pointed

  /// Whole numbers that are not written as such: integers for JSON Schema, but not for the decoder.
  static let pointed = ["1.0", "3e0"]

  private static let scalars = [
    "null", "true", "-1", "0", "1", "2", "3", "4", "10", "11", "0.5", "0.99999997",
    "0.99999999", "1.5", "1e-46", "1e-45", "3.4028235e38", "3.4028236e38", "-1e39",
    "10001", "1000001", "1000000000", "1000000001", "100000001", "9223372036854775807",
    "18446744073709551616",
  ]

  private static let names = [
    "minmax", "relu", "softmax", "adam", "lstm", "gru", "huber", "accuracy", "loss", "val_loss",
    "test_loss", "max", "step", "adding", "parity", "cosine_decay",
  ]

  private static let paths = [".npy", "a/é b.npy", "a.ts", "a.csv", "a.npz", "a.npy ", "a\\n.ts"]

  private static let lines = [
    "", "12", "a@b", "-a", " a", "a\\tb", "a\\nb", "a\\rb", "a\\u001bb", "a\\u202eb", "\u{1F642}",
    "a.b-c_1", String(repeating: "a", count: 100), String(repeating: "a", count: 101),
    String(repeating: "a", count: 200), String(repeating: "a", count: 201),
  ]

  private static let texts = (names + paths + lines).map { "\"\($0)\"" }

  private static let arrays = [
    "[]", "[1]", "[1,1]", "[1,2.5]", "[-1]", "[1e39]", "[null]", "[\"a\"]", "[\"a\",\"a\"]",
    "[\"a\",\"b\"]", "[\"accuracy\"]", "[\"a\\nb\"]", "[[]]", "[[1]]", "[[1],[2]]", "[[[]]]",
    "[[[1]]]", "[[[1,2]],[[3,4],[5,6]]]", "[[[\"a\"]]]", "[[[[1]]]]", "[{}]",
    "[{\"type\":\"lstm\",\"units\":1}]", "[{\"type\":\"softmax\"}]",
  ]

  private static let objects = [
    "{}", "{\"every\":1}", "{\"every\":0}", "{\"every\":-1}", "{\"0\":1,\"a\":0}", "{\"0\":-1}",
    "{\"split\":0.5}", "{\"split\":1}", "{\"type\":\"adam\"}", "{\"type\":\"adam\",\"rho\":0.5}",
    "{\"type\":\"gru\",\"units\":1}", "{\"type\":\"dense\",\"units\":1}", "{\"ts\":\"a.ts\"}",
    "{\"ts\":\"a.ts\",\"csv\":\"a.csv\"}", "{\"x\":\"a.npy\",\"y\":\"a.npy\"}", "{\"x\":\"a.npy\"}",
    "{\"samples\":[0,1]}", "{\"type\":\"reduce_on_plateau\"}", "{\"layers\":[]}",
    "{\"loss\":\"huber\"}",
  ]
}

extension NPYType {
  /// Returns what elements of a type that is not read are, and a way to an array that is.
  ///
  /// - Parameter text: What `descr` says, such as `|O`.
  static func refusal(_ text: String) -> (what: String, next: String) {
    let shown = "`\(Visible.shortened(Visible.line(text), to: 40))`"
    switch text.drop(while: { "<>|=".contains($0) }).first {
    case "O":
      return ("an array of Python objects (\(shown)), which would be run as code", objects)
    case "U", "S", "T", "a":
      return (
        "an array of texts (\(shown))",
        "number the classes of all samples together: `np.unique(y, return_inverse=True)[1]`; numbers "
          + "that are written as text become some with `y.astype(\"float32\")`"
      )
    case "c":
      return (
        "an array of complex numbers (\(shown))",
        "make two features of each: `np.concatenate([x.real, x.imag], axis=-1)`"
      )
    case "M":
      return (
        "an array of points in time (\(shown))",
        "count the seconds from the first: `(x - x.min()) / np.timedelta64(1, \"s\")`"
      )
    case "m":
      return (
        "an array of durations (\(shown))", "count seconds: `x / np.timedelta64(1, \"s\")`"
      )
    case "V":
      return (
        "an array of bytes without a type (\(shown)), such as bfloat16 becomes",
        "convert before saving: `array.astype(\"float32\")`"
      )
    default:
      return (
        "elements of type \(shown)",
        "convert with `array.astype(\"float32\")`; types that can be read: \(readable)"
      )
    }
  }

  private static let objects = """
    pad sequences of unequal length, and save their lengths for `"lengths"`:
        n = [len(s) for s in x]
        w = np.size(x[0]) // n[0]
        p = np.zeros((len(x), max(n), w), "float32")
        for i, s in enumerate(x): p[i, :n[i]] = np.reshape(s, (n[i], w))
        np.save("x.npy", p); np.save("lengths.npy", n)
      or write them inline in the configuration, `x` as nested arrays; convert classes with \
    `np.unique(y.astype(str), return_inverse=True)[1]`, numbers with `array.astype("float32")`
    """
}

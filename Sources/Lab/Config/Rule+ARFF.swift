import LabFormats

extension Rule where Value == String {
  /// The rule, which tells what is to be done with a file in Weka's format.
  var tellingARFF: Rule {
    Rule(
      allowed: allowed, fallback: fallback, form: form(),
      read: { node in
        guard node.value.string?.lowercased().hasSuffix(".arff") == true else { return read(node) }
        return node.refuse(
          "`\(node.path)` is \(node.shown), an ARFF file, which cannot be read",
          next: "take the `.ts` file that the archives have of the same data; or copy it to a name "
            + "that ends in .ts and name that as `ts`: `check` then tells how to convert it")
      }, text: text)
  }
}

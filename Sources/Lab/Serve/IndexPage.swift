import LabFormats

/// The page of all runs of a laboratory.
struct IndexPage {
  /// The database's name.
  let source: String

  /// The page, which its script fills.
  var html: String {
    PageFrame.served(title: source, kind: "index", main: "", end: "", script: "index.js")
  }
}

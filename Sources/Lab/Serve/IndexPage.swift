import LabFormats

/// The page of all runs of a laboratory, which its script fills.
struct IndexPage {
  /// The database's path.
  let path: String

  /// Returns the page.
  var html: String {
    PageFrame.served(
      title: name, kind: "index",
      main: """
        <noscript><p>This page needs scripts. <code>lstm-lab report</code> writes one that can be \
        read without.</p></noscript>
        <section class="runs" aria-label="Runs"></section>
        <section class="curves" aria-label="Learning curves" hidden></section>
        <section class="empty" hidden>
        <p>There is no run yet. These commands write an example and train it; the run shows up here \
        by itself.</p>
        <pre>\(HTMLText.escaped(commands))</pre>
        </section>

        """,
      end: "", script: "index.js")
  }

  private var name: String { path.split(separator: "/").last.map(String.init) ?? path }

  private var commands: String {
    let option = path == "lab.db" ? "" : " --db \(ShellWord.quoted(path))"
    return "lstm-lab init\nlstm-lab run config.json\(option)"
  }
}

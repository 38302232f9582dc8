import LabFormats

/// What stands around a page: its head, style and scripts.
enum PageFrame {
  /// One file with everything in it.
  ///
  /// - Parameters:
  ///   - title: The page's title as it is.
  ///   - main: What it shows, as HTML.
  ///   - end: What stands behind that, as HTML.
  static func whole(title: String, main: String, end: String) -> String {
    page(
      title, attributes: "",
      head: """
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; \
        style-src 'unsafe-inline'; script-src 'unsafe-inline'">

        """,
      style: "<style>\n\(ReportAssets.style)</style>", main: main,
      end: "\(end)\n<script>\n\(ReportAssets.script)</script>")
  }

  /// A page that asks for its style and script, as it may ask for more.
  ///
  /// - Parameters:
  ///   - kind: What the script knows the page by: `index` or `runs`.
  ///   - script: The name of its script, if it has one.
  static func served(
    title: String, kind: String, main: String, end: String, script: String?
  ) -> String {
    page(
      title, attributes: " data-served=\"\(kind)\"", head: "",
      style: "<link rel=\"stylesheet\" href=\"\(ReportAssets.path(of: "page.css"))\">", main: main,
      end: end + (script.map { "\n<script src=\"\(ReportAssets.path(of: $0))\"></script>" } ?? ""))
  }

  private static func page(
    _ title: String, attributes: String, head: String, style: String, main: String, end: String
  ) -> String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    \(head)<title>\(HTMLText.escaped(title))</title>
    \(style)
    </head>
    <body\(attributes)>
    <header><h1>\(HTMLText.escaped(title))</h1></header>
    <main>
    \(main)</main>
    \(end)
    </body>
    </html>

    """
  }
}

import LabFormats
import LabStore

extension Report {
  /// Returns `summary.md`, as GitHub shows it; the charts are files beside it.
  var markdown: String {
    var text = "# \(Table.escaped(title))\n\n"
    text += comparison.brief.markdown() + "\n"
    text += charts.map { "![\($0.metric) by epoch](\($0.metric).svg)\n" }.joined() + "\n"
    if runs.count > 1 { text += differences }
    text += "## Settings\(runs.count > 1 ? " that all runs share" : "")\n\n"
    text += Self.markdown(settings.shared) + "\n"
    return text + runs.map(Self.markdown).joined(separator: "\n")
  }

  private var differences: String {
    let names = settings.differing
    guard !names.isEmpty else { return "The runs have the same settings.\n\n" }
    return "The runs differ in: \(names.map(Table.escaped).joined(separator: ", ")).\n\n"
  }

  private static func markdown(_ facts: [Fact]) -> String {
    Table(
      columns: [.init("setting", .text), .init("value", .text)],
      rows: facts.map { [.text($0.name), .text($0.value)] }
    ).markdown()
  }

  private static func markdown(_ reported: ReportedRun) -> String {
    let run = reported.run
    var text = "## Run \(run.runID): \(Table.escaped(run.name))\n\n"
    if let notes = run.notes, !notes.isEmpty { text += Table.paragraph(notes) + "\n\n" }
    text += markdown(reported.facts) + "\n"
    if let result = reported.result { text += markdown(result, reported.pictures) }
    if !reported.gates.rows.isEmpty { text += reported.gates.markdown() + "\n" }
    text += "To repeat it:\n\n```\n\(reported.reproduction.commands.joined(separator: "\n"))\n```\n"
    return text
  }
}

extension Report {
  private static func markdown(
    _ result: ReportedResult, _ pictures: [(file: String, picture: ReportedResult.Picture)]
  ) -> String {
    var text = "### \(result.heading)\n\n"
    if let summary = result.summary { text += Table.paragraph(summary) + "\n\n" }
    if let tables = result.tables {
      text +=
        tables.scores.markdown() + "\n\(tables.confusionHeading):\n\n"
        + tables.confusion.markdown() + "\n"
    }
    text += pictures.map { file, picture in
      "![\(Table.escaped(picture.caption))](\(file))\n"
    }.joined()
    return pictures.isEmpty ? text : text + "\n"
  }
}

extension ReportedRun {
  /// What a report tells of the run besides its numbers.
  var facts: [Fact] {
    var facts = [
      Fact("status", run.status), Fact("epochs", "\(run.epochs)"),
      Fact("parameters", NumberText.count(run.parameters)),
    ]
    facts.add("seed", run.seed.map(String.init))
    facts.add("fold", run.fold.map(String.init))
    facts.add("message", run.message)
    facts.add("best epoch", run.bestEpoch.map(String.init))
    if let parent = run.parentRunID, let epoch = run.parentEpoch {
      facts.add("forked from", "\(parent)@\(epoch)")
    }
    facts.add("training", NumberText.duration(run.seconds))
    facts.add("created", run.createdAt)
    facts.add("tags", run.tags == "[]" ? nil : run.tags)
    facts.add("configuration", configName)
    facts.add("config hash", run.configHash)
    facts.add("data hash", run.dataHash)
    facts.add("weights hash", lastHash)
    facts.add("uuid", run.uuid)
    facts.add("host", run.host)
    facts.add("version", run.version)
    return facts
  }
}

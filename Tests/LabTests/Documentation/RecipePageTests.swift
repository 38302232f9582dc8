import Foundation
import Testing

/// What `docs/sql-recipes.md` asks, the stock shell answers as the page shows.
@Suite struct RecipePageTests {
  @Test func `each recipe answers what the page shows`() throws {
    let page = try MarkdownPage("docs/sql-recipes.md")
    let place = try Self.library(of: page)
    let recipes = page.answered("sql")
    #expect(recipes.count >= 20)
    for (recipe, shown) in recipes {
      let outcome = try Program.run(
        "/usr/bin/env",
        ["sqlite3", "-bail", "-init", "/dev/null", "-header", "-column", "lab.db"], in: place.path,
        input: recipe.text + "\n")
      #expect(outcome.status == 0 && outcome.errors.isEmpty, "\(recipe): \(outcome.errors)")
      let answer = try #require(shown, "\(recipe) shows no answer")
      #expect(answer.lines.count > 1, "\(answer) shows no row")
      expectShown(answer.lines, outcome.output, of: "\(recipe)")
    }
  }

  /// The database that the page speaks of, made by the page's own commands and configuration.
  private static func library(of page: MarkdownPage) throws -> Workplace {
    let place = try Workplace()
    try FileManager.default.createSymbolicLink(
      atPath: place.file("examples"), withDestinationPath: SeedExperimentTests.root + "/examples")
    let config = try #require(page.blocks.first { $0.language == "json" })
    try place.write(config.text, to: "parity.json")
    let commands = try #require(page.blocks.first { $0.lines[0].hasPrefix("lstm-lab ") })
    for (command, runs) in zip(commands.lines, [["1"], ["2"], ["3", "4", "5"], ["6"]]) {
      let outcome = try place.shell(command.replacing(#/^lstm-lab/#, with: #""$LAB""#))
      #expect(outcome.status == 0, "\(command): \(outcome.errors)")
      let first = outcome.output.split(separator: "\n").prefix(runs.count).map(String.init)
      #expect(first == runs, "\(command)")
    }
    return place
  }
}

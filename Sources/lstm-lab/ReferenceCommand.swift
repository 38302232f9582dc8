import ArgumentParser
import Foundation
import Lab
import LabFormats

/// What `Scripts/generate-docs` makes the configuration's schema and its page of; not for users.
struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "configuration-reference",
    abstract: "Print the configuration's JSON Schema, or a page with its tables of keys renewed.",
    shouldDisplay: false)

  @Option(help: "The page to renew.", completion: .file())
  var page: String?

  func run() throws {
    guard let page else { return try Terminal.write(ConfigReference.schema()) }
    let text = String(decoding: try FileBytes.read(page, what: "page"), as: UTF8.self)
    try Terminal.write(ConfigReference.page(text))
  }
}

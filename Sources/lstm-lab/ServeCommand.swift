import ArgumentParser
import Foundation
import Lab
import LabFormats
import LabServer

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Show the laboratory live in a browser of this machine.",
    discussion: """
      The page lists all runs, sorted and searched by the database; it draws the curves of those that are \
      picked, and opens the page that `lstm-lab report` writes, which here asks for what it shows. New \
      epochs appear by themselves. The server reads the database and changes nothing; it listens on \
      127.0.0.1 alone, and answers nobody who has not opened the address that is printed, with its \
      token. Ctrl-C ends it.

      From another machine: ssh -L 8138:127.0.0.1:8138 HOST, and then the same address.

      Examples:
        lstm-lab serve
        lstm-lab serve --open
        lstm-lab serve --port 0 --db walks.db
      """)

  @Option(
    help: ArgumentHelp(
      "The port; 0 takes one that is free.", valueName: "n"))
  var port = 8138

  @Flag(help: "Open the page in the browser.")
  var open = false

  @OptionGroup var data: DataOption
  @OptionGroup var database: DatabaseOption

  func validate() throws {
    guard (0...65535).contains(port) else {
      throw ValidationError("--port is \(port); allowed: 0 to 65535")
    }
  }

  func run() throws {
    let path = DatabaseOption.path(named: database.path)
    Interruption.listen()
    let server = try LabServer(path: path, dataFolder: data.folder, port: port)
    Terminal.say("Serving \(path); Ctrl-C ends it. Open in a browser of this machine:")
    try Terminal.write(server.address + "\n")
    if open { Self.browse(server.addressOnce) }
    while Interruption.signal == nil { usleep(50_000) }
    server.stop()
  }

  /// Opens an address in the desktop's browser, where there is one.
  private static func browse(_ address: String) {
    let environment = ProcessInfo.processInfo.environment
    #if canImport(Darwin)
      let opener: String? = "/usr/bin/open"
    #else
      let hasDesktop = ["DISPLAY", "WAYLAND_DISPLAY"].contains { environment[$0]?.isEmpty == false }
      let folders = (environment["PATH"] ?? "").split(separator: ":")
      let opener =
        hasDesktop
        ? folders.map { "\($0)/xdg-open" }.first(where: FileManager.default.isExecutableFile) : nil
    #endif
    guard let opener else {
      return Terminal.say(
        "There is no desktop here to open a browser on: open the address yourself.")
    }
    let process = Process()
    process.executableURL = URL(filePath: opener)
    process.arguments = [address]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch {
      Terminal.say("The browser could not be started (\(error)): open the address yourself.")
    }
  }
}

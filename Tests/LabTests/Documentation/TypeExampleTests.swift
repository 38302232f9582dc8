import Foundation
import LSTMEngine
import LabFormats
import Testing

@testable import Lab
@testable import LabStore

/// The examples in the documentation of the central types, one after the other.
@Suite struct TypeExampleTests {
  @Test func `what the types' documentation shows is so`() throws {
    let place = try Workplace()
    let (path, database) = (SeedExperimentTests.config, place.file("lab.db"))

    let error = LabError(
      .notFound, "there is no run 7", where: "lab.db", next: "list the runs with: lstm-lab runs")
    #expect(
      error.description == """
        error: there is no run 7 (lab.db)
          list the runs with: lstm-lab runs
        """)
    #expect(error.exitCode == 66)

    let table = Table(
      columns: [Table.Column("epoch", .integer), Table.Column("loss", .metric)],
      rows: [[.integer(1), .real(0.693147)]])
    #expect(table.plainText() == "epoch    loss\n─────  ──────\n    1  0.6931\n")
    #expect(table.csv() == "epoch,loss\n1,0.693147\n")

    var config = try Config(contentsOf: path)
    #expect(config.training.batchSize == 3)
    config.training.epochs = 3
    #expect(config.normalised().hasPrefix(#"{"name":"zero-position","seed":1,"#))

    let plan = try TrainingPlan(config)
    #expect(plan.train.count == 15 && plan.train.steps == 5)
    #expect(plan.order(epoch: 1).sorted() == Array(0..<15))

    let network = Network(plan.network, threads: 2)
    network.initialize(seed: 1)
    let result = network.trainEpoch(plan.train, order: plan.order(epoch: 1), learningRate: 0.01)
    let loss = if case .finished(let measured) = result { measured.loss } else { Double.nan }
    #expect(loss < 1 && network.iterations == 5)

    let laboratory = Laboratory(path: database)
    let resources = try TrainingSession.Resources(threads: 2)
    let session = try laboratory.start(plan, resources: resources)

    let end = try session.train(report: { _ in }, shouldStop: { false })
    #expect(end == .completed && session.epoch == 3)
    #expect(try session.runID == 1)

    let reference = try RunReference.parse("@best:accuracy")
    #expect(reference.selector == .best(metric: "accuracy") && reference.epoch == nil)
    #expect(try RunReference.parse("1@last").epoch == .last)

    let opened = try laboratory.open("1@last")
    #expect(try opened.config == config)
    let weights = try opened.weights(at: opened.epoch())
    #expect(weights.joined().count == 138)

    let description = RunDescription(plan, layout: network.layout, parent: nil)
    let records = (0...1).map { epoch in
      EpochRecord(
        epoch: epoch, seconds: 0, recordedAt: Date(), learningRate: 0.01,
        hash: [UInt8](repeating: 0, count: 32), state: "{}")
    }
    let store = try LabDatabase(path: database, access: .readWrite(creatingIfMissing: true))
    let writer = try store.record(description)
    for record in records { try writer.submit(record) }
    try writer.finish(.completed, at: Date())
    #expect(try store.run(2).epochs == 1)
  }

  /// Each example of a type's documentation stands above, line by line.
  @Test func `each example is tried`() throws {
    let root = SeedExperimentTests.root
    let tried = Self.lines(try String(contentsOfFile: #filePath, encoding: .utf8))
    let files = try #require(FileManager.default.enumerator(atPath: "\(root)/Sources"))
    var examples = 0
    for case let file as String in files where file.hasSuffix(".swift") {
      let text = try String(contentsOfFile: "\(root)/Sources/\(file)", encoding: .utf8)
      for block in text.matches(of: /\/\/\/ ```swift\n(?<code>[\s\S]*?)\n *\/\/\/ ```/) {
        let code = block.code.split(separator: "\n").map { $0.drop { $0 == " " }.dropFirst(4) }
        let example = Self.lines(code.joined(separator: "\n"))
        #expect(tried.contains(example), "\(file) shows what is not tried:\n\(example)")
        examples += 1
      }
    }
    #expect(examples == 10)
  }

  /// A text without the indentation of its lines.
  private static func lines(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { $0.drop { $0 == " " } }.joined(separator: "\n")
  }
}

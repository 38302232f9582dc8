import Foundation
import Lab
import LabFormats
import Testing

/// `blame` beside PyTorch in float64: what each time step of each sample did, what momentum did and
/// what decay did, in every batch of an epoch.
@Suite struct BlameReferenceTests {
  private struct Part: Decodable { let batch, sample, step: Int; let moved: Double }
  private struct Batch: Decodable { let samples: String; let gradient, momentum, decay: Double }
  private struct Answer: Decodable {
    let proven: Bool
    let before, after, gradient, momentum, decay, rounding, change: Double
    let batches: [Batch]
    let terms: [Part]
  }

  @Test func `enough cases are followed`() {
    #expect(BlameReference.names.count >= 30)
  }

  @Test(arguments: BlameReference.names)
  func `each part is PyTorch's, by batch, sample and step`(name: String) throws {
    let reference = try BlameReference.load(name)
    let place = try Workplace()
    try ReferenceRun.write(name, to: place)
    try place.lab("run", "config.json", "-q")
    #expect(reference.weights.count >= 8)
    for (weight, batches) in reference.weights.sorted(by: { $0.key < $1.key }) {
      let answer = try blame(weight, epoch: reference.epoch, in: place)
      #expect(answer.proven && answer.batches.count == batches.count)
      checkSums(answer, weight)
      for (index, batch) in batches.enumerated() {
        let parts = answer.terms.filter { $0.batch == index + 1 }
        check(parts, answer.batches[index], batch, "\(weight), batch \(index + 1)")
      }
    }
  }

  /// What `blame --json` prints.
  private func blame(_ weight: String, epoch: Int, in place: Workplace) throws -> Answer {
    var selection = WeightSelection()
    selection.paths = [weight]
    let blame = try Laboratory(path: place.file("lab.db")).blame(
      "1", selection, epoch: epoch, resources: TrainingSession.Resources(threads: 1))
    return try JSONDecoder().decode(Answer.self, from: Data(blame.json().utf8))
  }

  /// The parts add up to the change; what rounding leaves over is some units of float32's last place.
  private func checkSums(_ answer: Answer, _ weight: String) {
    let parts = answer.gradient + answer.momentum + answer.decay + answer.rounding
    let change = Double(Float(answer.after)) - Double(Float(answer.before))
    #expect(answer.change == change, "\(weight)")
    #expect(abs(parts - answer.change) <= 1e-15, "\(weight)")
    #expect(abs(answer.terms.reduce(0) { $0 + $1.moved } - answer.gradient) <= 1e-15, "\(weight)")
    let size = answer.terms.reduce(0) { $0 + abs($1.moved) } + abs(answer.momentum)
    let weights = Double(answer.batches.count) * max(abs(answer.before), abs(answer.after))
    #expect(abs(answer.rounding) <= 0x1p-23 * (16 * size + weights), "\(weight)")
  }

  /// A part may be as far from the truth as float32 brings a whole batch's movement.
  private func check(
    _ parts: [Part], _ batch: Batch, _ truth: BlameReference.Batch, _ name: String
  ) {
    var moved = truth.moved.map { $0.map { _ in 0.0 } }
    for part in parts {
      guard let sample = truth.samples.firstIndex(of: part.sample),
        moved[sample].indices.contains(part.step)
      else {
        Issue.record("\(name): no sample \(part.sample) with a step \(part.step)")
        continue
      }
      moved[sample][part.step] += part.moved
    }
    let size =
      truth.moved.joined().reduce(0) { $0 + abs($1) } + abs(truth.momentum) + abs(truth.decay)
    let pairs =
      Array(zip(moved.joined(), truth.moved.joined())) + [
        (batch.momentum, truth.momentum), (batch.decay, truth.decay),
      ]
    for (found, expected) in pairs where !(abs(found - expected) <= 5e-6 * size) {
      Issue.record("\(name): \(found), not \(expected), of \(size)")
    }
  }
}

import LabFormats
import LabStore

/// The norms of each gate in a run's epochs: of its weights, of what the epoch moved, of its gradients.
struct NormFilm {
  private let parts: [GateStat]
  private let film: Film

  /// The most epochs, shared by the runs of a report.
  private static let mostEpochs = 400

  /// Takes what a run stored; nil where it stored nothing.
  init?(_ stats: [(epoch: Int, stat: GateStat)], among count: Int) {
    guard let last = stats.last?.epoch else { return nil }
    var epochs: [Int] = []
    for (epoch, _) in stats where epoch != epochs.last { epochs.append(epoch) }
    let parts = stats.filter { $0.epoch == last }.map(\.stat)
    let shown = Sparkline.thinned(epochs, to: max(20, Self.mostEpochs / count))
    let wanted = Set(shown)
    var frames: [Int: [Float]] = [:]
    for (epoch, stat) in stats where wanted.contains(epoch) {
      guard let place = parts.firstIndex(where: { Self.isSame($0, stat) }) else { continue }
      var frame = frames[epoch] ?? [Float](repeating: .nan, count: 3 * parts.count)
      for (offset, norm) in [stat.weightNorm, stat.updateNorm, stat.gradientNorm].enumerated() {
        frame[3 * place + offset] = norm.map { Float($0) } ?? .nan
      }
      frames[epoch] = frame
    }
    let empty = [Float](repeating: .nan, count: 3 * parts.count)
    self.parts = parts
    film = Film(epochs: shown, stored: epochs, frames: shown.map { frames[$0] ?? empty })
  }

  private static func isSame(_ a: GateStat, _ b: GateStat) -> Bool {
    a.layer == b.layer && a.part == b.part
  }

  /// The film for the page's script.
  func json(key: String) -> JSONText {
    film.json(
      key: key,
      layout: [
        "parts": .array(
          parts.map { part in
            .object([
              "layer": .string(part.layer), "gate": part.part.name.map(JSONText.string),
              "direction": part.part.direction.map { .string($0.rawValue) },
            ])
          })
      ])
  }

  /// The length of all gradients of each epoch taken together, as a curve.
  static func gradients(_ stats: [(epoch: Int, stat: GateStat)]) -> [(epoch: Int, value: Double)] {
    var sums: [(epoch: Int, value: Double)] = []
    for (epoch, stat) in stats {
      guard let norm = stat.gradientNorm else { continue }
      if sums.last?.epoch != epoch { sums.append((epoch, 0)) }
      sums[sums.count - 1].value += norm * norm
    }
    return sums.map { ($0.epoch, $0.value.squareRoot()) }
  }
}

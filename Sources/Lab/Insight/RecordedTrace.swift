import LSTMEngine
import LabFormats
import LabStore

/// A sample's gates and states as another program recorded them: of a model that cannot be computed here.
struct RecordedTrace {
  let sample: Int
  let epoch: Int
  let layers: [LayerTrace]

  /// Reads a sample; by default the first that was recorded.
  ///
  /// - Throws: `LabError` where nothing was recorded, with the way to record it; where other samples or
  ///   epochs were, with their numbers.
  init(_ opened: OpenedRun, sample: Int?, layer: String?) throws {
    let epochs = try opened.database.epochs(of: opened.id, storing: .activations)
    guard let last = epochs.last else {
      throw opened.foreign(
        "none of its gates were recorded",
        next: "record those of some samples: LabLogger(gates=[0, 3]) with Keras, "
          + "lstm_lab.watch(…, gates=[0, 3]) with PyTorch")
    }
    let isNamed = opened.namedEpoch != nil
    let asked = try opened.epoch()
    let epoch = isNamed || epochs.contains(asked) ? asked : last
    guard epochs.contains(epoch) else {
      let near = [epochs.last { $0 < epoch }, epochs.first { $0 > epoch }].compactMap(\.self)
      throw LabError(
        .notFound, "run \(opened.id) has recorded no gates at epoch \(epoch)", where: opened.place,
        next: "the nearest with some: " + near.map { "\(opened.id)@\($0)" }.joined(separator: ", "))
    }
    if epoch != asked {
      opened.tell("run \(opened.id) is read at epoch \(epoch), its last with gates")
    }
    let samples = try RecordedActivations(of: opened).samples(at: epoch)
    let wanted = sample ?? samples.first?.number
    guard let found = samples.first(where: { $0.number == wanted }) else {
      throw LabError(
        .notFound, "of sample \(sample ?? 0) no gates were recorded",
        where: opened.place(of: epoch),
        next: "recorded: " + samples.prefix(20).map { "\($0.number)" }.joined(separator: ", "))
    }
    self.epoch = epoch
    self.sample = found.number
    let names = found.quantities.map(\.description.layer).reduce(into: [String]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    let chosen = try layer.map { name in
      [try Nearest.name(name, among: names, what: "recurrent layer", where: opened.place)]
    }
    layers = (chosen ?? names).map { name in
      LayerTrace(
        layer: name,
        recorded: found.quantities.filter { $0.description.layer == name }.compactMap { part in
          let direction = part.description.part.direction.flatMap {
            Direction(rawValue: $0.rawValue)
          }
          return part.description.part.name.flatMap(Quantity.init).map {
            TraceQuantity($0, of: direction, values: part.values)
          }
        })
    }
  }
}

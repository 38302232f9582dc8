import LabFormats

extension EarlyStopping {
  static var rule: Rule<EarlyStopping> {
    .object(fallback: EarlyStopping()) { object in
      var stopping = EarlyStopping()
      stopping.monitor = Monitor(object, default: stopping.monitor)
      stopping.patience = object.optional("patience", .count(from: 0), default: stopping.patience)
      stopping.baseline = object.optional("baseline", .any)
      stopping.restoresBest = object.optional("restore_best", .boolean, default: false)
      stopping.startFromEpoch = object.optional("start_from_epoch", .count(from: 0), default: 0)
      return stopping
    }
  }

  var text: JSONText {
    .object(
      monitor.members + [JSONTextMember("patience", .integer(patience))]
        + (baseline.map { [JSONTextMember("baseline", .real($0))] } ?? [])
        + [
          JSONTextMember("restore_best", .bool(restoresBest)),
          JSONTextMember("start_from_epoch", .integer(startFromEpoch)),
        ])
  }
}

extension Rule where Value == Int {
  /// A number of epochs or steps.
  static func count(from least: Int) -> Rule { .integer(least...1_000_000_000) }
}

extension Rule where Value == Double {
  /// Any number that float32 can hold.
  fileprivate static var any: Rule { .real("a number from -3.4e38 to 3.4e38") { _ in true } }
}

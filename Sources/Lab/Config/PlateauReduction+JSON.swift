import LabFormats

extension PlateauReduction {
  init(_ object: ObjectReader) {
    self.init()
    monitor = Monitor(object, default: monitor)
    factor = object.optional("factor", .betweenZeroAndOne, default: factor)
    patience = object.optional("patience", .count(from: 0), default: patience)
    cooldown = object.optional("cooldown", .count(from: 0), default: cooldown)
    minimum = object.optional("min_lr", .notNegative, default: minimum)
  }

  var members: [JSONTextMember] {
    monitor.members + [
      JSONTextMember("factor", .real(factor)), JSONTextMember("patience", .integer(patience)),
      JSONTextMember("cooldown", .integer(cooldown)), JSONTextMember("min_lr", .real(minimum)),
    ]
  }
}

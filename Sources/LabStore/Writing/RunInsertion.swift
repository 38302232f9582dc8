import Foundation
import GRDB

/// Inserts a run, before its first epoch; the transaction has begun.
struct RunInsertion {
  let db: Database
  let uuid: String
  let description: RunDescription
  /// The weights of the first epoch, where it stores them.
  let firstWeights: [Data]?

  /// Inserts everything and returns the run's id.
  func insert() throws -> Int64 {
    if let sweep = description.sweep { try insert(sweep) }
    let run = try insertRun()
    try insertTensors(run)
    try insertSlots(run)
    let settings = try RunSettings(config: description.config)
    let given = firstWeights?.enumerated().filter { !description.drawnTensors.contains($0.offset) }
    try SettingsInsertion(db: db, run: run, settings: settings).insert(
      initialHash: settings.initialHash(
        of: given?.map(\.element),
        isFork: description.parent != nil || description.foreign?.parent != nil))
    try insertData(run)
    try insertSplits(run)
    try insertActivations(run)
    try provideNumbers()
    return run
  }

  /// Stores what a sweep is with the first of its runs.
  private func insert(_ sweep: RunDescription.SweepPlace) throws {
    try db.executeCached(
      sql: """
        INSERT INTO sweep (name, uuid, created_at, definition)
        VALUES (?, ?, \(EpochInsertion.timestamp), ?) ON CONFLICT (name) DO NOTHING
        """,
      arguments: [
        sweep.name, UUID().uuidString.lowercased(),
        description.createdAt.timeIntervalSince1970, sweep.definition,
      ])
  }

  private func insertRun() throws -> Int64 {
    let foreign = description.foreign
    let tags = try String(decoding: JSONEncoder().encode(description.tags), as: UTF8.self)
    try db.executeCached(
      sql: """
        INSERT INTO run (
          uuid, name, created_at, parameters, seed, config, config_hash,
          config_directory, data_hash, scaled_from, parent_run_id, parent_uuid, parent_epoch, fold,
          sweep, sweep_point, tags, notes, host, version, trainer, native, exact)
        VALUES (?, ?, \(EpochInsertion.timestamp), ?, ?, ?, ?, ?, ?, ?,
          coalesce(?, (SELECT id FROM run WHERE uuid = ?)),
          coalesce((SELECT uuid FROM run WHERE id = ?), ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        uuid, description.name, description.createdAt.timeIntervalSince1970,
        description.parameters, description.seed, description.config, description.configHash,
        description.configDirectory, description.data?.hash ?? foreign?.dataHash,
        description.data?.scaledFrom?.rawValue,
        description.parent?.run, foreign?.parent?.uuid, description.parent?.run,
        foreign?.parent?.uuid, description.parent?.epoch ?? foreign?.parent?.epoch,
        description.fold, description.sweep?.name, description.sweep?.point, tags,
        description.notes, description.host, description.version, foreign?.trainer,
        foreign?.native, foreign?.isExact ?? true,
      ])
    let run = db.lastInsertedRowID
    try db.executeCached(
      sql: "INSERT INTO progress (run_id, alive_until) VALUES (?, ?)", arguments: [run, Lease.end])
    return run
  }

  private func insertTensors(_ run: Int64) throws {
    let places = VectorLayout.places(of: description.tensors)
    for (position, (tensor, place)) in zip(description.tensors, places).enumerated() {
      let foreign = description.foreign?.tensors[position]
      let gates = (0..<4).map { $0 < tensor.gates.count ? tensor.gates[$0] : nil }
      try db.cachedStatement(
        sql: """
          INSERT INTO tensor (
            run_id, position, layer, tensor, direction, rows, cols, units, source,
            gate_0, gate_1, gate_2, gate_3, trainable, piece_rows, pieces, piece_cols,
            first_vector, first_value, path, shape, dtype, turned)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        run, position, tensor.layer, tensor.tensor, tensor.part.direction?.rawValue,
        tensor.rows, tensor.cols, tensor.units, tensor.source?.rawValue, gates[0], gates[1],
        gates[2], gates[3], foreign?.isTrainable ?? true, place.pieceRows, place.pieces,
        place.pieceColumns, place.firstVector,
        place.firstValue, foreign?.path, foreign.map { Self.json($0.shape) }, foreign?.dtype,
        foreign?.turned,
      ])
    }
  }

  /// Stores the shapes of slots that are not those of the weights.
  private func insertSlots(_ run: Int64) throws {
    for slot in description.foreign?.slots ?? [] {
      for (position, tensor) in slot.tensors.enumerated() {
        try db.executeCached(
          sql: """
            INSERT INTO slot (run_id, name, position, tensor_position, shape) VALUES (?, ?, ?, ?, ?)
            """,
          arguments: [run, slot.name, position, tensor.weights, Self.json(tensor.shape)])
      }
    }
  }

  private static func json(_ shape: [Int]) -> String {
    "[" + shape.map(String.init).joined(separator: ",") + "]"
  }

  private func insertData(_ run: Int64) throws {
    for (position, part) in (description.data?.parts ?? []).enumerated() {
      try db.cachedStatement(
        sql: """
          INSERT INTO data_part (run_id, position, part, hash, filled, dropped)
          VALUES (?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [run, position, part.name, part.hash, part.filled, part.dropped])
    }
    for (number, name) in (description.data?.classes ?? []).enumerated() {
      try db.cachedStatement(sql: "INSERT INTO class (run_id, class, name) VALUES (?, ?, ?)")
        .execute(arguments: [run, number, name])
    }
    for (number, feature) in (description.data?.features ?? []).enumerated() {
      try db.cachedStatement(
        sql: """
          INSERT INTO feature (run_id, feature, name, category, shift, scale, fill)
          VALUES (?, ?, ?, ?, ?, ?, ?)
          """
      ).execute(arguments: [
        run, number, feature.name, feature.category, feature.shift, feature.scale, feature.fill,
      ])
    }
    for (number, target) in (description.data?.targets ?? []).enumerated() {
      try db.cachedStatement(
        sql: "INSERT INTO target (run_id, output, name, shift, scale) VALUES (?, ?, ?, ?, ?)"
      ).execute(arguments: [run, number, target.name, target.shift, target.scale])
    }
  }

  private func insertSplits(_ run: Int64) throws {
    for split in description.splits { try Self.insert(split, of: run, db) }
  }

  /// Stores the targets of a part of the data.
  private static func insert(_ split: RunDescription.Split, of run: Int64, _ db: Database) throws {
    var vectors = try VectorWriter(db)
    let first = vectors.next
    try vectors.append(split.targets, length: VectorLayout.predictionValues)
    try db.executeCached(
      sql: """
        INSERT INTO split (run_id, split, samples, outputs, first_vector, vectors)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [
        run, split.name.rawValue, split.samples, split.outputs, first, vectors.next - first,
      ])
  }

  /// Stores what a run's result makes of the test data; the targets are stored with the first of
  /// them, which the run's start did not know to come.
  static func insert(
    _ test: RunResult.TestPredictions, of run: Int64, at epoch: Int, _ db: Database
  ) throws {
    let isKnown: Bool? = try db.value(
      "known", of: "split", "run \(run)",
      "SELECT EXISTS (SELECT 1 FROM split WHERE run_id = ? AND split = 'test') AS known", [run])
    if isKnown == false { try insert(test.split, of: run, db) }
    try provideNumbers(below: max(test.split.samples, test.split.outputs), db)
    var vectors = try VectorWriter(db)
    try vectors.append(.predictions, DataSplit.test.rawValue, of: run, at: epoch) { vectors in
      try vectors.append(test.values, length: VectorLayout.predictionValues)
    }
  }

  private func insertActivations(_ run: Int64) throws {
    let all = description.activations.reduce(0) { $0 + $1.pieces }
    var first = 0
    for (position, quantity) in description.activations.enumerated() {
      try db.executeCached(
        sql: """
          INSERT INTO activation (
            run_id, position, layer, direction, gate, units, first_vector, step_vectors)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          run, position, quantity.layer, quantity.part.direction?.rawValue, quantity.part.name,
          quantity.units, first, all,
        ])
      first += quantity.pieces
    }
  }

  private func provideNumbers() throws {
    let sides =
      description.tensors.flatMap { [$0.rows, $0.cols] }
      + description.splits.flatMap { [$0.samples, $0.outputs] }
      + description.activations.map(\.units) + [description.activationSteps]
    try Self.provideNumbers(below: sides.max() ?? 0, db)
  }

  /// Sees to it that the views find a number for each row, column, sample and output.
  static func provideNumbers(below count: Int, _ db: Database) throws {
    try db.executeCached(
      sql: """
        INSERT INTO number WITH RECURSIVE sequence(n) AS (
          SELECT max(n) + 1 FROM number UNION ALL SELECT n + 1 FROM sequence
        ) SELECT n FROM sequence LIMIT max(0, ? - (SELECT max(n) + 1 FROM number))
        """,
      arguments: [count])
  }
}

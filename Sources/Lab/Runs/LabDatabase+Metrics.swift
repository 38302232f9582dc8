import LabStore

extension LabDatabase {
  /// The losses and metrics that an epoch of a run stored.
  func metricValues(of run: Int64, at epoch: Int) throws -> [MetricValue] {
    let table = try metrics(of: run)
    let columns = ["epoch", "split", "name", "value"].compactMap(table.columns.firstIndex)
    guard columns.count == 4 else { return [] }
    return table.rows.compactMap { row in
      guard row[columns[0]] == .integer(Int64(epoch)), case .text(let split) = row[columns[1]],
        case .text(let name) = row[columns[2]], case .real(let value) = row[columns[3]],
        let part = DataSplit(rawValue: split)
      else { return nil }
      return MetricValue(part, name, value)
    }
  }
}

import LabStore

extension LabDatabase {
  /// The losses and metrics that an epoch of a run stored.
  func metricValues(of run: Int64, at epoch: Int) throws -> [MetricValue] {
    try metricValuesByEpoch(of: run)[epoch] ?? []
  }

  /// The losses and metrics of every epoch of a run that stored some.
  func metricValuesByEpoch(of run: Int64) throws -> [Int: [MetricValue]] {
    let table = try metrics(of: run)
    let columns = ["epoch", "split", "name", "value"].compactMap(table.columns.firstIndex)
    guard columns.count == 4 else { return [:] }
    return table.rows.reduce(into: [:]) { epochs, row in
      guard case .integer(let epoch) = row[columns[0]], case .text(let split) = row[columns[1]],
        case .text(let name) = row[columns[2]], case .real(let value) = row[columns[3]],
        let part = DataSplit(rawValue: split)
      else { return }
      epochs[Int(epoch), default: []].append(MetricValue(part, name, value))
    }
  }
}

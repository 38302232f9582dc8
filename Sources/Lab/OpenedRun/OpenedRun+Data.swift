import Foundation
import LSTMEngine
import LabFormats
import LabStore

extension OpenedRun {
  /// Returns the plan with the data of the run, wherever they lie now: the stored hash proves that they
  /// are the same. They are prepared by the rules of today or by those that the run was made with.
  ///
  /// A relative path is looked for in the stored folder, then beside the database, then in the folder that
  /// the user named.
  func preparedPlan(_ config: Config) throws -> TrainingPlan {
    if run.trainer != nil {
      throw foreign(
        "the samples that it was trained with are not here",
        next:
          "name a file of some: lstm-lab predict \(id) x.npy, gates \(id) x.npy, explain \(id) x.npy"
      )
    }
    let folders = try folders()
    var tried: [[String]] = []
    var first: (config: Config, plan: Result<TrainingPlan, any Error>)?
    for file in Self.arrangements(of: config.dataFiles, in: folders) {
      let located = config.dataFiles.map(file.locating)
      guard !tried.contains(located) else { continue }
      tried.append(located)
      var config = config
      config.file = file
      for rules in DataRules.all(of: run.scaledFrom, given: try? preparation) {
        // The stored state takes the place of first weights from a file.
        let plan = Result { try TrainingPlan(config, rules: rules, loadsInitialWeights: false) }
        if let plan = try? plan.get(), plan.data.hash == run.dataHash { return plan }
        if first == nil { first = (config, plan) }
      }
    }
    guard let first else { preconditionFailure("data without a place") }
    try requireFound(first.config)
    throw try refusal(of: first.plan.get(), first.config)
  }

  /// How the run reads its data, as far as that is stored.
  var preparation: Preparation {
    get throws {
      try Preparation(
        classes: database.classes(of: id), features: database.features(of: id),
        targets: database.targets(scaledIn: id))
    }
  }

  /// Returns the plan of a configuration with other data, which are read by what is stored with the run.
  ///
  /// - Throws: `LabError` naming what does not fit: a feature, a class, a category.
  func plan(withNewData config: Config) throws -> TrainingPlan {
    var config = config
    config.file.others = Array(try folders().dropFirst())
    let plan = try TrainingPlan(
      config, rules: .reading(run.scaledFrom, by: preparation), loadsInitialWeights: false)
    let wanted = try database.tensors(of: id).first { $0.source == .input }?.rows
    if let wanted, plan.network.features != wanted, !config.model.readsSymbols {
      let found = plan.network.features
      throw LabError(
        .data,
        "the samples have \(found) feature\(found == 1 ? "" : "s"), run \(id) reads \(wanted)",
        where: config.file.path,
        next: "give the features that the run was trained with, in the same order")
    }
    try requireTensors(of: plan.network)
    return plan
  }

  /// The folders to look in, each once: that of the configuration first.
  private func folders() throws -> [DataFolder] {
    if let dataFolder, !DataFolder.isFolder(dataFolder) {
      throw LabError(
        .notFound, "there is no such folder", where: dataFolder,
        next: "name the folder that has the data of run \(id) with --data")
    }
    let beside = URL(filePath: database.path).deletingLastPathComponent().path
    let named = dataFolder.map { DataFolder(path: URL(filePath: $0).path, isNamed: true) }
    let all = [DataFolder(path: run.configDirectory), DataFolder(path: beside)]
    return (all[0] == all[1] ? [all[0]] : all) + [named].compactMap { $0 }
  }

  /// The ways to look for files: first in those folders that have all of them, alone, then in all folders,
  /// each of them once the first.
  private static func arrangements(of files: [String], in folders: [DataFolder]) -> [ConfigFile] {
    func file(_ home: DataFolder) -> ConfigFile {
      var file = ConfigFile(home.path + "/config.json")
      if home.isNamed { file.others = [home] }
      return file
    }
    let whole = folders.map(file).filter { file in
      files.allSatisfy { DataFolder.hasFile(file.locating($0)) }
    }
    let mixed = folders.map { home in
      var file = file(home)
      file.others += folders.filter { $0 != home }
      return file
    }
    return whole + mixed
  }

  /// Refuses a run whose files are in none of the folders.
  private func requireFound(_ config: Config) throws {
    var file = ConfigFile(run.configDirectory + "/config.json")
    file.others = try folders()
    let places = config.dataFiles.map(file.places)
    guard let missing = places.firstIndex(where: { !$0.contains(where: DataFolder.hasFile) }) else {
      return
    }
    throw LabError(
      .notFound,
      "the data of run \(id) cannot be found: `\(Visible.line(config.dataFiles[missing]))`",
      where: place,
      next: "looked for " + places[missing].joined(separator: ", ")
        + "; name the folder that has the file with --data DIR")
  }

  private func refusal(of plan: TrainingPlan, _ config: Config) throws -> LabError {
    let change = DataChange(from: try database.dataParts(of: id), to: plan.data.parts)
    return LabError(
      .data, "these are not the data that run \(id) was trained with: \(change)",
      where: change.place(in: config),
      next: "put them back as they were, name their folder with --data DIR, or start a new run "
        + "with them")
  }
}

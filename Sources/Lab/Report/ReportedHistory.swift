import LSTMEngine
import LabFormats
import LabStore

/// What the weights of all of a run's epochs tell, as a report shows it: when samples were learnt, the way of the
/// weights, which inputs carried a prediction.
struct ReportedHistory {
  /// A picture and the words beside it.
  struct Picture {
    let caption: String
    let plot: Plot
  }

  /// What an input at each step carried of an output of a sample.
  struct Attribution {
    /// The sample's number in the training data.
    let sample: Int
    let words: String
    let steps: Int
    let features: Int
    let scale: Float
    let grid: HeatGrid
  }

  let pictures: [Picture]
  /// The samples that were hardest to learn, and those that most taught themselves; nil of a model of numbers.
  let hardest, selfish: Table?
  let attributions: [Attribution]

  /// The rows of its tables.
  private static let rows = 8
  /// As many multiplications are made for it at most, some seconds of work; beyond it a part is left out.
  private static let mostWork = 6e10

  /// Looks at a run whose data are there.
  ///
  /// - Parameters:
  ///   - samples: The samples whose gates are shown.
  ///   - cells: The most rows and columns of a picture.
  init(_ opened: OpenedRun, plan: TrainingPlan, samples: [Int], cells: Int) throws {
    let resources = try TrainingSession.Resources()
    let training = try AppliedEpoch(opened, split: DataSplit.train.rawValue, plan: plan)
    let epochs = try opened.database.epochs(of: opened.id, storing: .weights).count
    let weights = try opened.database.tensors(of: opened.id).reduce(0) { $0 + $1.count }
    let work = Double(epochs) * Double(plan.train.allSteps) * Double(weights)
    var pictures: [Picture?] = []
    var (hardest, selfish): (Table?, Table?)
    let model = MeasuredModel(training, resources: resources)
    if epochs > 1, model.kind != .numbers, work < Self.mostWork {
      let learned = try LearnedSamples(opened, model, sort: .confidence, limit: Self.rows)
      pictures.append(Self.map(learned))
      hardest = learned.hardest
      if 3 * work < Self.mostWork {
        let traced = try opened.influence(on: nil, plan, resources: resources)
        selfish = try Influence(
          traced, on: nil, of: opened, training: training, detail: nil, limit: Self.rows
        ).greatest
      }
    }
    if epochs > 1, work < Self.mostWork {
      pictures.append(Self.way(try Trajectory([opened], surface: nil)))
      pictures.append(try Self.line(opened, model))
      pictures.append(try Self.parting(opened, training, resources))
    }
    self.pictures = pictures.compactMap(\.self)
    (self.hardest, self.selfish) = (hardest, selfish)
    let run = try InspectedRun(opened, split: DataSplit.train.rawValue, plan: plan)
    attributions = try samples.map { sample in
      let why = try IntegratedGradients(
        run, sample: sample, output: nil, step: nil, baseline: .zero, pieces: 64,
        resources: resources)
      return Self.attribution(why, cells: cells)
    }
  }

  /// The map of a data set: how sure the model was of each sample, by how much that changed.
  private static func map(_ learned: LearnedSamples) -> Picture? {
    let drawings = ["easy", "ambiguous", "hard"].map { region in
      Plot.Drawing(
        name: region, form: .dots,
        points: learned.samples.filter { $0.region == region }.map {
          ($0.variability, $0.confidence)
        }
      )
    }
    return Plot(
      "Mean probability of what each sample should be, by its standard deviation over the epochs",
      across: "variability", up: "confidence", drawings
    ).map {
      Picture(
        caption: "How the samples were learnt: mean probability of what each should be", plot: $0)
    }
  }

  private static func way(_ trajectory: Trajectory) -> Picture? {
    let points = trajectory.states.map { state in
      (x: state.coordinates.first ?? 0, y: state.coordinates.dropFirst().first ?? 0)
    }
    guard let first = points.first, let last = points.last else { return nil }
    let share = trajectory.shares.prefix(2).reduce(0, +)
    return Plot(
      "The weights of each epoch along their first two principal components",
      across: "pc1", up: "pc2",
      [
        .init(form: .line, points: points), .init(name: "start", form: .dots, points: [first]),
        .init(name: "end", form: .dots, points: [last]),
      ]
    ).map {
      Picture(
        caption:
          "The way of the weights; the two directions have \(NumberText.fixed(100 * share, digits: 1)) % of it",
        plot: $0)
    }
  }

  /// The loss along the straight line from the first state to the result.
  private static func line(_ opened: OpenedRun, _ model: MeasuredModel) throws -> Picture? {
    let last = try opened.epoch()
    guard let first = try opened.database.epochs(of: opened.id, storing: .weights).first,
      first < last
    else { return nil }
    let line = Interpolation(
      try opened.weights(at: first, for: model.applied.network),
      try opened.weights(at: last, for: model.applied.network), model, points: 21, heading: "")
    return Plot(
      "Loss of the training data along the straight line between two states", across: "alpha",
      up: "loss", [.init(form: .line, points: line.points.map { ($0.alpha, $0.loss) })]
    ).map {
      Picture(caption: "Loss on the straight line from epoch \(first) to epoch \(last)", plot: $0)
    }
  }

  /// How far a fork came apart from the run that it was taken from.
  private static func parting(
    _ opened: OpenedRun, _ training: AppliedEpoch, _ resources: TrainingSession.Resources
  ) throws -> Picture? {
    guard let parent = opened.run.parentRunID,
      let other = try? OpenedRun(opened.database.run(parent), in: opened.database),
      let parting = try? Parting(other, opened, applied: training, resources: resources),
      parting.isDifferent
    else { return nil }
    return Plot(
      "Distance of the weights from those of the parent", across: "epoch", up: "distance",
      isWhole: true,
      [.init(form: .line, points: parting.pairs.map { (Double($0.epoch), $0.distance) })]
    ).map {
      Picture(
        caption:
          "How far it came apart from run \(parent), from epoch \(parting.pairs[0].epoch) on",
        plot: $0)
    }
  }

  private static func attribution(_ why: IntegratedGradients, cells: Int) -> Attribution {
    let values = why.attributions
    let features = values[0].count
    let scale = HeatGrid.scale(of: values.flatMap { $0.map { Float($0) } })
    return Attribution(
      sample: why.sample, words: why.words, steps: values.count, features: features, scale: scale,
      grid: HeatGrid(rows: features, cols: values.count, limit: cells, scale: scale) {
        Float(values[$1][$0])
      })
  }
}

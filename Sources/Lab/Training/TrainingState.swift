import Foundation

/// What a resume needs besides weights and optimizer slots, as the JSON that an epoch stores.
///
/// Random numbers need nothing more: they depend on the seed and the epoch's number alone.
struct TrainingState: Codable, Equatable {
  /// The number of optimizer steps made.
  var iterations: Int
  /// The generator whose position the epoch's number is.
  var random = "philox4x32-10"

  var json: String { #"{"iterations":\#(iterations),"random":"\#(random)"}"# }

  init(iterations: Int) { self.iterations = iterations }

  init(json: String, place: String) throws(LabError) {
    do {
      self = try JSONDecoder().decode(TrainingState.self, from: Data(json.utf8))
    } catch {
      throw LabError(
        .data, "the stored training state cannot be read: \(json)", where: place,
        next: "resume from an earlier epoch with --from")
    }
  }
}

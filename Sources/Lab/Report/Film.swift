import Foundation
import LabFormats

/// Pictures of several epochs, of which the page's slider shows one at a time.
struct Film {
  /// The epochs that are shown, in order; at least one.
  let epochs: [Int]
  /// The number of epochs that have such pictures.
  let stored: Int
  /// The pictures epoch by epoch, as many and of the same sizes in each.
  let frames: [[HeatGrid]]

  init(epochs: [Int], stored: Int, frames: [[HeatGrid]]) {
    precondition(
      frames.count == epochs.count && !frames.isEmpty, "\(frames.count) of \(epochs.count) frames")
    self.epochs = epochs
    self.stored = stored
    self.frames = frames
  }

  /// The pictures of the last epoch, which the page shows at first.
  var last: [HeatGrid] { frames[frames.count - 1] }

  /// The epoch of ``last``.
  var lastEpoch: Int { epochs[epochs.count - 1] }

  /// What has to be said about the epochs, if some are left out.
  var note: String? {
    epochs.count < stored ? "\(epochs.count) of \(stored) stored epochs" : nil
  }

  /// The film for the page's script: a byte a cell, epoch after epoch.
  ///
  /// - Parameter key: The `data-film` of the element that shows it.
  func json(key: String) -> JSONText {
    let cells = frames.flatMap { $0.flatMap(\.cells) }.map { UInt8(bitPattern: $0) }
    return .object([
      "key": .string(key), "epochs": .array(epochs.map(JSONText.integer)),
      "parts": .array(frames[0].map { .array([.integer($0.rows), .integer($0.cols)]) }),
      "frames": .string(Data(cells).base64EncodedString()),
    ])
  }
}

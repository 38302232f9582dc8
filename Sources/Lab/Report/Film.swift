import Foundation
import LabFormats

/// Numbers of several epochs, of which the page shows those of one at a time.
struct Film {
  /// The epochs whose numbers are in the page, in order; at least one.
  let epochs: [Int]
  /// All epochs that have such numbers, those of ``epochs`` among them.
  let stored: [Int]
  /// The numbers epoch by epoch, as many and in the same order in each; nil where the page asks for them.
  let frames: [[Float]]?

  /// A film of which the page asks for the numbers of each epoch.
  init(stored: [Int]) {
    precondition(!stored.isEmpty, "no epochs")
    (epochs, self.stored, frames) = (stored, stored, nil)
  }

  init(epochs: [Int], stored: [Int], frames: [[Float]]) {
    precondition(
      frames.count == epochs.count && !frames.isEmpty, "\(frames.count) of \(epochs.count) frames")
    self.epochs = epochs
    self.stored = stored
    self.frames = frames
  }

  /// The epoch that the page shows at first.
  var lastEpoch: Int { epochs[epochs.count - 1] }

  /// What has to be said about the epochs, if some are left out.
  var note: String? {
    epochs.count < stored.count
      ? "the numbers of \(epochs.count) of \(stored.count) stored epochs are in this page" : nil
  }

  /// The film for the page's script: the float32 numbers of each epoch, byte for byte.
  ///
  /// - Parameters:
  ///   - key: The name by which the script asks for it.
  ///   - layout: What the numbers of an epoch are, in their order.
  func json(key: String, layout: KeyValuePairs<String, JSONText?>) -> JSONText {
    .object([
      "key": .string(key), "epochs": .array(epochs.map(JSONText.integer)),
      "stored": .array(stored.map(JSONText.integer)), "layout": .object(layout),
      "frames": frames.map { .array($0.map { .string(Data($0).base64EncodedString()) }) },
    ])
  }
}

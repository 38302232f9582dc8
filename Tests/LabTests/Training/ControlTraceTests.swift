import Foundation
import LSTMEngine
import LabStore
import Testing

@testable import Lab
import LabFormats

/// Early stopping and the reduction of the learning rate against Keras's own callbacks.
@Suite struct ControlTraceTests {
  /// What Keras's callbacks made of some epochs; Reference/callbacks.py writes it.
  struct Trace: Decodable {
    let epochs: [[String: Double]]
    let rates: [Double]
    let stopped: Int?
    let restored: Int?
  }

  /// The traces, and the settings of each as the configuration's own JSON.
  private func traces() throws -> [(trace: Trace, config: Config)] {
    let text = String(decoding: try Fixture.bytes("callbacks.json"), as: UTF8.self)
    let traces = try JSONDecoder().decode([Trace].self, from: Data(text.utf8))
    let root = try JSONDocument(text, source: "callbacks.json").root
    return try zip(traces, root.elements).map { trace, value in
      let members = value.members.prefix(2).map { member in
        let bytes = Array(text.utf8)[member.value.range]
        return "\"\(member.key)\":\(String(decoding: bytes, as: UTF8.self))"
      }
      #expect(members.count == 2)
      let training = """
        {"loss":"binary_crossentropy","metrics":["accuracy"],"epochs":40,
        "optimizer":{"type":"sgd","learning_rate":0.125},\(members.joined(separator: ","))}
        """
      return (
        trace,
        try Config(
          json: ConfigErrorTests.config(
            data: """
              {"train":{"x":[[[1]]],"y":[[1]]},"validation":{"x":[[[1]]],"y":[[1]]}}
              """, training: training), source: "c.json")
      )
    }
  }

  private func metrics(_ values: [String: Double]) throws -> [MetricValue] {
    [
      MetricValue(.train, "loss", try #require(values["loss"])),
      MetricValue(.validation, "loss", try #require(values["val_loss"])),
      MetricValue(.validation, "accuracy", try #require(values["val_accuracy"])),
    ]
  }

  @Test func `each epoch's rate, the stop and the best epoch are Keras's`() throws {
    let traces = try traces()
    #expect(traces.count == 200)
    #expect(traces.filter { $0.trace.stopped != nil }.count > 100)
    #expect(traces.filter { Set($0.trace.rates).count > 1 }.count > 100)
    for (number, (trace, config)) in traces.enumerated() {
      let plan = try TrainingPlan(config)
      var controls = TrainingControls(plan)
      for (index, values) in trace.epochs.enumerated() {
        #expect(!controls.state.isStopped, "trace \(number), epoch \(index + 1)")
        #expect(
          controls.learningRate.at(iteration: index) == trace.rates[index],
          "trace \(number), epoch \(index + 1)")
        // Stored and read again after every epoch, nothing is lost.
        let stored = TrainingState(iterations: index, controls: controls.state)
        let read = try TrainingState(json: stored.json, place: "here")
        #expect(read == stored)
        controls = TrainingControls(plan, state: read.controls)
        controls.observe(try metrics(values), epoch: index + 1)
      }
      #expect(controls.state.isStopped == (trace.stopped != nil), "trace \(number)")
      let restores = config.training.earlyStopping?.restoresBest == true
      #expect((restores ? controls.state.best?.epoch : nil) == trace.restored, "trace \(number)")
    }
  }

  @Test func `what is not finite is never better`() throws {
    for (_, config) in try traces().prefix(20) {
      let plan = try TrainingPlan(config)
      var controls = TrainingControls(plan)
      for epoch in 1...3 {
        let bad: [Double] = [.nan, .infinity, -.infinity]
        controls.observe(
          try metrics(["loss": bad[0], "val_loss": bad[epoch - 1], "val_accuracy": bad[1]]),
          epoch: epoch)
        #expect(controls.state.best == nil)
        #expect(controls.state.plateau.best == nil)
        // It still can be stored.
        let stored = TrainingState(iterations: 1, controls: controls.state)
        #expect(try TrainingState(json: stored.json, place: "here") == stored)
      }
    }
  }

  @Test func `a run without controls remembers nothing`() throws {
    let config = try Config(json: ConfigErrorTests.config(), source: "c.json")
    var controls = TrainingControls(try TrainingPlan(config))
    controls.observe([MetricValue(.train, "loss", 0.5)], epoch: 1)
    #expect(
      TrainingState(iterations: 7, controls: controls.state).json
        == #"{"iterations":7,"random":"philox4x32-10"}"#)
    for iterations in [0, 1, 999, 1 << 53] {
      let state = TrainingState(iterations: iterations)
      #expect(state.json == TrainingState.form.text(state).compact)
    }
  }
}

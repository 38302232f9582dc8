import Testing

@testable import Lab

/// The table as Keras 3.15.1 printed it for the same models (`model.summary(line_length=76)`).
@Suite struct KerasSummaryTests {
  @Test func `the seed model's summary is Keras's`() {
    let summary = KerasSummary(layers: [
      KerasSummary.Layer(name: "lstm", type: "LSTM", outputShape: [nil, 4], parameters: 128),
      KerasSummary.Layer(name: "dense", type: "Dense", outputShape: [nil, 2], parameters: 10),
    ])
    #expect(
      summary.text() == """
        Model: "sequential"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ lstm (LSTM)                     │ (None, 4)              │           128 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense (Dense)                   │ (None, 2)              │            10 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 138 (552.00 B)
         Trainable params: 138 (552.00 B)
         Non-trainable params: 0 (0.00 B)

        """)
    #expect(
      summary.text(lineLength: 80).split(separator: "\n")[2]
        == "┃ Layer (type)                      ┃ Output Shape             ┃       Param # ┃")
  }

  @Test func `long names are cut where Keras cuts them`() {
    let summary = KerasSummary(layers: [
      KerasSummary.Layer(
        name: "a_layer_with_a_very_long_name_indeed", type: "LSTM", outputShape: [nil, nil, 512],
        parameters: 1_112_064),
      KerasSummary.Layer(
        name: "a_layer_with_a_name_of_just_so", type: "LSTM", outputShape: [nil, 256],
        parameters: 787_456),
      KerasSummary.Layer(name: "dense", type: "Dense", outputShape: [nil, 1], parameters: 257),
    ])
    #expect(
      summary.text() == """
        Model: "sequential"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ a_layer_with_a_very_long_name_… │ (None, None, 512)      │     1,112,064 │
        │ (LSTM)                          │                        │               │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ a_layer_with_a_name_of_just_so  │ (None, 256)            │       787,456 │
        │ (LSTM)                          │                        │               │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense (Dense)                   │ (None, 1)              │           257 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 1,899,777 (7.25 MB)
         Trainable params: 1,899,777 (7.25 MB)
         Non-trainable params: 0 (0.00 B)

        """)
  }

  @Test func `layers that are not trained count as Keras counts them`() {
    let summary = KerasSummary(layers: [
      KerasSummary.Layer(
        name: "gru", type: "GRU", outputShape: [nil, 5, 4], parameters: 108, trainable: false),
      KerasSummary.Layer(
        name: "dropout", type: "Dropout", outputShape: [nil, 5, 4], parameters: 0),
      KerasSummary.Layer(
        name: "simple_rnn", type: "SimpleRNN", outputShape: [nil, 300], parameters: 91_500),
      KerasSummary.Layer(name: "dense", type: "Dense", outputShape: [nil, 2], parameters: 602),
    ])
    #expect(
      summary.text() == """
        Model: "sequential"
        ┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
        ┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
        ┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
        │ gru (GRU)                       │ (None, 5, 4)           │           108 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dropout (Dropout)               │ (None, 5, 4)           │             0 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ simple_rnn (SimpleRNN)          │ (None, 300)            │        91,500 │
        ├─────────────────────────────────┼────────────────────────┼───────────────┤
        │ dense (Dense)                   │ (None, 2)              │           602 │
        └─────────────────────────────────┴────────────────────────┴───────────────┘
         Total params: 92,210 (360.20 KB)
         Trainable params: 92,102 (359.77 KB)
         Non-trainable params: 108 (432.00 B)

        """)
  }
}

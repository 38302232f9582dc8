"""The small models that `check_exports.py` trains, as configurations with inline data.

Data are drawn from random.Random(name) as multiples of 1/64, exact in float32.
"""

import random

SAMPLES, STEPS, FEATURES, NUMBERS, OUTPUTS = 9, 6, 3, 7, 3


def cell(kind, units, last=True, **options):
    return {"type": kind, "units": units, "return_sequences": not last} | options


def both_ways(kind, units, last=True, **options):
    return {"type": "bidirectional", "layer": cell(kind, units, last, **options)}


def dense(activation="softmax", units=OUTPUTS, **options):
    return {"type": "dense", "units": units, "activation": activation} | options


EMBEDDING = {"type": "embedding", "input_dim": NUMBERS, "output_dim": 4}
DROPOUT = {"type": "dropout", "rate": 0.5}

STACKS = {
    "lstm": [cell("lstm", 5), dense()],
    "gru": [cell("gru", 5), dense()],
    "simple_rnn": [cell("simple_rnn", 5), dense()],
    "lstm_without_bias": [cell("lstm", 5, use_bias=False), dense("sigmoid", use_bias=False)],
    "gru_without_bias": [cell("gru", 5, use_bias=False), dense("sigmoid", use_bias=False)],
    "simple_rnn_relu": [cell("simple_rnn", 17, activation="relu"), dense("linear")],
    "lstm_functions": [cell("lstm", 5, activation="relu", recurrent_activation="tanh"), dense()],
    "gru_functions": [both_ways("gru", 5, activation="sigmoid", recurrent_activation="tanh"),
                      dense()],
    "linear_functions": [cell("simple_rnn", 5, last=False, activation="linear"),
                         cell("lstm", 5, activation="linear"), dense()],
    "dense_stack": [cell("lstm", 5), dense("relu", 18), dense("tanh", 4), dense()],
    "stacked": [cell("lstm", 17, last=False), cell("gru", 5, last=False),
                cell("simple_rnn", 4, last=False), cell("lstm", 5), dense("sigmoid")],
    "steps": [cell("gru", 5, last=False), dense()],
    "no_dense": [cell("gru", 5, last=False), cell("lstm", OUTPUTS)],
    "both_ways_lstm": [both_ways("lstm", 17, last=False), both_ways("lstm", 5), dense()],
    "both_ways_gru": [both_ways("gru", 17, last=False), both_ways("gru", 5), dense()],
    "both_ways_simple_rnn": [both_ways("simple_rnn", 17, last=False), both_ways("simple_rnn", 5),
                             dense()],
    "both_ways_without_bias": [both_ways("gru", 5, use_bias=False), dense()],
    "both_ways_steps": [both_ways("lstm", 5, last=False), dense()],
    "embedding": [EMBEDDING, cell("lstm", 5), dense()],
    "dropout": [cell("lstm", 5, last=False, dropout=0.25, recurrent_dropout=0.25), DROPOUT,
                cell("gru", 5, recurrent_dropout=0.5), DROPOUT, dense()],
}
UNEQUAL = ["lstm", "gru", "simple_rnn", "stacked", "steps", "both_ways_lstm", "both_ways_gru",
           "both_ways_simple_rnn", "both_ways_steps", "embedding"]


def data(draw, layers, unequal):
    """Samples of STEPS time steps, or of 1 to STEPS."""
    has_steps = all(layer.get("layer", layer).get("return_sequences", True) for layer in layers)

    def step():
        if layers[0]["type"] == "embedding":
            return [draw.randrange(NUMBERS)]
        return [draw.randint(-128, 128) / 64 for _ in range(FEATURES)]

    def target():
        return [int(draw.random() < 0.5) for _ in range(OUTPUTS)]

    lengths = [draw.randint(1, STEPS) if unequal else STEPS for _ in range(SAMPLES)]
    lengths[draw.randrange(SAMPLES)] = STEPS
    return {"x": [[step() for _ in range(length)] for length in lengths],
            "y": [[target() for _ in range(length)] if has_steps else target()
                  for length in lengths]}


def configurations():
    """Every model with samples of one length, and some with samples of several."""
    for name, layers, unequal in [(name, layers, False) for name, layers in STACKS.items()] + [
            (f"{name}_unequal", STACKS[name], True) for name in UNEQUAL]:
        draw = random.Random(name)
        yield {
            "name": name, "seed": 3,
            "data": {"train": data(draw, layers, unequal),
                     "validation": data(draw, layers, unequal)},
            "model": {"layers": layers},
            "training": {"epochs": 4, "batch_size": 4, "loss": "mean_squared_error",
                         "metrics": ["accuracy"],
                         "optimizer": {"type": "adam", "learning_rate": 0.05}},
            "record": {"predictions": {"every": 4}},
        }

"""The models and stored states of which `history.py` computes what their history tells.

Each is a case as cases.py has them, with two or three samples of test data and, instead of weights that
were trained, random ones for every epoch. A state's rate is a multiple of 1/256.
"""

import random

import cases
from cases import bidirectional, dense, dropout, embedding, gru, lstm, simple_rnn

STATES = 4  # epochs 0 to 3
TRAJECTORIES = {"lstm_sigmoid": 6, "gru_stacked": 6, "two_way_lstm": 6}  # more states, and their way
SEQUENCES = {"return_sequences": True}
BITS = ("bits", "binary_crossentropy")
CLASSES = ("one-hot", "categorical_crossentropy")
NUMBERS = ("numbers", "mean_squared_error")


def history_case(name, layers, target, loss, unequal=False, **sizes):
    """A case with test data, and the states of its weights: epoch, learning rate, weights."""
    draw = random.Random(f"history {name}")
    sizes = {"inputs": 3, "steps": draw.randint(4, 7), "samples": draw.randint(6, 10)} | sizes
    count = TRAJECTORIES.get(name, STATES)
    result = cases.case(name, layers, target, loss, cases.sgd(0.1), unequal=unequal,
                        epochs=count - 1, **sizes)
    other = cases.case(f"{name}, test", layers, target, loss, unequal=unequal,
                       **(sizes | {"samples": draw.randint(2, 3)}))
    config = result["config"]
    config["data"]["test"] = other["config"]["data"]["train"]
    rates = [draw.randint(1, 64) / 256 for _ in range(count - 1)]
    states = [{"epoch": epoch, "learning_rate": rates[max(0, epoch - 1)],
               "weights": cases.initial_weights(draw, layers, sizes["inputs"], 0.0, 2.0)}
              for epoch in range(count)]
    return {"config": config, "states": states}


def one_way():
    """Each cell with each output, equal lengths and unequal."""
    for make, kind in ((lstm, "lstm"), (gru, "gru"), (simple_rnn, "simple_rnn")):
        yield history_case(f"{kind}_sigmoid", [make(4), dense(2, "sigmoid")], *BITS)
        yield history_case(f"{kind}_softmax", [make(5), dense(3, "softmax")], *CLASSES)
        yield history_case(f"{kind}_numbers", [make(6), dense(2)], *NUMBERS, inputs=2)
        yield history_case(f"{kind}_unequal", [make(5), dense(3, "softmax")], *CLASSES,
                           unequal=True)
        yield history_case(f"{kind}_stacked", [make(4, **SEQUENCES), make(3, f"{kind}_1"),
                                               dense(1)], *NUMBERS)
    yield history_case("lstm_one_output", [lstm(5), dense(1, "sigmoid")], *BITS)
    yield history_case("lstm_labels", [lstm(4), dense(3, "softmax")], "labels",
                       "sparse_categorical_crossentropy", inputs=4)
    yield history_case("lstm_unequal_sigmoid", [lstm(3), dense(2, "sigmoid")], *BITS, unequal=True,
                       inputs=1)
    yield history_case("lstm_unequal_stacked", [lstm(4, **SEQUENCES), lstm(3, "lstm_1"), dense(2)],
                       *NUMBERS, unequal=True)
    yield history_case("gru_unequal_sigmoid", [gru(4), dense(1, "sigmoid")], *BITS, unequal=True)
    yield history_case("lstm_long", [lstm(8), dense(2, "softmax")], *CLASSES, steps=9, inputs=2)


def both_ways():
    yield history_case("two_way_lstm", [bidirectional(lstm(4)), dense(3, "softmax")], *CLASSES)
    yield history_case("two_way_lstm_unequal", [bidirectional(lstm(3)), dense(2, "sigmoid")], *BITS,
                       unequal=True)
    yield history_case("two_way_gru", [bidirectional(gru(3)), dense(2)], *NUMBERS)
    yield history_case("two_way_gru_unequal", [bidirectional(gru(4)), dense(3, "softmax")],
                       *CLASSES, unequal=True)
    yield history_case("two_way_simple_rnn", [bidirectional(simple_rnn(4)), dense(1, "sigmoid")],
                       *BITS)
    yield history_case("two_way_stacked", [bidirectional(lstm(3, **SEQUENCES)),
                                           bidirectional(gru(3), "bidirectional_1"), dense(2)],
                       *NUMBERS, unequal=True)


def others():
    """Mixed cells, dense layers, no biases, dropout, a layer that is not trained, steps, numbers."""
    yield history_case("mixed", [lstm(4, **SEQUENCES), gru(3, **SEQUENCES), simple_rnn(3),
                                 dense(2, "softmax")], *CLASSES)
    yield history_case("dense_between", [lstm(4), dense(5, "relu"), dense(2, "sigmoid", "dense_1")],
                       *BITS)
    yield history_case("no_bias", [lstm(4, use_bias=False), dense(2, use_bias=False)], *NUMBERS)
    yield history_case("dropped", [lstm(4, dropout=0.25, recurrent_dropout=0.5), dropout(0.5),
                                   dense(3, "softmax")], *CLASSES, seed=7)
    yield history_case("frozen", [lstm(4, trainable=False, **SEQUENCES), gru(4), dense(2)],
                       *NUMBERS)
    yield history_case("step_labels", [lstm(4, **SEQUENCES), dense(3, "softmax")], "step labels",
                       "sparse_categorical_crossentropy")
    yield history_case("step_numbers_unequal", [gru(4, **SEQUENCES), dense(1)], "step numbers",
                       "mean_squared_error", unequal=True)
    yield history_case("embedding", [embedding(6, 3), lstm(4), dense(2, "softmax")], *CLASSES,
                       inputs=1)


def all_cases():
    """Every case, in the order in which they are computed."""
    return [*one_way(), *both_ways(), *others()]

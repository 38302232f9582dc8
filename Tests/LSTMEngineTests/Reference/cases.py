"""The models, data and initial weights that Keras, PyTorch and the engine all train.

Everything is drawn from random.Random(case name): its sequence is the same in every Python. Data
are multiples of 1/64, exact in float32 and short in JSON.
"""

import math
import random
import struct


def lstm(units, name="lstm", **options):
    """An LSTM layer of a config, every option spelled out."""
    layer = {"type": "lstm", "name": name, "units": units, "activation": "tanh"}
    layer |= {"recurrent_activation": "sigmoid", "use_bias": True, "return_sequences": False}
    return layer | options


def gru(units, name="gru", **options):
    """A GRU layer of a config, every option spelled out; Keras's default is reset_after."""
    return lstm(units, name, **options) | {"type": "gru"}


def simple_rnn(units, name="simple_rnn", **options):
    """A SimpleRNN layer of a config, every option spelled out."""
    layer = lstm(units, name, **options) | {"type": "simple_rnn"}
    del layer["recurrent_activation"]
    return layer


def bidirectional(layer, name="bidirectional"):
    """A layer for each direction, side by side."""
    inner = {key: value for key, value in layer.items() if key != "name"}
    return {"type": "bidirectional", "name": name, "layer": inner}


def embedding(numbers, outputs, name="embedding"):
    """A row of a table for each number of the input."""
    return {"type": "embedding", "name": name, "input_dim": numbers, "output_dim": outputs}


def dropout(rate, name="dropout"):
    """A Dropout layer of a config."""
    return {"type": "dropout", "name": name, "rate": rate}


def dense(units, activation="linear", name="dense", **options):
    """A Dense layer of a config, every option spelled out."""
    layer = {"type": "dense", "name": name, "units": units, "activation": activation}
    return layer | {"use_bias": True} | options


def sgd(rate=0.01, **options):
    return {"type": "sgd", "learning_rate": rate, "momentum": 0.0, "nesterov": False} | options


def adam(rate=0.001, **options):
    moments = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": False}
    return {"type": "adam", "learning_rate": rate} | moments | options


def rmsprop(rate=0.001, **options):
    settings = {"rho": 0.9, "momentum": 0.0, "epsilon": 1e-7, "centered": False}
    return {"type": "rmsprop", "learning_rate": rate} | settings | options


def sixty_fourths(draw, limit, *shape):
    """Nested lists of multiples of 1/64 in -limit … limit."""
    if shape:
        return [sixty_fourths(draw, limit, *shape[1:]) for _ in range(shape[0])]
    return draw.randint(-64 * limit, 64 * limit) / 64


def labels(draw, classes, *shape):
    """Nested lists of class numbers."""
    if shape:
        return [labels(draw, classes, *shape[1:]) for _ in range(shape[0])]
    return draw.randrange(classes)


def one_hot(draw, classes, samples):
    return [[int(c == k) for c in range(classes)] for k in labels(draw, classes, samples)]


def numbers(draw, count, samples, steps, unequal):
    """Samples of an embedding; Keras's mask for unequal lengths takes the number 0."""
    return [[[draw.randrange(1 if unequal else 0, count)] for _ in range(steps)]
            for _ in range(samples)]


TARGETS = {
    "numbers": lambda draw, n, t, c: sixty_fourths(draw, 1, n, c),
    "step numbers": lambda draw, n, t, c: sixty_fourths(draw, 1, n, t, c),
    "bits": lambda draw, n, t, c: labels(draw, 2, n, c),
    "one-hot": lambda draw, n, t, c: one_hot(draw, c, n),
    "labels": lambda draw, n, t, c: labels(draw, c, n),
    "step labels": lambda draw, n, t, c: labels(draw, c, n, t),
}


def float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


GATES = {"lstm": 4, "gru": 3, "simple_rnn": 1, "dense": 1}


def initial_weights(draw, layers, inputs, bias, spread):
    """Glorot-sized uniform float32 weights by Keras's names.

    In the last layer, `bias` shifts the bias and `spread` stretches the kernel, so that outputs
    fall where a loss is to be tested.
    """
    tensors, width = {}, inputs
    for layer in layers:
        if layer["type"] == "dropout":
            continue
        for tensor, shape in shapes_of(layer, width).items():
            limit = 0.25 if tensor.endswith("bias") else math.sqrt(6 / sum(shape))
            last = layer is layers[-1]
            limit *= spread if last and tensor == "kernel" else 1.0
            middle = bias if last and tensor == "bias" else 0.0
            count = math.prod(shape)
            values = [float32(middle + draw.uniform(-limit, limit)) for _ in range(count)]
            tensors[f"{layer['name']}/{tensor}"] = {"shape": shape, "data": values}
        width = outputs_of(layer)
    return tensors


def outputs_of(layer):
    """The number of a layer's outputs at a step."""
    if layer["type"] == "bidirectional":
        return 2 * layer["layer"]["units"]
    return layer["output_dim"] if layer["type"] == "embedding" else layer["units"]


def shapes_of(layer, width):
    """The shapes of a layer's tensors by their names, in order."""
    if layer["type"] == "embedding":
        return {"embeddings": [layer["input_dim"], layer["output_dim"]]}
    if layer["type"] == "bidirectional":
        return {f"{direction}/{tensor}": shape for direction in ("forward", "backward")
                for tensor, shape in shapes_of(layer["layer"], width).items()}
    columns = layer["units"] * GATES[layer["type"]]
    shapes = {"kernel": [width, columns]}
    if layer["type"] != "dense":
        shapes["recurrent_kernel"] = [layer["units"], columns]
    if layer["use_bias"]:
        shapes["bias"] = [2, columns] if layer["type"] == "gru" else [columns]
    return shapes


def case(name, layers, target, loss, optimizer=None, inputs=3, steps=4, samples=8, batch=4,
         epochs=6, metrics=(), validation=0, every=1, bias=0.0, spread=1.0, unequal=False, seed=None,
         **controls):
    """One case: a config in the project's form, initial weights, and the epochs to keep.

    With `unequal`, samples have 1 to `steps` time steps. `controls` are more members of the config's
    `training`.
    """
    draw = random.Random(name)
    outputs = outputs_of(layers[-1])

    def data(count):
        if layers[0]["type"] == "embedding":
            x = numbers(draw, layers[0]["input_dim"], count, steps, unequal)
        else:
            x = sixty_fourths(draw, 2, count, steps, inputs)
        y = TARGETS[target](draw, count, steps, outputs)
        if unequal:
            lengths = [draw.randint(1, steps) for _ in range(count)]
            lengths[count // 2] = steps
            x = [each[:length] for each, length in zip(x, lengths)]
            if target.startswith("step"):
                y = [each[:length] for each, length in zip(y, lengths)]
        return {"x": x, "y": y}

    config = {"name": name, "data": {"train": data(samples)}, "model": {"layers": layers}}
    if seed is not None:
        config["seed"] = seed
    if validation:
        config["data"]["validation"] = data(validation)
    config["training"] = {
        "epochs": epochs, "batch_size": batch, "shuffle": False, "loss": loss,
        "optimizer": optimizer or adam(0.01), "metrics": list(metrics),
    } | controls
    tensors = initial_weights(draw, layers, inputs, bias, spread)
    return {"config": config, "initial_weights": tensors,
            "kept_epochs": list(range(every, epochs + 1, every))}


def zero_position():
    """The seed experiment: where is the zero among the numbers 1 … 15?"""
    layers = [lstm(4), dense(2, "sigmoid")]
    result = case("zero_position", layers, "bits", "binary_crossentropy", adam(), steps=5,
                  samples=15, batch=3, epochs=100, metrics=["accuracy"], every=10)
    flat = [[0 if i == k else i + 1 for i in range(15)] for k in range(15)]
    result["config"]["data"]["train"] = {
        "x": [[row[3 * t:3 * t + 3] for t in range(5)] for row in flat],
        "y": [[1, 0] if k < 8 else [0, 1] for k in range(15)],
    }
    return result


def shapes():
    sequences = {"return_sequences": True}
    errors = ["mean_absolute_error", "mean_squared_error"]
    yield case("smallest", [lstm(1), dense(1)], "numbers", "mean_squared_error", inputs=1, steps=3,
               samples=3, batch=2, metrics=errors)
    yield case("odd_sizes", [lstm(7), dense(3, "softmax")], "one-hot", "categorical_crossentropy",
               inputs=5, steps=6, samples=9, validation=5, metrics=["accuracy"] + errors)
    yield case("units_16", [lstm(16), dense(3)], "numbers", "mean_squared_error", epochs=4)
    yield case("units_17", [lstm(17), dense(4, "softmax")], "labels",
               "sparse_categorical_crossentropy", inputs=2, epochs=4, metrics=["accuracy"])
    yield case("units_33", [lstm(33), dense(2)], "numbers", "huber", inputs=4, steps=7, epochs=3)
    yield case("stacked_two", [lstm(6, **sequences), lstm(5, "lstm_1"), dense(2, "sigmoid")],
               "bits", "binary_crossentropy", metrics=["accuracy"], steps=5)
    yield case("stacked_three", [lstm(5, **sequences), lstm(4, "lstm_1", **sequences),
                                 lstm(3, "lstm_2"), dense(1)],
               "numbers", "mean_squared_error", metrics=errors)
    yield case("sequence_numbers", [lstm(6, **sequences), dense(2)], "step numbers",
               "mean_squared_error", samples=7, batch=3, metrics=errors)
    yield case("sequence_labels", [lstm(5, **sequences), dense(3, "softmax")], "step labels",
               "sparse_categorical_crossentropy", samples=7, batch=3, metrics=["accuracy"])
    yield case("partial_batch", [lstm(6), dense(2, "softmax")], "one-hot",
               "categorical_crossentropy", samples=10, validation=7, metrics=["accuracy"])
    yield case("large_batch", [lstm(4), dense(2, "softmax")], "labels",
               "sparse_categorical_crossentropy", samples=5, batch=32, metrics=["accuracy"])
    yield case("one_step", [lstm(5), dense(2)], "numbers", "mean_squared_error", steps=1)
    yield case("lstm_last", [lstm(5, **sequences), lstm(2, "lstm_1")], "numbers",
               "mean_squared_error", metrics=["accuracy"])
    yield case("three_dense", [lstm(5), dense(6, "relu"), dense(4, "tanh", "dense_1"),
                               dense(2, "linear", "dense_2")], "numbers", "mean_squared_error")


def losses():
    yield case("binary_one_output", [lstm(5), dense(1, "sigmoid")], "bits", "binary_crossentropy",
               metrics=["accuracy", "mean_squared_error"], samples=9)
    yield case("binary_softmax", [lstm(5), dense(3, "softmax")], "one-hot", "binary_crossentropy",
               metrics=["accuracy"])
    # The rate keeps outputs away from the bounds 0 and 1, where the gradient is as large as 1e7.
    yield case("binary_clipped", [lstm(5), dense(3)], "bits", "binary_crossentropy", sgd(0.005),
               metrics=["accuracy"], samples=12, bias=0.6, spread=5.0)
    yield case("categorical_sigmoid", [lstm(5), dense(3, "sigmoid")], "one-hot",
               "categorical_crossentropy", metrics=["accuracy", "mean_absolute_error"])
    yield case("categorical_renormalized", [lstm(5), dense(3, "relu")], "one-hot",
               "categorical_crossentropy", sgd(0.05), metrics=["accuracy"], bias=0.7, spread=2.0)
    yield case("sparse_clipped", [lstm(5), dense(3, "relu")], "labels",
               "sparse_categorical_crossentropy", sgd(0.05), metrics=["accuracy"], bias=0.4,
               spread=2.0)
    yield case("absolute_error", [lstm(5), dense(3)], "numbers", "mean_absolute_error", sgd(0.1),
               metrics=["mean_squared_error"])
    yield case("huber_both_sides", [lstm(5), dense(2)], "numbers", "huber", sgd(0.1), bias=1.0,
               metrics=["mean_absolute_error"], validation=3)


def optimizers():
    chosen = {
        "sgd": sgd(0.2),
        "sgd_momentum": sgd(0.1, momentum=0.9),
        "sgd_nesterov": sgd(0.1, momentum=0.9, nesterov=True),
        "adam": adam(0.01),
        # One recurrent weight's first gradient is only four times ε: its step multiplies the
        # rounding of that gradient by 4600.
        "adam_amsgrad": adam(0.01, amsgrad=True, beta_1=0.8, beta_2=0.6),
        "adamw": adam(0.01, weight_decay=0.1) | {"type": "adamw"},
        "rmsprop": rmsprop(0.005),
        "rmsprop_momentum": rmsprop(0.005, momentum=0.5, rho=0.8),
        "rmsprop_centered": rmsprop(0.005, centered=True),
    }
    for name, optimizer in chosen.items():
        yield case(name, [lstm(6), dense(3, "softmax")], "labels",
                   "sparse_categorical_crossentropy", optimizer, metrics=["accuracy"], samples=10,
                   epochs=8)


def long_runs():
    """Every optimizer with betas for 60 to 90 updates, so that a few millionths of a step add up."""
    chosen = {
        "adam": adam(), "amsgrad": adam(amsgrad=True),
        "adamw": adam(weight_decay=0.1) | {"type": "adamw"},
        "adamw_amsgrad": adam(weight_decay=0.1, amsgrad=True) | {"type": "adamw"},
    }
    for name, optimizer in chosen.items():
        yield case(f"long_{name}", [lstm(6), dense(3, "softmax")], "labels",
                   "sparse_categorical_crossentropy", optimizer | {"learning_rate": 0.01},
                   metrics=["accuracy"], samples=10, epochs=30, every=5)
        yield case(f"long_{name}_fast", [gru(6), dense(2)], "numbers", "mean_squared_error",
                   optimizer | {"learning_rate": 0.02}, samples=10, epochs=20, every=5)


def activations():
    cells = {
        "cell_relu": {"activation": "relu"},
        "cell_linear": {"activation": "linear"},
        "cell_sigmoid": {"activation": "sigmoid", "recurrent_activation": "tanh"},
        "gates_relu": {"recurrent_activation": "relu"},
        "gates_linear": {"recurrent_activation": "linear"},
    }
    for name, options in cells.items():
        yield case(name, [lstm(6, **options), dense(2)], "numbers", "mean_squared_error")
    yield case("no_bias", [lstm(6, use_bias=False), dense(2, "sigmoid", use_bias=False)], "bits",
               "binary_crossentropy", metrics=["accuracy"])


def schedules():
    """Three steps an epoch, eight epochs: 24 steps in all."""
    chosen = {
        "exponential_decay": {"decay_steps": 5, "decay_rate": 0.8},
        "exponential_staircase": {"type": "exponential_decay", "decay_steps": 7, "decay_rate": 0.5,
                                  "staircase": True},
        "inverse_time_decay": {"decay_steps": 4, "decay_rate": 0.7},
        "inverse_time_staircase": {"type": "inverse_time_decay", "decay_steps": 5,
                                   "decay_rate": 2.0, "staircase": True},
        "cosine_decay": {"decay_steps": 18, "alpha": 0.1},
        "cosine_warmup": {"type": "cosine_decay", "decay_steps": 11, "warmup_target": 0.02,
                          "warmup_steps": 7},
        "polynomial_decay": {"decay_steps": 15, "end_learning_rate": 0.001, "power": 1.5},
        "polynomial_cycle": {"type": "polynomial_decay", "decay_steps": 7, "power": 2.0,
                             "end_learning_rate": 0.0005, "cycle": True},
        "piecewise_constant_decay": {"boundaries": [2, 9, 17], "values": [0.02, 0.01, 0.03, 0.001]},
    }
    for name, schedule in chosen.items():
        # Plain descent shows each rate as it is; AdamW's weight decay follows the rate too.
        optimizer = sgd(0.1, momentum=0.5) if "staircase" in name else adam(0.01)
        if name == "cosine_decay":
            optimizer = adam(0.01, weight_decay=0.1) | {"type": "adamw"}
        yield case(name, [lstm(6), dense(3, "softmax")], "labels",
                   "sparse_categorical_crossentropy", optimizer, metrics=["accuracy"], samples=10,
                   epochs=8, learning_rate_schedule={"type": name} | schedule)


def clippings():
    """Limits that some gradients pass and others do not, over several panels and layers."""
    chosen = {"clip_norm": 0.25, "global_clip_norm": 0.3, "clip_value": 0.05}
    stack = [lstm(17, return_sequences=True), lstm(5, "lstm_1"), dense(3)]
    for name, limit in chosen.items():
        yield case(name, stack, "numbers", "mean_squared_error", sgd(0.3), samples=10, epochs=8,
                   every=4, metrics=["mean_absolute_error"], **{name: limit})
    # The gradients of what is not trained are no part of the norm.
    frozen = lstm(5, return_sequences=True, trainable=False)
    yield case("global_clip_frozen", [frozen, gru(5), dense(3)], "numbers", "mean_squared_error",
               sgd(0.3), samples=10, global_clip_norm=0.2)
    yield case("clip_norm_loose", [lstm(6), dense(3)], "numbers", "mean_squared_error", sgd(0.1),
               clip_norm=1000.0)


def class_weights():
    """One output, several, and class numbers; a class without a weight has 1."""
    yield case("weighted_binary", [lstm(5), dense(1, "sigmoid")], "bits", "binary_crossentropy",
               metrics=["accuracy"], samples=10, validation=5, class_weight={"0": 0.5, "1": 3.0})
    yield case("weighted_categorical", [lstm(5), dense(3, "softmax")], "one-hot",
               "categorical_crossentropy", metrics=["accuracy"], samples=10,
               class_weight={"0": 0.25, "2": 4.0})
    yield case("weighted_sparse", [lstm(5), dense(17, "softmax")], "labels",
               "sparse_categorical_crossentropy", sgd(0.2), metrics=["accuracy"], samples=10,
               class_weight={str(k): 0.25 * k for k in range(16)})


def other_cells():
    """GRU and SimpleRNN: whole and partial panels, stacks, sequences, activations, no biases."""
    sequences, error = {"return_sequences": True}, ("numbers", "mean_squared_error")
    labels = "sparse_categorical_crossentropy"
    for make, kind in ((gru, "gru"), (simple_rnn, "simple_rnn")):
        yield case(f"{kind}_last", [make(6), dense(3, "softmax")], "labels", labels,
                   metrics=["accuracy"], samples=10, validation=5)
        yield case(f"{kind}_smallest", [make(1), dense(1)], *error, inputs=1, steps=3, samples=3,
                   batch=2)
        yield case(f"{kind}_17", [make(17), dense(2)], *error, inputs=18, steps=5, epochs=4)
        yield case(f"{kind}_33", [make(33), dense(2)], *error, inputs=4, steps=7, samples=11,
                   batch=11, epochs=3)
        yield case(f"{kind}_stacked", [make(6, **sequences), make(5, f"{kind}_1"),
                                       dense(2, "sigmoid")],
                   "bits", "binary_crossentropy", metrics=["accuracy"], steps=5)
        yield case(f"{kind}_sequences", [make(5, **sequences), dense(3, "softmax")],
                   "step labels", labels, samples=7, batch=3, metrics=["accuracy"])
        yield case(f"{kind}_one_step", [make(5), dense(2)], *error, steps=1)
        yield case(f"{kind}_no_bias", [make(6, use_bias=False), dense(2, use_bias=False)], *error)
        yield case(f"{kind}_relu", [make(6, activation="relu"), dense(2)], *error)
    yield case("gru_gates_tanh", [gru(6, activation="sigmoid", recurrent_activation="tanh"),
                                  dense(2)], *error)
    yield case("mixed_cells", [lstm(5, **sequences), gru(18, **sequences), simple_rnn(4),
                               dense(2)], *error, steps=5)


def frozen():
    """Layers that are not trained: the first, one in the middle, the last; with weight decay."""
    sequences, still = {"return_sequences": True}, {"trainable": False}
    stack = [lstm(5, **sequences), gru(6, **sequences), simple_rnn(4), dense(3, "softmax")]
    decay = adam(0.01, weight_decay=0.1) | {"type": "adamw"}
    for index, kind in ((0, "first"), (1, "middle"), (3, "last")):
        layers = [layer | still if k == index else layer for k, layer in enumerate(stack)]
        yield case(f"frozen_{kind}", layers, "labels", "sparse_categorical_crossentropy", decay,
                   metrics=["accuracy"])


def dropping():
    """Dropout of inputs, of the state, and between layers; no rest in the last batch."""
    sequences = {"return_sequences": True}
    for make, kind in ((lstm, "lstm"), (gru, "gru"), (simple_rnn, "simple_rnn")):
        yield case(f"dropout_{kind}_both",
                   [make(5, dropout=0.25, recurrent_dropout=0.5, **sequences), dropout(0.25),
                    make(7, f"{kind}_1", dropout=0.5, recurrent_dropout=0.25),
                    dropout(0.5, "dropout_1"), dense(3, "softmax")],
                   "labels", "sparse_categorical_crossentropy", seed=2**40 + 9,
                   metrics=["accuracy"], validation=4)
    both = {"dropout": 0.25, "recurrent_dropout": 0.5}
    labels = ("labels", "sparse_categorical_crossentropy")
    for name, unequal in (("dropout_two_way", False), ("dropout_two_way_unequal", True)):
        yield case(name, [bidirectional(lstm(5, **both, **sequences)), dropout(0.25),
                          bidirectional(gru(7, **both), "bidirectional_1"), dropout(0.5, "dropout_1"),
                          dense(3, "softmax")], *labels, seed=11, unequal=unequal, steps=5,
                   metrics=["accuracy"])
    yield case("dropout_unequal", [lstm(5, **both, **sequences), dropout(0.25), gru(7, **both),
                                   dropout(0.5, "dropout_1"), dense(3, "softmax")], *labels, seed=12,
               unequal=True, steps=5, metrics=["accuracy"])
    yield case("dropout_embedding", [embedding(9, 18), dropout(0.25), simple_rnn(6, **both),
                                     dense(3, "softmax")], *labels, seed=13,
               inputs=1, metrics=["accuracy"])


def unequal_lengths():
    """Samples of 1 to `steps` time steps, each computed over its own length."""
    sequences, options = {"return_sequences": True}, {"unequal": True, "samples": 11, "batch": 4}
    labels = "sparse_categorical_crossentropy"
    for make, kind in ((lstm, "lstm"), (gru, "gru"), (simple_rnn, "simple_rnn")):
        yield case(f"unequal_{kind}", [make(6), dense(3, "softmax")], "labels", labels, steps=7,
                   metrics=["accuracy"], validation=5, **options)
        yield case(f"unequal_{kind}_stacked", [make(17, **sequences), make(5, f"{kind}_1"),
                                               dense(2)],
                   "numbers", "mean_squared_error", steps=6, metrics=["mean_absolute_error"],
                   **options)
    yield case("unequal_step_labels", [lstm(6, **sequences), dense(3, "softmax")], "step labels",
               labels, steps=7, metrics=["accuracy"], validation=5, **options)
    yield case("unequal_step_numbers", [lstm(5, **sequences), gru(4, **sequences), dense(2)],
               "step numbers", "mean_squared_error", steps=6, metrics=["mean_absolute_error"],
               **options)


def two_ways():
    """Both directions of time: each cell, last steps and all steps, equal lengths and unequal."""
    sequences, options = {"return_sequences": True}, {"samples": 10, "metrics": ["accuracy"]}
    labels = "sparse_categorical_crossentropy"
    for make, kind in ((lstm, "lstm"), (gru, "gru"), (simple_rnn, "simple_rnn")):
        for unequal in (False, True):
            name = f"two_way_{kind}" + ("_unequal" if unequal else "")
            yield case(name, [bidirectional(make(6)), dense(3, "softmax")], "labels", labels,
                       steps=6, unequal=unequal, **options)
            yield case(f"{name}_steps", [bidirectional(make(9, **sequences)), dense(3, "softmax")],
                       "step labels", labels, steps=6, unequal=unequal, **options)
    yield case("two_way_stacked", [bidirectional(lstm(18, **sequences)),
                                   bidirectional(gru(5), "bidirectional_1"), dense(3, "softmax")],
               "labels", labels, steps=6, unequal=True, **options)
    yield case("two_way_last", [lstm(4, **sequences), bidirectional(lstm(2))], "numbers",
               "mean_squared_error", steps=5)


def embeddings():
    options = {"samples": 10, "metrics": ["accuracy"], "inputs": 1}
    labels = "sparse_categorical_crossentropy"
    for name, optimizer in {"embedding": adam(0.01), "embedding_sgd": sgd(0.3, momentum=0.9),
                            "embedding_rmsprop": rmsprop(0.005)}.items():
        yield case(name, [embedding(9, 5), lstm(6), dense(3, "softmax")], "labels", labels,
                   optimizer, **options)
    yield case("embedding_unequal", [embedding(7, 18), bidirectional(lstm(5)), dense(3, "softmax")],
               "labels", labels, unequal=True, steps=6, **options)
    # As a model of characters is: the next one at each step.
    sequences = {"return_sequences": True}
    yield case("characters", [embedding(13, 8), lstm(17, **sequences), dense(13, "softmax")],
               "step labels", labels, steps=9, unequal=True, batch=4, **options)
    yield case("characters_stacked",
               [embedding(11, 6), gru(9, **sequences), lstm(18, "lstm_1", **sequences),
                dense(11, "softmax")],
               "step labels", labels, adam(0.02), steps=12, batch=5, epochs=20, every=5, **options)


def all_cases():
    """Every case, in the order in which they are generated."""
    return [zero_position(), *shapes(), *losses(), *optimizers(), *long_runs(), *activations(),
            *other_cells(), *frozen(), *dropping(), *schedules(), *clippings(), *class_weights(),
            *unequal_lengths(), *two_ways(), *embeddings()]

"""The masks of dropout, by their definition: Philox4x32-10 keyed by seed, layer and optimizer step.

Salmon, Moraes, Dror and Shaw, "Parallel random numbers: as easy as 1, 2, 3" (2011). An element is a
function of seed, layer, purpose, optimizer step, sample, time step and column.
"""

PURPOSES = {"input": 0, "state": 1, "backward_input": 2, "backward_state": 3}
DROPOUT_STREAM = 3
LOW = 0xFFFFFFFF


def philox(counter, key):
    """The four words that belong to a counter of four words and a key of 64 bits."""
    x, k0, k1 = list(counter), key & LOW, key >> 32
    for _ in range(10):
        first, second = x[0] * 0xD2511F53, x[2] * 0xCD9E8D57
        x = [second >> 32 ^ x[1] ^ k0, second & LOW, first >> 32 ^ x[3] ^ k1, first & LOW]
        k0, k1 = k0 + 0x9E3779B9 & LOW, k1 + 0xBB67AE85 & LOW
    return x


def row(rate, seed, layer, purpose, iteration, sample, step, columns):
    """The multipliers of one sample's columns at one time step: 0, or 1 / (1 - rate)."""
    number = 4 * layer + PURPOSES[purpose]
    low, high, *_ = philox([iteration, 0, number, DROPOUT_STREAM], seed)
    values = []
    for column in range(columns):
        panel, lane = divmod(column, 16)
        words = philox([panel // 4 * 16 + lane, step, sample, 0], low | high << 32)
        values.append(0.0 if words[panel % 4] < int(rate * 2**32) else 1 / (1 - rate))
    return values


def masks(layers, seed, iteration, samples, inputs, steps):
    """The masks of every layer for some samples: (layer, purpose) -> nested lists.

    A recurrent layer's are (samples, columns), the same at all time steps; a dropout layer's are
    (samples, steps, columns), or (samples, columns) behind a last step.
    """
    result, width, has_steps = {}, inputs, True
    for index, layer in enumerate(layers):
        def draw(rate, purpose, step, columns):
            return [row(rate, seed, index, purpose, iteration, sample, step, columns)
                    for sample in samples]

        if layer["type"] == "dropout":
            each = [draw(layer["rate"], "input", t, width) for t in range(steps if has_steps else 1)]
            result[index, "input"] = (
                [list(sample) for sample in zip(*each)] if has_steps else each[0])
            continue
        inner = layer.get("layer", layer)
        for prefix in ("", "backward_") if layer["type"] == "bidirectional" else ("",):
            for key, purpose, columns in (("dropout", "input", width),
                                          ("recurrent_dropout", "state", inner.get("units"))):
                if inner.get(key):
                    result[index, prefix + purpose] = draw(
                        inner[key], prefix + purpose, 0, columns)
        outputs = inner.get("units", inner.get("output_dim"))
        width = 2 * outputs if layer["type"] == "bidirectional" else outputs
        has_steps = has_steps and inner.get("return_sequences", True)
    return result


def has_dropout(case):
    """Whether a case drops anything."""
    inner = [layer.get("layer", layer) for layer in case["config"]["model"]["layers"]]
    return any(layer["type"] == "dropout" or layer.get("dropout") or layer.get("recurrent_dropout")
               for layer in inner)


def of_batch(case, iteration, samples):
    """The masks of a batch of a case, over the time steps of the longest sample."""
    config = case["config"]
    x = config["data"]["train"]["x"]
    return masks(config["model"]["layers"], config["seed"], iteration, samples, len(x[0][0]),
                 max(map(len, x)))

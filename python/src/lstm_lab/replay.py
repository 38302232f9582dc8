"""The recurrent layers' equations once more, in numpy, to see what they compute at each step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Callable

import numpy as np
from numpy.typing import NDArray

from lstm_lab.cells import CELLS, STATES

Values = NDArray[Any]
Function = Callable[[Values], Values]


def sigmoid(x: Values) -> Values:
    """σ(x), without an overflow."""
    small = np.exp(-np.abs(x))
    return np.where(x >= 0, 1 / (1 + small), small / (1 + small)).astype(x.dtype)


def softmax(x: Values) -> Values:
    """The outputs' shares of e to their power."""
    raised = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True))


def log_softmax(x: Values) -> Values:
    """The softmax's logarithms."""
    below = x - x.max(axis=-1, keepdims=True)
    return np.asarray(below - np.log(np.exp(below).sum(axis=-1, keepdims=True)))


FUNCTIONS: dict[str, Function] = {
    "linear": lambda x: x,
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda x: np.maximum(x, 0),
    "softmax": softmax,
    "log_softmax": log_softmax,
}


@dataclass(frozen=True)
class Cell:
    """A recurrent cell's kind and functions."""

    kind: str
    activation: Function = np.tanh
    recurrent_activation: Function = sigmoid
    reset_after: bool = True
    """Whether a GRU's reset gate stands behind the product."""

    @property
    def quantities(self) -> tuple[str, ...]:
        """What is computed at each step, by name."""
        return CELLS[self.kind] + STATES[self.kind]


def trace(
    cell: Cell,
    weights: Mapping[str, Values],
    x: Values,
    first: tuple[Values | None, Values | None] = (None, None),
) -> dict[str, Values]:
    """Returns each quantity of a sequence: steps × units.

    `weights` are `kernel`, `recurrent_kernel` and perhaps `bias`, rows × columns in the lab's
    order; a bias of two rows is added where each of the two products is. `first` are the hidden and
    the cell state before the first step, where they are not zeros.
    """
    kernel, recurrent = weights["kernel"], weights["recurrent_kernel"]
    bias = weights.get("bias", np.zeros((1, kernel.shape[1]), kernel.dtype))
    inner = bias[1] if len(bias) > 1 else np.zeros_like(bias[0])
    units = recurrent.shape[0]
    sums = x.astype(kernel.dtype) @ kernel + bias[0]  # (T, gates · U)
    seen: dict[str, list[Values]] = {name: [] for name in cell.quantities}
    h, c = (np.zeros(units, kernel.dtype) if state is None else state for state in first)
    f, g = cell.recurrent_activation, cell.activation
    for step in sums:
        if cell.kind == "lstm":
            z = step + h @ recurrent + inner
            i, forget = f(z[:units]), f(z[units : 2 * units])
            candidate, o = g(z[2 * units : 3 * units]), f(z[3 * units :])
            c = forget * c + i * candidate
            h = o * g(c)
            values: tuple[Values, ...] = (i, forget, candidate, o, c, h)
        elif cell.kind == "gru":
            both = h @ recurrent[:, : 2 * units] + inner[: 2 * units]
            z, r = f(step[:units] + both[:units]), f(step[units : 2 * units] + both[units:])
            last = recurrent[:, 2 * units :]
            if cell.reset_after:
                candidate = g(step[2 * units :] + r * (h @ last + inner[2 * units :]))
            else:
                candidate = g(step[2 * units :] + (r * h) @ last + inner[2 * units :])
            h = z * h + (1 - z) * candidate
            values = (z, r, candidate, h)
        else:
            h = g(step + h @ recurrent + inner)
            values = (h,)
        for name, value in zip(cell.quantities, values):
            seen[name].append(value)
    return {
        name: np.array(rows, kernel.dtype).reshape(len(sums), units) for name, rows in seen.items()
    }


def traced_in_time(
    cell: Cell,
    weights: Mapping[str, Values],
    x: Values,
    backward: bool,
    first: tuple[Values | None, Values | None] = (None, None),
) -> dict[str, Values]:
    """The same of a layer that reads from the last step to the first, in the order of time."""
    if not backward:
        return trace(cell, weights, x, first)
    return {name: values[::-1] for name, values in trace(cell, weights, x[::-1], first).items()}


Trace = dict[tuple[str, str, str], Values]
"""By layer, direction (or an empty text) and quantity."""


def forward(
    layers: Sequence[Mapping[str, Any]], weights: Mapping[str, Values], x: Values
) -> tuple[Values, Trace]:
    """Computes one sample through a chain of layers as a configuration has them.

    `weights` are by `layer/tensor`, rows × columns. Returns the outputs and every recurrent layer's
    trace.
    """
    seen: Trace = {}
    for layer in layers:
        kind, name = layer["type"], layer["name"]
        if kind == "embedding":
            x = weights[f"{name}/embeddings"][np.asarray(x).reshape(-1).astype(np.int64)]
        elif kind == "dense":
            x = x @ weights[f"{name}/kernel"]
            if layer.get("use_bias", True):
                x = x + weights[f"{name}/bias"][0]
            x = FUNCTIONS[layer.get("activation", "linear")](x)
        elif kind == "bidirectional":
            inner = layer["layer"]
            halves = []
            for direction in ("forward", "backward"):
                part = _recurrent(inner, weights, f"{name}/{direction}", x, direction, seen, name)
                ends = part[-1] if direction == "forward" else part[0]
                halves.append(part if inner["return_sequences"] else ends)
            x = np.concatenate(halves, axis=-1)
        elif kind != "dropout":
            steps = _recurrent(layer, weights, name, x, "", seen, name)
            x = steps if layer["return_sequences"] else steps[-1]
    return x, seen


def _recurrent(
    layer: Mapping[str, Any],
    weights: Mapping[str, Values],
    prefix: str,
    x: Values,
    direction: str,
    seen: Trace,
    name: str,
) -> Values:
    cell = Cell(
        layer["type"],
        FUNCTIONS[layer.get("activation", "tanh")],
        FUNCTIONS[layer.get("recurrent_activation", "sigmoid")],
    )
    own = {
        part: weights[f"{prefix}/{part}"]
        for part in ("kernel", "recurrent_kernel", "bias")
        if f"{prefix}/{part}" in weights
    }
    values = traced_in_time(cell, own, x, direction == "backward")
    for quantity in cell.quantities:
        seen[(name, direction, quantity)] = values[quantity]
    return values["hidden_state"]

"""What a loss reads of a model, and the native model that trains on it: no framework is asked.

A loss that takes logits has a softmax or sigmoid of its own, which the framework's model has not.
The native model has it: its outputs are probabilities, its loss the crossentropy of these.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lstm_lab.stream.words import one_line

CROSSENTROPIES: dict[str, str] = {
    "binary_crossentropy": "sigmoid",
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
}
"""The losses that may take logits, each with the activation that makes probabilities of them."""


class Unknown(Exception):
    """Says why there is no native model."""


@dataclass(frozen=True)
class Loss:
    """A loss by the engine's name, and what the training gives to it."""

    name: str
    takes: str = "outputs"
    """`outputs`, whatever they are; `probabilities` of the loss's own activation; `logits`;
    `logarithms` of probabilities."""


def trained_layers(layers: Sequence[Mapping[str, Any]], loss: Loss) -> list[dict[str, Any]]:
    """Returns the layers as they are trained: what the loss does to the outputs is the last one's.

    `layers` give the framework's own outputs; the last may have the activation `log_softmax`.
    """
    chain = [dict(layer) for layer in layers]
    if any(layer.get("activation") == "log_softmax" for layer in chain[:-1]):
        raise Unknown("a log_softmax stands before the last layer")
    last = chain[-1]
    activation = last.get("activation", "linear") if last["type"] == "dense" else None
    if loss.takes == "outputs":
        if activation == "log_softmax":
            raise Unknown(f"its outputs are logarithms, and {loss.name} takes none")
        return chain
    wanted = CROSSENTROPIES[loss.name]
    fits = {
        "probabilities": activation == wanted,
        # The log_softmax of one is itself: a loss that takes logits takes it as well.
        "logits": activation == "linear" or (activation == "log_softmax" and wanted == "softmax"),
        "logarithms": activation == "log_softmax",
    }
    if not fits[loss.takes]:
        outputs = f"the outputs of a {last['type']} layer" if activation is None else activation
        raise Unknown(f"its loss takes {loss.takes}, and its outputs are {outputs}")
    last["activation"] = wanted
    return chain


def with_reason(config: Mapping[str, Any], reason: str | None) -> dict[str, Any]:
    """Returns a run's configuration that says why there is no native model, if there is none."""
    if reason is None:
        return dict(config)
    return {**config, "no_native_model": one_line(reason, 1000)}

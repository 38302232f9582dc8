"""A Keras model's variables as tensors: the names that the same model has in every process."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from lstm_lab.cells import gates_and_source
from lstm_lab.stream.tensors import Tensor

CELL_KINDS = {
    keras.layers.LSTMCell: "lstm",
    keras.layers.GRUCell: "gru",
    keras.layers.SimpleRNNCell: "simple_rnn",
}
"""The cells that are known, by their class alone: one that is derived may compute anything."""

PLAIN_SOURCES = {
    keras.layers.Dense: {"kernel": "x", "bias": "bias"},
    keras.layers.Embedding: {"embeddings": "x"},
}


@dataclass(frozen=True)
class Place:
    """A layer with those that it is in, the model itself left out, and their names made plain."""

    layers: tuple[Any, ...]
    names: tuple[str, ...]

    @property
    def owner(self) -> Any:
        """The innermost layer."""
        return self.layers[-1]

    @property
    def is_cell(self) -> bool:
        """Whether it is a known cell within its recurrent layer."""
        return (
            type(self.owner) in CELL_KINDS
            and len(self.layers) > 1
            and getattr(self.layers[-2], "cell", None) is self.owner
        )

    def lab_name(self) -> tuple[str, str | None]:
        """Returns the lab's name of the layer, and the direction in a bidirectional one."""
        names: list[str] = []
        direction: str | None = None
        for index, (layer, name) in enumerate(zip(self.layers, self.names)):
            outer = self.layers[index - 1] if index > 0 else None
            way = _direction(layer, outer)
            if way is not None:
                direction = way
                continue
            if index == len(self.layers) - 1 and self.is_cell:
                continue
            names.append(name)
        return re.sub(r"[^A-Za-z0-9_.-]", "_", ".".join(names)) or "model", direction


def _direction(layer: Any, outer: Any) -> str | None:
    """Returns the direction in which a layer of a bidirectional one reads."""
    if not isinstance(outer, keras.layers.Bidirectional):
        return None
    if layer is outer.forward_layer:
        return "forward"
    return "backward" if layer is outer.backward_layer else None


def places(model: Any) -> Iterator[Place]:
    """Yields every layer of a model, outer ones before inner ones, each once."""
    seen = {id(model)}

    def inside(outer: Any, layers: tuple[Any, ...], names: tuple[str, ...]) -> Iterator[Place]:
        inner = outer._flatten_layers(include_self=False, recursive=False)
        fresh = [layer for layer in inner if id(layer) not in seen]
        seen.update(id(layer) for layer in fresh)
        for layer, name in zip(fresh, plain_names(fresh)):
            place = Place((*layers, layer), (*names, name))
            yield place
            yield from inside(layer, place.layers, place.names)

    yield from inside(model, (), ())


def plain_names(layers: Sequence[Any]) -> list[str]:
    """Returns the names of layers side by side; those that Keras counted are counted from here.

    Keras counts through a process: the second model's first LSTM is `lstm_1`. What somebody chose
    stays.
    """
    bases = [_counted_base(layer) for layer in layers]
    taken = {layer.name for layer, base in zip(layers, bases) if base is None}
    names: list[str] = []
    for layer, base in zip(layers, bases):
        name, count = base or layer.name, 0
        while base is not None and name in taken:
            count += 1
            name = f"{base}_{count}"
        taken.add(name)
        names.append(name)
    return names


def _counted_base(layer: Any) -> str | None:
    """Returns Keras's name for a layer of this class, if the layer has it, counted or not."""
    words = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", re.sub(r"\W+", "", type(layer).__name__))
    base = re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
    match = re.fullmatch(rf"((?:forward_|backward_)?{re.escape(base)})(_\d+)?", layer.name)
    return match[1] if match else None


def described(model: Any) -> tuple[list[Any], tuple[Tensor, ...]]:
    """Returns a model's weights in Keras's order, and what each is."""
    owners: dict[int, Place] = {}
    for place in places(model):
        # Inner layers come later: the last one that has a variable is its owner.
        for variable in place.owner.weights:
            owners[id(variable)] = place
    variables: list[Any] = []
    tensors: list[Tensor] = []
    taken: set[tuple[str, str]] = set()
    for variable in model.weights:
        is_empty = 0 in tuple(variable.shape) or "string" in str(variable.dtype)
        if is_empty or any(variable is known for known in variables):
            continue
        tensor, count = _tensor(variable, owners.get(id(variable))), 1
        while (tensor.layer, tensor.part) in taken:
            count += 1
            tensor = _tensor(variable, owners.get(id(variable)), f"_{count}")
        taken.add((tensor.layer, tensor.part))
        variables.append(variable)
        tensors.append(tensor)
    return variables, tuple(tensors)


def _tensor(variable: Any, place: Place | None, end: str = "") -> Tensor:
    own = re.sub(r"[/\s]", "_", variable.name) + end
    shape = tuple(int(length) for length in variable.shape)
    dtype, trainable = str(variable.dtype), bool(variable.trainable)
    if place is None:
        return Tensor("model", own, own, shape, dtype, trainable=trainable)
    layer, direction = place.lab_name()
    gates, source = None, None
    if type(place.owner) in CELL_KINDS:
        gates, source = gates_and_source(CELL_KINDS[type(place.owner)], own)
    elif type(place.owner) in PLAIN_SOURCES:
        source = PLAIN_SOURCES[type(place.owner)].get(own)
    elif own == "bias" and len(shape) == 1:
        source = "bias"
    part = own if direction is None else f"{direction}/{own}"
    path = "/".join((*place.names, own))
    return Tensor(layer, part, path, shape, dtype, gates, source, trainable)


def values(variable: Any) -> Any:
    """Returns a variable's numbers as an array, which may be the live memory itself."""
    value = variable.value
    if hasattr(value, "detach"):
        value = value.detach()
        if value.device.type != "cpu":
            value = value.cpu()
        return value.float().numpy() if "bfloat16" in str(value.dtype) else value.numpy()
    return value.numpy() if hasattr(value, "numpy") else np.asarray(value)

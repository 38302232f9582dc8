"""Plain arrays by name: what they are called in the lab, and how a frame is filled from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from lstm_lab.cells import CELLS, gates_and_source
from lstm_lab.recording import Recording
from lstm_lab.stream.frames import Buffer, View
from lstm_lab.stream.tensors import Tensor

DIRECTIONS = ("forward", "backward")


def layer_and_part(name: str) -> tuple[str, str]:
    """Cuts a name: `rnn/kernel`, `rnn/backward/bias` and `encoder.rnn.kernel` into layer and part.

    A name of one word is a layer whose tensor is called `value`.
    """
    words = [word for word in name.replace("/", " ").split(" ") if word]
    if len(words) < 2:
        layer, dot, part = name.strip("/").rpartition(".")
        return (layer, part) if dot and layer and part else (name.strip("/") or "value", "value")
    parts = 2 if len(words) > 2 and words[-2] in DIRECTIONS else 1
    return ".".join(words[:-parts]), "/".join(words[-parts:])


def described(weights: Mapping[str, Any], cells: Mapping[str, str]) -> tuple[Tensor, ...]:
    """Returns the tensors of arrays by name; `cells` says which are recurrent."""
    tensors: list[Tensor] = []
    seen: set[tuple[str, str]] = set()
    for name, array in weights.items():
        if np.size(array) == 0:
            continue
        layer, part = layer_and_part(name)
        while (layer, part) in seen:
            part += "_"
        seen.add((layer, part))
        shape = tuple(int(length) for length in np.shape(array))
        gates: tuple[str, ...] | None = None
        source: str | None = None
        if cells.get(layer) in CELLS:
            gates, source = gates_and_source(cells[layer], part.split("/")[-1])
        dtype = str(np.asarray(array).dtype)
        tensors.append(Tensor(layer, part, name, shape, dtype, gates, source))
    return tuple(tensors)


def filled(
    buffer: Buffer,
    recording: Recording,
    weights: Mapping[str, Any],
    optimizer: Mapping[str, Mapping[str, Any]],
) -> None:
    """Copies arrays into a frame's places; what is not given is what the frame before has."""
    header = recording.header
    if buffer.is_fillable and weights.keys() == header.paths.keys():
        given = [weights[path] for path in header.paths]
        for name in buffer.slots:
            given += optimizer[name].values()
        if buffer.fill([a if type(a) is np.ndarray else np.asarray(a) for a in given]):
            return
    unknown = {name for name, array in weights.items() if np.size(array) > 0} - header.paths.keys()
    if unknown:
        recording.voice.warn(
            "tensors", f"not recorded, since the first epoch had no such tensor: {sorted(unknown)}"
        )
    for index, (tensor, view) in enumerate(zip(header.tensors, buffer.weights)):
        if tensor.path in weights:
            _put(view, np.asarray(weights[tensor.path]), tensor.path, tensor.shape)
        elif recording.last is not None:
            view.values[...] = recording.last.buffer.weights[index].values
    for slot in header.slots:
        if slot.name not in optimizer:
            continue
        arrays = list(optimizer[slot.name].values())
        for entry, view, array in zip(slot.entries, buffer.slot_views[slot.name], arrays):
            _put(view, np.asarray(array), slot.name, entry.shape)


def _put(view: View, array: Any, name: str, shape: tuple[int, ...]) -> None:
    if array.shape != shape:
        raise ValueError(f"{name} has the shape {array.shape}, and had {shape}")
    view.place(array)

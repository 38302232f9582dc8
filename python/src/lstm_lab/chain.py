"""The gates of a model that is a chain of layers which the engine knows: no framework is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lstm_lab.cells import CELLS, STATES
from lstm_lab.replay import Values, forward
from lstm_lab.stream.frames import Buffer
from lstm_lab.stream.header import Header
from lstm_lab.stream.tensors import Quantity
from lstm_lab.stream.turns import Array


class ChainReplay:
    """Replays chosen samples through a chain of layers."""

    def __init__(
        self, layers: Sequence[Mapping[str, Any]], numbers: Sequence[int], samples: Sequence[Any]
    ) -> None:
        """Takes the samples: steps × features each, or whole numbers for an embedding."""
        self._layers = layers
        self._samples = [(n, np.asarray(x)) for n, x in zip(numbers, samples)]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What is recorded of each step."""
        found: list[Quantity] = []
        for layer in self._layers:
            inner = layer.get("layer", layer)
            if inner["type"] not in CELLS:
                continue
            for direction in ("forward", "backward") if inner is not layer else (None,):
                for gate in CELLS[inner["type"]] + STATES[inner["type"]]:
                    found.append(Quantity(layer["name"], gate, inner["units"], direction))
        return tuple(found)

    def values(self, header: Header, buffer: Buffer) -> list[tuple[int, Array]]:
        """Returns the number of each sample and its values: steps × all units."""
        weights = named(header, buffer)
        recorded: list[tuple[int, Array]] = []
        for number, x in self._samples:
            _, seen = forward(self._layers, weights, x)
            columns = [seen[(q.layer, q.direction or "", q.gate)] for q in self.quantities]
            recorded.append((number, np.concatenate(columns, axis=1).astype(np.float32)))
        return recorded


def named(header: Header, buffer: Buffer) -> dict[str, Values]:
    """Returns the weights of a frame by `layer/tensor`, rows × columns."""
    return {t.name: view.values for t, view in zip(header.tensors, buffer.weights)}

"""What the recurrent layers of a Keras model compute for chosen samples, step by step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from lstm_lab.keras.tensors import CELL_KINDS, Place, places, values
from lstm_lab.replay import FUNCTIONS, Cell, Values, traced_in_time
from lstm_lab.stream.tensors import Quantity
from lstm_lab.stream.turns import Array


@dataclass(frozen=True)
class Samples:
    """The samples that are looked at."""

    numbers: tuple[int, ...]
    x: Any


def chosen(gates: Any, x: Any) -> Samples | None:
    """Returns the samples that `gates` means: numbers of those of `fit`'s x, or samples."""
    if gates is None:
        return None
    if isinstance(gates, (list, tuple)) and all(isinstance(g, (int, np.integer)) for g in gates):
        numbers = tuple(int(number) for number in gates)
        arrays = keras.tree.flatten(x)
        if not arrays or not all(hasattr(array, "shape") for array in arrays):
            raise ValueError(
                "gates= has numbers of samples, and fit() has no arrays to take them from: "
                "give the samples themselves, such as gates=x[:2]"
            )
        picked = keras.tree.map_structure(
            lambda a: np.stack([np.asarray(a[n]) for n in numbers]), x
        )
        return Samples(numbers, picked)
    picked = keras.tree.map_structure(np.asarray, gates)
    return Samples(tuple(range(len(keras.tree.flatten(picked)[0]))), picked)


@dataclass
class _Layer:
    """A recurrent layer that is looked at."""

    name: str
    direction: str | None
    layer: Any
    cell: Cell

    def quantities(self) -> list[Quantity]:
        units = self.layer.cell.units
        return [Quantity(self.name, kind, units, self.direction) for kind in self.cell.quantities]

    def weights(self) -> Mapping[str, Values]:
        """The cell's tensors by part, rows × columns."""
        found: dict[str, Values] = {}
        for variable in self.layer.cell.weights:
            array = np.asarray(values(variable), np.float32)
            found[variable.name] = array.reshape(-1, array.shape[-1])
        return found


class GateReplay:
    """Replays the recurrent layers from their own inputs, which the model computes."""

    def __init__(self, model: Any, samples: Samples) -> None:
        """Finds the recurrent layers with as many steps as the first one has."""
        self._model = model
        self._samples = samples
        self._layers = [found for place in places(model) if (found := _recurrent(place))]
        inputs = self._inputs()
        counts: dict[int, int | None] = {key: len(given[0][0]) for key, given in inputs.items()}
        counts |= {id(one.layer): None for one in self._layers if id(one.layer) not in counts}
        steps = next((count for count in counts.values() if count is not None), None)
        self.left_out = [one.name for one in self._layers if counts[id(one.layer)] != steps]
        self._layers = [one for one in self._layers if counts[id(one.layer)] == steps]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What is recorded of each step."""
        return tuple(quantity for one in self._layers for quantity in one.quantities())

    def values(self) -> list[tuple[int, Array]]:
        """Returns the number of each sample and its values: steps × all units."""
        inputs = self._inputs()
        weights = {id(one): one.weights() for one in self._layers}
        recorded: list[tuple[int, Array]] = []
        for place, number in enumerate(self._samples.numbers):
            columns: list[Values] = []
            for one in self._layers:
                x, mask = inputs[id(one.layer)]
                steps = x[place] if mask is None else x[place][mask[place]]
                seen = traced_in_time(one.cell, weights[id(one)], steps, one.layer.go_backwards)
                columns += [seen[quantity] for quantity in one.cell.quantities]
            recorded.append((number, np.concatenate(columns, axis=1).astype(np.float32)))
        return recorded

    def _inputs(self) -> dict[int, tuple[Values, Values | None]]:
        """Applies the model, not in training, and keeps what each recurrent layer is given."""
        seen: dict[int, tuple[Values, Values | None]] = {}
        try:
            for one in self._layers:
                _watch(one.layer, seen)
            self._model(self._samples.x, training=False)
        finally:
            for one in self._layers:
                vars(one.layer).pop("call", None)
        return seen


def _watch(layer: Any, seen: dict[int, tuple[Values, Values | None]]) -> None:
    call = layer.call

    def watched(sequences: Any, *arguments: Any, **named: Any) -> Any:
        mask = named.get("mask")
        if mask is None:
            mask = getattr(sequences, "_keras_mask", None)
        given = np.asarray(keras.ops.convert_to_numpy(sequences))
        real = None if mask is None else np.asarray(keras.ops.convert_to_numpy(mask), bool)
        seen[id(layer)] = (given, real)
        return call(sequences, *arguments, **named)

    # Past Keras's own attributes: nothing here is a part of the model.
    vars(layer)["call"] = watched


def _recurrent(place: Place) -> _Layer | None:
    layer = place.owner
    cell: Any = getattr(layer, "cell", None)
    if type(cell) not in CELL_KINDS or not isinstance(layer, keras.layers.RNN):
        return None
    name, direction = place.lab_name()
    kind = CELL_KINDS[type(cell)]
    activation = _function(cell.activation)
    recurrent = _function(getattr(cell, "recurrent_activation", keras.activations.linear))
    known = Cell(kind, activation, recurrent, getattr(cell, "reset_after", True))
    return _Layer(name, direction, layer, known)


def _function(function: Any) -> Any:
    def apply(x: Values) -> Values:
        return np.asarray(keras.ops.convert_to_numpy(function(x)))

    for name in ("linear", "sigmoid", "tanh", "relu"):
        if function is keras.activations.get(name):
            return FUNCTIONS[name]
    return apply

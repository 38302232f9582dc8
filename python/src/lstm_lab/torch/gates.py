"""What the recurrent modules of a PyTorch model compute for chosen samples, step by step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from lstm_lab.chain import named
from lstm_lab.replay import FUNCTIONS, Cell, Values, traced_in_time
from lstm_lab.stream.frames import Buffer
from lstm_lab.stream.header import Header
from lstm_lab.stream.tensors import Quantity
from lstm_lab.stream.turns import Array
from lstm_lab.torch.look import first_states, looked_at
from lstm_lab.torch.modules import cell_of, lab_name, level_name, named_modules
from lstm_lab.torch.tensors import ends


@dataclass(frozen=True)
class Recurrent:
    """A recurrent module with several steps in one call."""

    layer: str
    module: Any
    cell: Cell

    def quantities(self) -> list[Quantity]:
        """What is recorded of each of its levels and directions."""
        return [
            Quantity(level_name(self.layer, self.module, level), gate, self.module.hidden_size, way)
            for level, way, _ in ends(self.module)
            for gate in self.cell.quantities
        ]


def recurrent_modules(model: Any) -> list[Recurrent]:
    """Returns the LSTMs, GRUs and RNNs of a model in order."""
    found: list[Recurrent] = []
    for name, module in named_modules(model).values():
        kind = cell_of(module)
        if kind is not None and hasattr(module, "num_layers"):
            function = FUNCTIONS[getattr(module, "nonlinearity", "tanh")]
            found.append(Recurrent(lab_name(name, module), module, Cell(kind, function)))
    return found


class GateReplay:
    """Replays the recurrent modules of a model for some samples of one batch."""

    def __init__(
        self,
        model: Any,
        numbers: Sequence[int] | None,
        arguments: tuple[Any, ...],
        others: dict[str, Any],
    ) -> None:
        """Takes the batch, and the places in it that are recorded; None is all of it."""
        self._model, self._arguments, self._others = model, arguments, others
        self._modules = recurrent_modules(model)
        _, seen = self._look()
        applied = [one for one in self._modules if id(one.module) in seen]
        if not applied:
            raise ValueError("no LSTM, GRU or RNN of the model was applied")
        first = seen[id(applied[0].module)][0]
        self.numbers = list(range(len(first))) if numbers is None else list(numbers)
        if any(not 0 <= number < len(first) for number in self.numbers):
            raise ValueError(f"the first batch has {len(first)} samples, not {self.numbers}")
        steps = [len(first[number]) for number in self.numbers]
        self._modules = [one for one in applied if self._steps(seen, one) == steps]
        self.left_out = [one.layer for one in applied if one not in self._modules]

    def _steps(self, seen: Any, one: Recurrent) -> list[int]:
        given = seen[id(one.module)][0]
        return [len(given[number]) for number in self.numbers if number < len(given)]

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """What is recorded of each step."""
        return tuple(quantity for one in self._modules for quantity in one.quantities())

    def values(self, header: Header, buffer: Buffer) -> list[tuple[int, Array]]:
        """Returns the number of each sample and its values: steps × all units."""
        weights = named(header, buffer)
        _, seen = self._look()
        recorded: list[tuple[int, Array]] = []
        for number in self.numbers:
            columns: list[Values] = []
            for one in self._modules:
                given, states = seen[id(one.module)]
                columns += _levels(one, weights, given[number], states, number)
            recorded.append((number, np.concatenate(columns, axis=1).astype(np.float32)))
        return recorded

    def _look(self) -> tuple[Any, Any]:
        modules = [one.module for one in self._modules]
        return looked_at(self._model, modules, self._arguments, self._others)


def _levels(
    one: Recurrent, weights: dict[str, Values], x: Values, states: Any, sample: int
) -> list[Values]:
    """Each level reads what the one below it gives, both directions side by side."""
    columns: list[Values] = []
    outputs: list[Values] = []
    level = 0
    for index, (at, way, _) in enumerate(ends(one.module)):
        if at != level:
            x, outputs, level = np.concatenate(outputs, axis=1), [], at
        start = level_name(one.layer, one.module, at) + ("/" if way is None else f"/{way}/")
        own = {
            part: weights[start + part]
            for part in ("kernel", "recurrent_kernel", "bias")
            if start + part in weights
        }
        first = first_states(states, one.module, index, sample)
        seen = traced_in_time(one.cell, own, x, way == "backward", first)
        columns += [seen[quantity] for quantity in one.cell.quantities]
        outputs.append(seen["hidden_state"])
    return columns


def as_arguments(gates: Any) -> tuple[Any, ...]:
    """Returns samples as a model's arguments: a tensor, an array, or a tuple of them."""
    given = gates if isinstance(gates, tuple) else (gates,)
    return tuple(torch.as_tensor(x) if isinstance(x, np.ndarray) else x for x in given)

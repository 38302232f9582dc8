"""The tensors, optimizer slots and quantities that a header names."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lstm_lab.stream.turns import AS_IT_IS, Turn
from lstm_lab.stream.words import one_line


@dataclass(frozen=True)
class Tensor:
    """One weight tensor: its names, its shape there, and its rows and columns here."""

    layer: str
    """The layer's name, without a slash."""
    part: str
    """The part of the layer: `kernel`, `forward/bias`."""
    path: str
    """The other program's name for it."""
    shape: tuple[int, ...]
    """The other program's shape of it."""
    dtype: str = "float32"
    gates: tuple[str, ...] | None = None
    """The gates in the order of their blocks of columns."""
    source: str | None = None
    """What the rows multiply: `x`, `h` or `bias`."""
    trainable: bool = True
    turn: Turn = AS_IT_IS

    @property
    def name(self) -> str:
        """The whole name: `lstm/kernel`."""
        return f"{self.layer}/{self.part}"

    @property
    def size(self) -> tuple[int, int]:
        """The numbers of rows and columns in the lab's order."""
        rows, cols = math.prod(self.shape[:-1]), self.shape[-1] if self.shape else 1
        return (cols, rows) if self.turn.transpose else (rows, cols)

    @property
    def count(self) -> int:
        """The number of values."""
        return math.prod(self.shape)

    def as_json(self) -> dict[str, Any]:
        """Returns the object of the header."""
        rows, cols = self.size
        turned = self.turn.as_json()
        return {
            "layer": one_line(self.layer.replace("/", "."), 200),
            "tensor": one_line(self.part, 500),
            "path": one_line(self.path, 1000),
            "shape": list(self.shape),
            "dtype": self.dtype,
            "rows": rows,
            "cols": cols,
            "gates": None if self.gates is None else list(self.gates),
            "source": self.source,
            "trainable": self.trainable,
            "turned": turned or None,
        }


@dataclass(frozen=True)
class SlotEntry:
    """One tensor of a slot."""

    of: int | None
    """The index of the weight tensor that it belongs to; None: to none."""
    shape: tuple[int, ...]


@dataclass(frozen=True)
class Slot:
    """What an optimizer remembers, under one name."""

    name: str
    entries: tuple[SlotEntry, ...]

    def fits_all(self, tensors: Sequence[Tensor]) -> bool:
        """Whether it has one tensor for every weight tensor, in their order and shapes."""
        return self.entries == tuple(
            SlotEntry(index, tensor.shape) for index, tensor in enumerate(tensors)
        )

    def as_json(self, tensors: Sequence[Tensor]) -> dict[str, Any]:
        """Returns the object of the header."""
        if self.fits_all(tensors):
            return {"name": one_line(self.name, 100), "tensors": "all"}
        entries = [{"of": entry.of, "shape": list(entry.shape)} for entry in self.entries]
        return {"name": one_line(self.name, 100), "tensors": entries}


@dataclass(frozen=True)
class Quantity:
    """A gate or state of a recurrent layer whose values at each step are recorded."""

    layer: str
    gate: str
    units: int
    direction: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Returns the object of the header."""
        fields: dict[str, Any] = {
            "layer": one_line(self.layer, 200),
            "gate": self.gate,
            "units": self.units,
        }
        if self.direction is not None:
            fields["direction"] = self.direction
        return fields

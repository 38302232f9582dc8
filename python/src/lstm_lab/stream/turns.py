"""How another program's tensor is put into the lab's order, and back: a permutation of bits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Turn:
    """What was done to a tensor's values; undone, the original has its bits again."""

    transpose: bool = False
    """Whether rows and columns were exchanged."""
    blocks: tuple[int, ...] | None = None
    """Block k of the lab's columns is block `blocks[k]` of the original's."""
    stacked: tuple[str, ...] | None = None
    """The names of the vectors that became the rows."""

    def place(self, original: NDArray[Any], out: Array) -> None:
        """Writes an original, or one stacked vector as a row, into `out` of rows × columns."""
        matrix = original.T if self.transpose else original.reshape(out.shape)
        if self.blocks is None:
            out[...] = matrix
            return
        width = out.shape[1] // len(self.blocks)
        for place, block in enumerate(self.blocks):
            out[:, place * width : (place + 1) * width] = matrix[
                :, block * width : (block + 1) * width
            ]

    def restore(self, placed: Array, shape: Sequence[int]) -> Array:
        """Returns the original of a matrix of rows × columns, in its own shape."""
        matrix = placed
        if self.blocks is not None:
            width = placed.shape[1] // len(self.blocks)
            matrix = np.empty_like(placed)
            for place, block in enumerate(self.blocks):
                matrix[:, block * width : (block + 1) * width] = placed[
                    :, place * width : (place + 1) * width
                ]
        if self.transpose:
            matrix = matrix.T
        return np.ascontiguousarray(matrix).reshape(tuple(shape))

    def as_json(self) -> dict[str, Any]:
        """Returns the object of the header."""
        fields: dict[str, Any] = {}
        if self.transpose:
            fields["transpose"] = True
        if self.stacked is not None:
            fields["stacked"] = list(self.stacked)
        if self.blocks is not None:
            fields["blocks"] = list(self.blocks)
        return fields

    @staticmethod
    def from_json(fields: dict[str, Any] | None) -> Turn:
        """Reads the object of a header; None is a tensor that stands as it is."""
        fields = fields or {}
        blocks, stacked = fields.get("blocks"), fields.get("stacked")
        return Turn(
            transpose=bool(fields.get("transpose", False)),
            blocks=tuple(int(block) for block in blocks) if blocks else None,
            stacked=tuple(str(path) for path in stacked) if stacked else None,
        )


AS_IT_IS = Turn()

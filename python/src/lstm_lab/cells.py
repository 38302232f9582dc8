"""The recurrent cells that are known: their gates in the lab's order, and their tensors."""

from __future__ import annotations

CELLS: dict[str, tuple[str, ...]] = {
    "lstm": ("input", "forget", "cell", "output"),
    "gru": ("update", "reset", "candidate"),
    "simple_rnn": (),
}
"""The gates of each cell in the order of the blocks of columns; none for a cell with one sum."""

STATES: dict[str, tuple[str, ...]] = {
    "lstm": ("cell_state", "hidden_state"),
    "gru": ("hidden_state",),
    "simple_rnn": ("hidden_state",),
}

SOURCES = {"kernel": "x", "recurrent_kernel": "h", "bias": "bias"}
"""What the rows of each tensor of a layer multiply."""


def gates_and_source(cell: str, part: str) -> tuple[tuple[str, ...] | None, str | None]:
    """Returns the gates and the source of a cell's tensor."""
    if part not in SOURCES:
        return None, None
    return CELLS[cell] or None, SOURCES[part]

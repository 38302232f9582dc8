"""How the database keeps tensors and slots, and how their originals come back."""

from __future__ import annotations

import json
import math
import sqlite3
from dataclasses import dataclass

import numpy as np

from lstm_lab.stream.turns import Array, Turn


@dataclass(frozen=True)
class StoredTensor:
    """A row of the table `tensor`."""

    layer: str
    part: str
    rows: int
    cols: int
    source: str | None
    gates: tuple[str, ...]
    path: str | None
    shape: tuple[int, ...]
    dtype: str
    trainable: bool
    turn: Turn

    @property
    def name(self) -> str:
        """The whole name: `lstm/kernel`."""
        return f"{self.layer}/{self.part}"

    @property
    def count(self) -> int:
        """The number of values."""
        return self.rows * self.cols

    def original(self, values: Array) -> Array:
        """Returns the values in the shape and order that they came in."""
        return self.turn.restore(values.reshape(self.rows, self.cols), self.shape)


@dataclass(frozen=True)
class StoredSlotEntry:
    """One tensor of a slot: the weights that it belongs to, and its own shape."""

    of: int | None
    shape: tuple[int, ...]

    @property
    def count(self) -> int:
        """The number of values."""
        return math.prod(self.shape)


def stored_tensors(db: sqlite3.Connection, run: int) -> list[StoredTensor]:
    """Returns the tensors of a run in the order of storing."""
    columns = {row[1] for row in db.execute("PRAGMA table_info(tensor)")}
    foreign = "path, shape, dtype, turned, trainable"
    if "turned" not in columns:
        foreign = "NULL, NULL, NULL, NULL, 1"
    rows = db.execute(
        f"""
        SELECT layer, tensor, rows, cols, source, gate_0, gate_1, gate_2, gate_3, {foreign}
        FROM tensor WHERE run_id = ? ORDER BY position
        """,
        (run,),
    )
    return [_tensor(*row) for row in rows]


def _tensor(
    layer: str,
    part: str,
    rows: int,
    cols: int,
    source: str | None,
    *others: str | int | None,
) -> StoredTensor:
    gates = tuple(str(gate) for gate in others[:4] if gate is not None)
    path, shape, dtype, turned, trainable = others[4:]
    own = (cols,) if source == "bias" and rows == 1 else (rows, cols)
    return StoredTensor(
        layer,
        part,
        rows,
        cols,
        source,
        gates,
        None if path is None else str(path),
        own if shape is None else tuple(json.loads(str(shape))),
        "float32" if dtype is None else str(dtype),
        bool(trainable),
        Turn.from_json(None if turned is None else json.loads(str(turned))),
    )


def stored_slots(
    db: sqlite3.Connection, run: int, tensors: list[StoredTensor], name: str
) -> list[StoredSlotEntry]:
    """Returns a slot's tensors: what the table `slot` has, else one for each weight tensor."""
    has_table = db.execute("SELECT 1 FROM sqlite_master WHERE name = 'slot'").fetchone()
    rows = []
    if has_table:
        rows = db.execute(
            """
            SELECT tensor_position, shape FROM slot
            WHERE run_id = ? AND name = ? ORDER BY position
            """,
            (run, name),
        ).fetchall()
    if rows:
        return [StoredSlotEntry(of, tuple(json.loads(shape))) for of, shape in rows]
    return [StoredSlotEntry(index, tensor.shape) for index, tensor in enumerate(tensors)]


def stored_values(
    db: sqlite3.Connection, run: int, epoch: int, part: str, name: str
) -> Array | None:
    """Returns the numbers of a part of an epoch, end to end; None where it was not stored."""
    place = db.execute(
        """
        SELECT first_vector, vectors FROM recording
        WHERE run_id = ? AND epoch = ? AND part = ? AND name = ?
        """,
        (run, epoch, part, name),
    ).fetchone()
    if place is None:
        return None
    first, count = place
    pieces = db.execute(
        "SELECT data FROM vector WHERE id >= ? AND id < ? ORDER BY id", (first, first + count)
    ).fetchall()
    if len(pieces) != count:
        raise ValueError(f"run {run}, epoch {epoch}: {len(pieces)} of {count} vectors are there")
    return np.frombuffer(b"".join(piece for (piece,) in pieces), "<f4").astype(np.float32)

"""`open`: the runs of a database as arrays and dictionaries."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lstm_lab.previous import Previous
from lstm_lab.reading.layout import (
    StoredTensor,
    stored_slots,
    stored_tensors,
    stored_values,
)
from lstm_lab.stream.header import RunDescription
from lstm_lab.stream.turns import Array

Run = Any
"""A run's number, its name, the beginning of its uuid, or `@last`."""


class NotStored(LookupError):
    """Says what is not in the database, and what is."""


class Database:
    """A database that is read, never written.

    ```python
    db = lstm_lab.open("lab.db")
    db.runs()[0]["name"]
    db.weights(run=1, epoch=10)["lstm/kernel"]
    ```
    """

    def __init__(self, path: str | None = None) -> None:
        """Opens a file: the one given, else `LSTM_LAB_DB`, else `lab.db` here."""
        self.path = Path(path or os.environ.get("LSTM_LAB_DB") or "lab.db").absolute()
        if not self.path.is_file():
            raise FileNotFoundError(f"there is no database {self.path}")
        self._db = self._connected("mode=ro")
        try:
            self._db.execute("SELECT 1 FROM run LIMIT 1")
        except sqlite3.OperationalError:
            self._db.close()
            # A folder that cannot be written: SQLite then reads a file that nobody writes either.
            self._db = self._connected("mode=ro&immutable=1")

    def _connected(self, options: str) -> sqlite3.Connection:
        address = f"{self.path.as_uri()}?{options}"
        return sqlite3.connect(address, uri=True, check_same_thread=False)

    def close(self) -> None:
        """Closes the file."""
        self._db.close()

    def __enter__(self) -> Database:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[dict[str, Any]]:
        """Returns the rows of a SELECT as dictionaries; the views are the file's interface."""
        cursor = self._db.execute(sql, tuple(values))
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row)) for row in cursor]

    def runs(self) -> list[dict[str, Any]]:
        """Returns a dictionary for each run: the columns of the view `runs`."""
        found = self.query("SELECT * FROM runs ORDER BY run_id")
        for run in found:
            for key in ("tags", "config"):
                run[key] = json.loads(run[key])
        return found

    def run(self, run: Run) -> int:
        """Returns a run's number by its number, name, the beginning of its uuid, or `@last`."""
        if isinstance(run, (int, np.integer)):
            found = self.query("SELECT id FROM run WHERE id = ?", [int(run)])
        elif run == "@last":
            found = self.query("SELECT max(id) AS id FROM run HAVING max(id) IS NOT NULL")
        elif str(run).isdigit():
            return self.run(int(run))
        else:
            found = self.query("SELECT id FROM run WHERE name = ?", [run]) or self.query(
                "SELECT id FROM run WHERE length(?) >= 4 AND substr(uuid, 1, length(?)) = ?",
                [run, run, run],
            )
        if len(found) != 1:
            what = "no run" if not found else "more than one run"
            raise NotStored(f"{self.path} has {what} {run}")
        return int(found[0]["id"])

    def metrics(self, run: Run = "@last") -> list[dict[str, Any]]:
        """Returns a dictionary for each epoch: `epoch`, `loss`, `val_loss`, … by Keras's names."""
        number = self.run(run)
        epochs = self.query(
            "SELECT epoch, learning_rate, seconds FROM epochs WHERE run_id = ? ORDER BY epoch",
            [number],
        )
        by_epoch = {row["epoch"]: row for row in epochs}
        start = {"train": "", "validation": "val_", "test": "test_"}
        for row in self.query(
            "SELECT epoch, split, name, value FROM metrics WHERE run_id = ? ORDER BY epoch",
            [number],
        ):
            by_epoch[row["epoch"]][start[row["split"]] + row["name"]] = row["value"]
        return epochs

    def tensors(self, run: Run = "@last") -> list[StoredTensor]:
        """Returns what is known of each weight tensor, in the order of storing."""
        return stored_tensors(self._db, self.run(run))

    def weights(self, run: Run = "@last", epoch: int | None = None) -> dict[str, Array]:
        """Returns an epoch's weights by `layer/tensor`, bit for bit in the shape that they came in.

        Vectors that were stored as the rows of one tensor, PyTorch's two biases, come back under it
        as its rows; `originals` has them by the names that the other program gave. Without `epoch`
        it is the run's result.
        """
        return {tensor.name: tensor.original(v) for tensor, v in self._weights(run, epoch)}

    def originals(self, run: Run = "@last", epoch: int | None = None) -> dict[str, Array]:
        """Returns an epoch's weights by the other program's names: what `load_state_dict` takes."""
        found: dict[str, Array] = {}
        for tensor, values in self._weights(run, epoch):
            original = tensor.original(values)
            if tensor.turn.stacked is None:
                found[tensor.path or tensor.name] = original
            else:
                found.update(zip(tensor.turn.stacked, original))
        return found

    def optimizer(
        self, run: Run = "@last", epoch: int | None = None
    ) -> dict[str, dict[str, Array]]:
        """Returns an epoch's optimizer state: the slots, each by the weights' `layer/tensor`.

        What belongs to no weights has its place as its name.
        """
        number = self.run(run)
        at = self._epoch(number, epoch)
        tensors = stored_tensors(self._db, number)
        names = self.query(
            "SELECT name FROM recording WHERE run_id = ? AND epoch = ? AND part = 'optimizer'",
            [number, at],
        )
        return {row["name"]: self._slot(number, at, tensors, row["name"]) for row in names}

    def frame(self, view: str, run: Run | None = None) -> Any:
        """Returns a view as a pandas DataFrame: `frame("metrics", run=1)`."""
        import pandas

        views = self.query("SELECT name FROM sqlite_master WHERE type = 'view'")
        if view not in {row["name"] for row in views}:
            raise NotStored(f"{self.path} has no view {view}")
        if run is None:
            return pandas.DataFrame(self.query(f'SELECT * FROM "{view}"'))
        sql = f'SELECT * FROM "{view}" WHERE run_id = ?'
        return pandas.DataFrame(self.query(sql, [self.run(run)]))

    def previous(self, run: Run) -> Previous:
        """Returns what a training needs to know that goes on with a run."""
        number = self.run(run)
        row = self.query("SELECT * FROM run WHERE id = ?", [number])[0]
        last = self.query("SELECT max(epoch) AS epoch FROM epoch WHERE run_id = ?", [number])[0]
        if last["epoch"] is None:
            raise NotStored(f"run {number} has no epoch")
        epoch = int(last["epoch"])
        state = self.query(
            "SELECT state FROM epoch WHERE run_id = ? AND epoch = ?", [number, epoch]
        )[0]
        tensors = stored_tensors(self._db, number)
        weights = [self._values(number, epoch, "weights", "")]
        names = self._slot_names(number, epoch)
        weights += [self._values(number, epoch, "optimizer", name) for name in names]
        return Previous(
            RunDescription(name=row["name"], trainer=row["trainer"] or "", uuid=row["uuid"]),
            epoch,
            int(json.loads(state["state"]).get("iterations", 0)),
            [tensor.path or tensor.name for tensor in tensors],
            names,
            np.concatenate(weights),
        )

    def _slot_names(self, run: int, epoch: int) -> list[str]:
        """The slots of an epoch in the order that they were declared in."""
        rows = self.query(
            """
            SELECT name FROM recording WHERE run_id = ? AND epoch = ? AND part = 'optimizer'
            ORDER BY first_vector
            """,
            [run, epoch],
        )
        return [row["name"] for row in rows]

    def _weights(self, run: Run, epoch: int | None) -> list[tuple[StoredTensor, Array]]:
        number = self.run(run)
        values = self._values(number, self._epoch(number, epoch), "weights", "")
        found: list[tuple[StoredTensor, Array]] = []
        start = 0
        for tensor in stored_tensors(self._db, number):
            found.append((tensor, values[start : start + tensor.count]))
            start += tensor.count
        return found

    def _slot(
        self, run: int, epoch: int, tensors: list[StoredTensor], name: str
    ) -> dict[str, Array]:
        values = self._values(run, epoch, "optimizer", name)
        found: dict[str, Array] = {}
        start = 0
        for place, entry in enumerate(stored_slots(self._db, run, tensors, name)):
            own = values[start : start + entry.count]
            start += entry.count
            tensor = None if entry.of is None else tensors[entry.of]
            if tensor is not None and tensor.shape == entry.shape:
                found[tensor.name] = tensor.original(own)
            else:
                key = str(place) if tensor is None else tensor.name
                found[key] = own.reshape(entry.shape)
        return found

    def _values(self, run: int, epoch: int, part: str, name: str) -> Array:
        values = stored_values(self._db, run, epoch, part, name)
        if values is None:
            raise NotStored(f"run {run} has not stored {name or part} at epoch {epoch}")
        return values

    def _epoch(self, run: int, epoch: int | None) -> int:
        if epoch is not None:
            return int(epoch)
        found = self.query("SELECT result_epoch FROM runs WHERE run_id = ?", [run])
        if found[0]["result_epoch"] is None:
            raise NotStored(f"run {run} has no epoch")
        return int(found[0]["result_epoch"])


def open(path: str | None = None) -> Database:
    """Opens a database for reading: the one given, else `LSTM_LAB_DB`, else `lab.db` here."""
    return Database(path)

"""Reading is proven by the hash chain: it is over the bits, and stands in the file."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
import struct
from pathlib import Path

import numpy as np
import pytest

import lstm_lab
from lstm_lab.reading.database import Database, NotStored
from lstm_lab.stream.turns import Turn

FIXTURES = Path(__file__).parents[2] / "Tests" / "LabTests" / "Fixtures"
VERSIONS = ["V0001", "V0002"]


def chained(db: Database, run: int) -> tuple[int, int]:
    """Computes the hash of each whole epoch from what was read; returns how many there were."""
    rows = db.query(
        "SELECT epoch, hash, resumable, state FROM epoch WHERE run_id = ? ORDER BY epoch", [run]
    )
    checked, last = 0, b"\0" * 32
    for place, row in enumerate(rows):
        follows = place == 0 or rows[place - 1]["epoch"] == row["epoch"] - 1
        is_first = place == 0 and row["epoch"] == 0
        if row["resumable"] and follows and (place > 0 or is_first):
            digest = hashlib.sha256(last)
            for values in db.weights(run, row["epoch"]).values():
                digest.update(values.astype("<f4").tobytes())
            digest.update(struct.pack("<Q", json.loads(row["state"])["iterations"]))
            slots = db.optimizer(run, row["epoch"])
            for name in db._slot_names(run, row["epoch"]):
                for values in slots[name].values():
                    digest.update(values.astype("<f4").tobytes())
            assert digest.digest() == row["hash"], (run, row["epoch"])
            checked += 1
        last = row["hash"]
    return checked, len(rows)


@pytest.fixture(params=VERSIONS)
def db(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    path = tmp_path / "lab.db"
    shutil.copy(FIXTURES / request.param / "lab.db", path)
    return lstm_lab.open(str(path))


def test_every_bit_that_is_read_is_in_the_hash(db: Database) -> None:
    found = [chained(db, run["run_id"]) for run in db.runs()]
    assert sum(checked for checked, _ in found) > 50
    assert any(checked == epochs for checked, epochs in found)


def test_arrays_are_what_the_view_says(db: Database) -> None:
    for run in db.runs()[:4]:
        number, epoch = run["run_id"], run["result_epoch"]
        for name, array in db.weights(number, epoch).items():
            layer, part = name.split("/", 1)
            rows = db.query(
                """
                SELECT row, col, value FROM weights
                WHERE run_id = ? AND epoch = ? AND layer = ? AND tensor = ?
                """,
                [number, epoch, layer, part],
            )
            shown = np.full((max(r["row"] for r in rows) + 1, max(r["col"] for r in rows) + 1), 0.5)
            for row in rows:
                shown[row["row"], row["col"]] = row["value"]
            assert shown.size == array.size == len(rows)
            assert np.array_equal(shown.reshape(array.shape), array)


def test_runs_and_metrics_are_the_views(db: Database) -> None:
    runs = db.runs()
    assert len(runs) == db.query("SELECT count(*) AS n FROM run")[0]["n"]
    assert isinstance(runs[0]["config"], dict)
    for run in runs[:10]:
        epochs = db.metrics(run["run_id"])
        assert [e["epoch"] for e in epochs] == sorted(e["epoch"] for e in epochs)
        if run["loss"] is not None:
            assert epochs[-1]["loss"] == run["loss"]


def test_runs_are_found_by_what_names_them(db: Database) -> None:
    first, last = db.runs()[0], db.runs()[-1]
    assert db.run(1) == db.run("1") == db.run(first["uuid"][:8]) == first["run_id"]
    assert db.run("@last") == last["run_id"]
    for wrong in (999_999, "nobody", "@first"):
        with pytest.raises(NotStored):
            db.run(wrong)
    with pytest.raises(NotStored):
        db.weights(1, 999_999)


def test_pandas_frames(db: Database) -> None:
    pandas = pytest.importorskip("pandas")
    frame = db.frame("epochs", run=1)
    assert isinstance(frame, pandas.DataFrame)
    assert list(frame["epoch"]) == [e["epoch"] for e in db.metrics(1)]
    with pytest.raises(NotStored):
        db.frame('runs" --')


def test_nothing_is_written(tmp_path: Path) -> None:
    path = tmp_path / "lab.db"
    shutil.copy(FIXTURES / "V0002" / "lab.db", path)
    before = path.read_bytes()
    with lstm_lab.open(str(path)) as db:
        db.weights(1)
        with pytest.raises(sqlite3.OperationalError):
            db.query("DELETE FROM run")
    assert path.read_bytes() == before
    with pytest.raises(FileNotFoundError):
        lstm_lab.open(str(tmp_path / "none.db"))
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("blocks", [None, (1, 0, 2), (2, 0, 1)])
@pytest.mark.parametrize("transpose", [False, True])
@pytest.mark.parametrize("units", [1, 2, 5])
@pytest.mark.parametrize("inputs", [1, 3])
def test_what_is_turned_comes_back(
    blocks: tuple[int, ...] | None, transpose: bool, units: int, inputs: int
) -> None:
    bits = np.random.default_rng(units).integers(0, 2**32, (3 * units, inputs), np.uint32)
    original = bits.view(np.float32) if transpose else np.ascontiguousarray(bits.T).view(np.float32)
    turn = Turn(transpose, blocks)
    placed = np.empty((inputs, 3 * units), np.float32)
    turn.place(original, placed)
    again = Turn.from_json(turn.as_json()).restore(placed, original.shape)
    assert again.tobytes() == original.tobytes()
    for place, block in enumerate(blocks or (0, 1, 2)):
        rows = bits[block * units : (block + 1) * units].T
        assert placed[:, place * units : (place + 1) * units].tobytes() == rows.tobytes()

"""With the program itself, where `LSTM_LAB_TEST_PROGRAM` names it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lstm_lab
from lstm_lab import RecordingWarning, Run
from lstm_lab.sending.recorder import Recorder
from test_reading import chained
from test_run import AS_OTHERS, if_folders_can_be_closed, python, script_environment

PROGRAM = os.environ.get("LSTM_LAB_TEST_PROGRAM", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="LSTM_LAB_TEST_PROGRAM names no program")


@pytest.fixture(autouse=True)
def _program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_LAB_BIN", PROGRAM)


def state(epoch: int, size: int = 8) -> dict[str, Any]:
    rng = np.random.default_rng(epoch)
    return {
        "rnn/kernel": rng.normal(size=(3, size)).astype(np.float32),
        "rnn/bias": rng.normal(size=size).astype(np.float32),
        "conv/kernel": rng.normal(size=(2, 3, 4)).astype(np.float32),
        "scale": np.float32(epoch),
    }


def log(run: Run, epochs: range, size: int = 8) -> None:
    for epoch in epochs:
        weights = state(epoch, size)
        slots = {"momentum": weights, "count": {"": np.float32(epoch)}}
        run.log(epoch, {"loss": 1.0, "val_f": 0.5}, weights, optimizer=slots, iterations=3 * epoch)


def check(run: Run, epochs: int, size: int = 8, db: str = "lab.db") -> dict[str, str]:
    """Compares every stored bit with what was logged; returns the hashes."""
    with lstm_lab.open(db) as file:
        number = file.run(run.uuid)
        for epoch in range(epochs):
            stored = file.weights(number, epoch)
            given = state(epoch, size)
            for name in ("rnn/kernel", "rnn/bias", "conv/kernel"):
                assert stored[name].shape == given[name].shape
                assert stored[name].tobytes() == given[name].tobytes()
            slots = file.optimizer(number, epoch)
            assert slots["momentum"]["conv/kernel"].tobytes() == given["conv/kernel"].tobytes()
        assert chained(file, number) == (epochs, epochs)
        rows = file.query("SELECT epoch, weights_hash FROM epochs WHERE run_id = ?", [number])
        return {row["epoch"]: row["weights_hash"] for row in rows}


def record(path: str, db: str = "lab.db") -> None:
    subprocess.run([PROGRAM, "record", path, "--db", db, "--quiet"], check=True, timeout=60)


def test_what_is_logged_is_stored_to_the_bit() -> None:
    with Run("walks", cells={"rnn": "lstm"}, seed=3, tags=["a"]) as run:
        log(run, range(12))
    assert run.number == 1
    check(run, 12)
    with lstm_lab.open("lab.db") as db:
        assert db.runs()[0]["status"] == "completed"
        assert db.metrics(1)[3]["val_f"] == 0.5


@pytest.mark.parametrize("size", [8, 50_000])
def test_a_killed_recorder_leaves_a_file_that_gives_the_same_hashes(size: int) -> None:
    with Run("whole") as whole:
        log(whole, range(12), size)
    with pytest.warns(RecordingWarning, match="goes on in"), Run("killed") as run:
        log(run, range(6), size)
        time.sleep(0.5)
        assert run._recording is not None
        assert run._recording._sender is not None
        run._recording._sender._sink._process.kill()  # type: ignore[union-attr]
        log(run, range(6, 12), size)
    assert run.file is not None
    with lstm_lab.open("lab.db") as db:
        known = db.query("SELECT count(*) AS n FROM epoch WHERE run_id = 2")[0]["n"]
    assert 0 < known < 12
    record(run.file)
    assert check(run, 12, size) == check(whole, 12, size)
    record(run.file)  # once more: nothing is added
    assert check(run, 12, size) == check(whole, 12, size)


@pytest.mark.parametrize("delay", [0.0, 0.01, 0.03, 0.05, 0.07, 0.1, 0.15])
def test_killed_at_any_moment_nothing_is_lost_and_nothing_twice(delay: float) -> None:
    """Also between a commit and its answer: what is in the file then is stored already."""
    with Run("whole") as whole:
        log(whole, range(12))
    with pytest.warns(RecordingWarning, match="goes on in"), Run("killed") as run:
        log(run, range(1))
        while (
            run._recording is None
            or run._recording._sender is None
            or not isinstance(sink := run._recording._sender._sink, Recorder)
        ):
            time.sleep(0.001)
        killer = threading.Timer(delay, sink._process.kill)
        killer.start()
        for epoch in range(1, 12):
            log(run, range(epoch, epoch + 1))
            time.sleep(0.01)
        killer.join()
        assert sink._process.wait(10) == -signal.SIGKILL
    assert run.file is not None
    record(run.file)
    assert check(run, 12) == check(whole, 12)


def test_a_file_gives_the_hashes_of_the_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    with Run("pipe") as piped:
        log(piped, range(5))
    monkeypatch.setenv("LSTM_LAB_BIN", "/no/such/program")
    with pytest.warns(RecordingWarning), Run("file") as filed:
        log(filed, range(5))
    assert filed.file is not None
    record(filed.file)
    assert check(piped, 5) == check(filed, 5)


def test_two_trainings_write_one_file() -> None:
    runs = [Run("first"), Run("second")]

    def train(run: Run) -> None:
        log(run, range(20))
        run.end()

    threads = [threading.Thread(target=train, args=(run,)) for run in runs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert check(runs[0], 20) == check(runs[1], 20)


def test_a_killed_training_is_interrupted_with_its_whole_epochs(tmp_path: Path) -> None:
    code = """
        import os, time, numpy as np, lstm_lab
        run = lstm_lab.Run("killed")
        for epoch in range(4):
            run.log(epoch, {"loss": 1.0}, {"rnn/kernel": np.full((2, 4), epoch, np.float32)})
        time.sleep(1)
        os.kill(os.getpid(), 9)
    """
    result = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], timeout=60, check=False,
        env=script_environment(),
    )  # fmt: skip
    assert result.returncode == -signal.SIGKILL
    for _ in range(50):
        with lstm_lab.open(str(tmp_path / "lab.db")) as db:
            if db.runs()[0]["status"] == "interrupted":
                break
        time.sleep(0.1)
    with lstm_lab.open(str(tmp_path / "lab.db")) as db:
        assert db.runs()[0]["status"] == "interrupted"
        assert [row["epoch"] for row in db.metrics(1)] == [0, 1, 2, 3]


def test_a_database_that_cannot_be_written_leaves_a_file(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("no database\n" * 1000)
    with pytest.warns(RecordingWarning, match="goes on in"), Run("walks", db="text.db") as run:
        log(run, range(3))
    assert run.file is not None
    record(run.file)
    check(run, 3)


@if_folders_can_be_closed
@pytest.mark.parametrize("has_database", [False, True])
def test_a_read_only_folder_leaves_a_file_that_gives_the_same_hashes(
    tmp_path: Path, has_database: bool
) -> None:
    code = """
        import numpy as np, lstm_lab
        with lstm_lab.Run("walks") as run:
            for epoch in range(4):
                run.log(epoch, {"loss": 1.0}, {"rnn/kernel": np.full((2, 4), epoch, np.float32)})
        print("trained")
    """
    folder, scratch, whole = (tmp_path / name for name in ("closed", "scratch", "whole"))
    for path in (folder, scratch, whole):
        path.mkdir()
    python(code, whole)
    if has_database:
        python(code, folder)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    for name in before:
        (folder / name).chmod(0o444)
    folder.chmod(0o555)
    result = python(code, folder, before=AS_OTHERS, TMPDIR=str(scratch))
    assert (result.returncode, result.stdout) == (0, "trained\n")
    assert "goes on in" in result.stderr
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    (file,) = scratch.glob("*.labstream")
    record(str(file), db="lab.db")
    hashes = []
    for path in (whole / "lab.db", tmp_path / "lab.db"):
        with lstm_lab.open(str(path)) as db:
            hashes.append(db.query("SELECT epoch, weights_hash FROM epochs"))
    assert len(hashes[0]) == 4
    assert hashes[0] == hashes[1]


def test_a_copy_made_by_the_training_itself_disturbs_nothing(tmp_path: Path) -> None:
    with Run("walks") as run:
        for epoch in range(30):
            log(run, range(epoch, epoch + 1))
            for name in ("lab.db", "lab.db-wal"):
                if (tmp_path / name).exists():
                    (tmp_path / f"copy-{name}").write_bytes((tmp_path / name).read_bytes())
    check(run, 30)


def test_names_and_numbers_of_all_kinds_are_taken() -> None:
    arrays = {
        "a/b/c/kernel": np.zeros((2, 2)), "x": np.zeros(3), "flags": np.ones(4, bool),
        "half": np.ones((2, 3), np.float16), "count": np.int64(3), "ü ñ/kernel": np.zeros((1, 1)),
        "a\n/b\x00": np.zeros(2), "\u202e": np.zeros(1), "é" * 300: np.zeros(1),
        "nan": np.array([np.nan, np.inf, -0.0, 1e-45], np.float32),
    }  # fmt: skip
    notes = "two\nlines \x1b"
    with Run("12", config={"ü": [1, {"a": None}]}, notes=notes, seed=-1) as run:
        run.log(0, {}, arrays)
        run.log(1, {"loss": float("nan"), "a b/ü": 1, "val/x": 1, "val_x": 2}, arrays)
    with lstm_lab.open("lab.db") as db:
        stored = db.originals(db.run(run.uuid), 1)
        assert len(stored) == len(arrays)
        for name, array in arrays.items():
            if name not in stored:
                assert not name.isprintable()
                continue
            assert stored[name].tobytes() == np.asarray(array, np.float32).tobytes()


def test_a_model_of_ten_thousand_tensors_is_stored() -> None:
    """Its first line has 2.8 MB; each slot that is not of all weights has a list of its own."""
    weights = {
        f"encoder.layers.{i}.attention.self.query/part_{i % 7}": np.full((2, 2), i, np.float32)
        for i in range(10_000)
    }
    slots = {"step": {name: np.float32(7) for name in weights}}
    with Run("large") as run:
        for epoch in range(2):
            run.log(epoch, {"loss": 1.0}, weights, optimizer=slots)
    assert len(run_header(run)) > 2_500_000
    with lstm_lab.open("lab.db") as file:
        number = file.run(run.uuid)
        stored = file.weights(number, 1)
        assert list(stored) == list(weights)
        assert all(stored[name].tobytes() == weights[name].tobytes() for name in weights)
        assert len(file.optimizer(number, 1)["step"]) == 10_000


def run_header(run: Run) -> bytes:
    assert run._recording is not None
    return run._recording.header.first_line()

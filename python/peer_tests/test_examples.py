"""The scripts in examples/peers as a user runs them, and what is in the database then."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import lstm_lab
from test_run import script_environment

PROGRAM = os.environ.get("LSTM_LAB_TEST_PROGRAM", "")
EXAMPLES = Path(__file__).parents[2] / "examples" / "peers"
pytestmark = pytest.mark.skipif(not PROGRAM, reason="LSTM_LAB_TEST_PROGRAM names no program")


def run(script: str) -> lstm_lab.Database:
    result = subprocess.run(
        [sys.executable, str(EXAMPLES / script)], capture_output=True, text=True, timeout=600,
        check=False, env=script_environment(LSTM_LAB_BIN=PROGRAM),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "RecordingWarning" not in result.stderr
    return lstm_lab.open()


def program(*arguments: str) -> str:
    result = subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def rows(db: lstm_lab.Database, sql: str) -> list[dict[str, Any]]:
    return db.query(sql)


def test_the_seed_experiment_has_101_epochs_and_its_weights_by_sql() -> None:
    db = run("zero_position.py")
    (one,) = db.runs()
    assert (one["status"], one["epochs"], one["parameters"]) == ("completed", 100, 138)
    assert rows(db, "SELECT count(*) AS n FROM weights")[0]["n"] == 101 * 138
    history = rows(
        db,
        """
        SELECT epoch, value FROM weights
        WHERE layer = 'lstm' AND gate = 'forget' AND source = 'x1' AND unit = 2
        """,
    )
    assert [row["epoch"] for row in history] == list(range(101))
    for row in history:
        assert row["value"] == db.weights(1, row["epoch"])["lstm/kernel"][1, 6]
    gates = rows(db, "SELECT DISTINCT sample, gate FROM activations WHERE epoch = 100")
    assert len(gates) == 2 * 6
    assert "forget" in program("gates", "1", "--sample", "3")
    assert "zero-position" in program("runs")


def test_unequal_lengths_have_their_own_steps() -> None:
    db = run("unequal_lengths.py")
    steps = rows(
        db,
        """
        SELECT sample, max(step) + 1 AS steps FROM activations
        WHERE epoch = 20 AND gate = 'hidden_state' GROUP BY sample ORDER BY sample
        """,
    )
    assert [row["sample"] for row in steps] == [0, 1, 2]
    assert len({row["steps"] for row in steps}) > 1
    assert db.metrics(1)[-1]["accuracy"] > 0.5
    assert set(db.originals(1, 20)) == {
        "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0", "rnn.bias_hh_l0", "fc.weight",
        "fc.bias",
    }  # fmt: skip


def test_layers_that_are_not_known_are_there_by_their_names() -> None:
    db = run("attention.py")
    (one,) = db.runs()
    layers = {tensor.layer for tensor in db.tensors(1)}
    assert {
        "conv1d",
        "batch_normalization",
        "bidirectional",
        "multi_head_attention.query",
    } <= layers
    assert db.weights(1)["conv1d/kernel"].shape == (3, 2, 8)
    losses = {row["epoch"]: row["val_loss"] for row in db.metrics(1) if "val_loss" in row}
    assert one["result_epoch"] == min(losses, key=lambda epoch: losses[epoch])

"""Keras's and PyTorch's runs in one database, where `LSTM_LAB_TEST_PROGRAM` names the program."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import torch
from keras import layers

import lstm_lab
from lstm_lab import LabLogger
from test_reading import chained

PROGRAM = os.environ.get("LSTM_LAB_TEST_PROGRAM", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="LSTM_LAB_TEST_PROGRAM names no program")


@pytest.fixture(autouse=True)
def _program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_LAB_BIN", PROGRAM)
    monkeypatch.setattr("warnings.warn", _refuse)


def _refuse(message: Any, *arguments: Any, **named: Any) -> None:
    assert not str(message).startswith("lstm-lab"), message


def model() -> keras.Model:
    keras.utils.set_random_seed(3)
    made = keras.Sequential(
        [layers.Input((5, 3)), layers.LSTM(4), layers.Dense(1, activation="sigmoid")]
    )
    made.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return made


def data() -> tuple[np.ndarray, np.ndarray]:
    x = np.random.default_rng(1).normal(size=(12, 5, 3)).astype(np.float32)
    return x, (x.sum(axis=(1, 2)) > 0).astype(np.float32)[:, None]


def fit(made: keras.Model, logger: Any, epochs: int) -> None:
    x, y = data()
    made.fit(x, y, epochs=epochs, batch_size=4, shuffle=False, verbose=0, callbacks=[logger])


def program(*arguments: str) -> str:
    result = subprocess.run(
        [PROGRAM, *arguments], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_two_fits_are_one_run_with_one_chain_of_hashes() -> None:
    at_once, twice = LabLogger("once"), LabLogger("twice")
    fit(model(), at_once, 4)
    made = model()
    fit(made, twice, 2)
    fit(made, twice, 2)
    with lstm_lab.open() as db:
        assert len(db.runs()) == 2
        assert [chained(db, run) for run in (1, 2)] == [(5, 5), (5, 5)]
        hashes = "SELECT lower(hex(hash)) AS h FROM epoch WHERE run_id = ? ORDER BY epoch"
        assert db.query(hashes, [1]) == db.query(hashes, [2])
        assert [run["status"] for run in db.runs()] == ["completed"] * 2


def test_a_run_is_resumed_by_the_script_that_loads_its_state(tmp_path: Path) -> None:
    made = model()
    fit(made, LabLogger("first"), 2)
    made.save(tmp_path / "saved.keras")
    loaded = keras.saving.load_model(tmp_path / "saved.keras")
    fit(loaded, LabLogger(resume="1"), 2)
    with lstm_lab.open() as db:
        (run,) = db.runs()
        assert run["epochs"] == 4
        assert chained(db, 1) == (5, 5)
        for stored, own in zip(db.weights(1, 4).values(), loaded.get_weights()):
            assert stored.tobytes() == own.tobytes()


def test_other_weights_begin_a_run_of_their_own_with_its_parent() -> None:
    made, logger = model(), LabLogger("first")
    fit(made, logger, 2)
    with lstm_lab.open() as db:
        made.set_weights(list(db.weights(1, 1).values()))
    fit(made, logger, 1)
    with lstm_lab.open() as db:
        first, second = db.runs()
        assert (second["parent_run_id"], second["parent_epoch"]) == (1, 1)
        assert first["epochs"] == 2


def test_weights_put_back_are_the_result() -> None:
    made = model()
    stopping = keras.callbacks.EarlyStopping(
        "loss", mode="max", patience=2, restore_best_weights=True
    )
    x, y = data()
    made.fit(x, y, epochs=9, batch_size=4, verbose=0, callbacks=[LabLogger("early"), stopping])
    with lstm_lab.open() as db:
        assert db.runs()[0]["result_epoch"] == stopping.best_epoch + 1
        for stored, own in zip(db.weights(1).values(), made.get_weights()):
            assert stored.tobytes() == own.tobytes()


def test_a_question_in_sql_means_the_same_in_keras_and_pytorch() -> None:
    made = model()
    fit(made, LabLogger("keras"), 1)
    theirs = torch.nn.Sequential()
    theirs.add_module("lstm", torch.nn.LSTM(3, 4, batch_first=True))
    lstm = theirs.lstm
    optimizer = torch.optim.SGD(theirs.parameters(), 0.0)
    kernel, recurrent, bias = (torch.tensor(np.array(w)) for w in made.get_weights()[:3])
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(kernel.T)  # both have the order i f c o
        lstm.weight_hh_l0.copy_(recurrent.T)
        lstm.bias_ih_l0.copy_(bias)
        lstm.bias_hh_l0.zero_()
    run = lstm_lab.watch(theirs, optimizer, name="torch")
    run.end()
    question = """
        SELECT unit, value FROM weights
        WHERE run_id = ? AND epoch = ? AND layer = 'lstm' AND gate = 'forget' AND source = 'x1'
        ORDER BY unit
    """
    with lstm_lab.open() as db:
        assert len(db.query(question, [1, 1])) == 4
        assert db.query(question, [1, 1]) == db.query(question, [2, 0])


def test_all_that_is_stored_is_sound() -> None:
    fit(model(), LabLogger("keras", gates=[0, 3]), 2)
    assert "sound" in program("doctor")
    assert "forget" in program("gates", "1", "--sample", "3")
    assert "completed" in program("show", "1")

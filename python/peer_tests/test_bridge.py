"""The program computes a recorded Keras or PyTorch model as the framework itself does, to 1e-6."""

from __future__ import annotations

import csv
import io
import os
import subprocess
from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import pytest
import torch
from keras import layers
from torch import nn

import lstm_lab
from lstm_lab import LabLogger

PROGRAM = os.environ.get("LSTM_LAB_TEST_PROGRAM", "")
pytestmark = pytest.mark.skipif(not PROGRAM, reason="LSTM_LAB_TEST_PROGRAM names no program")


@pytest.fixture(autouse=True)
def _program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LSTM_LAB_BIN", PROGRAM)


def program(*arguments: str) -> list[dict[str, str]]:
    result = subprocess.run(
        [PROGRAM, *arguments, "--csv"], capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 0, result.stderr
    return list(csv.DictReader(io.StringIO(result.stdout)))


def predicted(run: str, x: np.ndarray) -> np.ndarray:
    np.save("new.npy", x)
    rows = program("predict", run, "new.npy")
    names = [name for name in rows[0] if name not in ("sample", "step", "predicted")]
    return np.array([[float(row[name]) for name in names] for row in rows], np.float32)


def hidden(run: str, x: np.ndarray, layer: str, sample: int) -> np.ndarray:
    np.save("new.npy", x)
    rows = program("gates", run, "new.npy", "--sample", str(sample))
    own = [r for r in rows if r["layer"] == layer and r["gate"].endswith("hidden_state")]
    steps = max(int(row["step"]) for row in own) + 1
    return np.array([float(row["value"]) for row in own], np.float32).reshape(steps, -1)


def numbers() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(12, 5, 3)).astype(np.float32)


def chain(*parts: Any) -> keras.Model:
    return keras.Sequential([layers.Input((5, 3)), *parts])


KERAS: dict[str, Callable[[], keras.Model]] = {
    "lstm": lambda: chain(layers.LSTM(4), layers.Dense(2, activation="sigmoid")),
    "gru": lambda: chain(layers.GRU(4), layers.Dense(2, activation="softmax")),
    "simple_rnn": lambda: chain(layers.SimpleRNN(4, activation="relu"), layers.Dense(2)),
    "two_way": lambda: chain(
        layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
        layers.Dropout(0.5),
        layers.Bidirectional(layers.GRU(2)),
        layers.Dense(3, activation="tanh"),
        layers.Dense(2),
    ),
    "steps": lambda: chain(layers.LSTM(4, return_sequences=True), layers.Dense(2)),
}


@pytest.mark.parametrize("make", KERAS)
def test_predictions_of_keras_models(make: str) -> None:
    model = KERAS[make]()
    x = numbers()
    model.compile("adam", "mean_squared_error")
    y = np.zeros(model.output_shape[1:], np.float32)[None].repeat(12, axis=0)
    model.fit(x, y, epochs=3, batch_size=4, verbose=0, callbacks=[LabLogger("keras")])
    theirs = model.predict(x, verbose=0).reshape(-1, 2)
    ours = predicted("1", x)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 1e-6


def test_gates_of_a_keras_model_at_any_epoch() -> None:
    model = KERAS["lstm"]()
    x = numbers()
    model.compile("adam", "mean_squared_error")
    kept: list[Any] = []
    keep = keras.callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: kept.append(model.get_weights())
    )
    callbacks = [LabLogger("keras"), keep]
    model.fit(x, np.zeros((12, 2)), epochs=3, batch_size=4, verbose=0, callbacks=callbacks)
    for epoch in (1, 3):
        model.set_weights(kept[epoch - 1])
        inner = keras.Sequential([layers.Input((5, 3)), layers.LSTM(4, return_sequences=True)])
        inner.set_weights(kept[epoch - 1][:3])
        theirs = inner.predict(x, verbose=0)[2]
        assert np.abs(hidden(f"1@{epoch}", x, "lstm", 2) - theirs).max() < 1e-6


class Reader(nn.Module):
    """A recurrent module and a linear layer behind its last states."""

    def __init__(self, cell: Any, **options: Any) -> None:
        super().__init__()
        self.rnn = cell(3, 4, batch_first=True, **options)
        self.fc = nn.Linear(8 if options.get("bidirectional") else 4, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        states = self.rnn(x)[1]
        last = states[0] if isinstance(states, tuple) else states
        if self.rnn.bidirectional:
            return torch.softmax(self.fc(torch.cat([last[-2], last[-1]], 1)), 1)
        return torch.sigmoid(self.fc(last[-1]))


class Letters(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 3)
        self.rnn = nn.LSTM(3, 4, batch_first=True)
        self.hidden = nn.Linear(4, 6)
        self.out = nn.Linear(6, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(torch.relu(self.hidden(self.rnn(self.embedding(x))[0])))


TORCH: dict[str, Callable[[], nn.Module]] = {
    "lstm": lambda: Reader(nn.LSTM),
    "gru": lambda: Reader(nn.GRU),
    "rnn": lambda: Reader(nn.RNN, nonlinearity="relu"),
    "stacked": lambda: Reader(nn.LSTM, num_layers=2, dropout=0.2),
    "two_way": lambda: Reader(nn.GRU, bidirectional=True),
    "no_bias": lambda: Reader(nn.LSTM, bias=False),
    "letters": Letters,
}


@pytest.mark.parametrize("make", TORCH)
def test_predictions_and_gates_of_pytorch_models(make: str) -> None:
    torch.manual_seed(2)
    model = TORCH[make]()
    x = torch.tensor(numbers())
    if make == "letters":
        x = torch.randint(0, 7, (12, 5))
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    run = lstm_lab.watch(model, optimizer, name=make, loss="mean_squared_error")
    for _ in range(3):
        optimizer.zero_grad()
        model(x).square().mean().backward()
        optimizer.step()
        run.epoch()
    run.end()
    model.eval()
    with torch.no_grad():
        theirs = model(x).numpy().reshape(-1, 2)
    new = x.numpy().astype(np.float32)
    ours = predicted("1", new[:, :, None] if make == "letters" else new)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 1e-6
    if make in ("lstm", "gru", "rnn", "no_bias"):
        with torch.no_grad():
            states = model.rnn(x)[0][2].numpy()
        assert np.abs(hidden("1@3", new, "rnn", 2) - states).max() < 1e-6

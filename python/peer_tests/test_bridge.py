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


class Logits(Reader):
    """Its outputs are logits: the loss has the softmax or sigmoid."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.fc(self.rnn(x)[0][:, -1])


def signs(x: np.ndarray) -> np.ndarray:
    """Classes that an epoch learns something of."""
    return (x[:, -1, 0] > 0).astype(np.int64)


def torch_logits(x: np.ndarray, kind: str) -> np.ndarray:
    """Trains on logits for three epochs, recorded; returns the probabilities."""
    torch.manual_seed(4)
    model = Logits(nn.GRU)
    y = torch.tensor(signs(x))
    is_binary = kind == "binary"
    criterion = nn.BCEWithLogitsLoss() if is_binary else nn.CrossEntropyLoss()
    target = torch.stack([1 - y, y], 1).float() if is_binary else y
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    run = lstm_lab.watch(model, optimizer, name="logits", loss=criterion)
    for _ in range(3):
        optimizer.zero_grad()
        criterion(model(torch.tensor(x)), target).backward()
        optimizer.step()
        run.epoch()
    run.end()
    with torch.no_grad():
        z = model(torch.tensor(x))
        return (torch.sigmoid(z) if is_binary else torch.softmax(z, 1)).numpy()


def keras_logits(x: np.ndarray, kind: str) -> np.ndarray:
    is_binary = kind == "binary"
    model = chain(layers.GRU(4), layers.Dense(2))
    losses = keras.losses
    loss = losses.BinaryCrossentropy if is_binary else losses.SparseCategoricalCrossentropy
    y = signs(x)
    model.compile(keras.optimizers.Adam(0.01), loss(from_logits=True))
    target = np.stack([1 - y, y], 1).astype(np.float32) if is_binary else y
    model.fit(x, target, epochs=3, batch_size=12, verbose=0, callbacks=[LabLogger("logits")])
    z = model.predict(x, verbose=0)
    return 1 / (1 + np.exp(-z)) if is_binary else np.exp(z) / np.exp(z).sum(1, keepdims=True)


@pytest.mark.parametrize("kind", ["binary", "classes"])
@pytest.mark.parametrize("train", [torch_logits, keras_logits], ids=["torch", "keras"])
def test_logits_are_told_as_probabilities_and_a_fork_learns_on(train: Any, kind: str) -> None:
    x = numbers()
    theirs = train(x, kind)
    ours = predicted("1", x)
    assert ours.shape == theirs.shape
    assert np.abs(ours - theirs).max() < 1e-6
    y = signs(x)
    np.save("y.npy", np.stack([1 - y, y], 1).astype(np.float32) if kind == "binary" else y)
    measured = program("evaluate", "1", "new.npy", "--y", "y.npy")
    before = next(float(row["value"]) for row in measured if row["metric"] == "loss")
    of_right = theirs[np.arange(12), y]
    if kind == "classes":
        assert abs(before + np.log(of_right).mean()) < 1e-5
    settings = ["--set", "data.train.x=new.npy", "--set", "data.train.y=y.npy"]
    fork = ["resume", "1", "--from", "3", "--epochs", "23", "--new-data", "-q", *settings]
    subprocess.run([PROGRAM, *fork], check=True, timeout=60, capture_output=True)
    rows = program("query", "SELECT epoch, loss FROM epochs WHERE run_id = 2 ORDER BY epoch")
    after = [float(row["loss"]) for row in rows if row["epoch"] not in ("", "3")]
    assert len(after) == 20
    assert after[0] < before + 1e-6
    assert after[-1] < 0.8 * before
    assert all(later < earlier for earlier, later in zip(after, after[1:]))


def test_what_is_missing_is_said_by_every_command_that_needs_it() -> None:
    x = numbers()
    model = Logits(nn.LSTM)
    np.save("new.npy", x)
    np.save("y.npy", signs(x))
    optimizer = torch.optim.Adam(model.parameters(), 0.01)
    run = lstm_lab.watch(model, optimizer, name="unsaid")
    nn.functional.cross_entropy(model(torch.tensor(x)), torch.tensor(signs(x))).backward()
    optimizer.step()
    run.epoch()
    run.end()
    settings = ["--set", "data.train.x=new.npy", "--set", "data.train.y=y.npy", "--new-data"]
    for command in (
        ["predict", "1", "new.npy"],
        ["evaluate", "1", "new.npy", "--y", "y.npy"],
        ["explain", "1", "new.npy"],
        ["resume", "1", "--from", "1", "--epochs", "3", *settings],
    ):
        result = subprocess.run([PROGRAM, *command], capture_output=True, text=True, check=False)
        assert result.returncode == 64, (command, result)
        assert "its loss is not known: say it to watch" in result.stderr, (command, result.stderr)
        assert "loss=criterion" in result.stderr

"""Keras's losses: a model whose loss takes logits has its probabilities in the native model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, losses

from lstm_lab import LabLogger
from lstm_lab.replay import forward
from stream_reader import ReadStream, read_stream

pytestmark = pytest.mark.filterwarnings("ignore::lstm_lab.RecordingWarning")


def samples() -> np.ndarray:
    return np.random.default_rng(1).normal(size=(12, 5, 3)).astype(np.float32)


def targets(name: str) -> np.ndarray:
    numbers = np.arange(12) % 3
    if name == "sparse_categorical_crossentropy":
        return numbers
    hot = np.eye(3, dtype=np.float32)[numbers]
    return hot if name == "categorical_crossentropy" else hot[:, :1]


def recorded(
    folder: Path, activation: Any, loss: Any, y: np.ndarray, optimizer: Any = "adam"
) -> tuple[ReadStream, keras.Model]:
    model = keras.Sequential(
        [
            layers.Input((5, 3)),
            layers.GRU(4),
            layers.Dense(1 if y.shape[1:] == (1,) else 3, activation=activation),
        ]
    )
    model.compile(optimizer, loss)
    model.fit(samples(), y, epochs=2, batch_size=4, verbose=0, callbacks=[LabLogger("walks")])
    (path,) = folder.glob("*.labstream")
    return read_stream(path), model


@pytest.mark.parametrize(
    ("kind", "function"),
    [
        (losses.BinaryCrossentropy, keras.activations.sigmoid),
        (losses.CategoricalCrossentropy, keras.activations.softmax),
        (losses.SparseCategoricalCrossentropy, keras.activations.softmax),
    ],
)
def test_the_activation_of_a_loss_that_takes_logits_is_the_models(
    kind: Any, function: Any, tmp_path: Path
) -> None:
    loss = kind(from_logits=True)
    stream, model = recorded(tmp_path, None, loss, targets(loss.name))
    native = stream.header["native"]
    assert native["training"]["loss"] == loss.name
    assert native["model"]["layers"][-1]["activation"] == function.__name__
    assert "no_native_model" not in stream.header["run"]["config"]
    logits = model.predict(samples(), verbose=0)
    theirs = keras.ops.convert_to_numpy(function(keras.ops.convert_to_tensor(logits)))
    for sample, own in zip(samples(), theirs):
        ours = forward(native["model"]["layers"], stream.named(-1), sample)[0]
        assert np.abs(ours - own).max() < 1e-6


def test_probabilities_and_numbers_stay_as_they_are(tmp_path: Path) -> None:
    for number, (activation, name) in enumerate(
        [("softmax", "categorical_crossentropy"), (None, "mean_squared_error")]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            stream, _ = recorded(folder, activation, name, targets("categorical_crossentropy"))
        native = stream.header["native"]
        assert native["model"]["layers"][-1]["activation"] == (activation or "linear")
        assert native["training"]["loss"] == name


@pytest.mark.parametrize(
    ("activation", "loss", "optimizer", "why"),
    [
        (
            "softmax",
            losses.CategoricalCrossentropy(from_logits=True),
            "adam",
            "its loss takes logits, and its outputs are softmax",
        ),
        (
            "softmax",
            losses.CategoricalCrossentropy(label_smoothing=0.1),
            "adam",
            "the engine has no CategoricalCrossentropy with label_smoothing=0.1",
        ),
        (None, "cosine_similarity", "adam", "the engine has no loss `cosine_similarity`; it knows"),
        (None, "mean_squared_error", "nadam", "the engine has no optimizer Nadam"),
    ],
)
def test_what_the_engine_trains_otherwise_is_said(
    activation: Any, loss: Any, optimizer: str, why: str, tmp_path: Path
) -> None:
    y = targets("categorical_crossentropy")
    stream, _ = recorded(tmp_path, activation, loss, y, optimizer)
    assert stream.header["native"] is None
    assert stream.header["run"]["config"]["no_native_model"].startswith(why)

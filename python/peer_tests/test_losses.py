"""PyTorch's losses: a model whose loss takes logits has its probabilities in the native model."""

from __future__ import annotations

import functools
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

import lstm_lab
from lstm_lab.replay import forward
from stream_reader import ReadStream, read_stream

pytestmark = pytest.mark.filterwarnings("ignore:lstm-lab. recording goes on in")

SPARSE, BINARY = "sparse_categorical_crossentropy", "binary_crossentropy"
CE = nn.CrossEntropyLoss
WITH_LOGITS = nn.BCEWithLogitsLoss


class Reader(nn.Module):
    """An LSTM and a linear layer; what stands behind is given."""

    def __init__(self, units: int = 3, behind: Any = None, loss: Any = None) -> None:
        super().__init__()
        self.rnn = nn.LSTM(3, 4, batch_first=True)
        self.out = nn.Linear(4, units)
        self.behind = behind
        self.loss = loss

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        outputs = self.out(self.rnn(x)[0][:, -1])
        return outputs if self.behind is None else self.behind(outputs)


def samples() -> torch.Tensor:
    return torch.randn(12, 5, 3, generator=torch.Generator().manual_seed(1))


def recorded(
    folder: Path,
    model: nn.Module,
    criterion: Any,
    y: torch.Tensor,
    optimizer: Any = None,
    **more: Any,
) -> ReadStream:
    optimizer = optimizer or torch.optim.Adam(model.parameters(), 0.05)
    run = lstm_lab.watch(model, optimizer, name="walks", **more)
    for _ in range(2):
        optimizer.zero_grad()
        criterion(model(samples()), y).backward()
        optimizer.step()
        run.epoch()
    run.end()
    (path,) = folder.glob("*.labstream")
    return read_stream(path)


def classes(units: int = 3) -> torch.Tensor:
    return torch.arange(12) % units


def check(stream: ReadStream, model: nn.Module, loss: str, probabilities: Any) -> None:
    """The native model has this loss, and gives the probabilities that PyTorch's loss sees."""
    native = stream.header["native"]
    assert native["training"]["loss"] == loss
    assert "no_native_model" not in stream.header["run"]["config"]
    with torch.no_grad():
        theirs = probabilities(model(samples())).numpy()
    for sample, own in zip(samples().numpy(), theirs):
        ours = forward(native["model"]["layers"], stream.named(-1), sample)[0]
        assert np.abs(ours - own).max() < 1e-6


@pytest.mark.parametrize(
    "loss",
    [CE(), CE, functional.cross_entropy, "cross_entropy", SPARSE],
    ids=["module", "class", "function", "name", "Keras's name"],
)
def test_the_softmax_of_cross_entropy_is_the_models(loss: Any, tmp_path: Path) -> None:
    model = Reader()
    stream = recorded(tmp_path, model, CE(), classes(), loss=loss)
    check(stream, model, SPARSE, lambda z: torch.softmax(z, 1))


@pytest.mark.parametrize(
    "loss",
    [WITH_LOGITS(), functional.binary_cross_entropy_with_logits, BINARY],
    ids=["module", "function", "Keras's name"],
)
def test_the_sigmoid_of_bce_with_logits_is_the_models(loss: Any, tmp_path: Path) -> None:
    model = Reader(1)
    y = (torch.arange(12) % 2).float()[:, None]
    stream = recorded(tmp_path, model, WITH_LOGITS(), y, loss=loss)
    check(stream, model, BINARY, torch.sigmoid)


@pytest.mark.parametrize("is_module", [True, False], ids=["module", "function"])
def test_logarithms_are_made_probabilities(is_module: bool, tmp_path: Path) -> None:
    behind = nn.LogSoftmax(1) if is_module else functools.partial(functional.log_softmax, dim=1)
    model = Reader(behind=behind)
    stream = recorded(tmp_path, model, nn.NLLLoss(), classes(), loss=nn.NLLLoss())
    check(stream, model, SPARSE, torch.exp)


def test_probabilities_stay_as_they_are(tmp_path: Path) -> None:
    model = Reader(1, torch.sigmoid)
    y = (torch.arange(12) % 2).float()[:, None]
    stream = recorded(tmp_path, model, nn.BCELoss(), y, loss=nn.BCELoss())
    check(stream, model, BINARY, lambda p: p)


def test_numbers_stay_as_they_are(tmp_path: Path) -> None:
    model = Reader(2)
    stream = recorded(tmp_path, model, nn.MSELoss(), torch.ones(12, 2), loss="mse_loss")
    check(stream, model, "mean_squared_error", lambda x: x)


def test_a_loss_among_the_models_modules_needs_no_word(tmp_path: Path) -> None:
    model = Reader(loss=CE())
    stream = recorded(tmp_path, model, model.loss, classes())
    check(stream, model, SPARSE, lambda z: torch.softmax(z, 1))


def reason(stream: ReadStream) -> str:
    assert stream.header["native"] is None
    return str(stream.header["run"]["config"]["no_native_model"])


def test_a_loss_that_nobody_says_is_not_guessed(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "lstm-lab: the run has no native model")
        stream = recorded(tmp_path, Reader(), CE(), classes())
    assert reason(stream).startswith("its loss is not known: say it to watch")


def test_of_two_losses_none_is_chosen(tmp_path: Path) -> None:
    model = Reader(loss=nn.ModuleList([CE(), nn.MSELoss()]))
    assert "may be one of 2 modules" in reason(recorded(tmp_path, model, CE(), classes()))


@pytest.mark.parametrize(
    ("make", "loss", "why"),
    [
        (Reader, CE(weight=torch.ones(3)), "no CrossEntropyLoss with a weight of its own"),
        (Reader, CE(label_smoothing=0.1), "no CrossEntropyLoss with a label_smoothing"),
        (Reader, CE(reduction="sum"), "no CrossEntropyLoss with a reduction"),
        (Reader, nn.MultiMarginLoss(), "the engine has no loss `MultiMarginLoss`; it knows"),
        (Reader, "crossentropy", "the engine has no loss `crossentropy`; it knows"),
        (lambda: Reader(behind=nn.Softmax(1)), CE(), "takes logits, and its outputs are softmax"),
        (lambda: Reader(behind=nn.ReLU()), CE(), "takes logits, and its outputs are relu"),
        (Reader, nn.NLLLoss(), "takes logarithms, and its outputs are linear"),
    ],
)
def test_what_the_engine_trains_otherwise_is_said(
    make: Any, loss: Any, why: str, tmp_path: Path
) -> None:
    torch.manual_seed(3)
    with pytest.warns(lstm_lab.RecordingWarning, match="the run has no native model"):
        stream = recorded(tmp_path, make(), functional.cross_entropy, classes(), loss=loss)
    assert why in reason(stream)


def test_an_optimizer_that_the_engine_has_not_is_said(tmp_path: Path) -> None:
    model = Reader()
    optimizer = torch.optim.NAdam(model.parameters())
    with pytest.warns(lstm_lab.RecordingWarning, match="no NAdam"):
        stream = recorded(tmp_path, model, CE(), classes(), optimizer, loss=CE())
    assert reason(stream) == "the engine has no NAdam as PyTorch's"


def test_a_model_that_the_engine_cannot_know_is_recorded_without_a_warning(tmp_path: Path) -> None:
    model = nn.Sequential(nn.Flatten(), nn.Linear(15, 3))
    with warnings.catch_warnings():
        warnings.filterwarnings("error", "lstm-lab: the run has no native model")
        stream = recorded(tmp_path, model, CE(), classes(), loss=CE())
    assert reason(stream) == "its modules are no chain of layers that gives its outputs"


@pytest.mark.parametrize("has_relu", [False, True])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_a_relu_is_told_from_none_where_nothing_is_below_zero(
    sign: float, has_relu: bool, tmp_path: Path
) -> None:
    model = Reader(1, torch.relu if has_relu else None)
    with torch.no_grad():
        model.out.bias.fill_(sign * 5)
    before = {name: value.clone() for name, value in model.state_dict().items()}
    optimizer = torch.optim.SGD(model.parameters(), 0.0)
    stream = recorded(
        tmp_path, model, nn.MSELoss(), torch.ones(12, 1), optimizer, loss=nn.MSELoss()
    )
    check(stream, model, "mean_squared_error", lambda x: x)
    activation = stream.header["native"]["model"]["layers"][-1]["activation"]
    assert activation == ("relu" if has_relu else "linear")
    for name, value in model.state_dict().items():
        assert torch.equal(value, before[name])

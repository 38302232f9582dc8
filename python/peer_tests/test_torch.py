"""PyTorch trainings: what is stored is what PyTorch itself has at each epoch, to the bit."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

import lstm_lab
from stream_reader import ReadStream, read_stream

pytestmark = pytest.mark.filterwarnings("ignore::lstm_lab.RecordingWarning")

STEPS, FEATURES = 5, 3
ORDER = {"lstm": [0, 1, 2, 3], "gru": [1, 0, 2], "simple_rnn": [0]}


class Classifier(nn.Module):
    def __init__(self, cell: Any = nn.LSTM, **options: Any) -> None:
        super().__init__()
        self.rnn = cell(FEATURES, 4, batch_first=True, **options)
        self.fc = nn.Linear(4 * (2 if options.get("bidirectional") else 1), 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.fc(self.rnn(x)[0][:, -1]))


class Everything(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(FEATURES, 4, 2)
        self.norm = nn.BatchNorm1d(4)
        self.rnn = nn.GRU(4, 3, num_layers=2, bidirectional=True, batch_first=True, dropout=0.3)
        self.attention = nn.MultiheadAttention(6, 2, batch_first=True)
        self.projected = nn.LSTM(6, 4, proj_size=2, batch_first=True)
        self.plain = nn.RNN(2, 3, nonlinearity="relu", bias=False)
        self.cell = nn.LSTMCell(3, 2)
        self.fc = nn.utils.parametrizations.weight_norm(nn.Linear(2, 2))
        self.scale = nn.Parameter(torch.tensor(1.0))
        self.frozen = nn.Linear(2, 2).requires_grad_(False)
        self.register_buffer("shown", torch.arange(3))
        self.register_buffer("hidden", torch.zeros(2), persistent=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        x = self.norm(self.conv(x.transpose(1, 2))).transpose(1, 2)
        x = self.rnn(x)[0]
        x = x + self.attention(x, x, x)[0]
        x = self.projected(x)[0]
        x = self.plain(x.transpose(0, 1))[0][-1]
        h, _ = self.cell(x)
        return torch.sigmoid(self.frozen(self.fc(h)) * self.scale)


class Tied(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(7, 4)
        self.rnn = nn.LSTM(4, 4, batch_first=True)
        self.out = nn.Linear(4, 7)
        self.out.weight = self.embedding.weight

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.out(self.rnn(self.embedding(x))[0])


MODELS: dict[str, Callable[[], nn.Module]] = {
    "lstm": Classifier,
    "gru": lambda: Classifier(nn.GRU),
    "rnn": lambda: Classifier(nn.RNN),
    "stacked": lambda: Classifier(nn.LSTM, num_layers=2),
    "two_way": lambda: Classifier(nn.GRU, num_layers=2, bidirectional=True),
    "no_bias": lambda: Classifier(nn.LSTM, bias=False),
    "everything": Everything,
    "sequential": lambda: nn.Sequential(
        nn.Flatten(), nn.Linear(15, 4), nn.ReLU(), nn.Linear(4, 2), nn.Sigmoid()
    ),
}
OPTIMIZERS: dict[str, Callable[[Any], Any]] = {
    "adam": lambda p: torch.optim.Adam(p, 0.01),
    "amsgrad": lambda p: torch.optim.AdamW(p, 0.01, amsgrad=True),
    "sgd": lambda p: torch.optim.SGD(p, 0.01),
    "momentum": lambda p: torch.optim.SGD(p, 0.01, momentum=0.9),
    "rmsprop": lambda p: torch.optim.RMSprop(p, 0.01, centered=True, momentum=0.5),
    "adagrad": lambda p: torch.optim.Adagrad(p, 0.01),
    "adadelta": lambda p: torch.optim.Adadelta(p, 0.01),
    "nadam": lambda p: torch.optim.NAdam(p, 0.01),
    "lbfgs": lambda p: torch.optim.LBFGS(p, 0.01, max_iter=2),
}


def data() -> tuple[torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(12, STEPS, FEATURES, generator=generator)
    return x, (torch.rand(12, 2, generator=generator) > 0.5).float()


def copy_of(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in model.state_dict().items()}


def train(
    model: nn.Module, optimizer: Any, epochs: int = 3, outer: Any = None, **options: Any
) -> tuple[list[dict[str, torch.Tensor]], Any]:
    """A loop as people write it; returns PyTorch's own weights at each epoch."""
    torch.manual_seed(7)
    outer = model if outer is None else outer
    run = lstm_lab.watch(outer, optimizer, name="walks", **options)
    seen = [copy_of(model)]
    x, y = data()
    for _ in range(epochs):
        total = 0.0
        for start in range(0, 12, 4):
            batch = slice(start, start + 4)

            def closure(batch: slice = batch) -> torch.Tensor:
                optimizer.zero_grad()
                loss = nn.functional.binary_cross_entropy(outer(x[batch]), y[batch])
                loss.backward()
                return loss

            total += float(optimizer.step(closure))
        seen.append(copy_of(model))
        run.epoch(loss=total / 3, val_loss=torch.tensor(0.5))
    run.end()
    return seen, run


def streams(folder: Path) -> list[ReadStream]:
    paths = sorted(folder.glob("*.labstream"), key=lambda path: path.stat().st_mtime_ns)
    return [read_stream(path) for path in paths]


def only_stream(folder: Path) -> ReadStream:
    (stream,) = streams(folder)
    return stream


def undone(tensor: dict[str, Any], values: np.ndarray) -> dict[str, np.ndarray]:
    """Undoes what `turned` says, written down here a second time from the stream's description."""
    turned = tensor["turned"] or {}
    blocks = turned.get("blocks")
    matrix = values.reshape(tensor["rows"], tensor["cols"])
    if blocks is not None:
        pieces = np.split(matrix, len(blocks), axis=1)
        original: list[Any] = [None] * len(blocks)
        for place, block in enumerate(blocks):
            original[block] = pieces[place]
        matrix = np.concatenate(original, axis=1)
    if turned.get("transpose"):
        matrix = matrix.T
    if "stacked" in turned:
        return dict(zip(turned["stacked"], matrix))
    return {tensor["path"]: matrix.reshape(tensor["shape"])}


def check_bits(stream: ReadStream, seen: list[dict[str, torch.Tensor]], tied: int = 0) -> None:
    for place, number in enumerate(stream.numbers):
        stored: dict[str, np.ndarray] = {}
        for tensor, values in zip(stream.header["tensors"], stream.epochs[place].weights):
            stored |= undone(tensor, values)
        assert len(stored) + tied == len(seen[number])
        for name, values in stored.items():
            own = seen[number][name].float().numpy()
            assert values.shape == own.shape
            assert values.tobytes() == own.tobytes(), (number, name)


@pytest.mark.parametrize("make", MODELS)
def test_every_weight_of_every_epoch_is_pytorchs_own(make: str, tmp_path: Path) -> None:
    model = MODELS[make]()
    trained = [p for p in model.parameters() if p.requires_grad]
    seen, _ = train(model, torch.optim.Adam(trained, 0.01), gates=[0, 3])
    stream = only_stream(tmp_path)
    assert stream.numbers == [0, 1, 2, 3]
    check_bits(stream, seen)
    assert [e.facts["iterations"] for e in stream.epochs] == [0, 3, 6, 9]
    assert [e.facts["learning_rate"] for e in stream.epochs] == [0.01] * 4
    assert stream.epochs[1].facts["metrics"][1] == ["validation", "loss", 0.5]
    assert stream.end is not None
    assert (stream.end["end"], stream.end["result_epoch"]) == ("completed", None)


@pytest.mark.parametrize("kind", OPTIMIZERS)
@pytest.mark.parametrize("make", ["gru", "stacked"])
def test_the_optimizers_state_is_stored_with_its_weights(
    make: str, kind: str, tmp_path: Path
) -> None:
    model = MODELS[make]()
    optimizer = OPTIMIZERS[kind](model.parameters())
    seen, _ = train(model, optimizer)
    stream = only_stream(tmp_path)
    check_bits(stream, seen)
    assert stream.epochs[0].facts["slots"] == [] or kind == "adagrad"
    names = {id(p): name for name, p in model.named_parameters()}
    keras = {"momentum": "exp_avg", "velocity": "exp_avg_sq", "velocity_hat": "max_exp_avg_sq"}
    checked = 0
    for slot in stream.header["slots"]:
        own = keras.get(slot["name"], slot["name"]) if kind in ("adam", "amsgrad") else slot["name"]
        values = stream.epochs[-1].slots.get(slot["name"])
        if values is None:
            assert kind == "lbfgs"
            continue
        for index, value in enumerate(values):
            entry = {"of": index, "shape": None}
            if slot["tensors"] != "all":
                entry = slot["tensors"][index]
            tensor = stream.header["tensors"][entry["of"]]
            shape = tensor["shape"] if entry["shape"] is None else entry["shape"]
            stored = undone(tensor, value) if shape == tensor["shape"] else None
            for parameter, state in optimizer.state.items():
                name = names[id(parameter)]
                if own not in state:
                    continue
                theirs = state[own].float().numpy()
                if stored is not None and name in stored:
                    assert stored[name].tobytes() == theirs.tobytes(), (slot["name"], name)
                    checked += 1
                elif stored is None and name == tensor["path"]:
                    assert value.ravel()[: theirs.size].tobytes() == theirs.tobytes()
                    checked += 1
    assert checked > 0 or kind in ("sgd", "lbfgs")


def test_names_gates_and_sources_are_the_labs(tmp_path: Path) -> None:
    train(MODELS["two_way"](), torch.optim.SGD([nn.Parameter(torch.zeros(1))], 0.1), epochs=1)
    tensors = {f"{t['layer']}/{t['tensor']}": t for t in only_stream(tmp_path).header["tensors"]}
    expected = [
        f"rnn.l{level}/{way}/{part}"
        for level in (0, 1)
        for way in ("forward", "backward")
        for part in ("kernel", "recurrent_kernel", "bias")
    ]
    assert list(tensors) == [*expected, "fc/kernel", "fc/bias"]
    bias = tensors["rnn.l0/backward/bias"]
    assert bias["path"] == "rnn.bias_ih_l0_reverse"
    assert bias["shape"] == [2, 12]
    assert bias["gates"] == ["update", "reset", "candidate"]
    assert bias["turned"]["blocks"] == [1, 0, 2]
    assert tensors["fc/kernel"]["turned"] == {"transpose": True}
    assert (tensors["fc/kernel"]["rows"], tensors["fc/kernel"]["cols"]) == (8, 2)


@pytest.mark.parametrize("kind", ["lstm", "gru", "simple_rnn"])
def test_a_gate_means_what_keras_means(kind: str, tmp_path: Path) -> None:
    """Each block of the stored kernel is the block of PyTorch's documented order of that gate."""
    model = MODELS["rnn" if kind == "simple_rnn" else kind]()
    seen, _ = train(model, torch.optim.SGD(model.parameters(), 0.1), epochs=1)
    stream = only_stream(tmp_path)
    kernel = stream.named(-1)["rnn/kernel"]
    theirs = seen[1]["rnn.weight_ih_l0"].numpy()
    for place, block in enumerate(ORDER[kind]):
        ours = kernel[:, place * 4 : place * 4 + 4]
        assert ours.tobytes() == theirs[block * 4 : block * 4 + 4].T.tobytes()


def test_projections_parametrizations_and_cells(tmp_path: Path) -> None:
    model = Everything()
    trained = [p for p in model.parameters() if p.requires_grad]
    train(model, torch.optim.Adam(trained), epochs=1)
    tensors = {f"{t['layer']}/{t['tensor']}": t for t in only_stream(tmp_path).header["tensors"]}
    assert tensors["projected/weight_ih_l0"]["gates"] is None
    assert tensors["fc/weight.original0"]["path"] == "fc.parametrizations.weight.original0"
    assert tensors["cell/kernel"]["gates"] == ["input", "forget", "cell", "output"]
    assert tensors["everything/scale"]["shape"] == []
    assert tensors["everything/shown"]["dtype"] == "int64"
    assert "everything/hidden" not in tensors
    assert not tensors["frozen/kernel"]["trainable"]
    assert not tensors["norm/running_mean"]["trainable"]


def test_tied_weights_are_stored_once(tmp_path: Path) -> None:
    model = Tied()
    optimizer = torch.optim.Adam(model.parameters())
    run = lstm_lab.watch(model, optimizer, name="tied")
    seen = [copy_of(model)]
    x = torch.randint(0, 7, (4, 5))
    nn.functional.cross_entropy(model(x).transpose(1, 2), x).backward()
    optimizer.step()
    seen.append(copy_of(model))
    run.epoch()
    run.end()
    stream = only_stream(tmp_path)
    check_bits(stream, seen, tied=1)
    assert "embedding/embeddings" in stream.named(0)


@pytest.mark.parametrize("wrap", ["parallel", "compiled", "inner"])
def test_wrappers_change_no_name(wrap: str, tmp_path: Path) -> None:
    model = Classifier()
    if wrap == "inner":
        model.rnn = nn.DataParallel(model.rnn)  # type: ignore[assignment]
    outer: Any = {
        "parallel": lambda: nn.DataParallel(model),
        "compiled": lambda: torch.compile(model, backend="eager"),
        "inner": lambda: model,
    }[wrap]()
    seen, _ = train(model, torch.optim.Adam(model.parameters()), outer=outer, gates=[1])
    stream = only_stream(tmp_path)
    seen = [{k.replace("rnn.module", "rnn"): v for k, v in epoch.items()} for epoch in seen]
    check_bits(stream, seen)

    assert list(stream.epochs[1].activations) == [1]


def test_bfloat16_and_float64(tmp_path: Path) -> None:
    for kind in (torch.bfloat16, torch.float16, torch.float64):
        model = nn.Sequential(nn.Linear(3, 2)).to(kind)
        optimizer = torch.optim.SGD(model.parameters(), 0.1)
        run = lstm_lab.watch(model, optimizer, name=str(kind).replace("torch.", ""))
        seen = [copy_of(model)]
        model(torch.ones(2, 3, dtype=kind)).sum().backward()
        optimizer.step()
        seen.append(copy_of(model))
        run.epoch()
        run.end()
        stream = streams(tmp_path)[-1]
        check_bits(stream, seen)
        assert {t["dtype"] for t in stream.header["tensors"]} == {str(kind).replace("torch.", "")}


def test_groups_and_several_optimizers(tmp_path: Path) -> None:
    model = Classifier()
    first = torch.optim.Adam(
        [{"params": model.rnn.parameters(), "lr": 0.1}, {"params": [model.fc.weight], "lr": 0.2}]
    )
    second = torch.optim.SGD([model.fc.bias, model.fc.weight], 0.5, momentum=0.9)
    run = lstm_lab.watch(model, [first, second], name="several")
    seen = [copy_of(model)]
    x, y = data()
    for _ in range(2):
        for optimizer in (first, second):
            model.zero_grad()
            nn.functional.binary_cross_entropy(model(x), y).backward()
            optimizer.step()
        seen.append(copy_of(model))
        run.epoch()
    run.end()
    stream = only_stream(tmp_path)
    check_bits(stream, seen)
    slots = {slot["name"]: slot["tensors"] for slot in stream.header["slots"]}
    names = [f"{t['layer']}/{t['tensor']}" for t in stream.header["tensors"]]
    assert [names[e["of"]] for e in slots["momentum_buffer"]] == ["fc/kernel", "fc/bias"]
    assert "fc/bias" not in [names[e["of"]] for e in slots["momentum"]]
    rates = {name: value for _, name, value in stream.epochs[1].facts["metrics"]}
    assert rates == {"learning_rate_0": 0.1, "learning_rate_1": 0.2, "learning_rate_2": 0.5}


def test_the_rate_is_that_of_the_last_step_though_the_scheduler_went_on(tmp_path: Path) -> None:
    model = nn.Linear(3, 1)
    optimizer = torch.optim.SGD(model.parameters(), 1.0)
    scheduler = torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.5)
    run = lstm_lab.watch(model, optimizer)
    for _ in range(3):
        model(torch.ones(1, 3)).sum().backward()
        optimizer.step()
        scheduler.step()
        run.epoch()
    run.end()
    rates = [epoch.facts["learning_rate"] for epoch in only_stream(tmp_path).epochs]
    assert rates == [1.0, 1.0, 0.5, 0.25]


def test_best_weights_put_back_name_their_epoch(tmp_path: Path) -> None:
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters())
    x, y = data()
    with lstm_lab.watch(model, optimizer) as run:
        kept = []
        for _ in range(3):
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy(model(x), y).backward()
            optimizer.step()
            kept.append(copy_of(model))
            run.epoch()
        model.load_state_dict(kept[1])
    end = only_stream(tmp_path).end
    assert end is not None
    assert end["result_epoch"] == 2


@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_workers_of_a_data_loader_change_nothing(method: str, tmp_path: Path) -> None:
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters())
    run = lstm_lab.watch(model, optimizer, name="workers")
    seen = [copy_of(model)]
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(*data()), 4, num_workers=2, multiprocessing_context=method
    )
    for _ in range(2):
        for x, y in loader:
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy(model(x), y).backward()
            optimizer.step()
        seen.append(copy_of(model))
        run.epoch()
    run.end()
    stream = only_stream(tmp_path)
    assert stream.numbers == [0, 1, 2]
    check_bits(stream, seen)


def test_a_failure_inside_is_one_warning(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Classifier()
    optimizer = torch.optim.Adam(model.parameters())
    run = lstm_lab.watch(model, optimizer)
    monkeypatch.setattr(run, "_copy", lambda *_: 1 / 0)
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        for _ in range(3):
            model(data()[0]).sum().backward()
            optimizer.step()
            run.epoch(loss=1)
        run.end()
    assert sum("ZeroDivisionError" in str(one.message) for one in said) == 1


def test_the_trajectory_is_that_without_watching() -> None:
    ends = []
    for options in ({}, {"gates": [0, 3]}, None):
        torch.manual_seed(3)
        model = Everything()
        optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad])
        torch.manual_seed(7)
        run = None if options is None else lstm_lab.watch(model, optimizer, **options)
        x, y = data()
        for _ in range(2):
            optimizer.zero_grad()
            nn.functional.binary_cross_entropy(model(x), y).backward()
            optimizer.step()
            if run is not None:
                run.epoch()
        ends.append({name: value.numpy().tobytes() for name, value in copy_of(model).items()})
    assert ends[0] == ends[1] == ends[2]


def quantities(
    stream: ReadStream, epoch: int, sample: int
) -> dict[tuple[str, str | None, str], Any]:
    found, start = {}, 0
    for q in stream.header["activations"]:
        values = stream.epochs[epoch].activations[sample][:, start : start + q["units"]]
        found[(q["layer"], q.get("direction"), q["gate"])] = values
        start += q["units"]
    return found


@pytest.mark.parametrize(
    "make", ["lstm", "gru", "rnn", "stacked", "two_way", "no_bias", "everything"]
)
@pytest.mark.parametrize("by_number", [True, False])
def test_gates_are_what_pytorch_computes(make: str, by_number: bool, tmp_path: Path) -> None:
    model = MODELS[make]()
    x, _ = data()
    trained = [p for p in model.parameters() if p.requires_grad]
    options = {"gates": [0, 3] if by_number else x[:2]}
    train(model, torch.optim.Adam(trained), **options)
    stream = only_stream(tmp_path)
    samples = [0, 3] if by_number else [0, 1]
    assert [list(epoch.activations) for epoch in stream.epochs] == [samples] * 4
    inputs = []
    hook = model.rnn.register_forward_hook(lambda m, given, out: inputs.append((given[0], out[0])))
    model.eval()
    with torch.no_grad():
        model(x[samples])
    hook.remove()
    rnn, (_, outputs) = model.rnn, inputs[0]
    levels = rnn.num_layers
    last = "rnn" if levels == 1 else f"rnn.l{levels - 1}"
    for place, sample in enumerate(samples):
        found = quantities(stream, 3, sample)
        ways = ("forward", "backward") if rnn.bidirectional else (None,)
        ours = np.concatenate([found[(last, way, "hidden_state")] for way in ways], axis=1)
        assert np.abs(ours - outputs[place].numpy()).max() < 1e-6
        if make == "lstm":
            assert (
                np.abs(found[(last, None, "cell_state")][-1] - cells(rnn, x[sample])).max() < 1e-6
            )
        if make == "everything":
            assert ("plain", None, "hidden_state") in found


def cells(rnn: nn.LSTM, x: torch.Tensor) -> Any:
    with torch.no_grad():
        return rnn(x[None])[1][1][0, 0].numpy()


def test_gates_of_packed_sequences_have_their_own_steps(tmp_path: Path) -> None:
    class Packed(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rnn = nn.LSTM(3, 4)

        def forward(self, sequences: list[torch.Tensor]) -> torch.Tensor:
            packed = pack_sequence(sequences, enforce_sorted=False)
            return pad_packed_sequence(self.rnn(packed)[0])[0]

    model = Packed()
    optimizer = torch.optim.Adam(model.parameters())
    run = lstm_lab.watch(model, optimizer, gates=[0, 1, 2])
    sequences = [torch.randn(n, 3) for n in (2, 5, 3)]
    model(sequences).sum().backward()
    optimizer.step()
    run.epoch()
    run.end()
    stream = only_stream(tmp_path)
    with torch.no_grad():
        outputs = model(sequences)
    for sample, length in enumerate((2, 5, 3)):
        hidden = quantities(stream, 1, sample)[("rnn", None, "hidden_state")]
        assert hidden.shape == (length, 4)
        assert np.abs(hidden - outputs[:length, sample].numpy()).max() < 1e-6


def test_gates_begin_from_the_states_that_are_given(tmp_path: Path) -> None:
    class Stateful(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.rnn = nn.LSTM(3, 4, batch_first=True)

        def forward(self, x: torch.Tensor, first: Any) -> torch.Tensor:
            return self.rnn(x, first)[0]

    model = Stateful()
    optimizer = torch.optim.Adam(model.parameters())
    run = lstm_lab.watch(model, optimizer, gates=[1])
    x, first = data()[0], (torch.randn(1, 12, 4), torch.randn(1, 12, 4))
    model(x, first).sum().backward()
    optimizer.step()
    run.epoch()
    run.end()
    with torch.no_grad():
        outputs = model(x, first)
    hidden = quantities(only_stream(tmp_path), 1, 1)[("rnn", None, "hidden_state")]
    assert np.abs(hidden - outputs[1].numpy()).max() < 1e-6


@pytest.mark.parametrize("make", ["lstm", "gru", "rnn", "stacked", "no_bias"])
def test_a_model_that_a_look_proves_is_a_configuration(make: str, tmp_path: Path) -> None:
    model = MODELS[make]()
    train(model, torch.optim.Adam(model.parameters(), 0.01), loss="binary_crossentropy")
    native = only_stream(tmp_path).header["native"]
    layers = native["model"]["layers"]
    assert layers[-1]["activation"] == "sigmoid"
    assert layers[-1]["name"] == "fc"
    assert native["training"]["optimizer"]["epsilon"] == 1e-8
    weights = only_stream(tmp_path).named(-1)
    from lstm_lab.replay import forward

    model.eval()
    x, _ = data()
    with torch.no_grad():
        theirs = model(x).numpy()
    for sample, own in zip(x.numpy(), theirs):
        assert np.abs(forward(layers, weights, sample)[0] - own).max() < 1e-6


@pytest.mark.parametrize("make", ["two_way", "everything", "sequential"])
def test_a_model_that_is_not_proven_is_not_guessed(make: str, tmp_path: Path) -> None:
    """The bidirectional one reads the last step of both directions, as no layer here does."""
    model = MODELS[make]()
    trained = [p for p in model.parameters() if p.requires_grad]
    train(model, torch.optim.Adam(trained), loss="binary_crossentropy")
    assert only_stream(tmp_path).header["native"] is None


def test_settings_are_the_runs_configuration(tmp_path: Path) -> None:
    model = Classifier()
    train(
        model, torch.optim.Adam(model.parameters(), 0.5), epochs=1, config={"lr": math.pi}, seed=4
    )
    run = only_stream(tmp_path).header["run"]
    assert run["trainer"] == f"torch {torch.__version__}"
    assert run["config"]["training"]["optimizer"]["lr"] == 0.5
    assert (run["config"]["lr"], run["seed"]) == (math.pi, 4)

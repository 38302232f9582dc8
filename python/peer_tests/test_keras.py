"""Keras trainings: what is stored is what Keras itself has at each epoch, to the bit."""

from __future__ import annotations

import math
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from lstm_lab import LabLogger, RecordingWarning
from stream_reader import ReadStream, read_stream
from test_run import script_environment

pytestmark = pytest.mark.filterwarnings("ignore::lstm_lab.RecordingWarning")


class Witness(keras.callbacks.Callback):
    """Keeps what Keras has at each epoch, in Keras's own ways."""

    def __init__(self) -> None:
        super().__init__()
        self.weights: list[list[np.ndarray]] = []
        self.state: list[list[tuple[str, np.ndarray]]] = []
        self.logs: list[dict[str, float]] = []

    def note(self) -> None:
        self.weights.append([np.array(w) for w in self.model.get_weights()])
        self.state.append(
            [
                (v.path, np.array(keras.ops.convert_to_numpy(v)))
                for v in self.model.optimizer.variables
            ]
        )

    def on_train_begin(self, logs: Any = None) -> None:
        if not self.model.optimizer.built:
            self.model.optimizer.build(self.model.trainable_variables)
        self.note()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        self.note()
        self.logs.append(dict(logs or {}))


def streams(folder: Path) -> list[ReadStream]:
    paths = sorted(folder.glob("*.labstream"), key=lambda path: path.stat().st_mtime_ns)
    return [read_stream(path) for path in paths]


def only_stream(folder: Path) -> ReadStream:
    (stream,) = streams(folder)
    return stream


def check_bits(stream: ReadStream, witness: Witness, first: int = 0) -> None:
    """Every stored weight is Keras's own, in Keras's order and shape."""
    for place, number in enumerate(stream.numbers):
        theirs = witness.weights[number - first]
        ours = stream.epochs[place].weights
        shapes = [tuple(tensor["shape"]) for tensor in stream.header["tensors"]]
        assert len(ours) == len(theirs)
        for stored, own, shape in zip(ours, theirs, shapes):
            assert own.shape == shape
            assert stored.tobytes() == own.astype(np.float32).tobytes()


def check_slots(stream: ReadStream, witness: Witness) -> None:
    """Every number of the optimizer's state is stored, and stored once."""
    for place, number in enumerate(stream.numbers):
        theirs = [
            value
            for path, value in witness.state[number]
            if "float" in str(value.dtype) and not path.endswith("/learning_rate")
        ]
        stored = [array for arrays in stream.epochs[place].slots.values() for array in arrays]
        assert len(stored) == len(theirs)
        ours = sorted(array.tobytes() for array in stored)
        assert ours == sorted(value.astype(np.float32).tobytes() for value in theirs)


def data(samples: int = 12, steps: int = 5, features: int = 3) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(1)
    x = rng.normal(size=(samples, steps, features)).astype(np.float32)
    return x, (x.sum(axis=(1, 2)) > 0).astype(np.float32)[:, None]


def sequential() -> keras.Model:
    return keras.Sequential(
        [layers.Input((5, 3)), layers.LSTM(4), layers.Dense(1, activation="sigmoid")]
    )


def unbuilt() -> keras.Model:
    return keras.Sequential([layers.LSTM(4), layers.Dense(1, activation="sigmoid")])


def functional() -> keras.Model:
    inputs = layers.Input((5, 3))
    x = layers.Conv1D(4, 2)(inputs)
    x = layers.BatchNormalization()(x)
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True))(x)
    attended = layers.MultiHeadAttention(2, 3)(x, x)
    x = layers.LayerNormalization()(layers.Add()([x, attended]))
    x = layers.GRU(4)(x)
    return keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))


class Own(keras.Model):
    def __init__(self) -> None:
        super().__init__()
        self.blocks = [layers.LSTM(3, return_sequences=True), layers.GRU(3)]
        self.head = layers.Dense(1, activation="sigmoid", name="my>head")
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")

    def call(self, x: Any, training: bool = False) -> Any:
        for block in self.blocks:
            x = block(x)
        return self.head(x) * self.scale


def nested() -> keras.Model:
    inner = keras.Sequential(
        [layers.Input((5, 3)), layers.LSTM(4), layers.Dense(3)], name="encoder"
    )
    return keras.Sequential(
        [layers.Input((5, 3)), inner, layers.Dense(2), layers.Dense(1, activation="sigmoid")]
    )


def stacked() -> keras.Model:
    return keras.Sequential(
        [
            layers.Input((5, 3)),
            layers.SimpleRNN(4, return_sequences=True),
            layers.Bidirectional(layers.GRU(3, return_sequences=True)),
            layers.Dropout(0.2),
            layers.LSTM(3, dropout=0.1, recurrent_dropout=0.1),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def cells() -> keras.Model:
    return keras.Sequential(
        [
            layers.Input((5, 3)),
            layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_sequences=True),
            layers.Bidirectional(layers.RNN(layers.SimpleRNNCell(2), return_sequences=True)),
            layers.TimeDistributed(layers.Dense(2)),
            layers.GRU(2, reset_after=False),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def frozen() -> keras.Model:
    model = sequential()
    model.layers[0].trainable = False
    return model


MODELS: list[Callable[[], keras.Model]] = [
    sequential, unbuilt, functional, Own, nested, stacked, cells, frozen,
]  # fmt: skip
OPTIMIZERS = {
    "adam": lambda: keras.optimizers.Adam(0.01),
    "amsgrad": lambda: keras.optimizers.Adam(0.01, amsgrad=True, clipnorm=1.0),
    "sgd": lambda: keras.optimizers.SGD(0.01),
    "momentum": lambda: keras.optimizers.SGD(0.01, momentum=0.9),
    "rmsprop": lambda: keras.optimizers.RMSprop(0.01, centered=True, momentum=0.5),
    "adafactor": lambda: keras.optimizers.Adafactor(0.01),
    "nadam": lambda: keras.optimizers.Nadam(0.01),
    "ftrl": lambda: keras.optimizers.Ftrl(0.01),
    "ema": lambda: keras.optimizers.Adam(0.01, use_ema=True, ema_momentum=0.5),
    "accumulated": lambda: keras.optimizers.Adam(0.01, gradient_accumulation_steps=2),
    "scaled": lambda: keras.optimizers.LossScaleOptimizer(keras.optimizers.Adam(0.01)),
}


def train(
    model: keras.Model, logger: LabLogger, optimizer: Any = "adam", epochs: int = 3, **options: Any
) -> Witness:
    keras.utils.set_random_seed(3)
    model.compile(optimizer=optimizer, loss="binary_crossentropy", metrics=["accuracy"])
    witness = Witness()
    x, y = data()
    before = options.pop("before", [])
    after = options.pop("after", [])
    callbacks = [*before, logger, witness, *after]
    model.fit(x, y, epochs=epochs, batch_size=4, verbose=0, callbacks=callbacks, **options)
    return witness


@pytest.mark.parametrize("make", MODELS, ids=lambda make: make.__name__)
def test_every_weight_of_every_epoch_is_keras_own(make: Any, tmp_path: Path) -> None:
    model = make()
    witness = train(model, LabLogger("walks"))
    stream = only_stream(tmp_path)
    assert stream.numbers == [0, 1, 2, 3]
    check_bits(stream, witness)
    check_slots(stream, witness)
    assert stream.end is not None
    assert stream.end["end"] == "completed"
    assert stream.end["result_epoch"] is None
    assert [e.facts["iterations"] for e in stream.epochs] == [0, 3, 6, 9]
    for epoch, logs in zip(stream.epochs[1:], witness.logs):
        named = {name: value for split, name, value in epoch.facts["metrics"] if split == "train"}
        assert named == pytest.approx(logs)


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("make", [sequential, functional], ids=lambda make: make.__name__)
def test_the_optimizers_state_is_stored_beside_its_weights(
    make: Any, optimizer: str, tmp_path: Path
) -> None:
    witness = train(make(), LabLogger("walks"), OPTIMIZERS[optimizer]())
    stream = only_stream(tmp_path)
    check_bits(ReadStream(stream.header, stream.epochs[:4]), witness)
    check_slots(ReadStream(stream.header, stream.epochs[:4]), witness)
    for slot in stream.header["slots"]:
        if slot["tensors"] == "all":
            continue
        for entry in slot["tensors"]:
            if entry["of"] is not None and optimizer != "adafactor":
                assert stream.header["tensors"][entry["of"]]["shape"] == entry["shape"]
                assert stream.header["tensors"][entry["of"]]["trainable"]


def test_slots_are_matched_by_name_and_not_by_position(tmp_path: Path) -> None:
    model = functional()
    model.compile("adam", "binary_crossentropy")
    x, y = data()
    model.fit(x, y, epochs=2, batch_size=4, verbose=0, callbacks=[LabLogger("walks")])
    stream = only_stream(tmp_path)
    own = {v.path: np.asarray(v) for v in model.optimizer.variables}
    for name in ("momentum", "velocity"):
        (slot,) = (s for s in stream.header["slots"] if s["name"] == name)
        for entry, values in zip(slot["tensors"], stream.epochs[-1].slots[name]):
            weight = model.weights[entry["of"]]
            (theirs,) = (
                v
                for path, v in own.items()
                if path.endswith(f"/{weight.path.replace('/', '_')}_{name}")
            )
            assert values.tobytes() == theirs.tobytes()


def test_names_do_not_depend_on_what_was_made_before(tmp_path: Path) -> None:
    expected = None
    for make in (stacked, functional, nested, cells):
        for _ in range(2):
            model = make()
            train(model, LabLogger("walks"), epochs=1)
            named = [
                (t["layer"], t["tensor"], t["path"])
                for t in streams(tmp_path)[-1].header["tensors"]
            ]
            if _ == 0:
                expected = named
            assert named == expected


def test_names_gates_and_sources_are_the_labs(tmp_path: Path) -> None:
    train(stacked(), LabLogger("walks"), epochs=1)
    tensors = {f"{t['layer']}/{t['tensor']}": t for t in only_stream(tmp_path).header["tensors"]}
    assert list(tensors) == [
        "simple_rnn/kernel", "simple_rnn/recurrent_kernel", "simple_rnn/bias",
        "bidirectional/forward/kernel", "bidirectional/forward/recurrent_kernel",
        "bidirectional/forward/bias", "bidirectional/backward/kernel",
        "bidirectional/backward/recurrent_kernel", "bidirectional/backward/bias",
        "lstm/kernel", "lstm/recurrent_kernel", "lstm/bias", "dense/kernel", "dense/bias",
    ]  # fmt: skip
    assert tensors["lstm/kernel"]["gates"] == ["input", "forget", "cell", "output"]
    assert tensors["bidirectional/backward/bias"]["gates"] == ["update", "reset", "candidate"]
    assert tensors["bidirectional/backward/bias"]["rows"] == 2
    assert tensors["simple_rnn/kernel"]["gates"] is None
    parts = ("kernel", "recurrent_kernel", "bias")
    assert [tensors[f"lstm/{part}"]["source"] for part in parts] == ["x", "h", "bias"]
    assert tensors["dense/kernel"]["source"] == "x"
    assert tensors["bidirectional/forward/kernel"]["path"] == (
        "bidirectional/forward_gru/gru_cell/kernel"
    )


def test_names_of_other_layers(tmp_path: Path) -> None:
    train(Own(), LabLogger("walks"), epochs=1)
    names = [f"{t['layer']}/{t['tensor']}" for t in only_stream(tmp_path).header["tensors"]]
    assert "my_head/kernel" in names
    assert "model/scale" in names
    assert "gru/recurrent_kernel" in names


def test_restored_weights_name_their_epoch_wherever_the_callback_stands(tmp_path: Path) -> None:
    for place in ("before", "after"):
        stopping = keras.callbacks.EarlyStopping(
            "loss", mode="max", patience=2, restore_best_weights=True
        )
        witness = train(sequential(), LabLogger("walks"), epochs=9, **{place: [stopping]})
        stream = streams(tmp_path)[-1]
        check_bits(stream, witness)
        assert stream.end is not None
        assert stream.end["result_epoch"] == stopping.best_epoch + 1
        assert stream.numbers[-1] == stopping.stopped_epoch + 1


def test_averaged_weights_at_the_end_are_an_epoch_more(tmp_path: Path) -> None:
    model = sequential()
    witness = train(model, LabLogger("walks"), keras.optimizers.Adam(0.01, use_ema=True))
    stream = only_stream(tmp_path)
    assert stream.numbers == [0, 1, 2, 3, 4]
    check_bits(ReadStream(stream.header, stream.epochs[:4]), witness)
    for stored, own in zip(stream.epochs[4].weights, model.get_weights()):
        assert stored.tobytes() == own.tobytes()
    assert stream.end is not None
    assert stream.end["result_epoch"] == 4
    assert "replaced after epoch 3" in stream.end["message"]


def test_validation_every_second_epoch_has_metrics_every_second_epoch(tmp_path: Path) -> None:
    x, y = data()
    train(sequential(), LabLogger("walks"), epochs=4, validation_data=(x, y), validation_freq=2)
    stream = only_stream(tmp_path)
    found = [
        [name for split, name, _ in e.facts["metrics"] if split == "validation"]
        for e in stream.epochs
    ]
    assert [bool(names) for names in found] == [False, False, True, False, True]
    assert set(found[2]) == {"loss", "accuracy"}


def test_a_second_fit_goes_on_with_the_run(tmp_path: Path) -> None:
    model, logger = sequential(), LabLogger("walks")
    witness = train(model, logger, epochs=2)
    x, y = data()
    model.fit(x, y, epochs=2, batch_size=4, verbose=0, callbacks=[witness, logger])
    first, second = streams(tmp_path)
    assert first.numbers == [0, 1, 2]
    assert second.header["after"] == {"uuid": first.header["run"]["uuid"], "epoch": 2}
    assert second.numbers == [2, 3, 4]
    del witness.weights[3]  # on_train_begin of the second
    check_bits(second, witness)
    assert second.epochs[0].weights[0].tobytes() == first.epochs[2].weights[0].tobytes()


def test_a_fit_from_other_weights_is_a_run_of_its_own(tmp_path: Path) -> None:
    model, logger = sequential(), LabLogger("walks")
    witness = train(model, logger, epochs=2)
    model.set_weights(witness.weights[1])
    x, y = data()
    model.fit(x, y, epochs=1, batch_size=4, verbose=0, callbacks=[logger])
    first, second = streams(tmp_path)
    assert second.header["run"]["uuid"] != first.header["run"]["uuid"]
    assert second.header["run"]["parent"] == {"uuid": first.header["run"]["uuid"], "epoch": 1}
    assert second.numbers == [0, 1]


def test_the_rate_is_that_of_the_last_step(tmp_path: Path) -> None:
    rate = keras.optimizers.schedules.ExponentialDecay(0.1, 1, 0.5)
    train(sequential(), LabLogger("walks"), keras.optimizers.SGD(rate), epochs=2)
    rates = [epoch.facts["learning_rate"] for epoch in only_stream(tmp_path).epochs]
    assert rates == pytest.approx([0.1, 0.1 * 0.5**2, 0.1 * 0.5**5])


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_rate_that_a_callback_lowers_counts_from_the_next_epoch(
    place: str, tmp_path: Path
) -> None:
    plateau = keras.callbacks.ReduceLROnPlateau(
        "loss", mode="max", factor=0.5, patience=1, min_delta=9
    )
    optimizer = keras.optimizers.SGD(0.125)
    train(sequential(), LabLogger("walks"), optimizer, epochs=4, **{place: [plateau]})
    rates = [epoch.facts["learning_rate"] for epoch in only_stream(tmp_path).epochs]
    assert rates == [0.125, 0.125, 0.125, 0.0625, 0.03125]


def test_mixed_precision_is_stored_exactly(tmp_path: Path) -> None:
    for policy in ("mixed_bfloat16", "mixed_float16", "bfloat16"):
        keras.config.set_dtype_policy(policy)
        try:
            model = keras.Sequential(
                [
                    layers.Input((5, 3)),
                    layers.LSTM(4, recurrent_initializer="glorot_uniform"),
                    layers.Dense(1, activation="sigmoid"),
                ]
            )
        finally:
            keras.config.set_dtype_policy("float32")
        witness = train(model, LabLogger("walks"))
        stream = streams(tmp_path)[-1]
        check_bits(stream, witness)
        check_slots(stream, witness)
        kind = "bfloat16" if policy == "bfloat16" else "float32"
        assert {t["dtype"] for t in stream.header["tensors"]} == {kind}


def test_a_loss_that_is_no_number_is_a_run_that_diverged(tmp_path: Path) -> None:
    x, y = data()
    model = sequential()
    model.compile(keras.optimizers.SGD(0.1), "mean_squared_error")
    callbacks = [LabLogger("walks"), keras.callbacks.TerminateOnNaN()]
    model.fit(x * np.nan, y, epochs=3, verbose=0, callbacks=callbacks)
    end = only_stream(tmp_path).end
    assert end is not None
    assert end["end"] == "diverged"


CRASH = """
    import keras, numpy as np, signal, sys, lstm_lab
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
    class Stop(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            if self.model.optimizer.iterations == 8:
                {stop}
    layers = [keras.layers.Input((5, 3)), keras.layers.LSTM(4), keras.layers.Dense(1)]
    model = keras.Sequential(layers)
    model.compile("adam", "mean_squared_error")
    x = np.random.default_rng(1).normal(size=(12, 5, 3))
    callbacks = [lstm_lab.LabLogger("walks"), Stop()]
    model.fit(x, x[:, 0, :1], epochs=9, batch_size=4, verbose=0, callbacks=callbacks)
"""


@pytest.mark.parametrize(
    ("stop", "status"),
    [
        ("raise ValueError('no more')", "failed"),
        ("raise KeyboardInterrupt", "interrupted"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGINT)", "interrupted"),
        ("import os, signal, time; time.sleep(1); os.kill(os.getpid(), 9)", None),
    ],
)
def test_a_training_that_is_stopped_in_the_middle_has_its_whole_epochs(
    stop: str, status: str | None, tmp_path: Path
) -> None:
    subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CRASH.format(stop=stop))], cwd=tmp_path, timeout=120,
        check=False, capture_output=True, env=script_environment(),
    )  # fmt: skip
    stream = only_stream(tmp_path)
    assert stream.numbers == [0, 1, 2]
    assert (stream.end and stream.end["end"]) == status


def test_the_trajectory_is_that_without_the_logger(tmp_path: Path) -> None:
    ends = []
    for gates in (None, [0, 3], "none"):
        model = stacked()
        keras.utils.set_random_seed(5)
        model = stacked()
        model.compile("adam", "binary_crossentropy")
        x, y = data()
        callbacks = [] if gates == "none" else [LabLogger("walks", gates=gates)]
        model.fit(x, y, epochs=2, batch_size=4, verbose=0, callbacks=callbacks)
        ends.append([w.tobytes() for w in model.get_weights()])
    assert ends[0] == ends[1] == ends[2]


def quantities(
    stream: ReadStream, epoch: int, sample: int
) -> dict[tuple[str, str | None, str], np.ndarray]:
    found, start = {}, 0
    for q in stream.header["activations"]:
        values = stream.epochs[epoch].activations[sample][:, start : start + q["units"]]
        found[(q["layer"], q.get("direction"), q["gate"])] = values
        start += q["units"]
    return found


@pytest.mark.parametrize(
    "make", [sequential, stacked, functional, Own, cells], ids=lambda m: m.__name__
)
@pytest.mark.parametrize("by_number", [True, False])
def test_gates_are_what_keras_computes(make: Any, by_number: bool, tmp_path: Path) -> None:
    x, _ = data()
    model = make()
    train(model, LabLogger("walks", gates=[0, 3] if by_number else x[:2]))
    stream = only_stream(tmp_path)
    assert stream.header["activations"]
    samples = [0, 3] if by_number else [0, 1]
    for epoch in stream.epochs:
        assert list(epoch.activations) == samples
    seen = keras_hidden_states(model, x[samples])
    assert seen
    for place, sample in enumerate(samples):
        found = quantities(stream, 3, sample)
        for key, theirs in seen.items():
            if (*key, "hidden_state") in found:
                ours = found[(*key, "hidden_state")]
                assert ours.shape == theirs[place].shape
                assert np.abs(ours - theirs[place]).max() < 1e-6


def keras_hidden_states(
    model: keras.Model, x: np.ndarray
) -> dict[tuple[str, str | None], np.ndarray]:
    """Steps Keras's own cells through what their layers are given, by the layers' names."""
    found: dict[tuple[str, str | None], np.ndarray] = {}
    inputs: dict[int, Any] = {}

    def listen(layer: Any) -> None:
        call = layer.call

        def heard(sequences: Any, *a: Any, **k: Any) -> Any:
            inputs[id(layer)] = sequences
            return call(sequences, *a, **k)

        vars(layer)["call"] = heard

    recurrent: list[tuple[tuple[str, str | None], Any]] = []
    for layer in model._flatten_layers():
        if isinstance(layer, layers.Bidirectional):
            recurrent.append((("bidirectional", "forward"), layer.forward_layer))
            recurrent.append((("bidirectional", "backward"), layer.backward_layer))
        elif isinstance(layer, layers.RNN) and "_" + layer.name.split("_")[0] not in (
            "_forward", "_backward",
        ):  # fmt: skip
            base = "simple_rnn" if isinstance(layer, layers.SimpleRNN) else layer.name.split("_")[0]
            recurrent.append(((base, None), layer))
    for _, layer in recurrent:
        listen(layer)
    model(x, training=False)
    for key, layer in recurrent:
        del vars(layer)["call"]
        given = keras.ops.convert_to_numpy(inputs[id(layer)])
        states = layer.cell.get_initial_state(batch_size=len(given))
        states = states if isinstance(states, (list, tuple)) else [states]
        outputs = []
        for step in range(given.shape[1])[:: -1 if layer.go_backwards else 1]:
            output, states = layer.cell(given[:, step], states)
            outputs.append(keras.ops.convert_to_numpy(output))
        found[key] = np.stack(outputs[:: -1 if layer.go_backwards else 1], axis=1)
    return found


def test_masked_steps_have_no_gates(tmp_path: Path) -> None:
    x, y = data()
    x[0, 3:] = 0
    model = keras.Sequential(
        [
            layers.Input((5, 3)),
            layers.Masking(),
            layers.LSTM(4),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy")
    model.fit(x, y, epochs=1, verbose=0, callbacks=[LabLogger("walks", gates=[0, 1])])
    last = only_stream(tmp_path).epochs[-1]
    assert [len(last.activations[sample]) for sample in (0, 1)] == [3, 5]
    hidden = keras.Model(model.inputs, model.layers[-2].output)(x[:2])
    for sample in (0, 1):
        found = quantities(only_stream(tmp_path), -1, sample)[("lstm", None, "hidden_state")]
        assert np.abs(found[-1] - keras.ops.convert_to_numpy(hidden)[sample]).max() < 1e-6


def test_gates_without_arrays_are_told_and_the_rest_is_recorded(tmp_path: Path) -> None:
    x, y = data()

    def batches() -> Any:
        while True:
            yield x[:4], y[:4]

    model = sequential()
    model.compile("adam", "binary_crossentropy")
    with pytest.warns(RecordingWarning, match="gates=x"):
        model.fit(
            batches(), steps_per_epoch=2, verbose=0, callbacks=[LabLogger("walks", gates=[0])]
        )
    assert only_stream(tmp_path).numbers == [0, 1]


def test_what_the_engine_knows_is_a_configuration(tmp_path: Path) -> None:
    train(stacked(), LabLogger("walks"), keras.optimizers.RMSprop(0.01), epochs=1)
    native = only_stream(tmp_path).header["native"]
    assert [layer["type"] for layer in native["model"]["layers"]] == [
        "simple_rnn", "bidirectional", "dropout", "lstm", "dense",
    ]  # fmt: skip
    assert native["model"]["layers"][1]["layer"]["return_sequences"] is True
    assert native["training"]["optimizer"] == {
        "type": "rmsprop", "rho": 0.9, "momentum": 0.0, "epsilon": 1e-07, "centered": False,
        "learning_rate": 0.01,
    }  # fmt: skip
    assert native["training"]["loss"] == "binary_crossentropy"
    assert native["training"]["batch_size"] == 4


@pytest.mark.parametrize("make", [functional, Own, nested, cells], ids=lambda make: make.__name__)
def test_what_the_engine_does_not_know_is_not_guessed(make: Any, tmp_path: Path) -> None:
    train(make(), LabLogger("walks"), epochs=1)
    assert only_stream(tmp_path).header["native"] is None


def test_the_chain_computes_what_keras_predicts(tmp_path: Path) -> None:
    from lstm_lab.keras.native import model_layers
    from lstm_lab.replay import forward

    x, _ = data()
    for make in (sequential, stacked):
        model = make()
        chain = model_layers(model)
        assert chain is not None
        train(model, LabLogger("walks"), epochs=1)
        stream = streams(tmp_path)[-1]
        weights = stream.named(-1)
        theirs = model.predict(x, verbose=0)
        for sample, own in zip(x, theirs):
            assert np.abs(forward(chain, weights, sample)[0] - own).max() < 1e-6


def test_settings_are_the_runs_configuration(tmp_path: Path) -> None:
    x, y = data()
    model = sequential()
    model.compile("adam", keras.losses.BinaryCrossentropy(), metrics=["accuracy"])
    logger = LabLogger(config={"lr": math.pi}, tags=["a"], notes="n", seed=4)
    model.fit(x, y, verbose=0, callbacks=[logger])
    run = only_stream(tmp_path).header["run"]
    assert run["trainer"] == f"keras {keras.__version__} ({keras.backend.backend()})"
    assert run["config"]["lr"] == math.pi
    assert run["config"]["training"]["optimizer"]["type"] == "Adam"
    assert run["config"]["model"]["layers"][0]["units"] == 4
    assert (run["seed"], run["tags"], run["notes"]) == (4, ["a"], "n")

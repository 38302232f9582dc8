"""Writes weights as PyTorch and Keras save them, and what their models predict with them.

    $(Tests/LSTMEngineTests/Reference/set-up-python) Tests/LabTests/Fixtures/InitialWeights/make.py

`cases.json` has a configuration a case, the files of its weights, and the predictions of each sample in the
order in which the view `predictions` has them. Everything is drawn from NumPy's generator, so that
both programs' versions change nothing but last digits.
"""

import json
import os
import pathlib
import tempfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import h5py
import keras
import numpy as np
import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent
SAMPLES, STEPS = 4, 5
cases = []


def draw(seed, *shape):
    """Multiples of 1/64 between -1 and 1."""
    return (np.random.default_rng(seed).integers(-64, 65, shape) / 64).astype("<f4")


def add(name, layers, x, predictions, files):
    y = np.zeros(predictions.shape).tolist()
    cases.append({
        "files": files,
        "predictions": [float(value) for value in np.asarray(predictions, "<f4").ravel()],
        "config": {
            "name": name, "data": {"train": {"x": x.tolist(), "y": y}},
            "model": {"layers": layers},
            "training": {"loss": "mean_squared_error"}, "record": {"predictions": {"every": 1}},
        },
    })


class Net(torch.nn.Module):
    """Cells, then a linear layer at every step."""

    def __init__(self, cells, outputs, embedding=None):
        super().__init__()
        if embedding:
            self.words = torch.nn.Embedding(*embedding)
        self.rnn = cells
        self.fc = torch.nn.Linear(cells.hidden_size * (1 + cells.bidirectional), outputs)

    def forward(self, x):
        x = self.words(x[..., 0].long()) if hasattr(self, "words") else x
        return self.fc(self.rnn(x)[0])


def weights(model, seed, scale=1.0):
    """Draws all parameters, biases too; thirds are not exact, so sums of biases are rounded."""
    with torch.no_grad():
        for number, parameter in enumerate(model.parameters()):
            parameter.copy_(torch.from_numpy(draw(seed + number, *parameter.shape)) / 3 * scale)
    return model


def pytorch(name, model, layers, x, file, to=None, prefix=""):
    """Saves a state, converted where `to` says so; what is predicted is in float32 or better."""
    if to is not None:
        model = model.to(to)
    state = {prefix + key: value.contiguous() for key, value in model.state_dict().items()}
    save_file(state, HERE / f"{file}.safetensors")
    files = [f"{file}.safetensors"]
    if to != torch.bfloat16:  # which NumPy does not have
        np.savez(HERE / f"{file}.npz", **{key: value.numpy() for key, value in state.items()})
        files.append(f"{file}.npz")
    wide = torch.float64
    with torch.no_grad():
        predictions = model.to(wide)(torch.from_numpy(x).to(wide)).numpy()
    add(name, layers, x, predictions, files)


def cell(kind, units, name, both=False):
    inner = {"type": kind, "units": units, "return_sequences": True}
    return ({"type": "bidirectional", "name": name, "layer": inner} if both
            else inner | {"name": name})


LINEAR = {"type": "dense", "name": "fc", "units": 2}
numbers = np.random.default_rng(9).integers(0, 6, (SAMPLES, STEPS, 1)).astype("<f4")
x = draw(1, SAMPLES, STEPS, 3)

pytorch("lstm, two levels, both ways",
        weights(Net(torch.nn.LSTM(4, 3, 2, batch_first=True, bidirectional=True), 2, (6, 4)), 10),
        [{"type": "embedding", "name": "words", "input_dim": 6, "output_dim": 4},
         cell("lstm", 3, "rnn", True), {"type": "dropout", "rate": 0.5},
         cell("lstm", 3, "above", True), LINEAR], numbers, "torch_lstm")
pytorch("gru in float64", weights(Net(torch.nn.GRU(3, 4, batch_first=True), 2), 30, 0.7),
        [cell("gru", 4, "rnn"), LINEAR], x, "torch_gru", torch.float64)
pytorch("gru both ways",
        weights(Net(torch.nn.GRU(3, 2, batch_first=True, bidirectional=True), 2), 40),
        [cell("gru", 2, "rnn", True), LINEAR], x, "torch_gru_both", prefix="module.model.")
pytorch("rnn in float16", weights(Net(torch.nn.RNN(3, 17, batch_first=True), 2), 50),
        [cell("simple_rnn", 17, "rnn"), LINEAR], x, "torch_rnn", torch.float16)
pytorch("lstm in bfloat16", weights(Net(torch.nn.LSTM(3, 5, batch_first=True), 2), 60),
        [cell("lstm", 5, "rnn"), LINEAR], x, "torch_bfloat16", torch.bfloat16)

# Keras: the same weights by get_weights, by their paths, and as its own weight file has them.
model = keras.Sequential([
    keras.Input((STEPS,)), keras.layers.Embedding(6, 3),
    keras.layers.Bidirectional(keras.layers.LSTM(2, return_sequences=True, dropout=0.25)),
    keras.layers.GRU(3, return_sequences=True, recurrent_dropout=0.25),
    keras.layers.Dropout(0.5), keras.layers.SimpleRNN(2, return_sequences=True),
    keras.layers.Dense(3, "tanh"), keras.layers.Dense(2)])
model.compile("adam", "mse")
model.set_weights([draw(70 + number, *array.shape) / 3
                   for number, array in enumerate(model.get_weights())])
model.train_on_batch(numbers[..., 0], np.zeros((SAMPLES, STEPS, 2)))  # the optimizer has a state
np.savez(HERE / "keras_list.npz", *model.get_weights())
np.savez(HERE / "keras_paths.npz",
         **{w.path: keras.ops.convert_to_numpy(w) for w in model.variables})
with tempfile.TemporaryDirectory() as folder:
    model.save_weights(f"{folder}/model.weights.h5")
    arrays = {}
    with h5py.File(f"{folder}/model.weights.h5") as file:
        file.visititems(lambda name, part: arrays.update({name: part[()]})
                        if isinstance(part, h5py.Dataset) else None)
    np.savez_compressed(HERE / "keras_file.npz", **arrays)
add("keras",
    [{"type": "embedding", "input_dim": 6, "output_dim": 3},
     {"type": "bidirectional", "layer": {"type": "lstm", "units": 2, "return_sequences": True}},
     {"type": "gru", "units": 3, "return_sequences": True}, {"type": "dropout", "rate": 0.5},
     {"type": "simple_rnn", "units": 2, "return_sequences": True},
     {"type": "dense", "units": 3, "activation": "tanh"}, {"type": "dense", "units": 2}],
    numbers, model.predict(numbers[..., 0], verbose=0),
    ["keras_list.npz", "keras_paths.npz", "keras_file.npz"])

(HERE / "cases.json").write_text(
    "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")

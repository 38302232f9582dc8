"""Loads what `lstm-lab export` writes into PyTorch, Keras, TensorBoard and ONNX Runtime, and compares.

    Scripts/test-exports            # makes the runs, calls this

Each folder below the given one holds a run's config.json, its last weights under every name, and the
predictions that lstm-lab recorded: other programs must predict the same to 1e-6.
"""

import json
import pathlib
import sys

import numpy as np

TOLERANCE = 1e-6


def torch_model(layers, features):
    import torch

    modules, width = {}, features
    for layer in layers:
        kind, inner = layer["type"], layer.get("layer", layer)
        if kind == "dense":
            modules[layer["name"]] = torch.nn.Linear(width, layer["units"])
            width = layer["units"]
            continue
        cell = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "simple_rnn": torch.nn.RNN}[inner["type"]]
        both = kind == "bidirectional"
        modules[layer["name"]] = cell(width, inner["units"], batch_first=True, bidirectional=both)
        width = inner["units"] * (2 if both else 1)
    return torch.nn.ModuleDict(modules)


def torch_predictions(folder, layers, x):
    import torch
    from safetensors.torch import load_file

    model = torch_model(layers, x.shape[-1])
    model.load_state_dict(load_file(folder / "pytorch.safetensors"), strict=True)
    h = torch.from_numpy(x)
    with torch.no_grad():
        for layer in layers:
            module, inner = model[layer["name"]], layer.get("layer", layer)
            if layer["type"] == "dense":
                h = {"sigmoid": torch.sigmoid, "linear": lambda a: a}[layer["activation"]](module(h))
                continue
            whole, _ = module(h)
            if inner["return_sequences"]:
                h = whole
            elif layer["type"] == "bidirectional":
                half = inner["units"]
                h = torch.cat([whole[:, -1, :half], whole[:, 0, half:]], dim=-1)
            else:
                h = whole[:, -1]
    return h.numpy()


def keras_predictions(folder, layers, x):
    import keras

    def made(layer):
        kind = layer["type"]
        if kind == "dense":
            return keras.layers.Dense(layer["units"], activation=layer["activation"], name=layer["name"])
        if kind == "bidirectional":
            return keras.layers.Bidirectional(made(layer["layer"] | {"name": "inner"}), name=layer["name"])
        cell = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "simple_rnn": keras.layers.SimpleRNN}[kind]
        return cell(layer["units"], return_sequences=layer["return_sequences"], name=layer["name"])

    model = keras.Sequential([keras.Input(x.shape[1:])] + [made(layer) for layer in layers])
    arrays = np.load(folder / "keras.npz")
    for layer in model.layers:
        names = [n for n in arrays.files if n.split("/")[0] == layer.name]
        order = ["kernel", "recurrent_kernel", "bias"]
        prefixes = ["forward/", "backward/"] if "Bidirectional" in type(layer).__name__ else [""]
        wanted = [f"{layer.name}/{p}{o}" for p in prefixes for o in order]
        layer.set_weights([arrays[n] for n in wanted if n in names])
    return model.predict(x, verbose=0)


def check_events(folder, config):
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    with open(folder / "epochs.json") as file:
        epochs = json.load(file)
    events = EventAccumulator(str(folder / "events" / "train"),
                              size_guidance={"scalars": 0, "histograms": 0, "tensors": 0})
    events.Reload()
    losses = [(e.step, e.value) for e in events.Scalars("epoch_loss")]
    wanted = [(e["epoch"], float(np.float32(e["loss"]))) for e in epochs if e["loss"] is not None]
    assert losses == wanted, f"{losses} are not {wanted}"
    arrays = np.load(folder / "keras.npz")
    for name in arrays.files:
        last = events.Histograms(f"{name}/histogram")[-1]
        assert last.histogram_value.num == arrays[name].size
        assert last.histogram_value.min == float(arrays[name].min())
        assert last.histogram_value.max == float(arrays[name].max())
    return len(losses), len(arrays.files)


def main(root):
    tried = 0
    for folder in sorted(pathlib.Path(root).iterdir()):
        if not (folder / "config.json").exists():
            continue
        config = json.loads((folder / "config.json").read_text())
        layers = config["model"]["layers"]
        x = np.array(config["data"]["train"]["x"], dtype=np.float32)
        wanted = np.array(json.loads((folder / "predictions.json").read_text()), dtype=np.float64)
        for name, predict in (("PyTorch", torch_predictions), ("Keras", keras_predictions)):
            try:
                found = predict(folder, layers, x)
            except ImportError as error:
                print(f"{folder.name}: {name} is not here ({error})")
                continue
            distance = np.abs(found.reshape(wanted.shape) - wanted).max()
            print(f"{folder.name}: {name} predicts the same within {distance:.1e}")
            assert distance <= TOLERANCE, f"{folder.name}: {name} is {distance} away"
            tried += 1
        try:
            scalars, tensors = check_events(folder, config)
            print(f"{folder.name}: TensorBoard reads {scalars} losses, {tensors} histograms")
            tried += 1
        except ImportError as error:
            print(f"{folder.name}: TensorBoard is not here ({error})")
    assert tried, "nothing could be checked"


if __name__ == "__main__":
    main(sys.argv[1])

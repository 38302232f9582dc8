"""Predicts with Keras what `lstm-lab export` wrote by Keras's names."""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np

LAYERS = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU,
          "simple_rnn": keras.layers.SimpleRNN, "dense": keras.layers.Dense,
          "dropout": keras.layers.Dropout, "embedding": keras.layers.Embedding}


def keras_layer(layer):
    """The layer of a stored configuration, whose settings have Keras's names."""
    settings = {key: value for key, value in layer.items() if key not in ("type", "layer")}
    if layer["type"] == "bidirectional":
        return keras.layers.Bidirectional(keras_layer(layer["layer"]), **settings)
    return LAYERS[layer["type"]](**settings)


def network(layers, shape):
    """The model: it takes the samples, and which of their steps are there."""
    samples, mask = keras.Input(shape), keras.Input(shape[:1], dtype="bool")
    h = samples
    for layer in layers:
        made, kind = keras_layer(layer), layer["type"]
        if kind == "embedding":
            h = made(h[..., 0])
        else:
            h = made(h) if kind in ("dense", "dropout") else made(h, mask=mask)
    return keras.Model([samples, mask], h)


def set_weights(layer, arrays):
    """Gives a layer the arrays of its name, in its own order: forward before backward, and kernel,
    recurrent kernel, bias."""
    names = []
    for weight in layer.weights:
        parts = weight.path.split("/")
        ways = [way for way in ("forward", "backward")
                if any(part.startswith(f"{way}_") for part in parts)]
        names.append("/".join([layer.name, *ways, weight.name]))
    layer.set_weights([arrays[name] for name in names])
    return names


def predictions(folder, layers, x, lengths):
    model = network(layers, x.shape[1:])
    arrays = np.load(folder / "keras.npz")
    used = [name for layer in model.layers if layer.weights for name in set_weights(layer, arrays)]
    assert sorted(used) == sorted(arrays.files), f"{used} are not {arrays.files}"
    mask = np.arange(x.shape[1]) < np.asarray(lengths)[:, None]
    return keras.ops.convert_to_numpy(model([x, mask], training=False))

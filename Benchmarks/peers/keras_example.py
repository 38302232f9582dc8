"""Trains an example with Keras: the configuration's model and settings, on the samples that it names.

usage: keras_example.py [--order keras|epoch|lab] [--weights FOLDER] CONFIG SEED ...

By default `fit` orders the samples. After `set_random_seed` it takes the same batches in the same order in
every epoch (Keras 3.15 on TensorFlow 2.21: the order is drawn in a data set's map, which begins anew with
each iterator); with `--order epoch` each epoch has an order of its own, with `--order lab` the one that
lstm-lab has of the seed. `--weights` names a folder with initial weights, SEED.npz, as `lstm-lab export
RUN@0 SEED.npz` writes them.

Reads tables with one row a sequence and windows on one series, as the examples have them. Scales are
taken in float64 from the samples to train on. Prints JSON: for each seed what is measured after the last
epoch: the accuracy of the test samples, or of windows the root of the validation samples' mean squared
error in the data's own units.
"""

import os

os.environ.update(KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")

import argparse
import csv
import json
import pathlib
import sys

import keras
import numpy as np
import tensorflow as tf


def rows_of(source, folder):
    """The names of the columns, where there are any, and the rows of a table as text."""
    path = folder / source["csv"]
    with open(path, newline="") as file:
        rows = list(csv.reader(file, delimiter="\t" if path.suffix == ".tsv" else ","))
    return (rows[0], rows[1:]) if source.get("header", True) else (None, rows)


def filled(x, kind, means):
    """The rows of x without NaN: the mean of all that are there, or the value before, or the first behind."""
    x = x.copy()
    if kind == "mean":
        x[np.isnan(x)] = means
    for row in x:
        there = np.flatnonzero(~np.isnan(row))
        row[:there[0]] = row[there[0]]
        for step in np.flatnonzero(np.isnan(row)):
            row[step] = row[step - 1]
    return x


def wide(source, folder, means=None):
    """The sequences of a table with one row a sequence and the class first, and the mean of their values."""
    rows = rows_of(source, folder)[1]
    classes = np.array([source["classes"].index(row[0]) for row in rows])
    x = np.array([row[1:] for row in rows], float)
    means = np.nanmean(x) if means is None else means
    return filled(x, source.get("missing"), means)[..., np.newaxis], classes, means


def scale(kind, values):
    """The shift and scale of each column."""
    if kind == "standard":
        return values.mean(0), values.std(0)
    if kind == "minmax":
        return values.min(0), np.ptp(values, 0)
    return np.zeros(values.shape[1]), np.ones(values.shape[1])


def windows(config, folder):
    """The windows to train on and to validate with, and the shift and scale of the target."""
    data, source = config["data"], config["data"]["train"]
    names, rows = rows_of(source, folder)
    column = lambda name: np.array([row[names.index(name)] for row in rows], float)
    x = np.stack([column(name) for name in source["features"]], 1)
    length = source["windows"]["sequence_length"]
    y = np.stack([column(name) for name in source["windows"]["targets"]], 1)
    cut = int(len(x) * (1 - data["validation"]["split"]))
    shift, size = scale(data.get("normalize"), x[:cut])
    shift_y, size_y = scale(data.get("normalize_target"), y[:cut])
    part = lambda first, last: (
        np.stack([(x[k:k + length] - shift) / size for k in range(first, last - length)]),
        (y[first + length:last] - shift_y) / size_y)
    return part(0, cut), part(cut, len(x)), size_y


def layer(settings):
    """The Keras layer of one layer of the configuration."""
    settings = dict(settings)
    kind = settings.pop("type")
    if kind == "bidirectional":
        return keras.layers.Bidirectional(layer(settings["layer"]))
    kinds = {"lstm": "LSTM", "gru": "GRU", "simple_rnn": "SimpleRNN", "dense": "Dense",
             "dropout": "Dropout"}
    return getattr(keras.layers, kinds[kind])(**settings)


def philox(key, counter):
    """Philox4x32-10 (Salmon et al., 2011): 64 of its bits."""
    x, (low, high) = counter, (key & 0xFFFFFFFF, key >> 32)
    for _ in range(10):
        first, second = x[0] * 0xD2511F53, x[2] * 0xCD9E8D57
        x = ((second >> 32) ^ x[1] ^ low, second & 0xFFFFFFFF,
             (first >> 32) ^ x[3] ^ high, first & 0xFFFFFFFF)
        low, high = low + 0x9E3779B9 & 0xFFFFFFFF, high + 0xBB67AE85 & 0xFFFFFFFF
    return x[0] | x[1] << 32


def lab_order(seed, epoch, count):
    """The order of samples that lstm-lab takes in an epoch, from 1: `RandomStream.permutation`."""
    order = list(range(count))
    for last in range(count - 1, 0, -1):
        place = philox(seed, (last, 0, epoch, 2)) * (last + 1) >> 64
        order[last], order[place] = order[place], order[last]
    return order


def epoch_order(seed, epoch, count):
    """Another order in each epoch, by NumPy."""
    return np.random.default_rng([seed, epoch]).permutation(count)


def given_weights(model, path):
    """Sets initial weights by their names, which are Keras's: layer/tensor."""
    tensors = np.load(path)
    for variable in model.weights:
        *_, layer, tensor = variable.path.split("/")
        names = [name for name in tensors.files
                 if name.split("/")[-1] == tensor and ("backward" in name) == ("backward" in layer)
                 and ("dense" in name) == ("dense" in layer)]
        if len(names) != 1:
            sys.exit(f"keras_example: {path} has {names} for {variable.path}")
        variable.assign(tensors[names[0]])


def fitted(config, seed, x, y):
    """A model trained on samples for all epochs."""
    keras.utils.set_random_seed(seed)
    training = config["training"]
    model = keras.Sequential(
        [keras.Input(x.shape[1:]), *map(layer, config["model"]["layers"])])
    optimizer = dict(training["optimizer"])
    if optimizer.pop("type") != "adam":
        sys.exit("keras_example: only Adam is known here")
    model.compile(optimizer=keras.optimizers.Adam(**optimizer), loss=training["loss"])
    if options.weights:
        given_weights(model, options.weights / f"{seed}.npz")
    size = training["batch_size"]
    if options.order == "keras":
        model.fit(x, y, batch_size=size, epochs=training["epochs"], verbose=0)
        return model
    ordered = lab_order if options.order == "lab" else epoch_order
    for epoch in range(1, training["epochs"] + 1):
        order = ordered(seed, epoch, len(x))
        for first in range(0, len(x), size):
            chosen = order[first:first + size]
            model.train_on_batch(x[chosen], y[chosen])
    return model


def told(seed, value):
    print(f"seed {seed}: {value:.4f}", file=sys.stderr, flush=True)
    return float(value)


def accuracies(config, folder, seeds):
    """For each seed the accuracy of the test samples."""
    x, y, means = wide(config["data"]["train"], folder)
    x_test, y_test, _ = wide(config["data"]["test"], folder, means)
    return [told(seed, np.mean(fitted(config, seed, x, y).predict(x_test, verbose=0).argmax(1) == y_test))
            for seed in seeds]


def errors(config, folder, seeds):
    """For each seed the root of the validation samples' mean squared error."""
    (x, y), (x_later, y_later), size = windows(config, folder)
    root = lambda error: float(np.sqrt(np.mean(np.square(error * size))))
    return [told(seed, root(fitted(config, seed, x, y).predict(x_later, verbose=0) - y_later))
            for seed in seeds]


def parse():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--order", choices=["keras", "epoch", "lab"], default="keras")
    parser.add_argument("--weights", type=pathlib.Path)
    parser.add_argument("config", type=pathlib.Path)
    parser.add_argument("seeds", type=int, nargs="+")
    return parser.parse_args()


options = parse()


def main():
    path = options.config
    config = json.loads(path.read_text())
    measure = errors if "windows" in config["data"]["train"] else accuracies
    print(json.dumps({
        "version": f"Keras {keras.__version__}, TensorFlow {tf.__version__}",
        "values": measure(config, path.parent, options.seeds),
    }))


if __name__ == "__main__":
    main()

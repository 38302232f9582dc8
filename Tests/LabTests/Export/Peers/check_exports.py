"""Lets PyTorch, Keras, ONNX Runtime and TensorBoard read what `lstm-lab export` writes, and compares.

    Scripts/test-exports                       # builds the program, calls this
    check_exports.py PROGRAM FOLDER [NAME ...]

Trains the models of models.py in the folder. What others predict with the last weights must be what
the database has in its view `predictions`, to 1e-6; shorter samples are filled up with numbers
that would be noticed.
"""

import json
import pathlib
import sqlite3
import subprocess
import sys

import numpy as np

import keras_peer
import models
import onnx_peer
import tensorboard_peer
import torch_peer

TOLERANCE = 1e-6
PEERS = {"PyTorch": torch_peer, "Keras": keras_peer, "ONNX Runtime": onnx_peer}


def train_and_export(program, config, folder):
    """Makes a database, the weights under every name, and TensorBoard's events."""
    (folder / "config.json").write_text(json.dumps(config))

    def lab(*arguments):
        done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"{config['name']}: lstm-lab {' '.join(arguments)}: {done.stderr}")

    lab("run", "config.json", "--quiet")
    lab("export", "1", "keras.npz")
    lab("export", "1", "pytorch.safetensors", "--names", "pytorch")
    lab("export", "1", "onnx.npz", "--names", "onnx")
    lab("export", "1", "--tensorboard", "events")
    for epoch in range(config["training"]["epochs"] + 1):
        lab("export", f"1@{epoch}", f"epoch-{epoch}.npz")


def filled_up(x, value):
    """Samples of equal length, (N, T, I), and how long each really is."""
    lengths = [len(sample) for sample in x]
    result = np.full((len(x), max(lengths), len(x[0][0])), value, np.float32)
    for row, sample in zip(result, x):
        row[:len(sample)] = sample
    return result, lengths


def distance(found, stored, lengths):
    """The largest distance over the outputs of all samples, step by step where there are steps."""
    worst = 0.0
    for sample, length in enumerate(lengths):
        rows = found[sample][:length] if found.ndim == 3 else found[sample]
        expected = np.array([value for number, value in stored if number == sample])
        assert rows.size == expected.size, f"sample {sample}: {rows.size}, not {expected.size}"
        worst = max(worst, np.abs(rows.ravel() - expected).max())
    return worst


def check(folder, config):
    """Returns each program's distance, and the number of TensorBoard's values."""
    database = sqlite3.connect(folder / "lab.db")

    def select(sql):
        return database.execute(sql).fetchall()

    [[stored]] = select("SELECT config FROM runs")
    layers = json.loads(stored)["model"]["layers"]
    numbers = layers[0]["type"] == "embedding"
    peers = {name: peer for name, peer in PEERS.items()
             if peer is not torch_peer or peer.can_compute(layers)}
    apart = dict.fromkeys(peers, 0.0)
    for split in ("train", "validation"):
        x, lengths = filled_up(config["data"][split]["x"], 1 if numbers else -9)
        expected = select("SELECT sample, value FROM predictions WHERE epoch = 4"
                          f" AND split = '{split}' ORDER BY sample, output")
        for name, peer in peers.items():
            found = peer.predictions(folder, layers, x, lengths)
            apart[name] = max(apart[name], distance(found, expected, lengths))
    weights = {epoch: dict(np.load(folder / f"epoch-{epoch}.npz")) for epoch in range(5)}
    [run_folder] = (folder / "events").iterdir()
    return apart, tensorboard_peer.check(
        run_folder, select("SELECT split, name, epoch, value FROM metrics ORDER BY epoch"),
        select("SELECT epoch, learning_rate FROM epochs ORDER BY epoch"), weights)


def main(program, root, names):
    worst = dict.fromkeys(PEERS, 0.0)
    configurations = [config for config in models.configurations()
                      if not names or config["name"] in names]
    for config in configurations:
        folder = root / config["name"]
        folder.mkdir()
        train_and_export(program, config, folder)
        apart, events = check(folder, config)
        told = ", ".join(f"{name} {value:.1e}" for name, value in apart.items())
        print(f"{config['name']}: {told}, TensorBoard {events} values", flush=True)
        for name, value in apart.items():
            if not value <= TOLERANCE:
                sys.exit(f"{config['name']}: {name} predicts otherwise, {value} away")
            worst[name] = max(worst[name], value)
    told = ", ".join(f"{name} {value:.1e}" for name, value in worst.items())
    print(f"{len(configurations)} models, the same predictions within: {told}")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]), sys.argv[3:])

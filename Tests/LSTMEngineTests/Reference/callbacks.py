"""Writes what Keras's callbacks make of random metrics: callbacks.py [OUT.json].

EarlyStopping and ReduceLROnPlateau run on a model that only has an optimizer's learning rate and one
weight, the number of the epoch; no network is trained. For each case: the epoch that stops (or none),
the epoch that is restored (or none), and the learning rate that each epoch was trained with.
"""

import json
import os
import pathlib
import random
import sys
import types

os.environ.update(KERAS_BACKEND="torch", CUDA_VISIBLE_DEVICES="-1")

import keras
import torch

HERE = pathlib.Path(__file__).resolve().parent


class Model:
    """As much of a Keras model as the two callbacks use."""

    def __init__(self, rate):
        rate = keras.Variable(rate, dtype="float64", trainable=False)
        self.optimizer = types.SimpleNamespace(learning_rate=rate)
        self.stop_training = False
        self.epoch = 0
        self.restored = None

    def get_weights(self):
        return self.epoch

    def set_weights(self, epoch):
        self.restored = epoch


def stopping(draw):
    """Settings of early_stopping, and Keras's callback."""
    settings = {
        "monitor": draw.choice(["val_loss", "loss", "val_accuracy"]), "patience": draw.randrange(6),
        "min_delta": draw.choice([0.0, 0.0, 0.05, 0.2]), "restore_best": draw.random() < 0.6,
        "start_from_epoch": draw.choice([0, 0, 3, 8]),
        "mode": draw.choice(["auto", "auto", "min", "max"]),
    }
    if draw.random() < 0.4:
        settings["baseline"] = draw.choice([0.3, 0.5, 0.8])
    arguments = {key: value for key, value in settings.items() if key != "restore_best"}
    if arguments["mode"] == "auto":  # the model has no metrics to look it up in
        arguments["mode"] = "max" if "accuracy" in arguments["monitor"] else "min"
    return settings, keras.callbacks.EarlyStopping(
        restore_best_weights=settings["restore_best"], **arguments)


def plateau(draw):
    """Settings of reduce_on_plateau, and Keras's callback."""
    settings = {
        "type": "reduce_on_plateau", "monitor": draw.choice(["val_loss", "loss", "val_accuracy"]),
        "patience": draw.randrange(5), "min_delta": draw.choice([0.0, 0.0001, 0.1]),
        "factor": draw.choice([0.1, 0.5, 0.9]), "cooldown": draw.choice([0, 0, 1, 4]),
        "min_lr": draw.choice([0.0, 0.0, 0.015625]), "mode": draw.choice(["auto", "min", "max"]),
    }
    arguments = {key: value for key, value in settings.items() if key != "type"}
    if arguments["mode"] == "auto":
        arguments["mode"] = "max" if "accuracy" in arguments["monitor"] else "min"
    return settings, keras.callbacks.ReduceLROnPlateau(**arguments)


def trace(number):
    """One case: random metrics that get better for a while, and what the callbacks do."""
    draw = random.Random(f"callbacks {number}")
    early, stop = stopping(draw)
    reduce, lower = plateau(draw)
    model, slope = Model(0.125), draw.uniform(0.0, 0.1)
    for callback in (stop, lower):
        callback.set_model(model)
        callback.on_train_begin()
    result = {"early_stopping": early, "learning_rate_schedule": reduce, "epochs": [], "rates": []}
    for epoch in range(40):
        model.epoch = epoch + 1
        result["rates"].append(float(model.optimizer.learning_rate))
        noise = [draw.randrange(-32, 33) / 128 for _ in range(3)]
        loss = round(max(0.0, 1 - slope * epoch) * 64) / 64
        logs = {"loss": loss + noise[0], "val_loss": loss + noise[1],
                "val_accuracy": 1 - loss + noise[2]}
        result["epochs"].append(logs)
        stop.on_epoch_end(epoch, dict(logs))
        lower.on_epoch_end(epoch, dict(logs))
        if model.stop_training:
            break
    stop.on_train_end()
    return result | {"stopped": model.epoch if model.stop_training else None,
                     "restored": model.restored}


def main(out=HERE.parent.parent / "LabTests/Fixtures/callbacks.json"):
    with torch.no_grad():
        cases = [trace(number) for number in range(200)]
    lines = ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases)
    pathlib.Path(out).write_text(f"[\n{lines}\n]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

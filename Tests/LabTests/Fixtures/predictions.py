"""Computes predictions and scores a second time, with NumPy and scikit-learn: predictions.py LSTM_LAB.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1
    venv/bin/python Tests/LabTests/Fixtures/predictions.py .build/debug/lstm-lab

For each case: LSTM_LAB trains a run and exports its weights by Keras's names; everything else is computed here in
float64 from those, the files and the views `features` and `classes`: how a new file is read and scaled, the layers'
equations, what is predicted, its scores. PredictionReferenceTests.swift trains the same run, which gives the same
weights on every machine.
"""

import csv
import io
import json
import pathlib
import random
import sqlite3
import subprocess
import sys
import tempfile

import numpy as np
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support

HERE = pathlib.Path(__file__).resolve().parent


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def softmax(x):
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def lstm(x, kernel, recurrent, bias):
    units = recurrent.shape[0]
    h, c, all = np.zeros(units), np.zeros(units), []
    for row in x:
        i, f, g, o = np.split(row @ kernel + h @ recurrent + bias, 4)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        all.append(h)
    return np.array(all)


def gru(x, kernel, recurrent, bias):
    units = recurrent.shape[0]
    h, all = np.zeros(units), []
    for row in x:
        z, r, g = np.split(row @ kernel + bias[0], 3)
        hz, hr, hg = np.split(h @ recurrent + bias[1], 3)
        z, r = sigmoid(z + hz), sigmoid(r + hr)
        h = z * h + (1 - z) * np.tanh(g + r * hg)
        all.append(h)
    return np.array(all)


def simple_rnn(x, kernel, recurrent, bias):
    h, all = np.zeros(recurrent.shape[0]), []
    for row in x:
        h = np.tanh(row @ kernel + h @ recurrent + bias)
        all.append(h)
    return np.array(all)


def both(cell, x, forward, backward):
    return np.concatenate([cell(x, *forward), cell(x[::-1], *backward)[::-1]], axis=1)


def three(weights, prefix):
    return [weights[f"{prefix}/{name}"] for name in ("kernel", "recurrent_kernel", "bias")]


def walks(count, seed, kinds, steps_low=1, symbols=None):
    draw = random.Random(seed)
    rows = []
    for walk in range(count):
        slope = draw.uniform(-2, 2)
        for _ in range(draw.randint(steps_low, 7)):
            speed = draw.randrange(symbols) if symbols else round(100 + 40 * draw.random() * slope, 3)
            kind = kinds[min(int((slope + 2 + draw.uniform(-1, 1)) / 4 * len(kinds)) % len(kinds), len(kinds) - 1)] \
                if not rows or rows[-1]["walk"] != f"w{walk}" else rows[-1]["kind"]
            rows.append({
                "walk": f"w{walk}", "speed": speed, "slope": round(slope + draw.random(), 4), "kind": kind,
                "height": round(slope * draw.random(), 3)})
    return rows


def table(rows, columns):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def case(id, features, target, layers, loss, normalize, model, kinds=("low", "middle", "high"), symbols=None):
    train = table(walks(60, 1, kinds, symbols=symbols), ["walk", "speed", "slope", "kind", "height"])
    new = table(walks(40, 2, kinds, symbols=symbols), ["height", "kind", "slope", "speed", "walk"])
    source = {"csv": "train.csv", "sequence": "walk", "features": features, **target}
    config = {
        "name": "reference", "seed": 5, "data": {"train": source, "normalize": normalize},
        "model": {"layers": layers},
        "training": {"loss": loss, "epochs": 40, "batch_size": 16, "optimizer": {"type": "adam", "learning_rate": 0.01}}}
    return {"id": id, "train": train, "new": new, "config": json.dumps(config), "model": model,
            "features": features, "target": target, "loss": loss}


dense = {"type": "dense", "units": 3, "activation": "softmax"}
CASES = [
    case("classes of a scaled table", ["speed", "slope"], {"target": "kind"},
         [{"type": "lstm", "units": 6}, dense], "sparse_categorical_crossentropy", "standard",
         lambda w, x: softmax(lstm(x, *three(w, "lstm"))[-1:] @ w["dense/kernel"] + w["dense/bias"])),
    case("two classes, one output", ["slope", "speed"], {"target": "kind"},
         [{"type": "gru", "units": 5}, {"type": "dense", "units": 1, "activation": "sigmoid"}],
         "binary_crossentropy", "minmax",
         lambda w, x: sigmoid(gru(x, *three(w, "gru"))[-1:] @ w["dense/kernel"] + w["dense/bias"]),
         kinds=("down", "up")),
    case("a number a step, both directions", ["slope", "speed"], {"target": "height", "target_per": "step"},
         [{"type": "bidirectional", "layer": {"type": "gru", "units": 4, "return_sequences": True}},
          {"type": "dense", "units": 1}], "mean_squared_error", "standard",
         lambda w, x: both(gru, x, three(w, "bidirectional/forward"), three(w, "bidirectional/backward"))
         @ w["dense/kernel"] + w["dense/bias"]),
    case("a class a step of symbols", ["speed"], {"target": "kind", "target_per": "step"},
         [{"type": "embedding", "input_dim": 6, "output_dim": 4},
          {"type": "simple_rnn", "units": 5, "return_sequences": True}, dense],
         "categorical_crossentropy", "none",
         lambda w, x: softmax(simple_rnn(w["embedding/embeddings"][x[:, 0].astype(int)], *three(w, "simple_rnn"))
                              @ w["dense/kernel"] + w["dense/bias"]), symbols=6),
]


def reference(case, program):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        (folder / "train.csv").write_text(case["train"])
        (folder / "config.json").write_text(case["config"])
        for arguments in (["run", "config.json", "-q"], ["export", "1", "weights.npz"]):
            subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True)
        weights = {name: array.astype(np.float64) for name, array in np.load(folder / "weights.npz").items()}
        database = sqlite3.connect(folder / "lab.db")
        scales = database.execute("SELECT shift, scale FROM features ORDER BY feature").fetchall()
        classes = [name for name, in database.execute("SELECT name FROM classes ORDER BY class")]
        database.close()
    shift, scale = np.array(scales).T
    sequences = {}
    for row in csv.DictReader(io.StringIO(case["new"])):
        sequences.setdefault(row["walk"], []).append(row)
    outputs, targets = [], []
    per_step = case["target"].get("target_per") == "step"
    for rows in sequences.values():
        x = np.array([[float(row[name]) for name in case["features"]] for row in rows], dtype=np.float64)
        outputs += list(case["model"](weights, (x - shift) / scale))
        targets += [row[case["target"]["target"]] for row in (rows if per_step else rows[:1])]
    outputs = np.array(outputs)
    result = {"id": case["id"], "train": case["train"], "new": case["new"], "config": case["config"],
              "outputs": [round(float(v), 9) for v in outputs.ravel()]}
    if classes:
        names = np.array(classes)
        said = names[(outputs[:, 0] > 0.5).astype(int) if outputs.shape[1] == 1 else outputs.argmax(axis=1)]
        scores = precision_recall_fscore_support(targets, said, labels=classes, zero_division=0)
        means = [precision_recall_fscore_support(targets, said, labels=classes, zero_division=0, average=kind)[:3]
                 for kind in ("macro", "weighted")]
        result |= {
            "predicted": said.tolist(), "accuracy": float(np.mean(said == np.array(targets))),
            "scores": [[float(v) for v in row] for row in np.array(scores).T],
            "means": [[float(v) for v in row] for row in means],
            "confusion": confusion_matrix(targets, said, labels=classes).tolist()}
    else:
        error = outputs[:, 0] - np.array(targets, dtype=np.float64)
        result |= {"mean_squared_error": float(np.mean(error ** 2)),
                   "mean_absolute_error": float(np.mean(np.abs(error)))}
    return result


if __name__ == "__main__":
    program = str(pathlib.Path(sys.argv[1]).resolve())
    cases = [reference(case, program) for case in CASES]
    (HERE / "predictions.json").write_text(json.dumps(cases, indent=1).replace("\n   ", " ") + "\n")

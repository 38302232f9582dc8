"""Computes predictions and scores a second time, with NumPy and scikit-learn: predictions.py LSTM_LAB.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1
    venv/bin/python Tests/LabTests/Fixtures/predictions.py .build/debug/lstm-lab

For each case: LSTM_LAB trains a run and exports its weights by Keras's names; everything else is computed here in
float64 from those, the files and the views `features`, `targets` and `classes`: how a new file is read, cut, filled and
scaled, the layers' equations, what is predicted, its scores. PredictionReferenceTests.swift trains the same run, which
gives the same weights on every machine.
"""

import base64
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


def config(source, layers, loss, **data):
    return json.dumps({
        "name": "reference", "seed": 5, "data": {"train": source, **data}, "model": {"layers": layers},
        "training": {"loss": loss, "epochs": 40, "batch_size": 16, "optimizer": {"type": "adam", "learning_rate": 0.01}}})


def encoded(rows, view, forward=False, decimal="."):
    """The rows of one series as the model reads them, by the view `features`: (T, F)."""
    x = np.empty((len(rows), len(view)))
    for column, (name, category, shift, scale, fill) in enumerate(view):
        last = None
        for step, row in enumerate(rows):
            text = row[name]
            if text in ("", "?", "NA"):
                value = last if forward else fill
            elif category is not None:
                value = float(text == category)
            else:
                value = float(text.replace(decimal, "."))
            x[step, column], last = value, value
        x[:, column] = (x[:, column] - shift) / scale
    return x


def sequences(text, column, **form):
    groups = {}
    for row in csv.DictReader(io.StringIO(text), **form):
        groups.setdefault(row[column] if column else None, []).append(row)
    return list(groups.values())


def cut(x, length, horizon, stride=1, rate=1, ends=False):
    """Windows on a series that leave room for their targets, or the last one that there is."""
    span = (length - 1) * rate + 1
    starts = [len(x) - span] if ends else range(0, len(x) - span - horizon + 1, stride)
    return [x[start:start + span:rate] for start in starts]


def case(id, features, target, layers, loss, normalize, model, kinds=("low", "middle", "high"), symbols=None):
    files = {
        "train.csv": table(walks(60, 1, kinds, symbols=symbols), ["walk", "speed", "slope", "kind", "height"]),
        "new.csv": table(walks(40, 2, kinds, symbols=symbols), ["height", "kind", "slope", "speed", "walk"])}
    source = {"csv": "train.csv", "sequence": "walk", "features": features, **target}
    return {"id": id, "files": files, "config": config(source, layers, loss, normalize=normalize), "model": model,
            "arguments": ["new.csv"], "samples": lambda files, view: [
                encoded(rows, view) for rows in sequences(files["new.csv"], "walk")],
            "target": target}


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


def days(count, seed):
    """Days of two towns, mixed; texts, decimal commas and gaps."""
    draw = random.Random(seed)
    rows = []
    for day in range(count):
        for town in ("Ulm", "Bonn") if day % 3 else ("Ulm",):
            warmth = round(15 + 8 * np.sin(day / 4) + draw.random(), 1)
            rows.append({
                "wind": draw.randrange(9), "town": town, "sky": draw.choice(["sun", "fog", "rain"]),
                "dew": round(warmth / 2 + draw.random(), 2), "warmth": "?" if day % 11 == 5 else warmth})
    return rows


def with_commas(text):
    return text.replace(",", ";").replace(".", ",")


def wide(count, seed):
    draw = random.Random(seed)
    lines = []
    for _ in range(count):
        phase = draw.uniform(0, 6)
        steps = [f"{np.sin(phase + t) * 3 + draw.random():.3f}" for t in range(9)]
        steps[draw.randrange(9)] = "NA"
        lines.append("\t".join(["up" if np.cos(phase) > 0 else "down", *steps]))
    return "\n".join(lines) + "\n"


def series(count, seed, labelled):
    draw = random.Random(seed)
    lines = ["@equalLength false", "@classLabel " + ("true left right" if labelled else "false"), "@data"]
    for _ in range(count):
        steps = draw.randint(2, 8)
        drift = draw.uniform(-1, 1)
        dimensions = [",".join(f"{drift * t + draw.random():.3f}" for t in range(steps)) for _ in range(2)]
        lines.append(":".join(dimensions + ([("left", "right")[drift > 0]] if labelled else [])))
    return "\n".join(lines) + "\n"


def array(shape, seed, low=-2.0, high=5.0):
    return np.random.default_rng(seed).uniform(low, high, shape)


def packed(**arrays):
    out = io.BytesIO()
    if list(arrays) == ["only"]:
        np.save(out, arrays["only"])
    else:
        np.savez(out, **arrays)
    return out.getvalue()


def last(cell, prefix):
    return lambda w, x: cell(x, *three(w, prefix))[-1:] @ w["dense/kernel"] + w["dense/bias"]


def numbers(units):
    return {"type": "dense", "units": units}


TARGETS = ["dew", "warmth"]
WEATHER = {"csv": "days.csv", "delimiter": ";", "decimal": ",", "sequence": "town", "features": ["sky", "warmth", "wind"],
           "missing": "forward_fill",
           "windows": {"sequence_length": 5, "sequence_stride": 2, "sampling_rate": 2, "horizon": 3, "targets": TARGETS}}


def weather(ends):
    return lambda files, view: [
        window for rows in sequences(files["new.csv"], "town", delimiter=";")
        for window in cut(encoded(rows, view, forward=True, decimal=","), 5, 3, stride=2, rate=2, ends=ends)]


def rows_of_wide(files, view):
    return [np.array([[(fill if text == "NA" else float(text)) - shift] for text, (_, _, shift, _, fill)
                      in zip(line.split("\t")[1:], [view[0]] * 9)]) / view[0][3]
            for line in files["new.tsv"].splitlines()]


def rows_of_series(files, view):
    samples = [line.split(":") for line in files["new.ts"].splitlines() if not line.startswith("@")]
    shift, scale = np.array([row[2:4] for row in view]).T
    return [(np.array([[float(v) for v in d.split(",")] for d in sample]).T - shift) / scale for sample in samples]


def rows_of_arrays(x, lengths=None):
    def samples(files, view):
        shift, scale = np.array([row[2:4] for row in view]).T
        return [((sample if lengths is None else sample[len(sample) - lengths[i]:]) - shift) / scale
                for i, sample in enumerate(x)]
    return samples


X, NEW, LENGTHS = array((30, 6, 2), 1), array((20, 6, 2), 2), [1 + i % 6 for i in range(20)]
WIDE = {"csv": "train.tsv", "layout": "wide", "header": False, "target": "0", "missing": "mean"}
GAPS = {"csv": "train.csv", "sequence": "town", "features": ["wind", "sky", "warmth"], "missing": "mean",
        "target": ["dew"], "target_per": "step"}
SEVERAL = {"csv": "train.csv", "sequence": "walk", "features": ["speed", "kind"], "target": ["height", "slope"],
           "target_per": "step"}

CASES += [
    {"id": "a wide table without header, gaps filled with the mean",
     "files": {"train.tsv": wide(60, 1), "new.tsv": wide(30, 2)}, "arguments": ["new.tsv"],
     "config": config(WIDE, [{"type": "lstm", "units": 5}, dense | {"units": 2}], "sparse_categorical_crossentropy",
                      normalize="standard"),
     "samples": rows_of_wide, "model": lambda w, x: softmax(last(lstm, "lstm")(w, x)), "columns": ["down", "up"]},
    {"id": "windows of texts and decimal commas, filled forward, targets scaled by minmax",
     "files": {"days.csv": with_commas(table(days(60, 1), ["wind", "town", "sky", "dew", "warmth"])),
               "new.csv": with_commas(table(days(40, 2), ["town", "warmth", "dew", "wind", "sky"]))},
     "config": config(WEATHER, [{"type": "lstm", "units": 6}, numbers(6)], "mean_squared_error", normalize="standard",
                      normalize_target="minmax"),
     "arguments": ["new.csv"], "samples": weather(ends=False), "model": last(lstm, "lstm"),
     "columns": [f"{name}+{step}" for step in (1, 2, 3) for name in TARGETS]},
    {"id": "what follows the end of each series, targets standardised",
     "files": {"days.csv": with_commas(table(days(60, 1), ["wind", "town", "sky", "dew", "warmth"])),
               "new.csv": with_commas(table(days(25, 3), ["town", "warmth", "dew", "wind", "sky"]))},
     "config": config(WEATHER, [{"type": "gru", "units": 6}, numbers(6)], "mean_squared_error", normalize="minmax",
                      normalize_target="standard"),
     "arguments": ["new.csv", "--forecast"], "samples": weather(ends=True), "model": last(gru, "gru"),
     "columns": TARGETS},
    {"id": "a table of texts with gaps filled with the mean, a number a step",
     "files": {"train.csv": table(days(30, 4), ["wind", "town", "sky", "dew", "warmth"]),
               "new.csv": table(days(20, 5), ["sky", "town", "warmth", "wind"])},
     "config": config(GAPS, [{"type": "gru", "units": 4, "return_sequences": True}, numbers(1)], "mean_squared_error",
                      normalize="minmax"),
     "arguments": ["new.csv"], "samples": lambda files, view: [
         encoded(rows, view) for rows in sequences(files["new.csv"], "town")],
     "model": lambda w, x: gru(x, *three(w, "gru")) @ w["dense/kernel"] + w["dense/bias"], "columns": ["predicted"]},
    {"id": "several targets a step, standardised",
     "files": {"train.csv": table(walks(40, 6, ("low", "high")), ["walk", "speed", "slope", "kind", "height"]),
               "new.csv": table(walks(20, 7, ("low", "high")), ["kind", "speed", "walk"])},
     "config": config(SEVERAL, [{"type": "simple_rnn", "units": 4, "return_sequences": True}, numbers(2)],
                      "mean_absolute_error", normalize="standard", normalize_target="standard"),
     "arguments": ["new.csv"], "samples": lambda files, view: [
         encoded(rows, view) for rows in sequences(files["new.csv"], "walk")],
     "model": lambda w, x: simple_rnn(x, *three(w, "simple_rnn")) @ w["dense/kernel"] + w["dense/bias"],
     "columns": ["height", "slope"]},
    {"id": "a .ts file of unequal lengths without labels",
     "files": {"train.ts": series(50, 1, True), "new.ts": series(25, 2, False)}, "arguments": ["new.ts"],
     "config": config({"ts": "train.ts"}, [{"type": "gru", "units": 4}, {"type": "dense", "units": 1,
                      "activation": "sigmoid"}], "binary_crossentropy", normalize="standard"),
     "samples": rows_of_series, "model": lambda w, x: sigmoid(last(gru, "gru")(w, x)), "columns": ["right"]},
    {"id": "padded arrays with lengths, both directions",
     "files": {"x.npy": packed(only=X), "y.npy": packed(only=array((30, 2), 3)),
               "n.npy": packed(only=np.array([1 + i % 6 for i in range(30)])),
               "new.npy": packed(only=NEW), "new_n.npy": packed(only=np.array(LENGTHS))},
     "config": config({"x": "x.npy", "y": "y.npy", "lengths": "n.npy", "padding": "pre"},
                      [{"type": "bidirectional", "layer": {"type": "lstm", "units": 3}}, numbers(2)],
                      "mean_squared_error", normalize="minmax"),
     "arguments": ["new.npy", "--lengths", "new_n.npy"], "samples": rows_of_arrays(NEW, LENGTHS),
     "model": lambda w, x: np.concatenate([
         lstm(x, *three(w, "bidirectional/forward"))[-1:], lstm(x[::-1], *three(w, "bidirectional/backward"))[-1:]],
         axis=1) @ w["dense/kernel"] + w["dense/bias"], "columns": ["y0", "y1"]},
    {"id": "arrays of an archive, targets scaled by minmax",
     "files": {"data.npz": packed(x=X, y=array((30,), 4, 50, 90), new=NEW)},
     "config": config({"x": "data.npz:x", "y": "data.npz:y"}, [{"type": "gru", "units": 4}, numbers(1)], "huber",
                      normalize="standard", normalize_target="minmax"),
     "arguments": ["data.npz:new"], "samples": rows_of_arrays(NEW), "model": last(gru, "gru"),
     "columns": ["predicted"]},
]


def reference(case, program):
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        files = {name: content.encode() if isinstance(content, str) else content
                 for name, content in case["files"].items()}
        for name, content in files.items():
            (folder / name).write_bytes(content)
        (folder / "config.json").write_text(case["config"])
        for arguments in (["run", "config.json", "-q"], ["export", "1", "weights.npz"]):
            subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True)
        weights = {name: array.astype(np.float64) for name, array in np.load(folder / "weights.npz").items()}
        database = sqlite3.connect(folder / "lab.db")
        view = database.execute("SELECT name, category, shift, scale, fill FROM features ORDER BY feature").fetchall()
        units = database.execute("SELECT shift, scale FROM targets ORDER BY output").fetchall()
        classes = [name for name, in database.execute("SELECT name FROM classes ORDER BY class")]
        database.close()
    outputs = np.array([row for x in case["samples"](case["files"], view) for row in case["model"](weights, x)])
    if units:
        shift, scale = np.array(units).T
        outputs = outputs * scale + shift
    texts = {name: content for name, content in case["files"].items() if isinstance(content, str)}
    arrays = {name: base64.b64encode(content).decode() for name, content in files.items() if name not in texts}
    result = {"id": case["id"], "texts": texts, "arrays": arrays, "config": case["config"], "arguments": case["arguments"], "columns": case.get("columns"),
              "outputs": [round(float(v), 9) for v in outputs.ravel()]}
    if "columns" in case:
        return result
    target = case["target"]
    per_step = target.get("target_per") == "step"
    targets = [row[target["target"]] for rows in sequences(case["files"]["new.csv"], "walk")
               for row in (rows if per_step else rows[:1])]
    if classes:
        result["columns"] = classes[-outputs.shape[1]:]
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
        result["columns"] = ["predicted"]
        error = outputs[:, 0] - np.array(targets, dtype=np.float64)
        result |= {"mean_squared_error": float(np.mean(error ** 2)),
                   "mean_absolute_error": float(np.mean(np.abs(error)))}
    return result


if __name__ == "__main__":
    program = str(pathlib.Path(sys.argv[1]).resolve())
    cases = [reference(case, program) for case in CASES]
    (HERE / "predictions.json").write_text(json.dumps(cases, indent=1).replace("\n   ", " ") + "\n")

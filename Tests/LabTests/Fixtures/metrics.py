"""Computes metrics with scikit-learn and writes metrics.json, which MetricsReferenceTests compares with.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1
    venv/bin/python Tests/LabTests/Fixtures/metrics.py

Each of 300 random cases has a kind of outputs, the outputs of some rows and their targets, all whole numbers divided by
`unit`, which float32 holds exactly; with a small unit many are equal. Classes may be absent from targets and
predictions, or be all there is. NaN stands as null.
"""

import json
import math
import pathlib
import random
import warnings

import numpy as np
from sklearn import metrics as sk

draw = random.Random(20)
warnings.simplefilter("ignore")


def area(targets, scores):
    """Undefined where all rows are of one kind."""
    return float(sk.roc_auc_score(targets, scores)) if 0 < sum(targets) < len(targets) else math.nan


def mean(values):
    values = [value for value in values if not math.isnan(value)]
    return float(np.mean(values)) if values else math.nan


def scores(targets, predicted, **how):
    functions = {"precision": sk.precision_score, "recall": sk.recall_score, "f1_score": sk.f1_score}
    return {name: float(score(targets, predicted, average="macro", zero_division=0, **how))
            for name, score in functions.items()}


def classes(targets, outputs):
    count = outputs.shape[1]
    if count == 2:
        auc = area(targets == 1, outputs[:, 1])
    else:
        auc = mean([area(targets == c, outputs[:, c]) for c in range(count)])
    top = sk.top_k_accuracy_score(targets, outputs, k=5, labels=range(count)) if count > 2 else 1.0
    return scores(targets, outputs.argmax(axis=1)) | {"auc": auc, "top_k_categorical_accuracy": float(top)}


def second(targets, outputs):
    return scores(targets[:, 0], (outputs[:, 0] > 0.5).astype(int)) | {"auc": area(targets[:, 0], outputs[:, 0])}


def labels(targets, outputs):
    auc = mean([area(targets[:, c], outputs[:, c]) for c in range(outputs.shape[1])])
    return scores(targets, (outputs > 0.5).astype(int)) | {"auc": auc}


def numbers(targets, outputs):
    return {
        "r2_score": float(sk.r2_score(targets, outputs)) if len(targets) > 1 else math.nan,
        "root_mean_squared_error": float(sk.root_mean_squared_error(targets, outputs)),
        "mean_absolute_percentage_error": float(sk.mean_absolute_percentage_error(targets, outputs))}


def case(number):
    kind = ["classes", "second", "labels", "numbers"][number % 4]
    rows = draw.choice([1, 2, 3, 9, 20, 40])
    width = {"classes": draw.randint(2, 8), "second": 1, "labels": draw.randint(2, 4), "numbers": draw.randint(1, 3)}[kind]
    unit = draw.choice([4, 16, 1024])
    if kind == "numbers":
        low, high = draw.choice([(-3 * unit, 3 * unit), (0, unit), (unit, unit)])
        targets = [[draw.randint(low, high) for _ in range(width)] for _ in range(rows)]
        far = draw.choice([0, 1, unit, 4 * unit])
        outputs = [[value + draw.randint(-far, far) for value in row] for row in targets]
    else:
        outputs = [[draw.randint(0, unit) for _ in range(width)] for _ in range(rows)]
        if kind == "classes":
            present = draw.sample(range(width), draw.randint(1, width))
            targets = [draw.choice(present) for _ in range(rows)]
            for row, target in zip(outputs, targets):
                if draw.random() < 0.4:
                    row[target] = unit
        else:
            shares = [draw.choice([0, 1, 0.3, 0.5]) for _ in range(width)]
            targets = [[int(draw.random() < share) * unit for share in shares] for _ in range(rows)]
    there = np.array(targets) if kind == "classes" else np.array(targets, dtype=np.float64) / unit
    if kind in ("second", "labels"):
        there = there.astype(int)
    values = globals()[kind](there, np.array(outputs, dtype=np.float64) / unit)
    return {
        "kind": kind, "width": width, "unit": unit, "outputs": sum(outputs, []),
        "targets": targets if kind == "classes" else sum(targets, []),
        "metrics": {name: None if math.isnan(value) else value for name, value in values.items()}}


if __name__ == "__main__":
    lines = ",\n".join(json.dumps(case(number)) for number in range(300))
    pathlib.Path(__file__).with_name("metrics.json").write_text(f"[\n{lines}\n]\n")

"""Cuts series with Keras and writes windows.json, which WindowTests compares with.

    pip install keras==3.15.1 tensorflow-cpu==2.21.0 numpy==2.4.6
    python3 Tests/LabTests/Fixtures/windows.py

200 random settings. Row r of a case, counted over all its series, has the numbers r·C, r·C + 1, …, r·C + C - 1 in its
C columns, so that each number tells its place. Each series is given to keras.utils.timeseries_dataset_from_array by
itself: the columns `features` as data, and as the target of the window that begins at row i the columns `targets` of
the `horizon` rows behind its last one, row by row. x and y are what Keras gives back, sample after sample.
"""

import json
import os
import pathlib
import random

os.environ.update(KERAS_BACKEND="tensorflow", TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import keras
import numpy as np

CASES = 200


def some(columns, source):
    """One or more different columns, in any order."""
    return source.sample(range(columns), source.randint(1, columns))


def settings(seed):
    source = random.Random(seed)
    length, rate, horizon = source.randint(1, 6), source.randint(1, 3), source.randint(1, 3)
    needed = (length - 1) * rate + 1 + horizon
    columns = source.randint(1, 3)
    case = {"length": length, "stride": source.randint(1, 4), "rate": rate, "horizon": horizon, "columns": columns,
            "features": some(columns, source), "targets": some(columns, source)}
    # Some series are too short for a window; Keras takes none with no more rows than stride or rate.
    least = max(case["stride"], rate) + 1
    rows = [max(least, needed + source.randint(-3, 12)) for _ in range(source.randint(1, 3))]
    rows[0] = max(rows[0], needed)
    return {**case, "rows": rows}


def cut(case, first, count):
    table = np.arange(first, first + count)[:, None] * case["columns"] + np.arange(case["columns"])
    span, horizon = (case["length"] - 1) * case["rate"] + 1, case["horizon"]
    wanted = table[:, case["targets"]]
    targets = [wanted[start + span : start + span + horizon].ravel() for start in range(count - span - horizon + 1)]
    if not targets:
        return []
    pairs = keras.utils.timeseries_dataset_from_array(
        table[:, case["features"]], np.array(targets), sequence_length=case["length"],
        sequence_stride=case["stride"], sampling_rate=case["rate"], batch_size=None)
    return [(x.numpy().ravel().tolist(), y.numpy().tolist()) for x, y in pairs]


def main():
    lines = []
    for seed in range(CASES):
        case, first, samples = settings(seed), 0, []
        for count in case["rows"]:
            samples += cut(case, first, count)
            first += count
        case |= {"x": [x for x, _ in samples], "y": [y for _, y in samples]}
        lines.append(json.dumps(case, separators=(",", ":")))
    path = pathlib.Path(__file__).with_name("windows.json")
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n")


main()

"""Cuts samples and series into folds with scikit-learn and writes folds.json, which FoldReferenceTests compares with.

    python3 -m venv venv && venv/bin/pip install numpy==2.4.6 scikit-learn==1.9.1
    venv/bin/python Tests/LabTests/Fixtures/folds.py

`blocks` and `stratified` have the fold that validates with each sample, of `KFold` and `StratifiedKFold` without
shuffling; `rolling` has, for each fold of `TimeSeriesSplit`, the first row and the first row behind those to train on, and
likewise those to validate with. Where scikit-learn refuses, `refused` is true, and where it warns of a small class, `warned`.
"""

import json
import pathlib
import random
import warnings

import numpy as np
from sklearn.model_selection import KFold, StratifiedKFold, TimeSeriesSplit

draw = random.Random(31)


def places(splitter, samples, classes=None):
    place = [-1] * samples
    for fold, (_, test) in enumerate(splitter.split(np.zeros(samples), classes)):
        for sample in test:
            assert place[sample] == -1
            place[sample] = fold
    return place


def blocks():
    folds = draw.randint(2, 12)
    samples = draw.randint(folds, 60)
    return {"kind": "blocks", "samples": samples, "folds": folds, "places": places(KFold(folds), samples)}


def stratified():
    folds, kinds = draw.randint(2, 9), draw.randint(1, 6)
    weights = [draw.choice([1, 1, 3, 9]) for _ in range(kinds)]
    classes = draw.choices(range(kinds), weights, k=draw.randint(folds, 60))
    if draw.random() < 0.3:
        classes.sort(reverse=draw.random() < 0.5)
    case = {"kind": "stratified", "classes": classes, "folds": folds, "refused": False}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            case["places"] = places(StratifiedKFold(folds), len(classes), classes)
        except ValueError:
            case["refused"] = True
        case["warned"] = len(caught) > 0
    return case


def rolling():
    folds = draw.randint(2, 9)
    rows = draw.randint(folds + 1, 80)
    parts = []
    for train, test in TimeSeriesSplit(folds).split(np.zeros(rows)):
        for part in (train, test):
            assert list(part) == list(range(part[0], part[-1] + 1))
        parts.append([int(train[0]), int(train[-1]) + 1, int(test[0]), int(test[-1]) + 1])
    return {"kind": "rolling", "rows": rows, "folds": folds, "parts": parts}


cases = [make() for make in (blocks, stratified, stratified, rolling) for _ in range(75)]
text = "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n"
pathlib.Path(__file__).with_name("folds.json").write_text(text)

"""`import_checkpoints`: a folder of files that a training left, an epoch each, becomes a run."""

from __future__ import annotations

import csv
import json
import re
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from lstm_lab.run import Run

KINDS = (".weights.h5", ".safetensors", ".npz", ".h5")
SAFETENSORS_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}


def import_checkpoints(
    folder: str | Path,
    *,
    name: str | None = None,
    log: str | Path | None = None,
    db: str | None = None,
    config: Mapping[str, Any] | None = None,
    cells: Mapping[str, str] | None = None,
) -> Run:
    """Records a folder with a file an epoch as a run, and returns it, ended.

    Files are `.npz`, `.safetensors` or Keras's `.weights.h5` (for which h5py is needed); the last
    whole number in a file's name is its epoch, and all numbers are there from the first to the
    last. `log` is a CSV file as Keras's `CSVLogger` writes it: its row `epoch` 0 is the epoch 1
    here, as the first file is where its number is 1. `cells` names recurrent layers in Keras's
    order, `{"lstm": "lstm"}`.

    Unlike a training this raises: `ValueError` says which file cannot be read, and why.
    """
    files = numbered(Path(folder))
    metrics = {} if log is None else logged(Path(log))
    run = Run(name or Path(folder).name, db=db, config=config, cells=cells, trainer="checkpoints")
    first: dict[str, Any] | None = None
    for epoch, path in files:
        weights = read(path)
        shapes = {key: array.shape for key, array in weights.items()}
        if first is None:
            first = shapes
        elif shapes != first:
            run.end("failed", f"{path.name} has other tensors than {files[0][1].name}")
            raise ValueError(f"{path} has other tensors than {files[0][1].name}")
        run.log(epoch, metrics.get(epoch, {}), weights, seconds=0)
    run.end()
    return run


def numbered(folder: Path) -> list[tuple[int, Path]]:
    """Returns the files by the epochs in their names, which follow one another."""
    found: dict[int, Path] = {}
    for path in sorted(folder.iterdir()):
        kind = next((kind for kind in KINDS if path.name.endswith(kind)), None)
        if kind is None:
            continue
        # `epoch-03-0.51.npz`: what stands behind a point is a fraction.
        numbers = re.findall(r"(?<![\d.])\d+(?![\d.])", path.name[: -len(kind)])
        if not numbers:
            raise ValueError(f"{path} has no number of an epoch in its name")
        epoch = int(numbers[-1])
        if epoch in found:
            raise ValueError(f"{path} and {found[epoch].name} are both epoch {epoch}")
        found[epoch] = path
    if not found:
        raise ValueError(f"{folder} has no file that ends in {', '.join(KINDS)}")
    epochs = sorted(found)
    missing = sorted(set(range(epochs[0], epochs[-1] + 1)) - set(epochs))
    if missing:
        raise ValueError(f"{folder} has no file of epoch {missing[0]}")
    return [(epoch, found[epoch]) for epoch in epochs]


def logged(path: Path) -> dict[int, dict[str, float]]:
    """Reads a CSVLogger's file: the metrics of each epoch, counted from 1."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    metrics: dict[int, dict[str, float]] = {}
    for row in rows:
        try:
            epoch = int(row["epoch"]) + 1
            values = {k: float(v) for k, v in row.items() if k != "epoch" and v not in ("", "NA")}
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path} is not what CSVLogger writes: {error}") from error
        metrics[epoch] = values
    return metrics


def read(path: Path) -> dict[str, Any]:
    """Reads the arrays of a file by their names."""
    if path.suffix == ".npz":
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    if path.suffix == ".safetensors":
        return read_safetensors(path)
    return read_h5(path)


def read_safetensors(path: Path) -> dict[str, Any]:
    """Reads a safetensors file: a header's length, the header as JSON, the bytes."""
    data = path.read_bytes()
    try:
        (length,) = struct.unpack_from("<Q", data)
        header = json.loads(data[8 : 8 + length])
        header.pop("__metadata__", None)
        body = memoryview(data)[8 + length :]
        return {name: _safe_tensor(entry, body) for name, entry in header.items()}
    except (struct.error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path} is not a safetensors file: {error}") from error


def _safe_tensor(entry: Mapping[str, Any], body: memoryview) -> Any:
    start, stop = entry["data_offsets"]
    if not 0 <= start <= stop <= len(body):
        raise ValueError(f"its bytes {start} to {stop} are not there")
    raw = body[start:stop]
    if entry["dtype"] == "BF16":
        wide = np.frombuffer(raw, "<u2").astype("<u4") << 16
        return wide.view("<f4").reshape(entry["shape"])
    return np.frombuffer(raw, SAFETENSORS_TYPES[entry["dtype"]]).reshape(entry["shape"])


def read_h5(path: Path) -> dict[str, Any]:
    """Reads the data sets of an HDF5 file, but for those of an optimizer."""
    import h5py

    found: dict[str, Any] = {}

    def visit(name: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset) and not name.startswith("optimizer"):
            words = [
                w
                for w in name.split("/")
                if w not in ("layers", "vars", "cell", "_layer_checkpoint")
            ]
            found["/".join(words)] = np.asarray(item)

    try:
        with h5py.File(path, "r") as file:
            file.visititems(visit)
    except OSError as error:
        raise ValueError(f"{path} is not an HDF5 file: {error}") from error
    return found


CELL_PARTS = {"0": "kernel", "1": "recurrent_kernel", "2": "bias"}
WAYS = {"forward_layer": "forward", "backward_layer": "backward"}


def keras_name(name: str) -> str:
    """Returns the name of a data set of a `.weights.h5` file as the lab has it.

    `layers/lstm/cell/vars/1` is `lstm/recurrent_kernel`: a cell's variables have an order. Those of
    other layers keep their numbers.
    """
    words = name.split("/")
    if len(words) > 2 and words[-3:-1] == ["cell", "vars"]:
        words[-1] = CELL_PARTS.get(words[-1], words[-1])
        del words[-3]
    return "/".join(WAYS.get(word, word) for word in words if word not in ("layers", "vars"))

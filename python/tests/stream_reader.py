"""Reads a `.labstream` file strictly, as the program does; knows nothing of the writer's code."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass
class ReadEpoch:
    facts: dict[str, Any]
    weights: list[NDArray[np.float32]]
    slots: dict[str, list[NDArray[np.float32]]]
    activations: dict[int, NDArray[np.float32]]


@dataclass
class ReadStream:
    header: dict[str, Any]
    epochs: list[ReadEpoch] = field(default_factory=list)
    end: dict[str, Any] | None = None

    @property
    def numbers(self) -> list[int]:
        return [epoch.facts["epoch"] for epoch in self.epochs]

    def named(self, epoch: int) -> dict[str, NDArray[np.float32]]:
        """The weights of the epoch at this place, by layer and tensor."""
        names = [f"{t['layer']}/{t['tensor']}" for t in self.header["tensors"]]
        assert len(names) == len(set(names))
        return dict(zip(names, self.epochs[epoch].weights))


def read_stream(path: Path) -> ReadStream:
    data, place = path.read_bytes(), 0

    def line() -> dict[str, Any] | None:
        nonlocal place
        if place == len(data):
            return None
        stop = data.index(b"\n", place)
        fields = json.loads(data[place:stop].decode("utf-8"), parse_constant=_refuse)
        assert isinstance(fields, dict)
        place = stop + 1
        return fields

    def take(count: int) -> NDArray[np.float32]:
        nonlocal place
        raw = data[place : place + 4 * count]
        assert len(raw) == 4 * count, "a frame is cut off"
        place += 4 * count
        return np.frombuffer(raw, "<f4").copy()

    header = line()
    assert header is not None
    assert header["labstream"] == 1
    assert ("run" in header) != ("after" in header)
    stream = ReadStream(header)
    for tensor in header["tensors"]:
        assert tensor["rows"] * tensor["cols"] == math.prod(tensor["shape"])
        assert "/" not in tensor["layer"]
        assert tensor["cols"] % len(tensor["gates"] or [0]) == 0
    while (fields := line()) is not None:
        if "end" in fields:
            stream.end = fields
            assert place == len(data)
            break
        start = place
        weights = [
            take(t["rows"] * t["cols"]).reshape(t["rows"], t["cols"]) for t in header["tensors"]
        ]
        slots = {}
        for slot in header["slots"]:
            if slot["name"] not in fields["slots"]:
                continue
            shapes = (
                [t["shape"] for t in header["tensors"]]
                if slot["tensors"] == "all"
                else [entry["shape"] for entry in slot["tensors"]]
            )
            slots[slot["name"]] = [take(math.prod(shape)) for shape in shapes]
        units = sum(quantity["units"] for quantity in header["activations"])
        activations = {}
        for sample in fields.get("activations", []):
            assert sample["bytes"] == 4 * sample["steps"] * units
            values = take(sample["steps"] * units).reshape(sample["steps"], units)
            activations[sample["sample"]] = values
        assert place - start == fields["bytes"]
        if stream.epochs:
            assert fields["epoch"] == stream.epochs[-1].facts["epoch"] + 1
        stream.epochs.append(ReadEpoch(fields, weights, slots, activations))
    return stream


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is no JSON")

"""An epoch's frame: its line, and its numbers in one flat buffer with named views."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lstm_lab.stream.header import Header, now
from lstm_lab.stream.lines import line, number
from lstm_lab.stream.turns import AS_IT_IS, Array, Turn
from lstm_lab.stream.words import one_line, paragraph

FINGERPRINT_VALUES = 4096


@dataclass
class EpochFacts:
    """What an epoch's line says beside its numbers."""

    epoch: int
    seconds: float = 0.0
    learning_rate: float | None = None
    iterations: int = 0
    metrics: Sequence[tuple[str, str, float | None]] = ()
    """Split, name and value of each."""
    recorded_at: str = field(default_factory=now)


@dataclass
class View:
    """A tensor's place in a buffer, and how it stands there."""

    values: Array
    """Rows × columns; what stands as it is has one row."""
    turn: Turn


class Buffer:
    """The numbers of one epoch: the weights, then the slots, in the header's order."""

    def __init__(self, header: Header, slots: Sequence[str]) -> None:
        entries = [
            (slot.name, [(entry, entry.of) for entry in slot.entries])
            for slot in header.slots
            if slot.name in slots
        ]
        weights = sum(tensor.count for tensor in header.tensors)
        counts = [math.prod(e.shape) for _, es in entries for e, _ in es]
        self.slots: tuple[str, ...] = tuple(name for name, _ in entries)
        self.flat: Array = np.empty(weights + sum(counts), np.float32)
        self.weights_count = weights
        self.weights: list[View] = []
        start = 0
        for tensor in header.tensors:
            values = self.flat[start : start + tensor.count].reshape(tensor.size)
            self.weights.append(View(values, tensor.turn))
            start += tensor.count
        self.slot_views: dict[str, list[View]] = {}
        for name, members in entries:
            views = self.slot_views[name] = []
            for entry, of in members:
                count = math.prod(entry.shape)
                values = self.flat[start : start + count]
                start += count
                tensor_there = None if of is None else header.tensors[of]
                if tensor_there is not None and tensor_there.shape == entry.shape:
                    views.append(View(values.reshape(tensor_there.size), tensor_there.turn))
                else:
                    views.append(View(values.reshape(1, count), AS_IT_IS))

    def fingerprint(self) -> int:
        """Returns a number that two epochs' weights share only where they are the same."""
        weights = self.flat[: self.weights_count]
        stride = max(1, len(weights) // FINGERPRINT_VALUES) | 1
        return zlib.crc32(weights[::stride].tobytes())


@dataclass
class Frame:
    """An epoch as it is sent."""

    facts: EpochFacts
    buffer: Buffer
    activations: Sequence[tuple[int, Array]] = ()
    """The number of each sample, and its values: steps × all units."""

    def first_line(self) -> bytes:
        """Returns the line before the numbers."""
        samples = [
            {"sample": sample, "steps": len(values), "bytes": values.nbytes}
            for sample, values in self.activations
        ]
        facts = self.facts
        fields: dict[str, Any] = {
            "epoch": facts.epoch,
            "seconds": max(number(facts.seconds) or 0.0, 0.0),
            "recorded_at": facts.recorded_at,
            "learning_rate": number(facts.learning_rate),
            "iterations": facts.iterations,
            "metrics": _metrics(facts.metrics),
            "slots": [one_line(name, 100) for name in self.buffer.slots],
            "activations": samples,
            "bytes": self.nbytes,
        }
        return line(fields)

    @property
    def nbytes(self) -> int:
        """The number of bytes behind the line."""
        return self.buffer.flat.nbytes + sum(values.nbytes for _, values in self.activations)

    def chunks(self) -> list[memoryview]:
        """Returns the frame as pieces of memory, in order."""
        arrays = [self.buffer.flat, *(values for _, values in self.activations)]
        return [
            memoryview(self.first_line()),
            *(_bytes(a) for a in arrays if a.size),
        ]


def end_line(
    status: str,
    message: str | None = None,
    result_epoch: int | None = None,
    test: Mapping[str, Any] | None = None,
) -> bytes:
    """Returns the line that ends a stream."""
    measured = [[name, number(value)] for name, value in (test or {}).items()]
    return line(
        {
            "end": status,
            "message": None if message is None else paragraph(message),
            "result_epoch": result_epoch,
            "test": measured,
        }
    )


def _bytes(values: Array) -> memoryview:
    """Returns an array's memory as bytes."""
    whole: Any = np.ascontiguousarray(values)
    return memoryview(whole).cast("B")


def _metrics(metrics: Sequence[tuple[str, str, Any]]) -> list[list[Any]]:
    """Names each metric once, by the name that Keras has for it: `val_loss`."""
    starts = {"train": "", "validation": "val_", "test": "test_"}
    taken: set[str] = set()
    named: list[list[Any]] = []
    for split, name, value in metrics:
        own = one_line(name, 190)
        while starts[split] + own in taken:
            own += "_"
        taken.add(starts[split] + own)
        named.append([split, own, number(value)])
    return named

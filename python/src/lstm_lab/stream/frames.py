"""An epoch's frame: its line, and its numbers in one flat buffer with named views."""

from __future__ import annotations

import functools
import math
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lstm_lab.stream.header import Header, moment
from lstm_lab.stream.lines import encoded, line, number
from lstm_lab.stream.turns import AS_IT_IS, Array, Turn
from lstm_lab.stream.words import one_line, paragraph

FINGERPRINT_VALUES = 4096
MOST_JOINED_BYTES = 1 << 16


@dataclass
class EpochFacts:
    """What an epoch's line says beside its numbers."""

    epoch: int
    seconds: float = 0.0
    learning_rate: float | None = None
    iterations: int = 0
    metrics: Sequence[tuple[str, str, float | None]] = ()
    """Split, name and value of each."""
    recorded_at: float = field(default_factory=time.time)
    """Seconds since 1970."""


@dataclass(frozen=True)
class Place:
    """Where a tensor stands in a buffer, and how."""

    span: slice
    size: tuple[int, int]
    """Rows and columns; what stands as it is may have one row."""
    turn: Turn
    shape: tuple[int, ...]
    """The original's."""


class View:
    """A tensor's memory in a buffer."""

    __slots__ = ("_straight", "turn", "values")

    def __init__(self, flat: Array, place: Place) -> None:
        self.values, self.turn = flat[place.span].reshape(place.size), place.turn
        # The same memory in the original's shape, where one copy puts all of it into its place.
        self._straight: Array | None = None
        if self.turn.blocks is None:
            turned = self.values.T
            self._straight = turned if self.turn.transpose else self.values.reshape(place.shape)

    def place(self, original: Any) -> None:
        """Writes an original into its place."""
        straight = self._straight
        if straight is None or straight.shape != original.shape:
            self.turn.place(original, self.values)
        else:
            straight[...] = original


class Layout:
    """What stands where in all buffers of a header with the same slots."""

    def __init__(self, header: Header, slots: tuple[str, ...]) -> None:
        """Lays out the weights, then the slots, in the header's order."""
        entries = [(slot.name, slot.entries) for slot in header.slots if slot.name in slots]
        self.slots = tuple(name for name, _ in entries)
        self.slots_text = encoded([one_line(name, 100) for name in self.slots])
        self.weights: list[Place] = []
        self.members: dict[str, list[Place]] = {}
        self.count = 0
        for tensor in header.tensors:
            self._add(self.weights, tensor.shape, tensor.size, tensor.turn)
        self.weights_count = self.count
        for name, members in entries:
            places = self.members[name] = []
            for entry in members:
                tensor_there = None if entry.of is None else header.tensors[entry.of]
                if tensor_there is not None and tensor_there.shape == entry.shape:
                    self._add(places, entry.shape, tensor_there.size, tensor_there.turn)
                else:
                    self._add(places, entry.shape, (1, math.prod(entry.shape)), AS_IT_IS)
        every = [*self.weights, *(place for places in self.members.values() for place in places)]
        is_small = 4 * self.count <= MOST_JOINED_BYTES
        self.kinds: list[tuple[tuple[int, ...], Any]] | None = None
        if every and is_small and all(place.turn == AS_IT_IS for place in every):
            self.kinds = [(place.shape, np.dtype(np.float32)) for place in every]
        self.stride = max(1, self.weights_count // FINGERPRINT_VALUES) | 1

    def _add(
        self, places: list[Place], shape: tuple[int, ...], size: tuple[int, int], turn: Turn
    ) -> None:
        start, self.count = self.count, self.count + math.prod(shape)
        places.append(Place(slice(start, self.count), size, turn, shape))

    @staticmethod
    def of(header: Header, slots: Sequence[str]) -> Layout:
        """Returns the layout, which is made once."""
        named = tuple(slots)
        known: Layout | None = header.layouts.get(named)
        if known is None:
            known = header.layouts[named] = Layout(header, named)
        return known


class Buffer:
    """The numbers of one epoch: the weights, then the slots, in the header's order."""

    def __init__(self, header: Header, slots: Sequence[str]) -> None:
        layout = self._layout = Layout.of(header, slots)
        self.slots = layout.slots
        self.slots_text = layout.slots_text
        self.weights_count = layout.weights_count
        self.flat: Array = np.empty(layout.count, np.float32)
        self.nbytes = self.flat.nbytes
        self.bytes = _bytes(self.flat) if self.nbytes else memoryview(b"")
        self._sampled = self.flat[: layout.weights_count : layout.stride]

    @functools.cached_property
    def weights(self) -> list[View]:
        """The weights' places in order."""
        return [View(self.flat, place) for place in self._layout.weights]

    @functools.cached_property
    def slot_views(self) -> dict[str, list[View]]:
        """The slots' places in order, by the slots' names."""
        members = self._layout.members
        return {name: [View(self.flat, p) for p in places] for name, places in members.items()}

    @property
    def is_fillable(self) -> bool:
        """Whether all may be written in one piece: they are small, and nothing is turned."""
        return self._layout.kinds is not None

    def fill(self, originals: Sequence[NDArray[Any]]) -> bool:
        """Writes the originals of all weights and slots, in order, in one piece.

        Returns False where that cannot be, or one is other than it was told: then each is written
        into its place.
        """
        if [(array.shape, array.dtype) for array in originals] != self._layout.kinds:
            return False
        try:
            self.bytes[:] = b"".join(originals)  # type: ignore[arg-type]
        except (BufferError, TypeError, ValueError):  # one does not lie in one piece
            return False
        return True

    def fingerprint(self) -> int:
        """Returns a number that two epochs' weights share only where they are the same."""
        return zlib.crc32(self._sampled.tobytes())


@dataclass
class Frame:
    """An epoch as it is sent."""

    facts: EpochFacts
    buffer: Buffer
    activations: Sequence[tuple[int, Array]] = ()
    """The number of each sample, and its values: steps × all units."""

    def first_line(self) -> bytes:
        """Returns the line before the numbers.

        It is written for every epoch: what is the same in all of them is encoded once.
        """
        facts = self.facts
        heads = _metric_heads(tuple([(split, name) for split, name, _ in facts.metrics]))
        metrics = [
            f"[{head},{_number(value)}]" for head, (_, _, value) in zip(heads, facts.metrics)
        ]
        samples = [
            f'{{"sample":{sample},"steps":{len(values)},"bytes":{values.nbytes}}}'
            for sample, values in self.activations
        ]
        text = (
            f'{{"epoch":{facts.epoch},"seconds":{max(number(facts.seconds) or 0.0, 0.0)!r},'
            f'"recorded_at":{encoded(moment(facts.recorded_at))},'
            f'"learning_rate":{_number(facts.learning_rate)},"iterations":{facts.iterations},'
            f'"metrics":[{",".join(metrics)}],"slots":{self.buffer.slots_text},'
            f'"activations":[{",".join(samples)}],"bytes":{self.nbytes}}}\n'
        )
        return text.encode("utf-8", "replace")

    @property
    def nbytes(self) -> int:
        """The number of bytes behind the line."""
        own = self.buffer.nbytes
        return own + sum(v.nbytes for _, v in self.activations) if self.activations else own

    def chunks(self) -> list[memoryview]:
        """Returns the frame as pieces of memory, in order."""
        arrays = [_bytes(values) for _, values in self.activations if values.size]
        return [memoryview(self.first_line()), self.buffer.bytes, *arrays]


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


def _number(value: Any) -> str:
    known = number(value)
    return "null" if known is None else repr(known)


@functools.lru_cache(64)
def _metric_heads(keys: tuple[tuple[str, str], ...]) -> list[str]:
    """Names each metric once, by the name that Keras has for it: `val_loss`."""
    starts = {"train": "", "validation": "val_", "test": "test_"}
    taken: set[str] = set()
    heads: list[str] = []
    for split, name in keys:
        own = one_line(name, 190)
        while starts[split] + own in taken:
            own += "_"
        taken.add(starts[split] + own)
        heads.append(f"{encoded(split)},{encoded(own)}")
    return heads

"""The first line of a stream."""

from __future__ import annotations

import functools
import re
import socket
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from lstm_lab.stream.lines import line, plain
from lstm_lab.stream.tensors import Quantity, Slot, Tensor
from lstm_lab.stream.words import one_line, paragraph

LONGEST_FIRST_LINE = 1 << 25
LONGEST_CONFIG = 1_000_000
MOST_TENSORS = 100_000


class TooMuch(Exception):
    """Says that a stream cannot have so much, and what to do."""


@dataclass(frozen=True)
class RunDescription:
    """What a run is called, and who trains it."""

    name: str
    trainer: str
    uuid: str = field(default_factory=lambda: str(uuid.uuid4()))
    created_at: str = field(default_factory=lambda: moment(time.time()))
    notes: str | None = None
    tags: tuple[str, ...] = ()
    seed: int | None = None
    config: dict[str, Any] = field(default_factory=dict)
    data_hash: str | None = None
    host: str = field(default_factory=socket.gethostname)
    parent: tuple[str, int] | None = None
    """The uuid of the run that this one starts from, and the epoch there."""

    def as_json(self) -> dict[str, Any]:
        """Returns the object of the header."""
        parent = None
        if self.parent is not None:
            parent = {"uuid": self.parent[0], "epoch": self.parent[1]}
        config = plain(self.config)
        if len(line(config)) > LONGEST_CONFIG:
            config = {"left_out": f"it has more than {LONGEST_CONFIG} bytes"}
        return {
            "uuid": self.uuid,
            "name": self.name,
            "created_at": self.created_at,
            "notes": None if self.notes is None else paragraph(self.notes),
            "tags": list(self.tags),
            "seed": self.seed if self.seed is not None and 0 <= self.seed < 2**63 else None,
            "trainer": one_line(self.trainer, 200),
            "config": config,
            "data_hash": self.data_hash,
            "host": one_line(self.host, 200),
            "parent": parent,
        }


@dataclass(frozen=True)
class Header:
    """What does not change from epoch to epoch."""

    run: RunDescription
    tensors: tuple[Tensor, ...]
    slots: tuple[Slot, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    native: dict[str, Any] | None = None

    @functools.cached_property
    def layouts(self) -> dict[tuple[str, ...], Any]:
        """What stands where in a frame, by the slots that it has."""
        return {}

    @functools.cached_property
    def paths(self) -> dict[str, int]:
        """The place of each tensor, by the other program's name for it."""
        return {tensor.path: place for place, tensor in enumerate(self.tensors)}

    def first_line(self, after: int | None = None) -> bytes:
        """Returns a stream's first line; `after` is the stored epoch that it goes on from."""
        fields: dict[str, Any] = {"labstream": 1}
        if after is None:
            fields["run"] = self.run.as_json()
        else:
            fields["after"] = {"uuid": self.run.uuid, "epoch": after}
        fields["native"] = self.native
        fields["tensors"] = [tensor.as_json() for tensor in self.tensors]
        fields["slots"] = [slot.as_json(self.tensors) for slot in self.slots]
        fields["activations"] = [quantity.as_json() for quantity in self.quantities]
        first = line(fields)
        if len(first) > LONGEST_FIRST_LINE or len(self.tensors) > MOST_TENSORS:
            raise TooMuch(
                f"{len(self.tensors)} tensors, which take {len(first)} bytes to describe, are more "
                f"than a stream has ({MOST_TENSORS}, {LONGEST_FIRST_LINE} bytes): record a part of "
                "the model, such as watch(model.decoder, …)"
            )
        return first


def moment(seconds: float) -> str:
    """Returns a time in UTC, ISO 8601 with milliseconds."""
    return f"{_second(int(seconds))}.{int(seconds % 1 * 1000):03d}Z"


@functools.lru_cache(1)
def _second(seconds: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))


def run_name(name: str | None) -> str:
    """Returns a name that the lab takes: not a number, no `@`, one line, at most 200 characters."""
    kept = "".join(c for c in name or "" if c.isprintable() and c != "@").lstrip("- ")[:200].strip()
    if not kept:
        return "run"
    return f"run {kept}" if re.fullmatch(r"\d+", kept) else kept


def run_tags(tags: Sequence[str]) -> tuple[str, ...]:
    """Returns tags that the lab takes: different ones of at most 100 characters in one line."""
    kept = ("".join(c for c in tag if c.isprintable()).strip()[:100] for tag in tags)
    return tuple(dict.fromkeys(tag for tag in kept if tag))[:100]

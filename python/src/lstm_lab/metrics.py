"""Which part of the data a metric is of, by the names that frameworks give."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Any

STARTS = (
    ("validation", re.compile(r"(?:val|valid|validation|eval)[_/](.+)")),
    ("test", re.compile(r"test[_/](.+)")),
    ("train", re.compile(r"train[_/](.+)")),
)


def split_metrics(metrics: Mapping[str, Any]) -> list[tuple[str, str, Any]]:
    """Returns split, name and value of each: `val_loss` is the validation's `loss`.

    Where two would have one name, the later one keeps its own.
    """
    places = _places(tuple(metrics))
    return [(*place, metrics[name]) for name, place in places]


@functools.lru_cache(64)
def _places(names: tuple[str, ...]) -> list[tuple[str, tuple[str, str]]]:
    """The split and the name of each, which are the same in every epoch."""
    found: dict[tuple[str, str], str] = {}
    for name in names:
        key = ("train", name)
        for split, start in STARTS:
            rest = start.fullmatch(name)
            if rest and (split, rest[1]) not in found:
                key = (split, rest[1])
                break
        if name and key not in found:
            found[key] = name
    return [(name, key) for key, name in found.items()]

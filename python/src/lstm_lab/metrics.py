"""Which part of the data a metric is of, by the names that frameworks give."""

from __future__ import annotations

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
    found: dict[tuple[str, str], Any] = {}
    for name, value in metrics.items():
        key = ("train", name)
        for split, start in STARTS:
            rest = start.fullmatch(name)
            if rest and (split, rest[1]) not in found:
                key = (split, rest[1])
                break
        if name and key not in found:
            found[key] = value
    return [(split, name, value) for (split, name), value in found.items()]

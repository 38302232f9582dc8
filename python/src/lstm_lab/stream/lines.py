"""JSON as the recorder reads it: one line, strict, numbers that are finite."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

MOST_DEPTH = 20

encoded = json.JSONEncoder(allow_nan=False, ensure_ascii=False, separators=(",", ":")).encode
"""Returns a value as JSON."""


def line(fields: Mapping[str, Any]) -> bytes:
    """Returns an object as one line of UTF-8, with its line end."""
    return encoded(fields).encode("utf-8", "replace") + b"\n"


def plain(value: Any, depth: int = 0) -> Any:
    """Returns what JSON can say of any value: what it does not know becomes its text.

    A number that is not finite becomes its text, too: `nan`, `inf`.
    """
    if depth > MOST_DEPTH:
        return "…"
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return int(value) if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else str(float(value))
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted(str(item) for item in value)
    if getattr(value, "shape", None) == () and hasattr(value, "item"):
        return plain(value.item(), depth + 1)
    return text(value)


def text(value: Any) -> str:
    """Returns a value's text, whatever its class does when asked for it."""
    try:
        return str(value)[:1000]
    except Exception:
        return f"<{type(value).__name__}>"


def number(value: Any) -> float | None:
    """Returns a finite number, or None for what is none."""
    try:
        read = float(value)
    except (TypeError, ValueError, OverflowError, RuntimeError):
        return None
    return read if math.isfinite(read) else None

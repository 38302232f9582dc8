"""What the package says when something cannot be recorded: a warning, once."""

from __future__ import annotations

import warnings


class RecordingWarning(UserWarning):
    """Says that something is not recorded, why, and what to do next."""


class Voice:
    """Says each thing once."""

    def __init__(self) -> None:
        self._said: set[str] = set()

    def warn(self, kind: str, text: str) -> None:
        """Warns, if nothing of this kind was said before; never raises."""
        if kind in self._said:
            return
        self._said.add(kind)
        try:
            warnings.warn(f"lstm-lab: {text}", RecordingWarning, stacklevel=2)
        except Exception:
            return

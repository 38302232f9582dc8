"""What happens to open recordings when the process forks or ends."""

from __future__ import annotations

import atexit
import os
import sys
import weakref
from typing import Protocol


class OpenRecording(Protocol):
    """What is open until it is ended."""

    def end(self, status: str = ..., message: str | None = ...) -> None:
        """Ends it."""

    def close_inherited(self) -> None:
        """Lets go of it in a forked child."""


_open: weakref.WeakSet[OpenRecording] = weakref.WeakSet()
_is_registered = False


def register(recording: OpenRecording) -> None:
    """Has a recording ended when the process ends, and let go of in forked children."""
    global _is_registered
    _open.add(recording)
    if not _is_registered:
        _is_registered = True
        atexit.register(_end_all)
        if hasattr(os, "register_at_fork"):
            os.register_at_fork(after_in_child=_let_go_of_all)


def unregister(recording: OpenRecording) -> None:
    """Forgets a recording that was ended."""
    _open.discard(recording)


def status_of(error: BaseException | None) -> tuple[str, str | None]:
    """Returns how a training ended that an exception ended, if one did."""
    if error is None:
        return "completed", None
    if isinstance(error, (KeyboardInterrupt, GeneratorExit)):
        return "interrupted", None
    if isinstance(error, SystemExit):
        return ("completed", None) if error.code in (None, 0) else ("interrupted", None)
    return "failed", f"{type(error).__name__}: {error}"[:1000]


def _end_all() -> None:
    # The interpreter keeps what it printed a traceback of.
    error = getattr(sys, "last_exc", None) or getattr(sys, "last_value", None)
    status, message = status_of(error)
    for recording in list(_open):
        recording.end(status, message)


def _let_go_of_all() -> None:
    for recording in list(_open):
        recording.close_inherited()
    _open.clear()

"""A run being recorded: what the loggers of all frameworks share."""

from __future__ import annotations

import functools
import os
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, cast

from lstm_lab.sending import exits
from lstm_lab.sending.sender import Sender
from lstm_lab.sending.warnings import Voice
from lstm_lab.stream.frames import Buffer, EpochFacts, Frame, end_line
from lstm_lab.stream.header import Header
from lstm_lab.stream.turns import Array

Method = TypeVar("Method", bound=Callable[..., Any])


def never_raises(method: Method) -> Method:
    """Lets a method of an object with `voice` and `give_up` fail with one warning, no error."""

    @functools.wraps(method)
    def guarded(self: Any, *arguments: Any, **named: Any) -> Any:
        try:
            return method(self, *arguments, **named)
        except Exception as error:
            self.voice.warn("error", f"nothing more is recorded: {type(error).__name__}: {error}")
            self.give_up()
            return None

    return cast(Method, guarded)


def database(db: str | None) -> str:
    """Returns the database's path: the one given, else `LSTM_LAB_DB`, else `lab.db` here."""
    return str(Path(db or os.environ.get("LSTM_LAB_DB") or "lab.db").absolute())


def is_switched_off() -> bool:
    """Whether nothing is recorded, by `LSTM_LAB_OFF` or a rank above 0."""
    rank = os.environ.get("RANK", "0")
    is_other = rank.isdigit() and int(rank) > 0
    return os.environ.get("LSTM_LAB_OFF", "") not in ("", "0") or is_other


class Recording:
    """One stream of one run: begun, a frame for each epoch, ended."""

    def __init__(
        self, header: Header, db: str, voice: Voice, *, after: Frame | None = None
    ) -> None:
        """Begins a stream; with `after` it goes on with the same run from this epoch."""
        self.header = header
        self.voice = voice
        self.last: Frame | None = after
        self._fingerprints: dict[int, int] = {}
        self._in_order: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._sender: Sender | None = Sender(header, db, voice, after=after)
        exits.register(self)
        forgotten = weakref.finalize(self, _end_forgotten, self._sender)
        forgotten.atexit = False

    @property
    def is_open(self) -> bool:
        """Whether frames still go anywhere."""
        return self._sender is not None and self._sender.is_usable

    @property
    def number(self) -> int | None:
        """The run's number in the database, once the program has told it."""
        return None if self._sender is None else self._sender.number

    @property
    def file(self) -> str | None:
        """The file into which it is recorded, if it is not the database."""
        return None if self._sender is None else self._sender.file

    @property
    def next_epoch(self) -> int:
        """The number that the next frame has."""
        return 0 if self.last is None else self.last.facts.epoch + 1

    def buffer(self, slots: Sequence[str]) -> Buffer:
        """Returns room for an epoch's numbers."""
        if self._sender is None or not self._sender.is_usable:
            return Buffer(self.header, slots)
        named = tuple(slots)
        if named not in self._in_order:
            order = tuple(slot.name for slot in self.header.slots if slot.name in named)
            self._in_order[named] = order
        return self._sender.buffer(self._in_order[named])

    def submit(
        self, facts: EpochFacts, buffer: Buffer, activations: Sequence[tuple[int, Array]] = ()
    ) -> None:
        """Hands an epoch over, whole."""
        if self._sender is None or not self._sender.is_usable:
            return
        frame = Frame(facts, buffer, activations)
        self._fingerprints[facts.epoch] = buffer.fingerprint()
        self._sender.submit(frame)
        self.last = frame

    def epoch_with(self, fingerprint: int) -> int | None:
        """Returns the last epoch that has these weights."""
        epochs = [epoch for epoch, seen in self._fingerprints.items() if seen == fingerprint]
        return max(epochs, default=None)

    def end(
        self,
        status: str = "completed",
        message: str | None = None,
        result_epoch: int | None = None,
        test: Mapping[str, Any] | None = None,
    ) -> None:
        """Ends the stream and waits, not without bound, until it is stored."""
        exits.unregister(self)
        sender = self._sender
        if sender is None or not self.is_open:
            return
        self.is_ended = True
        sender.finish(end_line(status, message, result_epoch, test))

    is_ended = False

    def close_inherited(self) -> None:
        """Lets go of it in a forked child."""
        if self._sender is not None:
            self._sender.close_inherited()


def _end_forgotten(sender: Sender) -> None:
    """Ends the stream of a recording that nobody holds any more, if it was not ended."""
    sender.forget(end_line("interrupted"))

"""The program `lstm-lab record` as a child process: bytes in, a line of JSON a commit back."""

from __future__ import annotations

import contextlib
import json
import os
import re
import select
import subprocess
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from lstm_lab.sending.descriptors import kept_apart

PIPE_BYTES = 1 << 20
REST = 0.2
STORED = re.compile(rb'{"stored":(\d{1,18})}')
"""The answer that comes all the time."""
MOST_AT_ONCE = 64
"""Pieces of memory that one call writes; every system takes as many."""


class SinkFailed(Exception):
    """Says why a stream can go no further this way."""


class Recorder:
    """One recording process. All of its methods but `close_inherited` belong to one thread."""

    def __init__(
        self,
        program: str,
        db: str,
        patience: float,
        answered: Callable[[dict[str, Any]], None],
        may_rest: Callable[[], bool] = lambda: False,
    ) -> None:
        """Starts the process; `answered` is called for each answer, on a thread of its own.

        After answers that thread lets some more come, if it may.
        """
        self._patience = patience
        self._answered = answered
        self._may_rest = may_rest
        self._is_ending = threading.Event()
        self._words: deque[str] = deque(maxlen=5)
        self._error: str | None = None
        self._last_sign = time.monotonic()
        try:
            self._process = subprocess.Popen(
                [program, "record", "--db", db, "--quiet"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                bufsize=0,
                start_new_session=True,
            )
        except OSError as error:
            raise SinkFailed(f"{program} cannot be started: {error.strerror}") from error
        assert self._process.stdin is not None
        self._pipe: int | None = kept_apart(os.dup(self._process.stdin.fileno()))
        self._process.stdin.close()
        os.set_blocking(self._pipe, False)
        _enlarge(self._pipe)
        self._listener = threading.Thread(target=self._listen, name="lstm-lab answers", daemon=True)
        self._listener.start()

    def write(self, chunks: Sequence[memoryview]) -> None:
        """Writes all of the chunks; waits as long as the process gives signs of life."""
        rest = list(chunks)
        while rest:
            if self._pipe is None:
                raise SinkFailed("its input is closed")
            try:
                written = os.writev(self._pipe, rest[:MOST_AT_ONCE])
                self._last_sign = time.monotonic()
            except BlockingIOError:
                self._wait_for_room()
                continue
            except OSError as error:
                raise SinkFailed(self._reason(f"it is gone ({error.strerror})")) from error
            while rest and written >= len(rest[0]):
                written -= len(rest.pop(0))
            if written:
                rest[0] = rest[0][written:]

    def close(self) -> None:
        """Closes its input and waits until it has stored everything and ended."""
        self._close_pipe()
        self._last_sign = time.monotonic()
        while self._listener.is_alive():
            self._listener.join(0.05)
            if time.monotonic() - self._last_sign > self._patience:
                self.kill()
                raise SinkFailed(f"it gave no answer for {self._patience:g} seconds")
        try:
            code = self._process.wait(self._patience)
        except subprocess.TimeoutExpired as error:
            self.kill()
            raise SinkFailed("it does not end") from error
        if code != 0 or self._error is not None:
            raise SinkFailed(self._reason(f"it ended with code {code}"))

    def kill(self) -> None:
        """Ends the process at once."""
        self._close_pipe()
        with contextlib.suppress(OSError):
            self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(1)
        self._listener.join(1)

    def close_inherited(self) -> None:
        """Lets go of the pipe in a forked child, so that the parent's end is the only one."""
        self._close_pipe()
        if self._process.stdout is not None:
            with contextlib.suppress(OSError):
                self._process.stdout.close()
        self._process.returncode = 0

    def _close_pipe(self) -> None:
        self._is_ending.set()
        pipe, self._pipe = self._pipe, None
        if pipe is not None:
            with contextlib.suppress(OSError):
                os.close(pipe)

    def _wait_for_room(self) -> None:
        assert self._pipe is not None
        poll = select.poll()
        poll.register(self._pipe, select.POLLOUT)
        while not poll.poll(200):
            if time.monotonic() - self._last_sign > self._patience:
                self.kill()
                raise SinkFailed(f"it took nothing for {self._patience:g} seconds")

    def _listen(self) -> None:
        # No file object: a forked child would inherit it with the lock that this thread holds.
        assert self._process.stdout is not None
        output, rest = self._process.stdout.fileno(), b""
        try:
            while chunk := os.read(output, 1 << 12):
                self._last_sign = time.monotonic()
                *lines, rest = (rest + chunk).split(b"\n")
                for raw in lines:
                    self._hear(raw)
                if self._may_rest():
                    self._is_ending.wait(min(REST, self._patience / 10))
        except OSError:
            return

    def _hear(self, raw: bytes) -> None:
        stored = STORED.fullmatch(raw)
        if stored:
            self._answered({"stored": int(stored[1])})
            return
        text = raw.decode("utf-8", "replace").strip()
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            self._words.append(text)
            return
        if "error" in answer:
            self._error = str(answer["error"])
        self._answered(answer)

    def _reason(self, otherwise: str) -> str:
        self._is_ending.set()
        self._listener.join(1)
        return self._error or " · ".join(word for word in self._words if word) or otherwise


def _enlarge(pipe: int) -> None:
    """Gives the pipe room for a small epoch, where the system lets it."""
    try:
        import fcntl

        fcntl.fcntl(pipe, getattr(fcntl, "F_SETPIPE_SZ", 1031), PIPE_BYTES)
    except (ImportError, OSError):
        pass

"""The thread that sends frames, and keeps each until the recorder says that it is stored."""

from __future__ import annotations

import contextlib
import os
import threading
import time
from collections import deque
from queue import SimpleQueue
from typing import Any

from lstm_lab.sending.program import find_program
from lstm_lab.sending.recorder import Recorder, SinkFailed
from lstm_lab.sending.stream_file import StreamFile, new_stream_file
from lstm_lab.sending.warnings import Voice
from lstm_lab.stream.frames import Buffer, Frame
from lstm_lab.stream.header import Header, TooMuch

MOST_WAITING = 2
MOST_SPARE = 256
MOST_SPARE_BYTES = 4 << 20
MOST_BYTES_AT_REST = 1 << 16
MOST_UNANSWERED_BYTES = 64 << 20
MOST_UNANSWERED_FRAMES = 4
PATIENCE = 30.0


class Sender:
    """Sends one run's stream. Frames go in on the training's thread, and out on one of its own."""

    def __init__(
        self, header: Header, db: str, voice: Voice, *, after: Frame | None = None
    ) -> None:
        """Begins a stream; with `after` it goes on from this stored epoch, which is sent again."""
        self.header = header
        self.db = db
        self.number: int | None = None
        self.file: str | None = None
        self._voice = voice
        self._patience = _patience()
        # What waits to be sent. The sender's thread sleeps here: an answer does not wake it.
        self._waiting: SimpleQueue[Frame | bytes] = SimpleQueue()
        self._changed = threading.Condition()
        self._waiters = 0
        self._unanswered: deque[Frame] = deque()
        self._last_stored = after
        self._spare: list[Buffer] = []
        self._sink: Recorder | StreamFile | None = None
        self._is_lost = False
        self._is_done = False
        self._thread = threading.Thread(target=self._run, name="lstm-lab sender", daemon=True)
        self._thread.start()

    # MARK: On the training's thread

    @property
    def is_usable(self) -> bool:
        """Whether frames still go anywhere; in a forked child, which is told, they do not."""
        return not self._is_lost

    def buffer(self, slots: tuple[str, ...]) -> Buffer:
        """Returns room for an epoch, that of an earlier one where it can be had."""
        with contextlib.suppress(IndexError):
            spare = self._spare.pop()  # one call, which the thread of the answers cannot disturb
            if spare.slots == slots:
                return spare
        return Buffer(self.header, slots)

    def submit(self, frame: Frame) -> None:
        """Hands a frame over; waits where two are waiting already, as long as anything moves."""
        self._put(frame)

    def finish(self, end: bytes) -> None:
        """Ends the stream and waits until everything is stored, as long as anything moves."""
        if not self.is_usable:
            return
        self._put(end)
        longest = time.monotonic() + 20 * self._patience
        with self._changed:
            self._waiters += 1
            while not self._is_done and self._thread.is_alive():
                self._changed.wait(0.5)
                if time.monotonic() > longest:
                    self._voice.warn("end", "the recorder did not come to an end: not waited for")
                    break
            self._waiters -= 1

    def forget(self, end: bytes) -> None:
        """Ends the stream without waiting."""
        if self.is_usable and not self._is_done:
            self._waiting.put(end)

    def close_inherited(self) -> None:
        """Lets go of pipe and file in a forked child; the parent's recording goes on untouched."""
        self._is_lost = True
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.close_inherited()

    def _put(self, item: Frame | bytes) -> None:
        if not self.is_usable:
            return
        if self._waiting.qsize() >= MOST_WAITING:
            self._wait_for_room()
        if self.is_usable:
            self._waiting.put(item)

    def _wait_for_room(self) -> None:
        with self._changed:
            self._waiters += 1
            while (
                self._waiting.qsize() >= MOST_WAITING and self.is_usable and self._thread.is_alive()
            ):
                self._changed.wait(1)
            self._waiters -= 1

    def _tell(self) -> None:
        """Wakes who waits: who does has said so before it looked."""
        if self._waiters:
            with self._changed:
                self._changed.notify_all()

    # MARK: On the sender's thread

    def _run(self) -> None:
        try:
            self._open()
            while True:
                item = self._next()
                if isinstance(item, bytes):
                    self._end(item)
                    return
                self._send(item)
        except (SinkFailed, TooMuch) as failure:
            self._lose(str(failure))
        except Exception as error:
            self._lose(f"{type(error).__name__}: {error}")
        finally:
            self._is_done = True
            self._tell()

    def _next(self) -> Frame | bytes:
        """Takes what came first; a frame is kept until it is stored."""
        item = self._waiting.get()
        if isinstance(item, Frame):
            self._unanswered.append(item)
        self._tell()
        return item

    def _open(self) -> None:
        program = find_program()
        if program is None:
            self._go_on_in_file("the program lstm-lab is not installed (see LSTM_LAB_BIN)")
            return
        try:
            answered = self._answered
            recorder = Recorder(program, self.db, self._patience, answered, self._may_rest)
            self._sink = recorder
            recorder.write(self._start(self._last_stored))
        except SinkFailed as failure:
            self._go_on_in_file(str(failure))

    def _start(self, after: Frame | None) -> list[memoryview]:
        number = None if after is None else after.facts.epoch
        first = memoryview(self.header.first_line(number))
        return [first, *(after.chunks() if after is not None else ())]

    def _send(self, frame: Frame) -> None:
        sink = self._sink
        if isinstance(sink, Recorder):
            try:
                sink.write(frame.chunks())
                self._wait_for_answers()
            except SinkFailed as failure:
                self._go_on_in_file(str(failure))
        elif sink is not None:
            sink.write(frame.chunks())
            self._store(frame.facts.epoch)

    def _end(self, end: bytes) -> None:
        sink = self._sink
        if isinstance(sink, Recorder):
            try:
                sink.write([memoryview(end)])
                sink.close()
                with self._changed:
                    if self._unanswered:
                        raise SinkFailed("it ended without having stored everything")
                return
            except SinkFailed as failure:
                self._go_on_in_file(str(failure))
                sink = self._sink
        if sink is not None:
            sink.write([memoryview(end)])
            sink.close()

    def _go_on_in_file(self, reason: str) -> None:
        """Writes what was not stored into a file; it begins with the last epoch that was."""
        if isinstance(self._sink, Recorder):
            self._sink.kill()
        with self._changed:
            after, unanswered = self._last_stored, list(self._unanswered)
        start = self._start(after)
        file = new_stream_file(self.header.run.name, self.header.run.uuid, self.db)
        self._sink = file
        self.file = str(file.path)
        self._voice.warn(
            "file",
            f"recording goes on in {file.path}, because {reason}; "
            f"take it in with: lstm-lab record {file.path} --db {self.db}",
        )
        file.write(start)
        for frame in unanswered:
            file.write(frame.chunks())
            self._store(frame.facts.epoch)

    def _lose(self, reason: str) -> None:
        self._is_lost = True
        if isinstance(self._sink, Recorder):
            self._sink.kill()
        elif self._sink is not None:
            self._sink.close()
        self._voice.warn("lost", f"nothing more is recorded, because {reason}")
        while not self._waiting.empty():
            self._waiting.get()
        with self._changed:
            self._unanswered.clear()
        self._tell()

    def _wait_for_answers(self) -> None:
        """Waits while more is without an answer than may be kept."""
        if len(self._unanswered) <= MOST_UNANSWERED_FRAMES:
            return
        since, known = time.monotonic(), -1
        with self._changed:
            self._waiters += 1
            while len(self._unanswered) > MOST_UNANSWERED_FRAMES and (
                sum(frame.nbytes for frame in self._unanswered) > MOST_UNANSWERED_BYTES
            ):
                if len(self._unanswered) != known:
                    since, known = time.monotonic(), len(self._unanswered)
                if time.monotonic() - since > self._patience:
                    self._waiters -= 1
                    raise SinkFailed(f"it stored nothing for {self._patience:g} seconds")
                self._changed.wait(0.2)
            self._waiters -= 1

    # MARK: On the thread of the recorder's answers

    def _answered(self, answer: dict[str, Any]) -> None:
        if isinstance(answer.get("run"), int):
            self.number = answer["run"]
        if isinstance(answer.get("stored"), int):
            self._store(answer["stored"])

    def _may_rest(self) -> bool:
        """Whether answers can wait, because what is kept until they come is small."""
        last = self._last_stored
        return last is not None and last.nbytes <= MOST_BYTES_AT_REST

    def _store(self, epoch: int) -> None:
        """Lets go of what is stored, but for the last such epoch: a file begins with it."""
        with self._changed:
            while self._unanswered and self._unanswered[0].facts.epoch <= epoch:
                stored = self._unanswered.popleft()
                if self._last_stored is not None:
                    self._keep(self._last_stored.buffer)
                self._last_stored = stored
        self._tell()

    def _keep(self, buffer: Buffer) -> None:
        """Keeps room for another epoch; of small epochs as many as one commit has."""
        kept = len(self._spare)
        if kept < MOST_WAITING or (kept < MOST_SPARE and kept * buffer.nbytes < MOST_SPARE_BYTES):
            self._spare.append(buffer)


def _patience() -> float:
    try:
        return max(float(os.environ.get("LSTM_LAB_PATIENCE", PATIENCE)), 0.1)
    except ValueError:
        return PATIENCE

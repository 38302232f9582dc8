"""The stream in a file, for `lstm-lab record FILE` to take in later."""

from __future__ import annotations

import contextlib
import os
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from lstm_lab.sending.descriptors import kept_apart
from lstm_lab.sending.recorder import SinkFailed


class StreamFile:
    """A file that holds whole frames only."""

    def __init__(self, path: Path) -> None:
        """Makes a new file; an older one of the same name stays."""
        self.path = path
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0)
            self._file: int | None = kept_apart(os.open(path, flags, 0o666))
        except OSError as error:
            raise SinkFailed(f"{path} cannot be made: {error.strerror}") from error
        self._end = 0

    def write(self, chunks: Sequence[memoryview]) -> None:
        """Appends all of the chunks, or nothing."""
        if self._file is None:
            raise SinkFailed(f"{self.path} is closed")
        try:
            written = 0
            for chunk in chunks:
                rest = chunk
                while rest:
                    count = os.write(self._file, rest)
                    written += count
                    rest = rest[count:]
        except OSError as error:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._end)
                os.lseek(self._file, self._end, os.SEEK_SET)
            raise SinkFailed(f"{self.path} cannot be written: {error.strerror}") from error
        self._end += written

    def close(self) -> None:
        """Closes the file; one in which nothing stands is removed."""
        file, self._file = self._file, None
        if file is None:
            return
        with contextlib.suppress(OSError):
            os.close(file)
        if self._end == 0:
            with contextlib.suppress(OSError):
                self.path.unlink()

    def close_inherited(self) -> None:
        """Lets go of the file in a forked child."""
        file, self._file = self._file, None
        if file is not None:
            with contextlib.suppress(OSError):
                os.close(file)


def new_stream_file(name: str, uuid: str, db: str) -> StreamFile:
    """Makes `NAME-UUID.labstream` beside the database, else here, else where temporary files are.

    A name that is taken gets a number behind it: `NAME-UUID.2.labstream`.
    """
    stem = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[:60] or "run"
    folders = [Path(db).absolute().parent, Path.cwd(), Path(tempfile.gettempdir())]
    failure: SinkFailed | None = None
    for folder in dict.fromkeys(folders):
        for number in range(1, 100):
            end = "" if number == 1 else f".{number}"
            path = folder / f"{stem}-{uuid}{end}.labstream"
            if path.exists():
                continue
            try:
                return StreamFile(path)
            except SinkFailed as error:
                failure = failure or error
                break
    raise failure or SinkFailed("there is no folder for a file")

"""The run that a training goes on from: with the same bits it is the same run, else another one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from lstm_lab.recording import Recording
from lstm_lab.sending.warnings import Voice
from lstm_lab.stream.frames import Buffer
from lstm_lab.stream.header import Header, RunDescription
from lstm_lab.stream.turns import Array


@dataclass
class Previous:
    """What is known of the run before."""

    run: RunDescription
    epoch: int
    iterations: int
    tensor_names: list[str]
    slot_names: list[str]
    flat: Array
    recording: Recording | None = None

    @staticmethod
    def of(recording: Recording) -> Previous | None:
        """Describes the last epoch that this process has recorded."""
        last = recording.last
        if last is None:
            return None
        header = recording.header
        return Previous(
            header.run,
            last.facts.epoch,
            last.facts.iterations,
            [tensor.path for tensor in header.tensors],
            list(last.buffer.slots),
            last.buffer.flat,
            recording,
        )

    def is_same(self, header: Header, buffer: Buffer, iterations: int) -> bool:
        """Whether the state now is that of its last epoch, bit for bit."""
        return (
            self.tensor_names == [tensor.path for tensor in header.tensors]
            and self.slot_names == list(buffer.slots)
            and self.iterations == iterations
            and self.flat.shape == buffer.flat.shape
            and np.array_equal(self.flat.view(np.uint32), buffer.flat.view(np.uint32))
        )

    def header(self, header: Header) -> Header:
        """Returns the header with which this run goes on."""
        return replace(header, run=self.run)

    def fork(self, header: Header, buffer: Buffer) -> Header:
        """Returns the header of another run, a child of this one where the weights are its."""
        count = buffer.weights_count
        parent = None
        if self.recording is not None:
            epoch = self.recording.epoch_with(buffer.fingerprint())
            parent = None if epoch is None else (self.run.uuid, epoch)
        elif np.array_equal(self.flat[:count], buffer.flat[:count]):
            parent = (self.run.uuid, self.epoch)
        config = {**header.run.config, "goes_on_from": f"{self.run.uuid}@{self.epoch}"}
        return replace(header, run=replace(header.run, parent=parent, config=config))


def stored_run(db: str, run: int | str, voice: Voice) -> Previous | None:
    """Reads the last epoch of a stored run; where that cannot be, says so."""
    from lstm_lab.reading.database import Database

    try:
        with Database(db) as database:
            return database.previous(run)
    except Exception as error:
        voice.warn("resume", f"a run of its own begins, because {run} cannot be read: {error}")
        return None

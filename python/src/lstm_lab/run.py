"""`Run`: recording of any program's training, by hand."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from lstm_lab.arrays import described, filled
from lstm_lab.metrics import split_metrics
from lstm_lab.recording import Recording, database, is_switched_off, never_raises
from lstm_lab.sending import exits
from lstm_lab.sending.warnings import Voice
from lstm_lab.stream.frames import EpochFacts
from lstm_lab.stream.header import Header, RunDescription, run_name, run_tags
from lstm_lab.stream.tensors import Slot, SlotEntry


class Run:
    """A training that is recorded epoch by epoch.

    ```python
    with lstm_lab.Run(name="walks", config={"units": 4}) as run:
        run.log(0, weights={"rnn/kernel": kernel})
        run.log(1, {"loss": 0.69, "val_loss": 0.71}, weights={"rnn/kernel": kernel})
    ```

    Epoch 0 is the state before training. What is logged first says which tensors there are. Nothing
    here raises into the training: what cannot be recorded is told in one warning.
    """

    def __init__(
        self,
        name: str | None = None,
        *,
        db: str | None = None,
        config: Mapping[str, Any] | None = None,
        notes: str | None = None,
        tags: Sequence[str] = (),
        seed: int | None = None,
        trainer: str | None = None,
        cells: Mapping[str, str] | None = None,
    ) -> None:
        """Describes a run; nothing is written before the first `log`.

        `cells` names recurrent layers whose tensors are in Keras's order: `{"rnn": "lstm"}`.
        """
        self.voice = Voice()
        self.description = RunDescription(
            name=run_name(name),
            trainer=trainer or f"numpy {np.__version__}",
            notes=notes,
            tags=run_tags(tags),
            seed=seed,
            config=dict(config or {}),
        )
        self._db = database(db)
        self._cells = dict(cells or {})
        self._recording: Recording | None = None
        self._is_off = is_switched_off()
        self._last_time = time.perf_counter()

    @property
    def uuid(self) -> str:
        """The run's uuid."""
        return self.description.uuid

    @property
    def number(self) -> int | None:
        """The run's number in the database, once the program has told it."""
        return None if self._recording is None else self._recording.number

    @property
    def file(self) -> str | None:
        """The file into which it is recorded, if it is not the database."""
        return None if self._recording is None else self._recording.file

    @never_raises
    def log(
        self,
        epoch: int,
        metrics: Mapping[str, Any] | None = None,
        weights: Mapping[str, Any] | None = None,
        *,
        optimizer: Mapping[str, Mapping[str, Any]] | None = None,
        learning_rate: float | None = None,
        iterations: int = 0,
        seconds: float | None = None,
    ) -> None:
        """Records an epoch.

        Metrics that begin with `val_` are the validation's, with `test_` the test's. Weights that
        are not given stay as they were. `optimizer` has for each slot the tensors by the weights'
        names. Epochs are numbered on by one; another number is kept as the metric `step`.
        """
        if self._is_off:
            return
        weights, optimizer = weights or {}, optimizer or {}
        if self._recording is None:
            self._begin(weights, optimizer)
        recording = self._recording
        if recording is None or not recording.is_open:
            return
        facts = EpochFacts(
            epoch=epoch,
            seconds=self._seconds(seconds),
            learning_rate=learning_rate,
            iterations=iterations,
            metrics=split_metrics(metrics or {}),
        )
        if recording.last is not None and epoch != recording.next_epoch:
            self.voice.warn(
                "number", f"epoch {epoch} is stored as {recording.next_epoch}: they rise by one"
            )
            facts.epoch = recording.next_epoch
            facts.metrics = [*facts.metrics, ("train", "step", float(epoch))]
        buffer = recording.buffer(list(optimizer))
        filled(buffer, recording, weights, optimizer)
        recording.submit(facts, buffer)

    @never_raises
    def end(
        self,
        status: str = "completed",
        message: str | None = None,
        result_epoch: int | None = None,
        test: Mapping[str, Any] | None = None,
    ) -> None:
        """Ends the run and waits until it is stored."""
        if self._recording is not None and not self._recording.is_ended:
            self._recording.end(status, message, result_epoch, test)

    def give_up(self) -> None:
        """Records nothing more after an error of the package's own."""
        recording, self._is_off = self._recording, True
        if recording is not None and not recording.is_ended:
            try:
                recording.end("failed", "the recording failed, not the training")
            except Exception:
                return

    def __enter__(self) -> Run:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.end(*exits.status_of(error))

    def _begin(
        self, weights: Mapping[str, Any], optimizer: Mapping[str, Mapping[str, Any]]
    ) -> None:
        tensors = described(weights, self._cells)
        places = {tensor.path: index for index, tensor in enumerate(tensors)}
        slots = tuple(
            Slot(
                name,
                tuple(
                    SlotEntry(places.get(path), np.shape(array)) for path, array in arrays.items()
                ),
            )
            for name, arrays in optimizer.items()
        )
        header = Header(self.description, tensors, slots)
        self._recording = Recording(header, self._db, self.voice)

    def _seconds(self, given: float | None) -> float:
        now, then = time.perf_counter(), self._last_time
        self._last_time = now
        return now - then if given is None else given

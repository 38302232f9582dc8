"""`LabLogger`: the callback that records a Keras training."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from lstm_lab.chain import ChainReplay
from lstm_lab.keras import description, native
from lstm_lab.keras.building import is_built
from lstm_lab.keras.fit_call import FitCall, find_callback_list, find_fit
from lstm_lab.keras.gates import GateReplay, chosen
from lstm_lab.keras.slots import build
from lstm_lab.keras.state import ModelState
from lstm_lab.losses import Unknown, with_reason
from lstm_lab.metrics import split_metrics
from lstm_lab.previous import Previous, stored_run
from lstm_lab.recording import Recording, database, is_switched_off, never_raises
from lstm_lab.sending.warnings import Voice
from lstm_lab.stream.frames import Buffer, EpochFacts, Frame
from lstm_lab.stream.header import Header, RunDescription, run_name, run_tags
from lstm_lab.stream.lines import number
from lstm_lab.stream.turns import Array


class LabLogger(keras.callbacks.Callback):  # type: ignore[misc]
    """Records every weight, the optimizer's state and the metrics of each epoch of `fit`.

    ```python
    model.fit(x, y, epochs=50, callbacks=[LabLogger(name="walks")])
    ```

    Epoch 0 is the state before training. A second `fit` with the same logger goes on with the run
    where the weights and the optimizer are as the first one left them; else it is a run of its own.
    `gates` are numbers of samples, `gates=[0, 3]`, where `fit` was given arrays, or samples
    themselves, `gates=x[:2]`: what each recurrent layer computes for them is recorded with every
    epoch.
    `resume="3"` goes on with a stored run that the script has loaded again.
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
        gates: Any = None,
        resume: int | str | None = None,
    ) -> None:
        """Describes a run; it begins with `fit`."""
        super().__init__()
        self.voice = Voice()
        self._name, self._notes, self._tags, self._seed = name, notes, run_tags(tags), seed
        self._config = dict(config or {})
        self._db = database(db)
        self._gates = gates
        self._resume = resume
        self._is_off = is_switched_off()
        self._callbacks: Any = None
        self._state: ModelState | None = None
        self._recording: Recording | None = None
        self._replay: ChainReplay | GateReplay | None = None
        self._began = time.perf_counter()
        self._lost_in_epoch = False

    @property
    def number(self) -> int | None:
        """The run's number in the database, once the program has told it."""
        return None if self._recording is None else self._recording.number

    @property
    def uuid(self) -> str | None:
        """The run's uuid, once it has begun."""
        return None if self._recording is None else self._recording.header.run.uuid

    @property
    def file(self) -> str | None:
        """The file into which it is recorded, if it is not the database."""
        return None if self._recording is None else self._recording.file

    def set_model(self, model: Any) -> None:
        """Takes the model, and finds the list of callbacks that this is one of."""
        super().set_model(model)
        self._callbacks = find_callback_list(self)

    @never_raises
    def on_train_begin(self, logs: Any = None) -> None:
        """Begins a run, or goes on with the one before; records the state before training."""
        if self._is_off:
            return
        self._come_last()
        self._state = None
        if is_built(self.model, find_fit(self.model)):
            self._begin()
        else:
            self.voice.warn("unbuilt", "the model has no weights before it is trained: no epoch 0")

    @never_raises
    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Notes the time."""
        self._began = time.perf_counter()

    @never_raises
    def on_epoch_end(self, epoch: int, logs: Mapping[str, Any] | None = None) -> None:
        """Records the epoch."""
        seconds = time.perf_counter() - self._began
        if self._is_off:
            return
        _ = self.model  # with JAX, this is what brings the variables up to date
        if self._state is None:
            self._begin(first=1)
        state, recording = self._state, self._recording
        if state is None or recording is None or not recording.is_open:
            return
        measured = dict(logs or {})
        rate = measured.pop("learning_rate", None)  # as it was, where a callback has changed it
        facts = EpochFacts(
            epoch=recording.next_epoch,
            seconds=seconds,
            learning_rate=state.learning_rate(of_last_step=True) if rate is None else rate,
            iterations=state.iterations,
            metrics=split_metrics(measured),
        )
        if recording.last is None:
            facts.epoch = 1
        self._submit(facts)

    @never_raises
    def on_train_end(self, logs: Mapping[str, Any] | None = None) -> None:
        """Ends the run, unless there is somebody who does it after all other callbacks."""
        if self._callbacks is None:
            self.finish()

    @never_raises
    def finish(self) -> None:
        """Ends the run: which epoch the weights are of in the end, and whether they are numbers."""
        model, state, recording = self.model, self._state, self._recording
        if self._is_off or state is None or recording is None or recording.is_ended:
            return
        del model
        message, result = None, None
        last = recording.last
        if last is not None and recording.is_open:
            room = Buffer(recording.header, ())
            state.copy_weights(room)
            seen = room.fingerprint()
            if seen != last.buffer.fingerprint():
                result = recording.epoch_with(seen)
                if result is None:
                    result = recording.next_epoch
                    message = f"the weights were replaced after epoch {result - 1}"
                    rate = last.facts.learning_rate
                    facts = EpochFacts(result, learning_rate=rate, iterations=state.iterations)
                    self._submit(facts)
        losses = [
            v for s, n, v in (last.facts.metrics if last else ()) if (s, n) == ("train", "loss")
        ]
        if any(number(loss) is None for loss in losses):
            recording.end("diverged", "the loss is not a number", result)
        else:
            recording.end("completed", message, result)

    def give_up(self) -> None:
        """Records nothing more after an error of the package's own."""
        recording, self._is_off = self._recording, True
        if recording is not None and not recording.is_ended:
            try:
                recording.end("failed", "the recording failed, not the training")
            except Exception:
                return

    def _come_last(self) -> None:
        """Has the run ended after all callbacks: one of them may put other weights back."""
        owner = self._callbacks
        if owner is not None and not any(isinstance(one, _Last) for one in owner.callbacks):
            # A new list: the one that is there is being gone through.
            owner.callbacks = [*owner.callbacks, _Last(self)]

    def _begin(self, first: int = 0) -> None:
        model = self.model
        fit = find_fit(model)
        build(model.optimizer, model)
        state = self._state = ModelState.of(model)
        before = self._previous()
        header, replay = self._header(state, fit)
        facts = EpochFacts(
            epoch=first,
            learning_rate=state.learning_rate(of_last_step=False),
            iterations=state.iterations,
        )
        buffer = Buffer(header, state.slot_names)
        state.copy(buffer)
        self._replay = replay
        if before is not None and before.is_same(header, buffer, facts.iterations):
            facts.epoch = before.epoch
            if (
                before.recording is not None
                and before.recording.is_open
                and (not before.recording.is_ended)
            ):
                return
            same = before.header(header)
            after = Frame(facts, Buffer(same, state.slot_names), ())
            after.buffer.flat[...] = buffer.flat
            self._recording = Recording(same, self._db, self.voice, after=after)
            return
        if before is not None:
            header = before.fork(header, buffer)
            if before.recording is not None and not before.recording.is_ended:
                before.recording.end("interrupted")
        self._recording = Recording(header, self._db, self.voice)
        if first == 0:
            self._recording.submit(facts, buffer, self._activations(header, buffer))

    def _previous(self) -> Previous | None:
        if self._recording is not None:
            return Previous.of(self._recording)
        resume, self._resume = self._resume, None
        return None if resume is None else stored_run(self._db, resume, self.voice)

    def _header(
        self, state: ModelState, fit: FitCall
    ) -> tuple[Header, ChainReplay | GateReplay | None]:
        model = self.model
        epochs = (self.params or {}).get("epochs")
        layers = native.model_layers(model)
        known: dict[str, Any] | None = None
        reason: str | None = None
        if layers is not None:
            try:
                known = native.native_model(model, layers, epochs, fit.batch_size)
            except Unknown as unknown:
                reason = str(unknown)
        replay = self._gate_replay(layers, fit)
        run = RunDescription(
            name=run_name(self._name or model.name),
            trainer=description.trainer(),
            notes=self._notes,
            tags=self._tags,
            seed=self._seed,
            config=with_reason(
                description.config(model, epochs, fit.batch_size, self._config), reason
            ),
        )
        quantities = () if replay is None else replay.quantities
        return Header(run, state.tensors, state.slots, quantities, known), replay

    def _gate_replay(
        self, layers: list[dict[str, Any]] | None, fit: FitCall
    ) -> ChainReplay | GateReplay | None:
        try:
            samples = chosen(self._gates, fit.x)
            if samples is None:
                return None
            if layers is not None:
                x = np.asarray(keras.tree.flatten(samples.x)[0])
                return ChainReplay(layers, samples.numbers, list(x))
            replay = GateReplay(self.model, samples)
        except Exception as error:
            self.voice.warn("gates", f"gates are not recorded: {type(error).__name__}: {error}")
            return None
        if replay.left_out:
            self.voice.warn(
                "steps", f"gates of {replay.left_out} are not recorded: they have other time steps"
            )
        return replay if replay.quantities else None

    def _submit(self, facts: EpochFacts) -> None:
        state, recording = self._state, self._recording
        assert state is not None
        assert recording is not None
        buffer = recording.buffer(state.slot_names)
        state.copy(buffer)
        recording.submit(facts, buffer, self._activations(recording.header, buffer))

    def _activations(self, header: Header, buffer: Buffer) -> list[tuple[int, Array]]:
        if self._replay is None:
            return []
        try:
            if isinstance(self._replay, ChainReplay):
                return self._replay.values(header, buffer)
            return self._replay.values()
        except Exception as error:
            self._replay = None
            self.voice.warn("gates", f"gates are not recorded: {type(error).__name__}: {error}")
            return []


class _Last(keras.callbacks.Callback):  # type: ignore[misc]
    """Stands behind all callbacks and ends the run."""

    def __init__(self, logger: LabLogger) -> None:
        super().__init__()
        self._logger = logger

    def on_train_end(self, logs: Any = None) -> None:
        self._logger.finish()

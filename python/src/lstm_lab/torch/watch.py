"""`watch`: recording of a PyTorch training loop."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from lstm_lab.losses import Unknown, with_reason
from lstm_lab.metrics import split_metrics
from lstm_lab.previous import Previous, stored_run
from lstm_lab.recording import Recording, database, is_switched_off, never_raises
from lstm_lab.sending import exits
from lstm_lab.sending.warnings import Voice
from lstm_lab.stream.frames import Buffer, EpochFacts, Frame
from lstm_lab.stream.header import Header, RunDescription, run_name, run_tags
from lstm_lab.stream.turns import Array
from lstm_lab.torch import native
from lstm_lab.torch.gates import GateReplay, as_arguments, recurrent_modules
from lstm_lab.torch.look import copied, looked_at
from lstm_lab.torch.modules import unwrapped
from lstm_lab.torch.optimizers import (
    are_numbers,
    has_state,
    listed,
    plain,
    rank,
    settings,
    steps_made,
)
from lstm_lab.torch.slots import Found, Slots, matched
from lstm_lab.torch.tensors import described, values


def watch(
    model: Any,
    optimizer: Any = None,
    *,
    name: str | None = None,
    db: str | None = None,
    config: Mapping[str, Any] | None = None,
    notes: str | None = None,
    tags: Sequence[str] = (),
    seed: int | None = None,
    gates: Any = None,
    loss: Any = None,
    resume: int | str | None = None,
    trainer: str | None = None,
) -> Watch:
    """Records a model from now on: epoch 0 is as it is, each `epoch(...)` is the next.

    ```python
    run = lstm_lab.watch(model, optimizer, name="walks", gates=[0, 3], loss=criterion)
    for epoch in range(50):
        ...
        run.epoch(loss=train_loss, val_loss=val_loss)
    ```

    `optimizer` is one or a list of them. `gates` are places in the first batch that the model is
    given in training, `gates=[0, 3]`, or samples: a tensor, or a tuple of the model's arguments.
    `loss` is what the training makes small, `loss=criterion` or `loss="cross_entropy"`: what
    lstm-lab shall compute itself needs it, where it is no module of the model.
    `resume="3"` goes on with a stored run that the script has loaded again. Nothing here raises
    into the training.
    """
    description = {"name": name, "notes": notes, "tags": tags, "seed": seed, "trainer": trainer}
    return Watch(model, optimizer, description, database(db), config or {}, gates, loss, resume)


class Watch:
    """A model that is being recorded; `watch` makes it."""

    def __init__(
        self,
        model: Any,
        optimizer: Any,
        description: Mapping[str, Any],
        db: str,
        config: Mapping[str, Any],
        gates: Any,
        loss: Any,
        resume: int | str | None,
    ) -> None:
        """Begins to watch; see `watch`."""
        self.voice = Voice()
        self._is_off = is_switched_off() or rank() > 0
        self._outer, self._model = model, unwrapped(model)
        self._optimizers = [plain(one) for one in listed(optimizer)]
        self._description, self._db, self._config = description, db, dict(config)
        self._gates, self._loss, self._resume = gates, loss, resume
        self._recording: Recording | None = None
        self._slots: Slots = Slots((), {})
        self._replay: GateReplay | None = None
        self._hooks: list[Any] = []
        self._steps = 0
        self._rate: float | None = None
        self._layers: list[dict[str, Any]] | None = None
        self._held: tuple[Buffer, list[tuple[int, Array]]] | None = None
        self._activations: list[tuple[int, Array]] = []
        self._began = time.perf_counter()
        self._start()

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

    @never_raises
    def epoch(
        self,
        metrics: Mapping[str, Any] | None = None,
        *,
        seconds: float | None = None,
        **named: Any,
    ) -> None:
        """Records the state after an epoch, with its metrics: `loss=`, `val_loss=`, …."""
        now = time.perf_counter()
        if self._is_off:
            self._gather()
            return
        self._begin()
        recording = self._recording
        if recording is None or not recording.is_open:
            return
        rate = self._rate if self._rate is not None else self._rate_now()
        measured = split_metrics({**(metrics or {}), **named})
        rates = [float(g["lr"]) for o in self._optimizers for g in o.param_groups if "lr" in g]
        if len(set(rates)) > 1:
            measured += [("train", f"learning_rate_{i}", r) for i, r in enumerate(rates)]
        facts = EpochFacts(
            epoch=recording.next_epoch,
            seconds=now - self._began if seconds is None else seconds,
            learning_rate=rate,
            iterations=self._steps,
            metrics=measured,
        )
        held = self._held or self._state_now(recording)
        self._held = None
        recording.submit(facts, *held)
        self._began = time.perf_counter()

    @never_raises
    def hold(self) -> None:
        """Keeps the state as it is now for the next `epoch(...)`, whose metrics come later."""
        if self._is_off:
            return
        self._begin()
        if self._recording is not None and self._recording.is_open:
            self._held = self._state_now(self._recording)

    @never_raises
    def end(
        self,
        status: str = "completed",
        message: str | None = None,
        result_epoch: int | None = None,
        test: Mapping[str, Any] | None = None,
    ) -> None:
        """Ends the run and waits until it is stored.

        Where the model has the weights of an earlier epoch by then, that one is the run's result.
        """
        exits.unregister(self)
        self._unhook()
        recording = self._recording
        if self._is_off or recording is None or recording.is_ended:
            if self._is_off or recording is not None:
                return
            self._begin()
            recording = self._recording
        if recording is None:
            return
        last = recording.last
        if result_epoch is None and status == "completed" and last is not None:
            room = Buffer(recording.header, ())
            self._copy(room, {})
            if room.fingerprint() != last.buffer.fingerprint():
                result_epoch = recording.epoch_with(room.fingerprint())
        recording.end(status, message, result_epoch, test)

    def give_up(self) -> None:
        """Records nothing more after an error of the package's own."""
        recording, self._is_off = self._recording, True
        self._unhook()
        if recording is not None and not recording.is_ended:
            try:
                recording.end("failed", "the recording failed, not the training")
            except Exception:
                return

    def close_inherited(self) -> None:
        """Lets go of everything in a forked child."""
        self._is_off = True

    def __enter__(self) -> Watch:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.end(*exits.status_of(error))

    # MARK: Before the first step

    @never_raises
    def _start(self) -> None:
        """Keeps the state before training; the stream begins when the optimizer has one, too."""
        if self._is_off:
            return
        self._sources = described(self._model)
        self._steps = steps_made(self._optimizers)
        self._first_rate = self._rate_now()
        self._slots = matched(self._optimizers, self._sources)
        tensors = tuple(source.tensor for source in self._sources)
        first = Header(self._run(), tensors, self._slots.slots)
        now = self._slots.now()
        self._first = Buffer(first, list(now))
        self._copy(self._first, now)
        self._first_steps = self._steps
        self._listen()
        exits.register(self)
        if self._gates is not None and not are_numbers(self._gates):
            self._look(as_arguments(self._gates), {}, None)

    def _listen(self) -> None:
        for optimizer in self._optimizers:
            if hasattr(optimizer, "register_step_post_hook"):
                self._hooks.append(optimizer.register_step_post_hook(self._stepped))
        if recurrent_modules(self._model):
            hook = self._outer.register_forward_pre_hook(self._applied, with_kwargs=True)
            self._first_batch: Any = hook
            self._hooks.append(hook)

    @never_raises
    def _stepped(self, optimizer: Any, *_: Any) -> None:
        if optimizer is self._optimizers[0]:
            self._steps += 1
            self._rate = optimizer.param_groups[0].get("lr")
        if (
            self._recording is None
            and not self._is_off
            and all(has_state(one) for one in self._optimizers)
        ):
            self._begin()

    @never_raises
    def _applied(self, module: Any, arguments: tuple[Any, ...], named: dict[str, Any]) -> None:
        """Looks at the first batch of the training, before anything is learnt from it."""
        if not self._model.training or self._recording is not None or self._is_off:
            return
        self._first_batch.remove()
        if self._replay is None:
            numbers = self._gates if are_numbers(self._gates) else None
            self._look(copied(arguments), copied(named), numbers)

    def _look(self, arguments: tuple[Any, ...], named: dict[str, Any], numbers: Any) -> None:
        header = Header(self._run(), tuple(source.tensor for source in self._sources))
        weights = {t.name: v.values for t, v in zip(header.tensors, self._first.weights)}
        try:
            self._layers = self._proven(weights, arguments, named)
        except Exception:
            self._layers = None  # a model that is not known is no mistake
        if self._gates is None:
            return
        try:
            replay = GateReplay(self._model, numbers, arguments, named)
            self._activations = replay.values(header, self._first)
            self._replay = replay
        except Exception as error:
            self.voice.warn("gates", f"gates are not recorded: {type(error).__name__}: {error}")
            return
        if replay.left_out:
            text = f"gates of {replay.left_out} are not recorded: they have other time steps"
            self.voice.warn("steps", text)

    def _proven(
        self, weights: dict[str, Any], arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> list[dict[str, Any]] | None:
        if len(arguments) != 1 or named or not isinstance(arguments[0], torch.Tensor):
            return None
        x = arguments[0][: native.PROVEN_SAMPLES]

        def look(changed: dict[str, Any]) -> Any:
            return looked_at(self._model, [], (x,), {}, changed)[0]

        rows = [np.asarray(row.cpu().numpy()) for row in x]
        return native.proven_layers(self._model, weights, rows, look)

    # MARK: The stream

    def _begin(self) -> None:
        """Begins the stream with epoch 0, as it was when watching began."""
        if self._recording is not None:
            return
        self._slots = matched(self._optimizers, self._sources)
        known, reason = self._native()
        quantities = () if self._replay is None else self._replay.quantities
        tensors = tuple(source.tensor for source in self._sources)
        run = self._run()
        run = replace(run, config=with_reason(run.config, reason))
        header = Header(run, tensors, self._slots.slots, quantities, known)
        buffer = Buffer(header, self._first.slots)
        if buffer.flat.shape != self._first.flat.shape:
            buffer = Buffer(header, ())
        buffer.flat[...] = self._first.flat[: len(buffer.flat)]
        facts = EpochFacts(0, learning_rate=self._first_rate, iterations=self._first_steps)
        before = self._previous()
        if before is not None and before.is_same(header, buffer, facts.iterations):
            facts.epoch = before.epoch
            header = before.header(header)
            after = Frame(facts, buffer, ())
            self._recording = Recording(header, self._db, self.voice, after=after)
            return
        if before is not None:
            header = before.fork(header, buffer)
        self._recording = Recording(header, self._db, self.voice)
        self._recording.submit(facts, buffer, self._activations)

    def _native(self) -> tuple[dict[str, Any] | None, str | None]:
        """The model as a configuration, or why there is none; who gave a loss for one is told."""
        if self._layers is None:
            return None, "its modules are no chain of layers that gives its outputs"
        try:
            return native.native_model(
                self._model, self._layers, self._optimizers, self._loss
            ), None
        except Unknown as unknown:
            if self._loss is not None:
                self.voice.warn("native", f"the run has no native model: {unknown}")
            return None, str(unknown)

    def _previous(self) -> Previous | None:
        resume, self._resume = self._resume, None
        return None if resume is None else stored_run(self._db, resume, self.voice)

    def _run(self) -> RunDescription:
        given = self._description
        optimizers = [{"type": type(one).__name__, **settings(one)} for one in self._optimizers]
        config: dict[str, Any] = {"model": {"type": type(self._model).__name__}}
        if optimizers:
            optimizer: Any = optimizers[0] if len(optimizers) == 1 else optimizers
            config["training"] = {"optimizer": optimizer}
        return RunDescription(
            name=run_name(given["name"] or type(self._model).__name__),
            trainer=given["trainer"] or f"torch {torch.__version__}",
            notes=given["notes"],
            tags=run_tags(given["tags"]),
            seed=given["seed"],
            config={**config, **self._config},
        )

    def _state_now(self, recording: Recording) -> tuple[Buffer, list[tuple[int, Array]]]:
        now = self._slots.now()
        buffer = recording.buffer(list(now))
        self._copy(buffer, now)
        return buffer, self._seen(recording.header, buffer)

    def _copy(self, buffer: Buffer, now: dict[str, list[Found]]) -> None:
        for source, view in zip(self._sources, buffer.weights):
            if len(source.members) == 1:
                view.place(values(source.members[0]))
                continue
            for row, member in zip(view.values, source.members):
                view.turn.place(values(member).reshape(1, -1), row.reshape(1, -1))
        self._slots.copy(buffer, now)

    def _gather(self) -> None:
        """Takes part in what rank 0 needs all ranks for; nothing is kept."""
        for parameter in self._model.parameters():
            if hasattr(parameter, "full_tensor"):
                parameter.full_tensor()

    def _seen(self, header: Header, buffer: Buffer) -> list[tuple[int, Array]]:
        if self._replay is None:
            return []
        try:
            return self._replay.values(header, buffer)
        except Exception as error:
            self._replay = None
            self.voice.warn("gates", f"gates are not recorded: {type(error).__name__}: {error}")
            return []

    def _rate_now(self) -> float | None:
        for optimizer in self._optimizers:
            for group in optimizer.param_groups:
                return float(group["lr"]) if "lr" in group else None
        return None

    def _unhook(self) -> None:
        for hook in self._hooks:
            hook.remove()
        self._hooks = []

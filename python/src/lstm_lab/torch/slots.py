"""What optimizers remember of each parameter, by the parameter itself and never by position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Optional

import torch

from lstm_lab.stream.frames import Buffer
from lstm_lab.stream.tensors import Slot, SlotEntry
from lstm_lab.torch.tensors import Source, values

NAMES: dict[Any, dict[str, str]] = {
    kind: {"exp_avg": "momentum", "exp_avg_sq": "velocity", "max_exp_avg_sq": "velocity_hat"}
    for kind in (torch.optim.Adam, torch.optim.AdamW)
}
"""Slots that are number for number those of Keras have Keras's names; all others keep their own."""

Found = Optional[list[Any]]
"""The tensors of a slot's entry, or None where the optimizer does not have them yet."""


@dataclass(frozen=True)
class Memory:
    """Where a slot's entry comes from: one optimizer's state of these parameters, under a key."""

    optimizer: Any
    members: tuple[Any, ...]
    key: str
    shape: tuple[int, ...]


@dataclass
class Slots:
    """All slots of all optimizers."""

    slots: tuple[Slot, ...]
    memories: dict[str, list[Memory]]

    def now(self) -> dict[str, list[Found]]:
        """What the optimizers have by now, by the names of the slots in order."""
        states: dict[tuple[int, int], Any] = {}
        seen: dict[str, list[Found]] = {}
        for slot in self.slots:
            memories = self.memories[slot.name]
            found = [_tensors(memory, states) for memory in memories]
            if any(one is not None for one in found) and all(map(_fits, memories, found)):
                seen[slot.name] = found
        return seen

    @staticmethod
    def copy(buffer: Buffer, now: dict[str, list[Found]]) -> None:
        """Copies what the optimizers have now; what they do not have yet is zeros."""
        for name, views in buffer.slot_views.items():
            for found, view in zip(now[name], views):
                if found is None:
                    view.values[...] = 0
                    continue
                if len(found) == 1:
                    view.place(values(found[0]))
                    continue
                rows = view.values.reshape(len(found), -1)
                for row, tensor in zip(rows, found):
                    view.turn.place(values(tensor).reshape(1, -1), row.reshape(1, -1))


def matched(optimizers: Sequence[Any], sources: Sequence[Source]) -> Slots:
    """Finds what the optimizers remember now; a parameter without it yet has it as its likes do."""
    memories: dict[str, list[tuple[int, Memory]]] = {}
    for optimizer in optimizers:
        keys = _keys(optimizer)
        own = {id(p) for group in optimizer.param_groups for p in group["params"]}
        names = {key: NAMES.get(type(optimizer), {}).get(key, key) for key in keys}
        for key in keys:
            # A parameter may be in two optimizers.
            here = [i for i, s in enumerate(sources) if all(id(m) in own for m in s.members)]
            while any(of in here for of, _ in memories.get(names[key], ())):
                names[key] += "_2"
        for index, source in enumerate(sources):
            if not all(id(member) in own for member in source.members):
                continue
            for key, is_whole in keys.items():
                shape = _shape(optimizer, source, key, is_whole)
                memory = Memory(optimizer, source.members, key, shape)
                memories.setdefault(names[key], []).append((index, memory))
    slots: list[Slot] = []
    for name, found in memories.items():
        found.sort(key=lambda one: one[0])
        slots.append(Slot(name, tuple(SlotEntry(index, memory.shape) for index, memory in found)))
    return Slots(tuple(slots), {name: [m for _, m in found] for name, found in memories.items()})


def _keys(optimizer: Any) -> dict[str, bool]:
    """The keys of the states, each with whether it is as large as its parameter."""
    keys: dict[str, bool] = {}
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            for key, value in optimizer.state.get(parameter, {}).items():
                if isinstance(value, torch.Tensor) and not value.is_complex():
                    keys[key] = keys.get(key, True) and value.shape == parameter.shape
    return keys


def _shape(optimizer: Any, source: Source, key: str, is_whole: bool) -> tuple[int, ...]:
    known = next(
        (s[key].shape for m in source.members if key in (s := optimizer.state.get(m, {}))), None
    )
    if known is None:
        known = source.members[0].shape if is_whole else ()
    return tuple(known) if len(source.members) == 1 else (len(source.members), *known)


def _tensors(memory: Memory, states: dict[tuple[int, int], Any]) -> Found:
    """A slot's entry now. `states` are the optimizers' states of each parameter, looked up once."""
    found: list[Any] = []
    for member in memory.members:
        key = (id(memory.optimizer), id(member))
        if key not in states:
            states[key] = memory.optimizer.state.get(member, {})
        found.append(states[key].get(memory.key))
    return found if all(isinstance(value, torch.Tensor) for value in found) else None


def _fits(memory: Memory, found: Found) -> bool:
    """Whether a slot still has the shape that the header says: some change theirs."""
    if found is None:
        return True
    shape = memory.shape if len(found) == 1 else memory.shape[1:]
    return all(value.shape == shape for value in found)

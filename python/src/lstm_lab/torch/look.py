"""One pass forward of a model that leaves no trace in it: what its recurrent modules are given."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch.nn.utils.rnn import PackedSequence, pad_packed_sequence

from lstm_lab.replay import Values

Inputs = tuple[list[Values], Any]
"""Each sample's steps × features, and the states before the first step, if they were given."""


@contextlib.contextmanager
def untouched(model: Any) -> Iterator[None]:
    """Lets a model be applied, not in training; puts modes and random numbers back after."""
    modes = [(module, module.training) for module in model.modules()]
    devices: list[int] | None = None if torch.cuda.is_available() else []
    with torch.random.fork_rng(devices=devices), torch.no_grad():
        for module, _ in modes:
            module.training = False
        try:
            yield
        finally:
            for module, mode in modes:
                module.training = mode


def looked_at(
    model: Any,
    modules: list[Any],
    arguments: tuple[Any, ...],
    named: dict[str, Any],
    changed: dict[str, Any] | None = None,
) -> tuple[Any, dict[int, Inputs]]:
    """Returns the model's outputs, and the inputs of each of these modules that was applied.

    `changed` are parameters by name that the model has for this pass alone; its own stay.
    """
    seen: dict[int, Inputs] = {}

    def note(module: Any, given: tuple[Any, ...], others: dict[str, Any]) -> None:
        if id(module) in seen:
            return
        x = given[0] if given else others["input"]
        states = given[1] if len(given) > 1 else others.get("hx")
        seen[id(module)] = (samples(x, module), states)

    hooks = [m.register_forward_pre_hook(note, with_kwargs=True) for m in modules]
    try:
        with untouched(model):
            if changed:
                outputs = torch.func.functional_call(model, changed, arguments, named)
            else:
                outputs = model(*arguments, **named)
    finally:
        for hook in hooks:
            hook.remove()
    return outputs, seen


def samples(x: Any, module: Any) -> list[Values]:
    """Returns each sample of a recurrent module's input: as many steps as it really has."""
    if isinstance(x, PackedSequence):
        padded, lengths = pad_packed_sequence(x, batch_first=True)
        return [_array(row[:length]) for row, length in zip(padded, lengths.tolist())]
    if x.dim() == 2:
        return [_array(x)]
    rows = x if module.batch_first else x.transpose(0, 1)
    return [_array(row) for row in rows]


def first_states(
    states: Any, module: Any, index: int, sample: int
) -> tuple[Values | None, Values | None]:
    """Returns the hidden and the cell state before a sample's first step; None for zeros."""
    if states is None:
        return None, None
    pair = states if isinstance(states, tuple) else (states,)
    found = [_array(s[index] if s.dim() == 2 else s[index, sample]) for s in pair]
    return found[0], found[1] if len(found) > 1 else None


def copied(values: Any) -> Any:
    """Returns arguments as they are now, in the structure that they have."""
    if isinstance(values, torch.Tensor):
        return values.detach().clone()
    if isinstance(values, PackedSequence):
        return values.to(values.data.device)
    if isinstance(values, dict):
        return {key: copied(value) for key, value in values.items()}
    if isinstance(values, tuple) and hasattr(values, "_fields"):
        return type(values)(*(copied(value) for value in values))
    if isinstance(values, (list, tuple)):
        return type(values)(copied(value) for value in values)
    return values


def _array(x: Any) -> Values:
    return np.array(x.detach().cpu().float().numpy())

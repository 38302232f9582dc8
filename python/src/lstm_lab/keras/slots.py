"""An optimizer's variables, each with the weight that it belongs to: by name, never by position."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lstm_lab.stream.tensors import Slot, SlotEntry


def build(optimizer: Any, model: Any) -> None:
    """Has the optimizer make its variables, which it else does in its first step."""
    if optimizer is not None and not getattr(optimizer, "built", True):
        optimizer.build(model.trainable_variables)


def matched(
    optimizer: Any, variables: Sequence[Any]
) -> tuple[tuple[Slot, ...], dict[str, list[Any]]]:
    """Returns the slots, and the optimizer's variables of each in the order of its entries."""
    found: dict[str, list[tuple[int | None, Any]]] = {}
    for variable in _state(optimizer):
        name, of = _by_path(variable, variables, found) or _by_list(optimizer, variable, variables)
        while of is None and name in found:
            name += "_"
        found.setdefault(name, []).append((of, variable))
    slots: list[Slot] = []
    members: dict[str, list[Any]] = {}
    for name, entries in found.items():
        entries.sort(key=lambda entry: -1 if entry[0] is None else entry[0])
        slots.append(
            Slot(name, tuple(SlotEntry(of, tuple(map(int, v.shape))) for of, v in entries))
        )
        members[name] = [variable for _, variable in entries]
    return tuple(slots), members


def _state(optimizer: Any) -> list[Any]:
    """The variables to go on from; counters and the rate have places of their own."""
    kept: list[Any] = []
    for variable in getattr(optimizer, "variables", ()):
        if "float" not in str(variable.dtype) or variable.name == "learning_rate":
            continue
        if not any(variable is known for known in kept):
            kept.append(variable)
    return kept


def _by_path(
    variable: Any, weights: Sequence[Any], found: dict[str, list[tuple[int | None, Any]]]
) -> tuple[str, int] | None:
    """Keras names a slot by the weight's path and the slot: `conv_kernel_momentum`."""
    own = variable.path.rsplit("/", 1)[-1]
    fits = [
        (len(start), -index, start, index)
        for index, weight in enumerate(weights)
        if own.startswith(start := weight.path.replace("/", "_") + "_")
        and tuple(weight.shape) == tuple(variable.shape)
    ]
    # The longest path; of weights with one and the same path, the first that has no such slot yet.
    for _, _, start, index in sorted(fits, reverse=True):
        name = own[len(start) :]
        if all(of != index for of, _ in found.get(name, ())):
            return name, index
    return None


def _by_list(optimizer: Any, variable: Any, weights: Sequence[Any]) -> tuple[str, int | None]:
    """Some optimizers only keep a list with an entry for each trainable weight."""
    inner = getattr(optimizer, "inner_optimizer", optimizer)
    trained = getattr(inner, "_trainable_variables", ())
    for attribute, entries in vars(inner).items():
        if isinstance(entries, (list, tuple)) and len(entries) == len(trained):
            for weight, entry in zip(trained, entries):
                if entry is variable:
                    of = next((i for i, known in enumerate(weights) if known is weight), None)
                    return attribute.strip("_"), of
    return variable.path.rsplit("/", 1)[-1], None

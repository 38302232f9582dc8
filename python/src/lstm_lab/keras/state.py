"""A Keras model and its optimizer as what a stream has: a header once, numbers each epoch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from lstm_lab.keras.slots import matched
from lstm_lab.keras.tensors import described, values
from lstm_lab.stream.frames import Buffer
from lstm_lab.stream.tensors import Slot, Tensor


@dataclass
class ModelState:
    """The variables of a model and its optimizer, each with its place in a frame."""

    variables: list[Any]
    tensors: tuple[Tensor, ...]
    slots: tuple[Slot, ...]
    members: dict[str, list[Any]]
    optimizer: Any

    @staticmethod
    def of(model: Any) -> ModelState:
        """Finds all of them; the optimizer has been built."""
        optimizer = getattr(model, "optimizer", None)
        variables, tensors = described(model)
        slots, members = matched(optimizer, variables)
        return ModelState(variables, tensors, slots, members, optimizer)

    @property
    def slot_names(self) -> list[str]:
        """The slots' names in order."""
        return [slot.name for slot in self.slots]

    def copy_weights(self, buffer: Buffer) -> None:
        """Copies the weights as they are now."""
        for variable, view in zip(self.variables, buffer.weights):
            view.place(values(variable))

    def copy(self, buffer: Buffer) -> None:
        """Copies weights and slots as they are now."""
        if buffer.is_fillable:
            every = [*self.variables, *(v for name in buffer.slots for v in self.members[name])]
            if buffer.fill([values(variable) for variable in every]):
                return
        self.copy_weights(buffer)
        for name, variables in self.members.items():
            for variable, view in zip(variables, buffer.slot_views[name]):
                view.place(values(variable))

    @property
    def iterations(self) -> int:
        """The optimizer steps made."""
        return int(_number(getattr(self.optimizer, "iterations", 0)) or 0)

    def learning_rate(self, *, of_last_step: bool) -> float | None:
        """Returns the rate of the last step, or of the next one.

        A schedule is asked for the step that was; a rate that is a variable is read as it is.
        """
        optimizer = getattr(self.optimizer, "inner_optimizer", self.optimizer)
        rate = getattr(optimizer, "_learning_rate", None)
        if of_last_step and isinstance(rate, keras.optimizers.schedules.LearningRateSchedule):
            made = int(_number(getattr(optimizer, "_iterations", 0)) or 0)
            return _short(rate(max(made - 1, 0)))
        return _short(getattr(self.optimizer, "learning_rate", None))


def _number(value: Any) -> float | None:
    if value is None or isinstance(value, (int, float)):
        return value
    try:
        if isinstance(value, keras.Variable):
            return float(values(value))
        return float(np.asarray(keras.ops.convert_to_numpy(value)))
    except (TypeError, ValueError):
        return None


def _short(value: Any) -> float | None:
    """The fewest digits that are the same float32, which is what Keras keeps: 0.001."""
    known = _number(value)
    return None if known is None else float(str(np.float32(known)))

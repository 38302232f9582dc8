"""What is asked of PyTorch's optimizers and its processes."""

from __future__ import annotations

from typing import Any

import torch


def listed(optimizer: Any) -> list[Any]:
    """Returns the optimizers that somebody gave: none, one or several."""
    if optimizer is None:
        return []
    return list(optimizer) if isinstance(optimizer, (list, tuple)) else [optimizer]


def plain(optimizer: Any) -> Any:
    """Returns the optimizer within what accelerate or Lightning put around it."""
    while isinstance(getattr(optimizer, "optimizer", None), torch.optim.Optimizer):
        optimizer = optimizer.optimizer
    return optimizer


def has_state(optimizer: Any) -> bool:
    """Whether it remembers anything, or never will: it has made a step."""
    is_plain = type(optimizer) is torch.optim.SGD and not any(
        group["momentum"] for group in optimizer.param_groups
    )
    return bool(optimizer.state) or is_plain


def steps_made(optimizers: list[Any]) -> int:
    """Returns the steps that the first optimizer has made before it was watched."""
    steps = [
        int(state["step"])
        for optimizer in optimizers[:1]
        for state in optimizer.state.values()
        if isinstance(state, dict) and "step" in state
    ]
    return max(steps, default=0)


def settings(optimizer: Any) -> dict[str, Any]:
    """Returns the settings that are plain values."""
    return {
        key: value
        for key, value in optimizer.defaults.items()
        if isinstance(value, (bool, int, float, str, tuple))
    }


def are_numbers(gates: Any) -> bool:
    """Whether `gates` are places in a batch, and not samples."""
    return isinstance(gates, (list, range)) and all(isinstance(g, int) for g in gates)


def rank() -> int:
    """Returns the place of this process among those of a distributed training."""
    distributed = torch.distributed
    if distributed.is_available() and distributed.is_initialized():
        return int(distributed.get_rank())
    return 0

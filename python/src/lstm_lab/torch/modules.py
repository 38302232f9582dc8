"""A PyTorch model without what it is wrapped in, and the names of its modules then."""

from __future__ import annotations

import re
from typing import Any

import torch

RECURRENT: dict[Any, str] = {
    torch.nn.LSTM: "lstm",
    torch.nn.GRU: "gru",
    torch.nn.RNN: "simple_rnn",
    torch.nn.LSTMCell: "lstm",
    torch.nn.GRUCell: "gru",
    torch.nn.RNNCell: "simple_rnn",
}
"""The recurrent modules that are known, by class alone: a derived one may compute anything."""

BLOCKS: dict[str, tuple[int, ...] | None] = {"lstm": None, "gru": (1, 0, 2), "simple_rnn": None}
"""Where PyTorch has each of the lab's blocks: its LSTM has i f g o as the lab, its GRU r z n."""

WRAPPERS = ("module", "_orig_mod", "_fsdp_wrapped_module")


def cell_of(module: Any) -> str | None:
    """Returns the cell of a known recurrent module; None where it has a projection."""
    kind = RECURRENT.get(type(module))
    return None if getattr(module, "proj_size", 0) else kind


def unwrapped(model: Any) -> Any:
    """Returns the model within DataParallel, DistributedDataParallel and torch.compile."""
    while True:
        inner = next((getattr(model, n) for n in WRAPPERS if _wraps(model, n)), None)
        if inner is None:
            return model
        model = inner


def _wraps(module: Any, name: str) -> bool:
    kind = type(module).__name__
    is_wrapper = kind in (
        "DataParallel",
        "DistributedDataParallel",
        "OptimizedModule",
        "FullyShardedDataParallel",
    )
    return is_wrapper and isinstance(getattr(module, name, None), torch.nn.Module)


def named_modules(model: Any) -> dict[str, tuple[str, Any]]:
    """Returns each module by its name in the model, with the name that it has without wrappers."""
    plain: dict[str, tuple[str, Any]] = {}
    for name, module in model.named_modules():
        outer, _, own = name.rpartition(".")
        if name == "":
            plain[name] = ("", module)
            continue
        outer_plain, outer_module = plain.get(outer, (outer, None))
        if outer_module is not None and _wraps(outer_module, own):
            plain[name] = (outer_plain, module)
        else:
            plain[name] = (f"{outer_plain}.{own}" if outer_plain else own, module)
    return plain


def lab_name(name: str, module: Any) -> str:
    """Returns a module's name as a layer's; a model that is one module is called by its class."""
    kept = re.sub(r"[^A-Za-z0-9_.-]", "_", name)
    return kept or re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", type(module).__name__).lower()


def level_name(layer: str, module: Any, level: int) -> str:
    """Returns a level's name: `rnn`, or `rnn.l0`, `rnn.l1` where there are several."""
    return layer if getattr(module, "num_layers", 1) == 1 else f"{layer}.l{level}"

"""A PyTorch model's parameters and buffers as tensors in the lab's names and order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import torch

from lstm_lab.cells import CELLS
from lstm_lab.stream.tensors import Tensor
from lstm_lab.stream.turns import AS_IT_IS, Turn
from lstm_lab.torch.modules import BLOCKS, cell_of, lab_name, level_name, named_modules


@dataclass(frozen=True)
class Source:
    """A tensor of the stream, and the PyTorch tensors that it is made of: one, or its rows."""

    tensor: Tensor
    members: tuple[Any, ...]


def described(model: Any) -> list[Source]:
    """Returns every parameter and every buffer that `state_dict` has, each once, tied or not."""
    taken: set[int] = set()
    names: set[tuple[str, str]] = set()
    found: list[Source] = []
    for raw, (name, module) in named_modules(model).items():
        del raw
        for source in _of_module(name, module):
            if 0 in source.tensor.shape or any(id(m) in taken for m in source.members):
                continue
            taken.update(id(member) for member in source.members)
            key = (source.tensor.layer, source.tensor.part)
            if key not in names:
                names.add(key)
                found.append(source)
    return found


def _of_module(name: str, module: Any) -> Iterator[Source]:
    own = {key: p for key, p in module._parameters.items() if p is not None}
    layer = lab_name(name, module)
    cell = cell_of(module)
    if cell is not None:
        yield from _recurrent(name, layer, module, cell, own)
        own = {}
    for key, parameter in own.items():
        yield Source(_plain(name, layer, module, key, parameter), (parameter,))
    for key, buffer in module._buffers.items():
        if buffer is not None and key not in module._non_persistent_buffers_set:
            yield Source(_plain(name, layer, module, key, buffer), (buffer,))


def _plain(name: str, layer: str, module: Any, key: str, value: Any) -> Tensor:
    shape, dtype = tuple(value.shape), str(value.dtype).replace("torch.", "")
    path = f"{name}.{key}" if name else key
    is_trained = bool(value.requires_grad)
    if type(module) is torch.nn.Linear and key == "weight":
        turn = Turn(transpose=True)
        return Tensor(layer, "kernel", path, shape, dtype, None, "x", is_trained, turn)
    if type(module) is torch.nn.Embedding and key == "weight":
        return Tensor(layer, "embeddings", path, shape, dtype, None, "x", is_trained)
    outer, mark, inner = name.partition("parametrizations.")
    if mark:
        # A parametrized weight: its parts belong to the layer that has it.
        own = f"{inner}.{key}" if inner else key
        return Tensor(outer.rstrip(".") or layer, own, path, shape, dtype, trainable=is_trained)
    source = "bias" if key == "bias" and len(shape) == 1 else None
    return Tensor(layer, key, path, shape, dtype, None, source, is_trained, AS_IT_IS)


def _recurrent(
    name: str, layer: str, module: Any, cell: str, own: dict[str, Any]
) -> Iterator[Source]:
    gates = CELLS[cell] or None
    for level, direction, end in ends(module):
        level_layer = level_name(layer, module, level)
        start = "" if direction is None else f"{direction}/"

        def path(key: str) -> str:
            return f"{name}.{key}" if name else key

        for key, part, source in (
            ("weight_ih", "kernel", "x"),
            ("weight_hh", "recurrent_kernel", "h"),
        ):
            value = own[key + end]
            tensor = Tensor(
                level_layer,
                start + part,
                path(key + end),
                tuple(value.shape),
                str(value.dtype).replace("torch.", ""),
                gates,
                source,
                bool(value.requires_grad),
                Turn(transpose=True, blocks=BLOCKS[cell]),
            )
            yield Source(tensor, (value,))
        if "bias_ih" + end not in own:
            continue
        keys = ("bias_ih" + end, "bias_hh" + end)
        members = tuple(own[key] for key in keys)
        yield Source(
            Tensor(
                level_layer,
                start + "bias",
                path(keys[0]),
                (2, len(members[0])),
                str(members[0].dtype).replace("torch.", ""),
                gates,
                "bias",
                bool(members[0].requires_grad),
                Turn(blocks=BLOCKS[cell], stacked=tuple(path(key) for key in keys)),
            ),
            members,
        )


def ends(module: Any) -> list[tuple[int, str | None, str]]:
    """Returns level, direction and the end of the parameters' names, in PyTorch's order."""
    if not hasattr(module, "num_layers"):
        return [(0, None, "")]
    if not module.bidirectional:
        return [(level, None, f"_l{level}") for level in range(module.num_layers)]
    return [
        (level, direction, f"_l{level}{end}")
        for level in range(module.num_layers)
        for direction, end in (("forward", ""), ("backward", "_reverse"))
    ]


def values(tensor: Any) -> Any:
    """Returns a tensor's numbers as an array, which may be the live memory itself.

    A sharded tensor is gathered, for which every rank must ask.
    """
    value = tensor.detach()
    if value.dtype is torch.float32 and value.is_cpu and type(value) is torch.Tensor:
        return value.numpy()
    if hasattr(value, "full_tensor"):
        value = value.full_tensor()
    if value.is_sparse or value.is_quantized or value.is_complex():
        raise TypeError(f"{value.dtype} {value.layout} has no plain numbers")
    if value.device.type != "cpu":
        value = value.cpu()
    return (value.float() if value.dtype is torch.bfloat16 else value).numpy()

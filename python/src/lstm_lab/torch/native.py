"""A PyTorch model as a configuration of the lab, where a look at its outputs proves it.

What `forward` does cannot be read from the modules. So each chain that they could be is computed
for samples of the first batch; one that alone gives the model's own outputs is the model.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import torch

from lstm_lab.losses import Unknown, trained_layers
from lstm_lab.replay import Values, forward
from lstm_lab.torch.losses import known_loss
from lstm_lab.torch.modules import cell_of, lab_name, level_name, named_modules

TOLERANCE = 1e-5
MOST_CHAINS = 400
PROVEN_SAMPLES = 4
FACTOR = -3.0
"""What dense layers are multiplied by: below zero, and away from where a tanh is a line."""
FUNCTION_MODULES: dict[Any, str] = {
    torch.nn.ReLU: "relu",
    torch.nn.Tanh: "tanh",
    torch.nn.Sigmoid: "sigmoid",
    torch.nn.Softmax: "softmax",
    torch.nn.LogSoftmax: "log_softmax",
    torch.nn.Identity: "linear",
}


def proven_layers(
    model: Any,
    weights: dict[str, Values],
    samples: list[Values],
    look: Callable[[dict[str, Any]], Any],
) -> list[dict[str, Any]] | None:
    """Returns the one chain of layers that gives the model's outputs, or None.

    `look` returns the model's outputs of the samples with some parameters changed. Where several
    chains give them, as with and without a relu where no number is below zero, each is asked again
    with other dense layers.
    """
    parts = _parts(model)
    if parts is None or any(tensor.size == 0 for tensor in weights.values()):
        return None
    with np.errstate(all="ignore"):
        chains = itertools.islice(_chains(parts), MOST_CHAINS)
        fitting = _fitting(chains, weights, samples, look({}))
        if len(fitting) > 1:
            dense = [part["name"] for part in parts if part["type"] == "dense"]
            other = {
                name: FACTOR * tensor if name.rpartition("/")[0] in dense else tensor
                for name, tensor in weights.items()
            }
            fitting = _fitting(fitting, other, samples, look(_changed_linears(model)))
    return fitting[0] if len(fitting) == 1 else None


def _changed_linears(model: Any) -> dict[str, Any]:
    """The parameters of all linear layers, by their names in the model, other than they are."""
    return {
        f"{name}.{key}" if name else key: FACTOR * parameter.detach()
        for name, module in model.named_modules()
        if type(module) is torch.nn.Linear
        for key, parameter in module.named_parameters(recurse=False)
    }


def _fitting(
    chains: Iterable[list[dict[str, Any]]],
    weights: dict[str, Values],
    samples: list[Values],
    outputs: Any,
) -> list[list[dict[str, Any]]]:
    """The chains that give these outputs."""
    if not isinstance(outputs, torch.Tensor) or not samples or len(outputs) != len(samples):
        return []
    chosen = range(min(PROVEN_SAMPLES, len(samples)))
    theirs = [outputs[i].detach().cpu().float().numpy() for i in chosen]
    return [
        chain
        for chain in chains
        if all(_gives(chain, weights, samples[i], theirs[i]) for i in chosen)
    ]


def _gives(
    chain: list[dict[str, Any]], weights: dict[str, Values], x: Values, theirs: Values
) -> bool:
    try:
        ours = forward(chain, weights, x)[0]
    except (ValueError, IndexError, KeyError):
        return False
    same = ours.shape == theirs.shape or (theirs.size == ours.size and ours.shape[-1] == 1)
    return same and bool(np.abs(ours.reshape(theirs.shape) - theirs).max(initial=0) <= TOLERANCE)


def _parts(model: Any) -> list[dict[str, Any]] | None:
    """The modules in the order in which they were made, as layers; None where one is not known."""
    parts: list[dict[str, Any]] = []
    for name, module in named_modules(model).values():
        if any(True for _ in module.children()):
            if any(True for _ in module.parameters(recurse=False)):
                return None
            continue
        kind, layer = type(module), lab_name(name, module)
        if cell_of(module) is not None and hasattr(module, "num_layers"):
            parts += _levels(layer, module)
        elif kind is torch.nn.Linear:
            bias = module.bias is not None
            units = module.out_features
            parts.append({"type": "dense", "name": layer, "units": units, "use_bias": bias})
        elif kind is torch.nn.Embedding and module.max_norm is None:
            sizes = {"input_dim": module.num_embeddings, "output_dim": module.embedding_dim}
            parts.append({"type": "embedding", "name": layer, **sizes})
        elif kind is torch.nn.Dropout:
            parts.append({"type": "dropout", "name": layer, "rate": module.p})
        elif kind in FUNCTION_MODULES:
            parts.append({"type": "function", "name": FUNCTION_MODULES[kind]})
        elif any(True for _ in module.parameters()) or not _is_loss(module):
            return None
    return parts if any("return_sequences" in part.get("layer", part) for part in parts) else None


def _is_loss(module: Any) -> bool:
    return isinstance(module, torch.nn.modules.loss._Loss)


def _levels(layer: str, module: Any) -> Iterator[dict[str, Any]]:
    for level in range(module.num_layers):
        fields: dict[str, Any] = {
            "type": cell_of(module),
            "units": module.hidden_size,
            "activation": getattr(module, "nonlinearity", "tanh"),
            "use_bias": module.bias,
            "return_sequences": True,
        }
        name = level_name(layer, module, level)
        if module.bidirectional:
            yield {"type": "bidirectional", "name": name, "layer": fields}
        else:
            yield {**fields, "name": name}
        if module.dropout and level < module.num_layers - 1:
            yield {"type": "dropout", "name": f"{name}.dropout", "rate": module.dropout}


def _chains(parts: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Every chain that the modules could be: the functions behind dense layers, one step or all."""
    dense = [index for index, part in enumerate(parts) if part["type"] == "dense"]
    functions: list[tuple[str, ...]] = []
    for index in dense:
        follows = parts[index + 1] if index + 1 < len(parts) else None
        if follows is not None and follows["type"] == "function":
            functions.append((follows["name"],))
        elif index == dense[-1]:
            functions.append(("linear", "sigmoid", "softmax", "log_softmax", "relu", "tanh"))
        else:
            functions.append(("linear", "relu", "tanh", "sigmoid"))
    last = max(i for i, part in enumerate(parts) if "return_sequences" in part.get("layer", part))
    for is_whole in (False, True):
        for chosen in itertools.product(*functions):
            by_index = dict(zip(dense, chosen))
            chain: list[dict[str, Any]] = []
            for index, part in enumerate(parts):
                layer = dict(part)
                if index == last and "layer" in layer:
                    layer["layer"] = {**layer["layer"], "return_sequences": is_whole}
                elif index == last:
                    layer["return_sequences"] = is_whole
                if index in by_index:
                    layer["activation"] = by_index[index]
                if layer["type"] != "function":
                    chain.append(layer)
            yield chain


def native_model(
    model: Any, layers: list[dict[str, Any]], optimizers: list[Any], loss: Any
) -> dict[str, Any]:
    """Returns a model that a look has proven, as it is trained, as a configuration has both.

    `loss` is what somebody gave as it. Raises `Unknown` where the engine does not train so.
    """
    known = known_loss(loss, model, layers)
    training = {"loss": known.name, "optimizer": _optimizer(optimizers)}
    return {"model": {"layers": trained_layers(layers, known)}, "training": training}


def _optimizer(optimizers: list[Any]) -> dict[str, Any]:
    if len(optimizers) != 1:
        raise Unknown(f"it was watched with {len(optimizers)} optimizers, and the engine has one")
    if len(optimizers[0].param_groups) != 1:
        raise Unknown("its optimizer has groups, and the engine's has one rate for all weights")
    kind, group = type(optimizers[0]), optimizers[0].param_groups[0]
    rate = {"learning_rate": float(group["lr"])}
    if group.get("maximize") or (group.get("weight_decay") and kind is not torch.optim.AdamW):
        raise Unknown(f"the engine's {kind.__name__} has no weight_decay and no maximize")
    if kind in (torch.optim.Adam, torch.optim.AdamW):
        betas = {"beta_1": group["betas"][0], "beta_2": group["betas"][1]}
        own = {**rate, **betas, "epsilon": group["eps"], "amsgrad": group["amsgrad"]}
        if kind is torch.optim.AdamW:
            own["weight_decay"] = group["weight_decay"]
        return {"type": kind.__name__.lower(), **own}
    if kind is torch.optim.SGD and not group["momentum"]:
        return {"type": "sgd", **rate}
    raise Unknown(f"the engine has no {kind.__name__} as PyTorch's")

"""What is stored of a Keras run besides its numbers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import keras

from lstm_lab.keras.tensors import plain_names


def trainer() -> str:
    """Returns who trains: `keras 3.15.1 (tensorflow)`."""
    return f"keras {keras.__version__} ({keras.backend.backend()})"


def config(
    model: Any, epochs: int | None, batch_size: int | None, given: Mapping[str, Any]
) -> dict[str, Any]:
    """Returns the configuration: the model's layers, how it is trained, and what the user added."""
    layers: list[dict[str, Any]] = []
    for layer, name in zip(model.layers, plain_names(model.layers)):
        layers.append({"type": type(layer).__name__, **_settings(layer), "name": name})
    fields: dict[str, Any] = {"model": {"type": type(model).__name__, "layers": layers}}
    training: dict[str, Any] = {"loss": _name(getattr(model, "loss", None))}
    if epochs is not None:
        training["epochs"] = epochs
    if batch_size is not None:
        training["batch_size"] = batch_size
    optimizer = getattr(model, "optimizer", None)
    if optimizer is not None:
        training["optimizer"] = {"type": type(optimizer).__name__, **_settings(optimizer)}
    fields["training"] = training
    return {**fields, **given}


def _settings(thing: Any) -> dict[str, Any]:
    """The settings that are plain values; initializers and what else is an object are left out."""
    try:
        found = thing.get_config()
    except Exception:
        return {}
    return {
        key: value
        for key, value in found.items()
        if key not in ("name", "dtype") and isinstance(value, (bool, int, float, str))
    }


def _name(loss: Any) -> Any:
    if isinstance(loss, Mapping):
        return {str(key): _name(value) for key, value in loss.items()}
    if isinstance(loss, (list, tuple)):
        return [_name(value) for value in loss]
    if loss is None or isinstance(loss, str):
        return loss
    return getattr(loss, "name", None) or getattr(loss, "__name__", type(loss).__name__)

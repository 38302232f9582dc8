"""PyTorch's losses as the engine knows them: by a name, a function, a class or a module."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional

from lstm_lab.losses import CROSSENTROPIES, Loss, Unknown

HOW = (
    "say it to watch or LabCallback where the training is recorded: loss=criterion, "
    "or by name, loss='cross_entropy'"
)

LOSSES: dict[str, tuple[Any, Loss, dict[str, Any]]] = {
    "cross_entropy": (
        torch.nn.CrossEntropyLoss,
        Loss("sparse_categorical_crossentropy", "logits"),
        {"weight": None, "ignore_index": -100, "label_smoothing": 0.0},
    ),
    "nll_loss": (
        torch.nn.NLLLoss,
        Loss("sparse_categorical_crossentropy", "logarithms"),
        {"weight": None, "ignore_index": -100},
    ),
    "binary_cross_entropy_with_logits": (
        torch.nn.BCEWithLogitsLoss,
        Loss("binary_crossentropy", "logits"),
        {"weight": None, "pos_weight": None},
    ),
    "binary_cross_entropy": (
        torch.nn.BCELoss,
        Loss("binary_crossentropy", "probabilities"),
        {"weight": None},
    ),
    "mse_loss": (torch.nn.MSELoss, Loss("mean_squared_error"), {}),
    "l1_loss": (torch.nn.L1Loss, Loss("mean_absolute_error"), {}),
    "smooth_l1_loss": (torch.nn.SmoothL1Loss, Loss("huber"), {"beta": 1.0}),
    "huber_loss": (torch.nn.HuberLoss, Loss("huber"), {"delta": 1.0}),
}
"""By the function's name: the module's class, what the engine calls it, and its settings there."""

KERAS_NAMES = (*CROSSENTROPIES, "mean_squared_error", "mean_absolute_error", "huber")


def known_loss(given: Any, model: Any, layers: list[dict[str, Any]]) -> Loss:
    """Returns the loss that somebody gave, else that of the one loss among the model's modules.

    A crossentropy by Keras's name takes probabilities where the model's outputs are such; of other
    outputs PyTorch has only those that take logits.
    """
    if given is None:
        given = _own(model)
    if isinstance(given, str) and given in KERAS_NAMES:
        if given not in CROSSENTROPIES:
            return Loss(given)
        are_probabilities = layers[-1].get("activation") in CROSSENTROPIES.values()
        return Loss(given, "probabilities" if are_probabilities else "logits")
    for name, (kind, loss, settings) in LOSSES.items():
        if given in (name, kind) or given is getattr(functional, name):
            return loss
        if type(given) is kind:
            _require(given, {"reduction": "mean", **settings})
            return loss
    name = given if isinstance(given, str) else getattr(given, "__name__", type(given).__name__)
    raise Unknown(f"the engine has no loss `{name}`; it knows {', '.join((*LOSSES, *KERAS_NAMES))}")


def _own(model: Any) -> Any:
    """The loss among a model's modules; one that is not there, or not alone, is not guessed."""
    found = [m for m in model.modules() if isinstance(m, torch.nn.modules.loss._Loss)]
    if len(found) == 1:
        return found[0]
    what = "is not known" if not found else f"may be one of {len(found)} modules"
    raise Unknown(f"its loss {what}: {HOW}")


def _require(module: Any, settings: dict[str, Any]) -> None:
    for key, value in settings.items():
        own = getattr(module, key)
        if own is not value and (isinstance(own, torch.Tensor) or own != value):
            raise Unknown(f"the engine has no {type(module).__name__} with a {key} of its own")

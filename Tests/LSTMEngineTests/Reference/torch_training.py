"""Trains a case with PyTorch's own Adam or AdamW in float64: what Keras's truth is held against."""

import math
import sys

import torch

import stepwise
import torch_side

OPTIMIZERS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
BOUND = 1e-11  # betas narrowed to float32 move a weight of these cases by 3e-9 to 8e-6


def is_taken(case):
    """Whether PyTorch has the case's optimizer: Adam or AdamW at one learning rate."""
    training = case["config"]["training"]
    return training["optimizer"]["type"] in OPTIMIZERS and "learning_rate_schedule" not in training


def optimizer_of(settings, tensors):
    options = {"weight_decay": settings["weight_decay"]} if "weight_decay" in settings else {}
    return OPTIMIZERS[settings["type"]](
        tensors, lr=settings["learning_rate"], betas=(settings["beta_1"], settings["beta_2"]),
        amsgrad=settings["amsgrad"], **options)


def weights_of(case):
    """The weights of every kept epoch: EPOCH -> NAME -> tensor.

    PyTorch adds ε to the corrected root and Keras to the uncorrected one; PyTorch's is divided by
    √(1 − β₂ᵗ) before each step, which makes them the same formula.
    """
    config, training = case["config"], case["config"]["training"]
    settings, update, kept = training["optimizer"], 0, {}
    tensors = {name: torch.tensor(tensor["data"], dtype=torch.float64).reshape(tensor["shape"])
               for name, tensor in case["initial_weights"].items()}
    frozen = {layer["name"] for layer in config["model"]["layers"] if not layer.get("trainable", True)}
    trained = [name for name in tensors if name.split("/")[0] not in frozen]
    optimizer = optimizer_of(settings, [tensors[name] for name in trained])
    count, size = len(config["data"]["train"]["x"]), training["batch_size"]
    for epoch in range(1, training["epochs"] + 1):
        for first in range(0, count, size):
            split = stepwise.split_gradients(
                case, tensors, list(range(first, min(first + size, count))), update)
            update += 1
            gradients = torch_side.clipped(
                training, [sum(parts[name].sum(dim=0) for parts in split) for name in trained])
            for name, gradient in zip(trained, gradients, strict=True):
                tensors[name].grad = gradient
            optimizer.param_groups[0]["eps"] = (
                settings["epsilon"] / math.sqrt(1 - settings["beta_2"] ** update))
            optimizer.step()
        if epoch in case["kept_epochs"]:
            kept[str(epoch)] = {name: tensor.clone() for name, tensor in tensors.items()}
    return kept


def check(case, truth):
    """Stops unless the weights EPOCH -> NAME -> values are PyTorch's."""
    for epoch, tensors in weights_of(case).items():
        for name, tensor in tensors.items():
            keras = torch.tensor(truth[epoch][name], dtype=torch.float64)
            apart = (tensor.flatten() - keras).abs().max().item()
            if not apart <= BOUND:
                sys.exit(f"generate: {case['config']['name']}, epoch {epoch}: Keras's and PyTorch's "
                         f"{name} differ by {apart}")

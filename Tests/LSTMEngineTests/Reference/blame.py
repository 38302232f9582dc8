"""Writes who moved some weights in an epoch: blame.py [--out FOLDER] [NAME ...]; see README.md.

For some of the cases, in float64, into Blame/NAME.json: every batch's movement of a weight, split into
what each time step of each sample did, what momentum of earlier batches did and what decay did.

A batch's gradient is split by PyTorch's autograd (stepwise.py) and limited as the case asks. With the
denominators of Adam and RMSprop as they are after the batch, Keras's updates are linear in the
gradient and in the momentum of before: each is put in alone. The weights that the parts add up to must be
Keras's after every kept epoch, or nothing is written.
"""

import json
import math
import random
import sys

import numpy as np
import torch

import generate
import stepwise
import torch_side
from inspection import HERE, tensors_of, write_cases

NAMES = ["sgd", "sgd_momentum", "sgd_nesterov", "adam", "adam_amsgrad", "adamw", "rmsprop",
         "rmsprop_momentum", "rmsprop_centered", "exponential_decay", "clip_norm",
         "global_clip_norm", "clip_value", "global_clip_frozen", "clip_norm_loose",
         "weighted_binary", "weighted_categorical", "weighted_sparse", "dropout_lstm_both",
         "dropout_gru_both", "dropout_simple_rnn_both", "dropout_two_way",
         "dropout_two_way_unequal", "dropout_unequal", "dropout_embedding", "unequal_lstm",
         "unequal_gru_stacked", "unequal_simple_rnn_stacked", "unequal_step_labels",
         "unequal_step_numbers", "two_way_lstm_unequal", "two_way_gru_unequal_steps",
         "two_way_stacked", "embedding_sgd", "embedding_rmsprop", "embedding_unequal",
         "frozen_middle", "mixed_cells"]
SPLIT = 2  # weights a tensor
BOUND = 1e-11  # from Keras's float64 weights, which are kept with 13 digits


def learning_rate(training, iteration):
    rate, schedule = training["optimizer"]["learning_rate"], training.get("learning_rate_schedule")
    if not schedule:
        return rate
    assert schedule["type"] == "exponential_decay"
    return rate * schedule["decay_rate"] ** (iteration / schedule["decay_steps"])


class Movement:
    """An optimizer's update of one tensor: its slots, and the parts of the last step."""

    def __init__(self, training, shape):
        self.training, self.settings = training, training["optimizer"]
        self.slots = {name: torch.zeros(shape, dtype=torch.float64)
                      for name in ("momentum", "square", "largest", "mean")}

    def step(self, gradient, weight, iteration):
        """Takes a step and returns a function gradient -> movement, the momentum's part and decay's."""
        kind = self.settings["type"]
        rate = learning_rate(self.training, iteration)
        before = self.slots["momentum"]
        decay = torch.zeros_like(weight)
        if kind == "adamw":
            decay = -weight * self.settings["weight_decay"] * rate
        moved, memory = {"sgd": self.sgd, "rmsprop": self.rmsprop}.get(kind, self.adam)(
            gradient, rate, iteration + 1)
        nothing = torch.zeros_like(gradient)
        self.slots["momentum"] = memory(gradient, before)
        return lambda g: moved(g, nothing), moved(nothing, before), decay

    def sgd(self, _, rate, __):
        momentum = self.settings["momentum"]

        def memory(g, m):
            return momentum * m - rate * g

        if momentum and self.settings["nesterov"]:
            return (lambda g, m: momentum * memory(g, m) - rate * g), memory
        return memory, memory

    def adam(self, gradient, rate, t):
        beta_1, beta_2 = self.settings["beta_1"], self.settings["beta_2"]
        slots = self.slots
        slots["square"] = beta_2 * slots["square"] + (1 - beta_2) * gradient**2
        slots["largest"] = torch.maximum(slots["largest"], slots["square"])
        square = slots["largest"] if self.settings["amsgrad"] else slots["square"]
        alpha = rate * math.sqrt(1 - beta_2**t) / (1 - beta_1**t)
        scale = alpha / (square.sqrt() + self.settings["epsilon"])

        def memory(g, m):
            return beta_1 * m + (1 - beta_1) * g

        return (lambda g, m: -scale * memory(g, m)), memory

    def rmsprop(self, gradient, rate, _):
        rho, slots = self.settings["rho"], self.slots
        slots["square"] = rho * slots["square"] + (1 - rho) * gradient**2
        slots["mean"] = rho * slots["mean"] + (1 - rho) * gradient
        mean = slots["mean"] if self.settings["centered"] else torch.zeros_like(gradient)
        root = (slots["square"] - mean**2 + self.settings["epsilon"]).sqrt()

        def memory(g, m):
            return self.settings["momentum"] * m + rate * g / root

        return (lambda g, m: -memory(g, m)), memory


def chosen_places(name, tensors):
    """Some places of each tensor: (tensor, index in it), and how the program writes it."""
    draw, places = random.Random(f"blame {name}"), {}
    for tensor, values in tensors.items():
        for index in sorted(draw.sample(range(values.numel()), min(SPLIT, values.numel()))):
            place = np.unravel_index(index, values.shape)
            places[f"{tensor}[{','.join(map(str, place))}]"] = (tensor, index)
    return places


def train_batch(case, tensors, movements, samples, iteration):
    """One step on the tensors; returns name -> ([movement of each sample's steps], momentum, decay)."""
    split = stepwise.split_gradients(case, tensors, samples, iteration)
    names = [name for name in tensors if name.split("/")[0] in trained(case)]
    whole = [sum(parts[name].sum(dim=0) for parts in split) for name in names]
    limited = torch_side.clipped(case["config"]["training"], whole)
    result = {name: ([torch.zeros_like(parts[name]) for parts in split],
                     torch.zeros_like(tensors[name]), torch.zeros_like(tensors[name]))
              for name in tensors}
    for name, gradient, applied in zip(names, whole, limited):
        share = torch.where(gradient == 0, 1.0, applied / gradient)
        moved, momentum, decay = movements[name].step(applied, tensors[name], iteration)
        result[name] = [moved(share * parts[name]) for parts in split], momentum, decay
    for name, (parts, momentum, decay) in result.items():
        tensors[name] = tensors[name] + sum(part.sum(dim=0) for part in parts) + momentum + decay
    return result


def trained(case):
    return {layer["name"] for layer in case["config"]["model"]["layers"]
            if layer.get("trainable", True)}


def check_with_keras(case, epoch, tensors):
    with open(HERE / f"{case['config']['name']}.json") as file:
        truth = json.load(file)["float64"]["weights"][str(epoch)]
    for name, tensor in tensors.items():
        apart = np.abs(tensor.numpy().ravel() - np.asarray(truth[name])).max()
        if not apart <= BOUND:
            sys.exit(f"blame: {case['config']['name']}, epoch {epoch}: {name} is {apart} from Keras's")


def blame_of(case):
    """The first kept epoch that has one before it, batch by batch."""
    training, tensors = case["config"]["training"], tensors_of(case)
    count, size = len(case["config"]["data"]["train"]["x"]), training["batch_size"]
    last = next(epoch for epoch in case["kept_epochs"] if epoch > 1)
    places, iteration = chosen_places(case["config"]["name"], tensors), 0
    movements = {name: Movement(training, tensor.shape) for name, tensor in tensors.items()}
    result = {place: [] for place in places}
    for epoch in range(1, last + 1):
        for first in range(0, count, size):
            samples = list(range(first, min(first + size, count)))
            parts = train_batch(case, tensors, movements, samples, iteration)
            iteration += 1
            for place, (name, index) in places.items() if epoch == last else ():
                moved, momentum, decay = parts[name]
                result[place].append({
                    "samples": samples,
                    "moved": [each.flatten(1)[:, index].tolist() for each in moved],
                    "momentum": momentum.flatten()[index].item(),
                    "decay": decay.flatten()[index].item()})
        if epoch in case["kept_epochs"]:
            check_with_keras(case, epoch, tensors)
    return {"epoch": last, "weights": result}


def shortened(value):
    """Nested values with 13 digits; whole numbers as they are."""
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shortened(each) for each in value]
    return value if isinstance(value, int) else generate.rounded(value, 13)


if __name__ == "__main__":
    write_cases(HERE / "Blame", NAMES, lambda case: shortened(blame_of(case)))

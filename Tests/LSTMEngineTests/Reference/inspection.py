"""Writes what a look inside must show: inspection.py [NAME ...]; see README.md.

For some of the cases, at their initial weights, in float64, into Inspection/NAME.json:

* traces: every gate and state of every step of the first samples, layer by layer, by the cells'
  equations in PyTorch; hidden states are compared with Keras's own layers first.
* terms: the gradient of some weights in the first batch, split by sample and time step. Each sample
  and step gets a copy of every weight, and PyTorch's autograd gives each copy its gradient; their
  sums are compared with the whole gradient first.
"""

import json
import os
import pathlib
import random
import sys

os.environ.update(KERAS_BACKEND="torch", CUDA_VISIBLE_DEVICES="-1", OMP_NUM_THREADS="1")

import keras
import numpy as np
import torch

import cases
import generate
import torch_side

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ["zero_position", "smallest", "odd_sizes", "stacked_two", "sequence_numbers",
         "sequence_labels", "partial_batch", "three_dense", "absolute_error", "adamw", "sgd_nesterov",
         "rmsprop_momentum", "cell_sigmoid", "gates_relu", "no_bias"]
TRACED, SPLIT = 2, 5  # samples a case, weights a tensor
RECURRENT = {"lstm": keras.layers.LSTM}


def copies(tensors, samples, steps):
    """A copy of every weight for each sample and time step, each a leaf of its own."""
    return {name: tensor.detach().expand(samples, steps, *tensor.shape).clone().requires_grad_()
            for name, tensor in tensors.items()}


def product(x, weight):
    """x (N, I) times a weight of its own for each sample, (N, I, O)."""
    return torch.einsum("ni,nio->no", x, weight)


def lstm_step(x, h, c, layer, weights):
    """One step of the cell; weights have a first axis for the samples."""
    gate, cell = (torch_side.ACTIVATIONS[layer[key]] for key in ("recurrent_activation", "activation"))
    z = product(x, weights[0]) + product(h, weights[1])
    if layer["use_bias"]:
        z = z + weights[2]
    zi, zf, zg, zo = z.chunk(4, dim=-1)
    i, f, g, o = gate(zi), gate(zf), cell(zg), gate(zo)
    c = f * c + i * g
    h = o * cell(c)
    return {"input": i, "forget": f, "cell": g, "output": o, "cell_state": c, "hidden_state": h}


def recurrent(x, layer, weights):
    """All steps of a layer: each quantity as (N, T, H)."""
    samples, steps = x.shape[:2]
    h = c = x.new_zeros(samples, layer["units"])
    rows = []
    for t in range(steps):
        rows.append(lstm_step(x[:, t], h, c, layer, [weight[:, t] for weight in weights]))
        h, c = rows[-1]["hidden_state"], rows[-1]["cell_state"]
    return {name: torch.stack([row[name] for row in rows], dim=1) for name in rows[0]}


def forward(x, layers, tensors):
    """The last layer's logits and output, and each recurrent layer's quantities.

    A layer behind one that shows its last step only uses the copies of that step.
    """
    traces, logits, per_step, last = {}, None, True, x.shape[1] - 1
    for layer in layers:
        names = ["kernel", "recurrent_kernel"][: 1 + (layer["type"] in RECURRENT)]
        names += ["bias"] if layer["use_bias"] else []
        weights = [tensors[f"{layer['name']}/{name}"] for name in names]
        if layer["type"] in RECURRENT:
            traces[layer["name"]] = recurrent(x, layer, weights)
            x, logits = traces[layer["name"]]["hidden_state"], None
            if not layer["return_sequences"]:
                x, per_step = x[:, -1], False
            continue
        if per_step:
            logits = torch.einsum("nti,ntio->nto", x, weights[0])
            logits = logits + (weights[1] if layer["use_bias"] else 0)
        else:
            logits = product(x, weights[0][:, last])
            logits = logits + (weights[1][:, last] if layer["use_bias"] else 0)
        x = torch_side.ACTIVATIONS[layer["activation"]](logits)
    return logits, x, traces


def loss_of(case, x, y, tensors):
    z, p, _ = forward(x, case["config"]["model"]["layers"], tensors)
    return torch_side.loss_of_output(case["config"], z, p, y)


def check_with_keras(x, layers, tensors, traces):
    """Keras's layer on the same input gives the same hidden states and the same last cell state."""
    for layer in layers:
        if layer["type"] not in RECURRENT:
            return
        settings = {key: value for key, value in layer.items() if key != "type"}
        keras_layer = RECURRENT[layer["type"]](
            **(settings | {"return_sequences": True, "return_state": True}), dtype="float64")
        keras_layer.build(x.shape)
        keras_layer.set_weights([
            tensors[f"{layer['name']}/{weight.name}"].numpy() for weight in keras_layer.weights])
        hidden, *states = keras_layer(x.numpy())
        ours = traces[layer["name"]]
        apart = np.abs(hidden.detach().numpy() - ours["hidden_state"].numpy()).max()
        if len(states) > 1:
            last = ours["cell_state"][:, -1].numpy()
            apart = max(apart, np.abs(states[1].detach().numpy() - last).max())
        if apart > 1e-12:
            sys.exit(f"inspection: {layer['name']} is {apart} from Keras's")
        x = ours["hidden_state"]


def traces_of(case, tensors):
    x = torch.tensor(case["config"]["data"]["train"]["x"][:TRACED], dtype=torch.float64)
    layers = case["config"]["model"]["layers"]
    with torch.no_grad():
        _, output, traces = forward(x, layers, copies(tensors, *x.shape[:2]))
        check_with_keras(x, layers, tensors, traces)
    return {"output": output.tolist(),
            "layers": {name: {key: value.tolist() for key, value in quantities.items()}
                       for name, quantities in traces.items()}}


def terms_of(case, tensors):
    config = case["config"]
    batch = config["training"]["batch_size"]
    x, y = (torch.tensor(config["data"]["train"][key][:batch], dtype=torch.float64) for key in "xy")
    split = copies(tensors, *x.shape[:2])
    loss_of(case, x, y, split).backward()
    whole = torch_side.gradients(case, torch.float64)
    draw, terms = random.Random(config["name"]), {}
    for name, tensor in split.items():
        parts = torch.zeros_like(tensor) if tensor.grad is None else tensor.grad
        flat = parts.reshape(*x.shape[:2], -1)
        apart = np.abs(flat.sum(dim=(0, 1)).numpy() - np.asarray(whole[name])).max()
        if apart > 1e-12:
            sys.exit(f"inspection: {config['name']}: the parts of d{name} miss its sum by {apart}")
        chosen = sorted(draw.sample(range(flat.shape[-1]), min(SPLIT, flat.shape[-1])))
        terms[name] = {str(index): flat[..., index].tolist() for index in chosen}
    return terms


def main(names):
    torch.set_num_threads(1)
    keras.config.set_floatx("float64")
    (HERE / "Inspection").mkdir(exist_ok=True)
    for case in cases.all_cases():
        name = case["config"]["name"]
        if name not in (names or NAMES):
            continue
        tensors = {
            path: torch.tensor(tensor["data"], dtype=torch.float64).reshape(tensor["shape"])
            for path, tensor in case["initial_weights"].items()}
        document = {"traces": generate.rounded(traces_of(case, tensors), 13),
                    "terms": generate.rounded(terms_of(case, tensors), 13)}
        generate.write(document, HERE / "Inspection" / f"{name}.json")
        print(f"inspection: {name}", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])

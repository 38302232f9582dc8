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
         "rmsprop_momentum", "cell_sigmoid", "gates_relu", "no_bias", "gru_last", "gru_stacked", "gru_no_bias", "gru_gates_tanh",
         "simple_rnn_last", "simple_rnn_sequences", "mixed_cells", "two_way_lstm", "two_way_gru_steps",
         "two_way_simple_rnn"]
TRACED, SPLIT = 2, 5  # samples a case, weights a tensor
RECURRENT = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU,
             "simple_rnn": keras.layers.SimpleRNN}


def copies(tensors, samples, steps):
    """A copy of every weight for each sample and time step, each a leaf of its own."""
    return {name: tensor.detach().expand(samples, steps, *tensor.shape).clone().requires_grad_()
            for name, tensor in tensors.items()}


def product(x, weight):
    """x (N, I) times a weight of its own for each sample, (N, I, O)."""
    return torch.einsum("ni,nio->no", x, weight)


def activations_of(layer):
    return (torch_side.ACTIVATIONS[layer.get(key, "sigmoid")]
            for key in ("recurrent_activation", "activation"))


def lstm_step(x, before, layer, weights):
    """One step of the cell; weights have a first axis for the samples."""
    gate, cell = activations_of(layer)
    z = product(x, weights[0]) + product(before["hidden_state"], weights[1])
    if layer["use_bias"]:
        z = z + weights[2]
    zi, zf, zg, zo = z.chunk(4, dim=-1)
    i, f, g, o = gate(zi), gate(zf), cell(zg), gate(zo)
    c = f * before["cell_state"] + i * g
    return {"input": i, "forget": f, "cell": g, "output": o, "cell_state": c,
            "hidden_state": o * cell(c)}


def gru_step(x, before, layer, weights):
    gate, cell = activations_of(layer)
    h, bias = before["hidden_state"], weights[2] if layer["use_bias"] else None
    zu, zr, zc = (product(x, weights[0]) + (bias[:, 0] if layer["use_bias"] else 0)).chunk(3, -1)
    qu, qr, qc = (product(h, weights[1]) + (bias[:, 1] if layer["use_bias"] else 0)).chunk(3, -1)
    u, r = gate(zu + qu), gate(zr + qr)
    g = cell(zc + r * qc)
    return {"update": u, "reset": r, "candidate": g, "hidden_state": u * h + (1 - u) * g}


def simple_rnn_step(x, before, layer, weights):
    _, cell = activations_of(layer)
    z = product(x, weights[0]) + product(before["hidden_state"], weights[1])
    return {"hidden_state": cell(z + weights[2] if layer["use_bias"] else z)}


STEPS = {"lstm": lstm_step, "gru": gru_step, "simple_rnn": simple_rnn_step}


def recurrent(x, layer, weights):
    """All steps of a layer: each quantity as (N, T, H)."""
    zero = x.new_zeros(x.shape[0], layer["units"])
    rows = [{"hidden_state": zero, "cell_state": zero}]
    for t in range(x.shape[1]):
        step_weights = [weight[:, t] for weight in weights]
        rows.append(STEPS[layer["type"]](x[:, t], rows[-1], layer, step_weights))
    return {name: torch.stack([row[name] for row in rows[1:]], dim=1) for name in rows[-1]}


def weights_of(layer, path, tensors):
    names = ["kernel"] + (["recurrent_kernel"] if layer["type"] in STEPS else [])
    names += ["bias"] if layer["use_bias"] else []
    return [tensors[f"{path}/{name}"] for name in names]


def two_way(x, outer, tensors):
    """Both directions in the order of time, and the layer's output."""
    layer, quantities, ends = outer["layer"], {}, []
    for direction in ("forward", "backward"):
        weights = weights_of(layer, f"{outer['name']}/{direction}", tensors)
        flip = direction == "backward"
        if flip:
            trace = recurrent(x.flip(1), layer, [weight.flip(1) for weight in weights])
            ends.append(trace["hidden_state"][:, -1])
            trace = {name: value.flip(1) for name, value in trace.items()}
        else:
            trace = recurrent(x, layer, weights)
            ends.append(trace["hidden_state"][:, -1])
        quantities |= {f"{direction}/{name}": value for name, value in trace.items()}
    hidden = [quantities[f"{way}/hidden_state"] for way in ("forward", "backward")]
    output = hidden if layer["return_sequences"] else ends
    return quantities, torch.cat(output, dim=-1)


def forward(x, layers, tensors):
    """The last layer's logits and output, and each recurrent layer's quantities.

    A layer behind one that shows its last step only uses the copies of that step.
    """
    traces, logits, per_step, last = {}, None, True, x.shape[1] - 1
    for layer in layers:
        if layer["type"] == "bidirectional":
            traces[layer["name"]], x = two_way(x, layer, tensors)
            logits, per_step = None, layer["layer"]["return_sequences"]
            continue
        weights = weights_of(layer, layer["name"], tensors)
        if layer["type"] in STEPS:
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


def keras_layer(layer):
    settings = {key: value for key, value in layer.items() if key != "type"}
    return RECURRENT[layer["type"]](
        **(settings | {"return_sequences": True, "return_state": True}), dtype="float64")


def check_one(x, layer, path, tensors, ours):
    """Keras's layer on the same input gives the same hidden states and the same last states.

    Keras's SimpleRNN on PyTorch computes partly in float32; torch.nn.RNN stands in for it.
    """
    weights = [tensors[f"{path}/{name}"] for name in ("kernel", "recurrent_kernel", "bias")
               if f"{path}/{name}" in tensors]
    if layer["type"] == "simple_rnn":
        hidden = torch_side.torch_rnn(x, layer, weights)
        apart = np.abs((hidden - ours["hidden_state"]).detach().numpy()).max()
        return None if apart < 1e-12 else sys.exit(f"inspection: {path}: {apart} from PyTorch's")
    peer = keras_layer(layer)
    peer.build(x.shape)
    peer.set_weights([tensors[f"{path}/{weight.name}"].numpy() for weight in peer.weights])
    hidden, *states = peer(x.numpy())
    apart = np.abs(hidden.detach().numpy() - ours["hidden_state"].numpy()).max()
    if len(states) > 1:
        last = ours["cell_state"][:, -1].numpy()
        apart = max(apart, np.abs(states[1].detach().numpy() - last).max())
    if apart > 1e-12:
        sys.exit(f"inspection: {path} is {apart} from Keras's")


def check_with_keras(x, layers, tensors, traces):
    for layer in layers:
        if layer["type"] == "bidirectional":
            for way in ("forward", "backward"):
                ours = {name.split("/")[1]: value for name, value in traces[layer["name"]].items()
                        if name.startswith(way)}
                if way == "backward":
                    ours = {name: value.flip(1) for name, value in ours.items()}
                check_one(x.flip(1) if way == "backward" else x, layer["layer"],
                          f"{layer['name']}/{way}", tensors, ours)
            x = torch.cat([traces[layer["name"]][f"{way}/hidden_state"]
                           for way in ("forward", "backward")], dim=-1)
        elif layer["type"] in STEPS:
            check_one(x, layer, layer["name"], tensors, traces[layer["name"]])
            x = traces[layer["name"]]["hidden_state"]
        else:
            return


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

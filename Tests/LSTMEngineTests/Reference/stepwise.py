"""The forward pass of one sample, step by step, with a copy of every weight for each time step.

PyTorch's autograd then gives each copy its gradient: what one time step of one sample adds. The
cells' equations are those of README.md; shapes are without an axis for samples.
"""

import torch

import masks
import torch_side


def copies(tensors, steps):
    """A copy of every weight for each time step, (T, …), a leaf of its own."""
    return {name: tensor.detach().expand(steps, *tensor.shape).clone().requires_grad_()
            for name, tensor in tensors.items()}


def activations_of(layer):
    return (torch_side.ACTIVATIONS[layer.get(key, "sigmoid")]
            for key in ("recurrent_activation", "activation"))


def lstm_step(x, before, h, layer, weights):
    """One step of the cell: x (I), the state before, h (H) as the sums read it."""
    gate, cell = activations_of(layer)
    z = x @ weights[0] + h @ weights[1]
    if layer["use_bias"]:
        z = z + weights[2]
    zi, zf, zg, zo = z.chunk(4, dim=-1)
    i, f, g, o = gate(zi), gate(zf), cell(zg), gate(zo)
    c = f * before["cell_state"] + i * g
    return {"input": i, "forget": f, "cell": g, "output": o, "cell_state": c,
            "hidden_state": o * cell(c),
            "input_sum": zi, "forget_sum": zf, "cell_sum": zg, "output_sum": zo}


def gru_step(x, before, h, layer, weights):
    gate, cell = activations_of(layer)
    b, d = weights[2] if layer["use_bias"] else (0, 0)
    zu, zr, zc = (x @ weights[0] + b).chunk(3, dim=-1)
    qu, qr, qc = (h @ weights[1] + d).chunk(3, dim=-1)
    u, r = gate(zu + qu), gate(zr + qr)
    g = cell(zc + r * qc)
    return {"update": u, "reset": r, "candidate": g,
            "hidden_state": u * before["hidden_state"] + (1 - u) * g,
            "update_sum": zu + qu, "reset_sum": zr + qr, "candidate_sum": zc + r * qc,
            "candidate_recurrent_sum": qc}


def simple_rnn_step(x, before, h, layer, weights):
    _, cell = activations_of(layer)
    z = x @ weights[0] + h @ weights[1]
    z = z + weights[2] if layer["use_bias"] else z
    return {"hidden_state": cell(z), "hidden_state_sum": z}


STEPS = {"lstm": lstm_step, "gru": gru_step, "simple_rnn": simple_rnn_step}


def recurrent(x, layer, weights, dropped=(None, None)):
    """All steps of a layer: each quantity as (T, H). `dropped` multiply the inputs (I) and the state
    that the sums read (H)."""
    inputs, state = (1.0 if mask is None else mask for mask in dropped)
    zero = x.new_zeros(layer["units"])
    rows = [{"hidden_state": zero, "cell_state": zero}]
    for t in range(x.shape[0]):
        rows.append(STEPS[layer["type"]](
            inputs * x[t], rows[-1], state * rows[-1]["hidden_state"], layer,
            [weight[t] for weight in weights]))
    return {name: torch.stack([row[name] for row in rows[1:]]) for name in rows[-1]}


def weights_of(layer, path, tensors):
    names = ["kernel"] + (["recurrent_kernel"] if layer["type"] in STEPS else [])
    names += ["bias"] if layer["use_bias"] else []
    return [tensors[f"{path}/{name}"] for name in names]


def two_way(x, outer, tensors, dropped):
    """Both directions in the order of time, and the layer's output: (T, 2H), or (2H) of the step at
    which each direction ends."""
    layer, quantities, ends = outer["layer"], {}, []
    for way in ("forward", "backward"):
        turn = (lambda rows: rows.flip(0)) if way == "backward" else (lambda rows: rows)
        weights = weights_of(layer, f"{outer['name']}/{way}", tensors)
        prefix = "backward_" if way == "backward" else ""
        trace = recurrent(turn(x), layer, [turn(weight) for weight in weights],
                          (dropped(prefix + "input"), dropped(prefix + "state")))
        ends.append(trace["hidden_state"][-1])
        quantities |= {f"{way}/{name}": turn(value) for name, value in trace.items()}
    hidden = [quantities[f"{way}/hidden_state"] for way in ("forward", "backward")]
    return quantities, torch.cat(hidden if layer["return_sequences"] else ends, dim=-1)


def forward(x, layers, tensors, dropped=None):
    """The last layer's logits and output, and each layer's quantities, of a sample (T, I).

    A layer behind one that shows its last step only uses the copies of that step.
    """
    traces, logits, masked = {}, None, dropped or {}
    for index, layer in enumerate(layers):
        def mask(purpose):
            return masked.get((index, purpose))

        kind, name, per_step = layer["type"], layer["name"], x.ndim == 2
        if kind == "dropout":
            x = x if mask("input") is None else x * mask("input")
        elif kind == "embedding":
            x = torch.stack([tensors[f"{name}/embeddings"][t, int(number)]
                             for t, number in enumerate(x[:, 0])])
            traces[name] = {"output": x}
        elif kind == "bidirectional":
            traces[name], x = two_way(x, layer, tensors, mask)
        elif kind in STEPS:
            traces[name] = recurrent(x, layer, weights_of(layer, name, tensors),
                                     (mask("input"), mask("state")))
            x = traces[name]["hidden_state"]
            x = x if layer["return_sequences"] else x[-1]
        else:
            kernel, *bias = weights_of(layer, name, tensors)
            logits = (torch.einsum("ti,tio->to", x, kernel) if per_step else x @ kernel[-1])
            for each in bias:
                logits = logits + (each if per_step else each[-1])
            x = torch_side.ACTIVATIONS[layer["activation"]](logits)
            traces[name] = {"output_sum": logits, "output": x}
    return (logits if layers[-1]["type"] == "dense" else None), x, traces


def masks_of(case, iteration, sample, steps):
    """A sample's masks in an optimizer step, as tensors: (layer, purpose) -> (columns) or (T, columns)."""
    config = case["config"]
    if not masks.has_dropout(case):
        return {}
    drawn = masks.masks(config["model"]["layers"], config["seed"], iteration, [sample],
                        len(config["data"]["train"]["x"][0][0]), steps)
    return {key: torch.tensor(values[0], dtype=torch.float64) for key, values in drawn.items()}


def split_gradients(case, tensors, samples, iteration):
    """The gradient of a batch's mean loss before any limit, split: for each sample, name -> (T, …)."""
    config = case["config"]
    data, layers = config["data"]["train"], config["model"]["layers"]
    x = [torch.tensor(data["x"][k], dtype=torch.float64) for k in samples]
    split = [copies(tensors, len(each)) for each in x]
    outputs = [forward(each, layers, parts, masks_of(case, iteration, k, len(each)))
               for k, each, parts in zip(samples, x, split)]
    has_steps = outputs[0][1].ndim == 2
    rows = torch.cat if has_steps else torch.stack
    z = None if outputs[0][0] is None else rows([output[0] for output in outputs])
    y = [data["y"][k] for k in samples]
    y = [row for each in y for row in each] if has_steps else y
    torch_side.loss_of_output(
        config, z, rows([output[1] for output in outputs]),
        torch.tensor(y, dtype=torch.float64)).backward()
    frozen = [layer["name"] for layer in layers if not layer.get("trainable", True)]
    return [{name: torch.zeros_like(tensor)
             if tensor.grad is None or name.split("/")[0] in frozen else tensor.grad
             for name, tensor in parts.items()} for parts in split]

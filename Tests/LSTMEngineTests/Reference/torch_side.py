"""The gradients of a case's first batch, by PyTorch's autograd.

torch.nn.LSTM, GRU and RNN compute every cell that they can express (tanh and sigmoid, with biases);
the others are written out below. PyTorch's LSTM gates come in the order i, f, g, o, which is Keras's
i, f, c, o; its GRU's in the order r, z, n, where Keras has z, r, n. Its matrices are the transposes of
Keras's.
"""

import numpy as np
import torch
from torch.nn import functional

import masks

ACTIVATIONS = {
    "linear": lambda a: a, "sigmoid": torch.sigmoid, "tanh": torch.tanh, "relu": torch.relu,
    "softmax": lambda a: torch.softmax(a, dim=-1),
}
EPSILON = 1e-7


def torch_lstm(x, layer, weights):
    """torch.nn.LSTM with Keras's tensors; returns (N, T, H)."""
    kernel, recurrent, bias = weights
    module = torch.nn.LSTM(x.shape[-1], layer["units"], batch_first=True, dtype=x.dtype)
    parameters = {"weight_ih_l0": kernel.T, "weight_hh_l0": recurrent.T, "bias_ih_l0": bias,
                  "bias_hh_l0": torch.zeros_like(bias)}
    return torch.func.functional_call(module, parameters, (x,))[0]


def torch_gru(x, layer, weights):
    """torch.nn.GRU with Keras's tensors; returns (N, T, H)."""
    def reordered(tensor):
        z, r, n = tensor.chunk(3, dim=-1)
        return torch.cat([r, z, n], dim=-1)

    kernel, recurrent, bias = map(reordered, weights)
    module = torch.nn.GRU(x.shape[-1], layer["units"], batch_first=True, dtype=x.dtype)
    parameters = {"weight_ih_l0": kernel.T, "weight_hh_l0": recurrent.T, "bias_ih_l0": bias[0],
                  "bias_hh_l0": bias[1]}
    return torch.func.functional_call(module, parameters, (x,))[0]


def torch_rnn(x, layer, weights):
    """torch.nn.RNN with Keras's tensors; returns (N, T, H)."""
    kernel, recurrent, bias = weights
    module = torch.nn.RNN(x.shape[-1], layer["units"], batch_first=True, dtype=x.dtype)
    parameters = {"weight_ih_l0": kernel.T, "weight_hh_l0": recurrent.T, "bias_ih_l0": bias,
                  "bias_hh_l0": torch.zeros_like(bias)}
    return torch.func.functional_call(module, parameters, (x,))[0]


def written_out_gru(x, layer, weights, state=1.0):
    """The cell's equations with the reset gate after the product; returns (N, T, H).

    `state` is what the state of the step before is multiplied by in the sums, here and below.
    """
    gate, cell = ACTIVATIONS[layer["recurrent_activation"]], ACTIVATIONS[layer["activation"]]
    biases = weights[2] if layer["use_bias"] else x.new_zeros(2, 3 * layer["units"])
    h = x.new_zeros(x.shape[0], layer["units"])
    outputs = []
    for t in range(x.shape[1]):
        az, ar, an = (x[:, t] @ weights[0] + biases[0]).chunk(3, dim=-1)
        bz, br, bn = (state * h @ weights[1] + biases[1]).chunk(3, dim=-1)
        z, r = gate(az + bz), gate(ar + br)
        h = z * h + (1 - z) * cell(an + r * bn)
        outputs.append(h)
    return torch.stack(outputs, dim=1)


def written_out_rnn(x, layer, weights, state=1.0):
    """h = activation(x·W + h·U + b); returns (N, T, H)."""
    h = x.new_zeros(x.shape[0], layer["units"])
    outputs = []
    for t in range(x.shape[1]):
        a = x[:, t] @ weights[0] + state * h @ weights[1] + (weights[2] if layer["use_bias"] else 0)
        h = ACTIVATIONS[layer["activation"]](a)
        outputs.append(h)
    return torch.stack(outputs, dim=1)


def written_out_lstm(x, layer, weights, state=1.0):
    """The cell's equations, for activations that torch.nn.LSTM does not have; returns (N, T, H)."""
    gate, cell = ACTIVATIONS[layer["recurrent_activation"]], ACTIVATIONS[layer["activation"]]
    h = c = x.new_zeros(x.shape[0], layer["units"])
    outputs = []
    for t in range(x.shape[1]):
        a = x[:, t] @ weights[0] + state * h @ weights[1]
        if layer["use_bias"]:
            a = a + weights[2]
        i, f, g, o = a.chunk(4, dim=-1)
        c = gate(f) * c + gate(i) * cell(g)
        h = gate(o) * cell(c)
        outputs.append(h)
    return torch.stack(outputs, dim=1)


CELLS = {  # PyTorch's, and the equations
    "lstm": (torch_lstm, written_out_lstm), "gru": (torch_gru, written_out_gru),
    "simple_rnn": (torch_rnn, written_out_rnn),
}


def recurrent(x, layer, tensors, path, dropped=(None, None)):
    """A recurrent layer's output: (N, T, H), or (N, H) of the last step.

    `dropped` are the masks of the inputs and of the state, (N, I) and (N, H), the same at all steps.
    """
    names = ["kernel", "recurrent_kernel"] + (["bias"] if layer["use_bias"] else [])
    weights = [tensors[f"{path}/{name}"] for name in names]
    usual = (layer["activation"], layer.get("recurrent_activation", "sigmoid"))
    is_usual = usual == ("tanh", "sigmoid") and layer["use_bias"]
    inputs, state = dropped
    x = x if inputs is None else x * inputs[:, None]
    given, written_out = CELLS[layer["type"]]
    h = (given(x, layer, weights) if is_usual and state is None
         else written_out(x, layer, weights, 1.0 if state is None else state))
    return h if layer["return_sequences"] else h[:, -1]


def forward(x, layers, tensors, dropped=None):
    """The last layer's pre-activation (None for a recurrent one) and output."""
    logits, dropped = None, dropped or {}
    for index, layer in enumerate(layers):
        inputs, state = (dropped.get((index, purpose)) for purpose in ("input", "state"))
        if layer["type"] in CELLS:
            x, logits = recurrent(x, layer, tensors, layer["name"], (inputs, state)), None
        elif layer["type"] == "dropout":
            x, logits = x * inputs, None
        elif layer["type"] == "bidirectional":
            inner = layer["layer"]
            backward = [dropped.get((index, f"backward_{key}")) for key in ("input", "state")]
            there = recurrent(x, inner, tensors, layer["name"] + "/forward", (inputs, state))
            back = recurrent(x.flip(1), inner, tensors, layer["name"] + "/backward", backward)
            back = back.flip(1) if inner["return_sequences"] else back
            x, logits = torch.cat([there, back], dim=-1), None
        elif layer["type"] == "embedding":
            x, logits = tensors[f"{layer['name']}/embeddings"][x[..., 0].long()], None
        else:
            names = ["kernel", "bias"] if layer["use_bias"] else ["kernel"]
            weights = [tensors[f"{layer['name']}/{name}"] for name in names]
            logits = x @ weights[0] + (weights[1] if layer["use_bias"] else 0)
            x = ACTIVATIONS[layer["activation"]](logits)
    return logits, x


def crossentropy(loss, from_logits, z, p, y):
    """A crossentropy of Keras on TensorFlow, for each sample or time step: of logits behind sigmoid
    and softmax, else clipped."""
    if loss == "binary_crossentropy":
        if from_logits:
            return functional.binary_cross_entropy_with_logits(z, y, reduction="none").mean(-1)
        q = p.clamp(EPSILON, 1 - EPSILON)
        return -(y * q.log() + (1 - y) * (1 - q).log()).mean(-1)
    if loss == "sparse_categorical_crossentropy":
        scores = z if from_logits else p.clamp(EPSILON, 1 - EPSILON).log()
        return functional.cross_entropy(
            scores.flatten(0, -2), y.long().flatten(), reduction="none")
    if from_logits:
        return -(y * functional.log_softmax(z, dim=-1)).sum(-1)
    q = (p / p.sum(-1, keepdim=True)).clamp(EPSILON, 1 - EPSILON)
    return -(y * q.log()).sum(-1)


def class_weights(weights, y):
    """The weight of each sample's class, 1 where a class has none."""
    classes = y.argmax(-1) if y.ndim > 1 and y.shape[-1] > 1 else y.flatten()
    return torch.tensor([weights.get(str(int(k)), 1.0) for k in classes], dtype=y.dtype)


def compute_loss(case, dtype, tensors):
    """The mean loss of the first batch."""
    config = case["config"]
    batch = config["training"]["batch_size"]
    x, y = (config["data"]["train"][key][:batch] for key in "xy")
    layers = config["model"]["layers"]
    if len({len(sample) for sample in x}) > 1:  # each sample alone; rows are samples or steps
        outputs = [forward(torch.tensor([sample], dtype=dtype), layers, tensors,
                           dropped_of(case, [k], len(sample), dtype))
                   for k, sample in enumerate(x)]
        z, p = (None if parts[0] is None else torch.cat([part.flatten(0, -2) for part in parts])
                for parts in zip(*outputs))
        has_steps = outputs[0][1].ndim == 3
        y = [row for target in y for row in target] if has_steps else y
        return loss_of_output(config, z, p, torch.tensor(y, dtype=dtype))
    x, y = torch.tensor(x, dtype=dtype), torch.tensor(y, dtype=dtype)
    dropped = dropped_of(case, range(len(x)), x.shape[1], dtype)
    return loss_of_output(config, *forward(x, layers, tensors, dropped), y)


def dropped_of(case, samples, steps, dtype):
    """The masks of some samples in the first optimizer step, as `forward` takes them."""
    config = case["config"]
    if not masks.has_dropout(case):
        return {}
    drawn = masks.masks(config["model"]["layers"], config["seed"], 0, samples,
                        len(config["data"]["train"]["x"][0][0]), steps)
    return {key: torch.tensor(values, dtype=dtype) for key, values in drawn.items()}


def loss_of_output(config, z, p, y):
    """The mean loss of an output p with its pre-activations z (None for a recurrent layer's)."""
    layers = config["model"]["layers"]
    plain = {
        "mean_squared_error": functional.mse_loss,
        "mean_absolute_error": functional.l1_loss,
        "huber": functional.huber_loss,
    }
    loss = config["training"]["loss"]
    if loss in plain:
        return plain[loss](p, y)
    from_logits = layers[-1].get("activation") in ("sigmoid", "softmax") and z is not None
    losses = crossentropy(loss, from_logits, z, p, y)
    weights = config["training"].get("class_weight")
    return (losses * class_weights(weights, y) if weights else losses).mean()


def clipped(training, gradients):
    """The gradients within the limits that the case sets."""
    if "clip_value" in training:
        limit = training["clip_value"]
        return [gradient.clamp(-limit, limit) for gradient in gradients]
    if "clip_norm" in training:
        return [gradient * min(1.0, training["clip_norm"] / gradient.norm().item())
                for gradient in gradients]
    if "global_clip_norm" in training:
        norm = torch.stack([gradient.norm() for gradient in gradients]).norm().item()
        return [gradient * min(1.0, training["global_clip_norm"] / norm) for gradient in gradients]
    return gradients


def gradients(case, dtype, limited=True):
    """The gradient of every tensor as the optimizer takes it, or before any limit, by Keras's name, row
    by row, as Python doubles; zero for a layer that is not trained."""
    frozen = [layer["name"] for layer in case["config"]["model"]["layers"]
              if not layer.get("trainable", True)]
    tensors = {
        name: torch.tensor(tensor["data"], dtype=dtype).reshape(tensor["shape"])
        .requires_grad_(name.split("/")[0] not in frozen)
        for name, tensor in case["initial_weights"].items()
    }
    compute_loss(case, dtype, tensors).backward()
    gradients = [torch.zeros_like(tensor) if tensor.grad is None else tensor.grad
                 for tensor in tensors.values()]
    taken = clipped(case["config"]["training"], gradients) if limited else gradients
    return {name: np.asarray(gradient, np.float64).ravel().tolist()
            for name, gradient in zip(tensors, taken, strict=True)}

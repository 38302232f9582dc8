"""Predicts with PyTorch what `lstm-lab export --names pytorch` wrote for it."""

import torch
from safetensors.torch import load_file
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

CELLS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "simple_rnn": torch.nn.RNN}
ACTIVATIONS = {"linear": torch.nn.Identity(), "sigmoid": torch.nn.Sigmoid(), "tanh": torch.nn.Tanh(),
               "relu": torch.nn.ReLU(), "softmax": torch.nn.Softmax(dim=-1)}


def module(layer, width):
    """The layer's module and the number of its outputs."""
    kind, inner = layer["type"], layer.get("layer", layer)
    if kind == "dropout":
        return torch.nn.Dropout(layer["rate"]), width
    if kind == "embedding":
        return torch.nn.Embedding(layer["input_dim"], layer["output_dim"]), layer["output_dim"]
    if kind == "dense":
        return torch.nn.Linear(width, layer["units"], bias=layer["use_bias"]), layer["units"]
    both = kind == "bidirectional"
    options = {"nonlinearity": inner["activation"]} if inner["type"] == "simple_rnn" else {}
    cell = CELLS[inner["type"]](width, inner["units"], batch_first=True, bidirectional=both,
                                bias=inner["use_bias"], **options)
    return cell, inner["units"] * (2 if both else 1)


def can_compute(layers):
    """Whether PyTorch's cells have the functions of all layers."""
    return all(layer["activation"] in ("tanh", "relu")[:2 if layer["type"] == "simple_rnn" else 1]
               and layer.get("recurrent_activation", "sigmoid") == "sigmoid"
               for layer in (each.get("layer", each) for each in layers) if layer["type"] in CELLS)


def network(layers, width):
    modules = {}
    for layer in layers:
        modules[layer["name"]], width = module(layer, width)
    return torch.nn.ModuleDict(modules).eval()


def recurrent(cell, h, lengths, layer):
    """All outputs (N, T, H), or those of each sample's last step (N, H), both directions side by side."""
    packed = pack_padded_sequence(h, lengths, batch_first=True, enforce_sorted=False)
    outputs, state = cell(packed)
    if layer.get("layer", layer)["return_sequences"]:
        return pad_packed_sequence(outputs, batch_first=True, total_length=h.shape[1])[0]
    last = state[0] if isinstance(state, tuple) else state
    return last.transpose(0, 1).flatten(1)


@torch.no_grad()
def predictions(folder, layers, x, lengths):
    model = network(layers, x.shape[-1])
    model.load_state_dict(load_file(folder / "pytorch.safetensors"), strict=True)
    h = torch.from_numpy(x)
    for layer in layers:
        part = model[layer["name"]]
        if layer["type"] == "embedding":
            h = part(h[..., 0].long())
        elif layer["type"] == "dropout":
            h = part(h)
        elif layer["type"] == "dense":
            h = ACTIVATIONS[layer["activation"]](part(h))
        else:
            h = recurrent(part, h, lengths, layer)
    return h.numpy()

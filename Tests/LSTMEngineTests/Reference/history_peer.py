"""A case's model as a PyTorch module of its own layers, for captum.

Batches are filled up with steps behind each sample's last one, which packing leaves out. What is not
trained, and the second bias of PyTorch's LSTM and RNN, which Keras's do not have, are buffers: captum takes
the gradient of every parameter.
"""

import torch
from torch.nn import functional
from torch.nn.utils import rnn

import torch_side

CELLS = {"lstm": torch.nn.LSTM, "gru": torch.nn.GRU, "simple_rnn": torch.nn.RNN}


def turned(layer, tensors, path):
    """A cell's tensors as PyTorch has them: matrices transposed, a GRU's gates in the order r z n."""
    def blocks(tensor):
        if layer["type"] != "gru":
            return tensor
        z, r, n = tensor.chunk(3, dim=-1)
        return torch.cat([r, z, n], dim=-1)

    found = {"weight_ih": blocks(tensors[f"{path}/kernel"]).T,
             "weight_hh": blocks(tensors[f"{path}/recurrent_kernel"]).T}
    if layer["use_bias"]:
        bias = blocks(tensors[f"{path}/bias"])
        pair = bias if layer["type"] == "gru" else (bias, torch.zeros_like(bias))
        found |= {"bias_ih": pair[0], "bias_hh": pair[1]}
    return found


class Model(torch.nn.Module):
    """A chain of layers: (N, T, I) and the samples' lengths in, (N, C) or (N, T, C) out."""

    def __init__(self, layers, inputs):
        super().__init__()
        self.layers = [layer for layer in layers if layer["type"] != "dropout"]
        self.parts = torch.nn.ModuleDict()
        for layer in self.layers:
            inner = layer.get("layer", layer)
            if inner["type"] in CELLS:
                part = CELLS[inner["type"]](
                    inputs, inner["units"], bias=inner["use_bias"], batch_first=True,
                    bidirectional="layer" in layer)
                still = [name for name, _ in part.named_parameters()
                         if name.startswith("bias_hh") and inner["type"] != "gru"]
                inputs = inner["units"] * (1 + ("layer" in layer))
            elif inner["type"] == "embedding":
                part, still = torch.nn.Embedding(inner["input_dim"], inner["output_dim"]), []
                inputs = inner["output_dim"]
            else:
                part, still = torch.nn.Linear(inputs, inner["units"], inner["use_bias"]), []
                inputs = inner["units"]
            if not layer.get("trainable", True):
                still = [name for name, _ in part.named_parameters()]
            for name in still:
                value = getattr(part, name).detach()
                delattr(part, name)
                part.register_buffer(name, value)
            self.parts[layer["name"]] = part
        self.double()

    def load(self, tensors):
        """Takes a state's weights by Keras's names."""
        state = {}
        for layer in self.layers:
            name, inner = layer["name"], layer.get("layer", layer)
            if inner["type"] in CELLS:
                ways = {f"{name}/forward": "_l0", f"{name}/backward": "_l0_reverse"}
                for path, end in (ways if "layer" in layer else {name: "_l0"}).items():
                    for key, value in turned(inner, tensors, path).items():
                        state[f"parts.{name}.{key}{end}"] = value
            elif inner["type"] == "embedding":
                state[f"parts.{name}.weight"] = tensors[f"{name}/embeddings"]
            else:
                state[f"parts.{name}.weight"] = tensors[f"{name}/kernel"].T
                if inner["use_bias"]:
                    state[f"parts.{name}.bias"] = tensors[f"{name}/bias"]
        self.load_state_dict(state)

    def forward(self, x, lengths):
        for layer in self.layers:
            part, inner = self.parts[layer["name"]], layer.get("layer", layer)
            if inner["type"] == "embedding":
                x = part(x[..., 0].long())
            elif inner["type"] in CELLS:
                packed = rnn.pack_padded_sequence(
                    x, lengths, batch_first=True, enforce_sorted=False)
                rows, last = part(packed)
                if inner["return_sequences"]:
                    x = rnn.pad_packed_sequence(rows, batch_first=True, total_length=x.shape[1])[0]
                else:
                    hidden = last[0] if isinstance(last, tuple) else last
                    x = torch.cat(list(hidden), dim=-1)
            else:
                x = torch_side.ACTIVATIONS[layer["activation"]](part(x))
        return x


def losses(kind):
    """A function of outputs and targets that gives each sample's loss; NaN as target does not count."""
    def of_rows(p, y):
        if kind == "mean_squared_error":
            return functional.mse_loss(p, y, reduction="none").mean(-1)
        if kind == "binary_crossentropy":
            return functional.binary_cross_entropy(p, y, reduction="none").mean(-1)
        if kind == "categorical_crossentropy":
            return -(y * p.log()).sum(-1)
        return -p.gather(-1, y.long()[..., None])[..., 0].log()

    def of_samples(p, y):
        counts = ~y.isnan()
        rows = of_rows(p, torch.where(counts, y, 0.0))
        if rows.ndim == 1:
            return rows
        counts = counts if counts.ndim == rows.ndim else counts[..., 0]
        return torch.where(counts, rows, 0.0).sum(-1) / counts.sum(-1)

    of_samples.reduction = "none"  # what captum asks
    return of_samples


def filled(samples, value):
    """Samples of unequal length as one array."""
    return rnn.pad_sequence([torch.tensor(each, dtype=torch.float64) for each in samples],
                            batch_first=True, padding_value=value)


def dataset(data, has_steps):
    """Samples with their lengths and targets, as captum reads them."""
    lengths = torch.tensor([len(sample) for sample in data["x"]])
    y = filled(data["y"], float("nan")) if has_steps else torch.tensor(data["y"]).double()
    return torch.utils.data.TensorDataset(filled(data["x"], 0.0), lengths, y)

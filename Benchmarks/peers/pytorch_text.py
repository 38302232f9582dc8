"""Trains an example on a text with PyTorch: the configuration's model and settings, on the same sequences.

usage: pytorch_text.py [--as pytorch|keras] CONFIG SEED ...

Reads an embedding, LSTM layers and a softmax. As PyTorch has it by default, an LSTM has two biases and
initial weights are PyTorch's; as Keras and lstm-lab have it, one bias is trained and initial weights are
drawn from Keras's distributions.
Prints JSON: for each seed the bits a character of the validation part after each epoch, each sequence
begun with empty states.
"""

import argparse
import json
import math
import pathlib
import sys

import torch


def sequences(numbers, length):
    """What is read, (samples, steps), and the character behind each."""
    starts = range(0, len(numbers) - length, length)
    cut = lambda first: torch.stack([numbers[s + first:s + first + length] for s in starts])
    return cut(0), cut(1)


class TextModel(torch.nn.Module):
    """An embedding, LSTM layers and the sums that softmax makes probabilities of."""

    def __init__(self, layers, characters):
        super().__init__()
        embedding, *recurrent, _ = layers
        widths = [embedding["output_dim"], *(layer["units"] for layer in recurrent)]
        self.embedding = torch.nn.Embedding(characters, widths[0])
        self.recurrent = torch.nn.ModuleList(
            torch.nn.LSTM(before, width, batch_first=True) for before, width in zip(widths, widths[1:]))
        self.dense = torch.nn.Linear(widths[-1], characters)

    def forward(self, x):
        x = self.embedding(x)
        for layer in self.recurrent:
            x = layer(x)[0]
        return self.dense(x)

    def loss(self, x, y):
        return torch.nn.functional.cross_entropy(self(x).flatten(0, 1), y.flatten())


def make_as_keras(model):
    """Embeddings in ±0.05, Glorot's uniform kernels, orthogonal recurrent ones, one bias, 1 for forget gates."""
    torch.nn.init.uniform_(model.embedding.weight, -0.05, 0.05)
    for layer in model.recurrent:
        limit = math.sqrt(6 / (layer.input_size + 4 * layer.hidden_size))
        torch.nn.init.uniform_(layer.weight_ih_l0, -limit, limit)
        torch.nn.init.orthogonal_(layer.weight_hh_l0)
        torch.nn.init.zeros_(layer.bias_ih_l0)
        torch.nn.init.zeros_(layer.bias_hh_l0)
        layer.bias_hh_l0.requires_grad_(False)
        width = layer.hidden_size
        torch.nn.init.ones_(layer.bias_ih_l0[width:2 * width])
    torch.nn.init.xavier_uniform_(model.dense.weight)
    torch.nn.init.zeros_(model.dense.bias)


def bits(config, numbers, characters, seed, kind):
    """The bits a character of the validation part after each epoch."""
    torch.manual_seed(seed)
    training, source = config["training"], config["data"]["train"]
    cut = int(len(numbers) * (1 - config["data"]["validation"]["split"]))
    x, y = sequences(numbers[:cut], source["sequence_length"])
    later = sequences(numbers[cut:], source["sequence_length"])
    model = TextModel(config["model"]["layers"], characters)
    if kind == "keras":
        with torch.no_grad():
            make_as_keras(model)
    rate = training["optimizer"]["learning_rate"]
    optimizer = torch.optim.Adam(model.parameters(), lr=rate, eps=1e-7)
    values = []
    for _ in range(training["epochs"]):
        for chosen in torch.randperm(len(x)).split(training["batch_size"]):
            optimizer.zero_grad()
            model.loss(x[chosen], y[chosen]).backward()
            optimizer.step()
        with torch.no_grad():
            values.append(model.loss(*later).item() / math.log(2))
        print(f"seed {seed}, epoch {len(values)}: {values[-1]:.3f}", file=sys.stderr)
    return values


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--as", dest="kind", choices=["pytorch", "keras"], default="pytorch")
    parser.add_argument("config", type=pathlib.Path)
    parser.add_argument("seeds", type=int, nargs="+")
    options = parser.parse_args()
    path = options.config
    config = json.loads(path.read_text())
    text = (path.parent / config["data"]["train"]["text"]).read_text(encoding="utf-8")
    characters = sorted(set(text))
    numbers = torch.tensor([characters.index(one) for one in text])
    print(json.dumps({
        "version": f"PyTorch {torch.__version__}",
        "values": [bits(config, numbers, len(characters), seed, options.kind)
                   for seed in options.seeds],
    }))


if __name__ == "__main__":
    main()

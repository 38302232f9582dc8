"""Times one training step of a character model in PyTorch: --outputs characters, vectors of --input numbers.

An embedding, LSTM layers, a linear layer at every time step, and the crossentropy of all steps, in the best form of
pytorch_step.py: whichever of two layouts and three implementations of Adam is fastest here.
"""

import torch
from torch import nn

import step


class Model(nn.Module):
    """An embedding, LSTM layers and the sums that softmax makes probabilities of, at every step."""

    def __init__(self, options, batch_first):
        super().__init__()
        self.embedding = nn.Embedding(options.outputs, options.input)
        self.recurrent = nn.LSTM(
            options.input, options.units, num_layers=options.layers, batch_first=batch_first)
        self.dense = nn.Linear(options.units, options.outputs)

    def forward(self, x):
        return self.dense(self.recurrent(self.embedding(x))[0])


def maker(options, batch_first, implementation):
    """A function that makes a step with one layout and one implementation of Adam."""

    def make():
        torch.manual_seed(1)
        model = Model(options, batch_first)
        adam = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7, **implementation)
        shape = (options.batch, options.steps) if batch_first else (options.steps, options.batch)
        x = torch.randint(options.outputs, shape)
        y = torch.randint(options.outputs, shape).flatten()

        def train():
            adam.zero_grad(set_to_none=True)
            loss = nn.functional.cross_entropy(model(x).flatten(0, 1), y)
            loss.backward()
            adam.step()
            return loss.item()

        return train

    return make


def main():
    options = step.arguments(__doc__.splitlines()[0])
    torch.set_num_threads(options.threads)
    torch.set_num_interop_threads(1)
    variants = [
        (f"{layout} Adam({', '.join(f'{k}={v}' for k, v in implementation.items())})",
         maker(options, layout == "batch-major", implementation))
        for layout in ("time-major", "batch-major")
        for implementation in ({"foreach": False}, {"foreach": True}, {"fused": True})
    ]
    step.report(options, "PyTorch", torch.__version__, variants)


if __name__ == "__main__":
    main()

"""Times one training step in PyTorch: forward, crossentropy, back-propagation, Adam.

The peer gets its best form on a CPU: torch.nn.LSTM over all layers, time-major data, class numbers
as targets, set_to_none, and whichever of two layouts and three implementations of Adam is fastest
here.
"""

import torch
from torch import nn

import step

CELLS = {"lstm": nn.LSTM, "gru": nn.GRU}


class Model(nn.Module):
    """Recurrent layers, then a linear layer on the last time step."""

    def __init__(self, options, batch_first):
        super().__init__()
        self.recurrent = CELLS[options.cell](
            options.input, options.units, num_layers=options.layers, batch_first=batch_first)
        self.dense = nn.Linear(options.units, options.outputs)
        self.batch_first = batch_first

    def forward(self, x):
        hidden, _ = self.recurrent(x)
        return self.dense(hidden[:, -1] if self.batch_first else hidden[-1])


def maker(options, batch_first, implementation):
    """A function that makes a step with one layout and one implementation of Adam."""

    def make():
        torch.manual_seed(1)
        model = Model(options, batch_first)
        adam = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7, **implementation)
        leading = (options.batch, options.steps) if batch_first else (options.steps, options.batch)
        x = torch.randn(*leading, options.input)
        y = torch.randint(options.outputs, (options.batch,))

        def train():
            adam.zero_grad(set_to_none=True)
            loss = nn.functional.cross_entropy(model(x), y)
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

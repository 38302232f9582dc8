"""A PyTorch LSTM on packed sequences of unequal lengths: does a walk end above its beginning."""

import lstm_lab
import torch
from torch import nn
from torch.nn.utils.rnn import pack_sequence

torch.manual_seed(1)
walks = [torch.randn(length, 2).cumsum(0) for length in torch.randint(3, 12, (60,)).tolist()]
targets = torch.tensor([float(walk[-1, 0] > walk[0, 0]) for walk in walks])


class Reader(nn.Module):
    """The last hidden state of each walk, whatever its length."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(2, 8, batch_first=True)
        self.fc = nn.Linear(8, 1)

    def forward(self, sequences: list[torch.Tensor]) -> torch.Tensor:
        """Returns a number for each walk: above 0 for yes."""
        _, (hidden, _) = self.rnn(pack_sequence(sequences, enforce_sorted=False))
        return self.fc(hidden[-1])[:, 0]


model = Reader()
optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
loss_of = nn.BCEWithLogitsLoss()

run = lstm_lab.watch(model, optimizer, name="walks", config={"lr": 0.01}, gates=[0, 1, 2])
for _ in range(20):
    total = 0.0
    for start in range(0, 60, 12):
        optimizer.zero_grad()
        loss = loss_of(model(walks[start : start + 12]), targets[start : start + 12])
        loss.backward()
        optimizer.step()
        total += loss.item() / 5
    with torch.no_grad():
        accuracy = ((model(walks) > 0) == (targets > 0)).float().mean()
    run.epoch(loss=total, accuracy=accuracy)
run.end()

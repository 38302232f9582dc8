"""The script one would write today: trains the zero-position model and stores every weight of every
epoch with sqlite3; pytorch_sqlite.py DATABASE.
"""

import sqlite3
import sys

import torch
from torch import nn


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.dense = nn.Linear(4, 2)

    def forward(self, x):
        hidden, _ = self.lstm(x)
        return self.dense(hidden[:, -1])


def zero_position():
    """15 sequences: the numbers 1 … 15 in rows of three, the k-th number of the k-th set to 0."""
    x = torch.arange(1.0, 16.0).repeat(15, 1)
    x.fill_diagonal_(0)
    y = torch.tensor([[1.0, 0.0]] * 8 + [[0.0, 1.0]] * 7)
    return x.reshape(15, 5, 3), y


def store(database, epoch, model, loss, accuracy):
    """One epoch: its metrics and one row for each weight."""
    database.execute("INSERT INTO epochs VALUES (?, ?, ?)", (epoch, loss, accuracy))
    for name, parameter in model.named_parameters():
        matrix = parameter.detach().reshape(len(parameter), -1).tolist()
        database.executemany(
            "INSERT INTO weights VALUES (?, ?, ?, ?, ?)",
            [(epoch, name, i, j, value) for i, row in enumerate(matrix)
             for j, value in enumerate(row)])
    database.commit()


def train(database, epochs=100, batch=3):
    torch.manual_seed(1)
    torch.set_num_threads(1)
    model = Model()
    adam = torch.optim.Adam(model.parameters(), lr=0.001, eps=1e-7)
    x, y = zero_position()
    store(database, 0, model, None, None)
    for epoch in range(1, epochs + 1):
        losses, hits = 0.0, 0
        for chosen in torch.randperm(len(x)).split(batch):
            adam.zero_grad()
            z = model(x[chosen])
            loss = nn.functional.binary_cross_entropy_with_logits(z, y[chosen])
            loss.backward()
            adam.step()
            losses += loss.item() * len(chosen)
            hits += int((z.argmax(1) == y[chosen].argmax(1)).sum())
        loss, accuracy = losses / len(x), hits / len(x)
        store(database, epoch, model, loss, accuracy)
        print(f"Epoch {epoch}/{epochs} - accuracy: {accuracy:.4f} - loss: {loss:.4f}")


def main():
    database = sqlite3.connect(sys.argv[1])
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("CREATE TABLE epochs (epoch INTEGER PRIMARY KEY, loss REAL, accuracy REAL)")
    database.execute("CREATE TABLE weights (epoch INTEGER, tensor TEXT, row INTEGER, col INTEGER, "
                     "value REAL, PRIMARY KEY (epoch, tensor, row, col))")
    train(database)


if __name__ == "__main__":
    main()

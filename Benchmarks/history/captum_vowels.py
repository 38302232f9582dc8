"""Times captum on the one-way run of examples/japanese-vowels: TracInCP, and integrated gradients.

    examples/fetch-data && Benchmarks/setup
    lstm-lab run examples/japanese-vowels/one-way.json --db vowels.db
    Benchmarks/.venv/bin/python Benchmarks/history/captum_vowels.py vowels.db [--checkpoints 5] [--save]

The run's stored weights (LSTM(100) and Dense(9), 46,109 of them) are put into PyTorch's own layers in float32, on one
thread. TracInCP takes one test sample and the 270 training samples over some of the stored states; its time for
them less that for one gives a state's, and so that of all: 100 states are extrapolated, not computed. Batches of
several sizes are tried with one state, and the fastest is taken. Integrated gradients: one output of one test
sample, at 256 places, all of them in one batch. CPU time, that of the user and of the system, tells what a machine with
other load would hide; wall time is beside it. Takes about 15 seconds.
"""

import argparse
import os
import pathlib
import resource
import sys
import time

os.environ["OMP_NUM_THREADS"] = "1"

import captum
import numpy as np
import torch
from captum.attr import IntegratedGradients
from captum.influence import TracInCP

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / part) for part in
                ("Benchmarks", "python/src", "Tests/LSTMEngineTests/Reference")]

import history_peer
import lstm_lab
import machine

LAYERS = [
    {"type": "lstm", "name": "lstm", "units": 100, "use_bias": True, "return_sequences": False},
    {"type": "dense", "name": "dense", "units": 9, "activation": "softmax", "use_bias": True},
]
BATCHES = [1, 9, 27, 90]
PLACES = 256


def samples(part):
    """The sequences of a part of the data, (T, 12) each, and their classes."""
    x, y = [], []
    for line in (ROOT / f"examples/data/JapaneseVowels_{part}.ts").read_text().splitlines():
        if line and line[0] not in "#@%":
            *dimensions, label = line.split(":")
            x.append(np.array([values.split(",") for values in dimensions], float).T)
            y.append(int(label) - 1)
    return x, y


def datasets():
    """Training and test samples, scaled as the run scales them."""
    (train, classes), (test, others) = samples("TRAIN"), samples("TEST")
    rows = np.concatenate(train)
    mean, size = rows.mean(axis=0), rows.std(axis=0)

    def dataset(x, y):
        filled = history_peer.filled([(each - mean) / size for each in x], 0.0).float()
        return torch.utils.data.TensorDataset(
            filled, torch.tensor([len(each) for each in x]), torch.tensor(y))

    return dataset(train, classes), dataset(test, others)


def used():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def timed(work):
    """Seconds of CPU and of the wall clock."""
    cpu, wall = used(), time.perf_counter()
    work()
    return used() - cpu, time.perf_counter() - wall


class Influence:
    """captum's TracInCP over the run's stored states."""

    def __init__(self, database, run):
        self.train, self.test = datasets()
        self.model = history_peer.Model(LAYERS, inputs=12).float()
        self.database, self.run = database, run
        self.rates = {row["epoch"]: row["learning_rate"] for row in database.metrics(run)}
        self.loss = history_peer.losses("sparse_categorical_crossentropy")

    def load(self, model, epoch):
        weights = self.database.weights(run=self.run, epoch=epoch)
        model.load({name: torch.tensor(array) for name, array in weights.items()})
        return self.rates[epoch]

    def time(self, epochs, batch):
        """What one test sample takes, the states being read and the object being made, too."""
        def work():
            found = TracInCP(self.model, self.train, epochs, self.load, loss_fn=self.loss,
                             batch_size=batch)
            result = found.influence(tuple(part[:1] for part in self.test.tensors))
            assert result.shape == (1, len(self.train))

        return timed(work)

    def integrated_gradients(self, epoch):
        """What one output of the first test sample takes."""
        self.load(self.model, epoch)
        x, length, target = (part[:1] for part in self.test.tensors)
        x = x[:, :int(length)]
        method = IntegratedGradients(self.model)
        return timed(lambda: method.attribute(x, torch.zeros_like(x), target, (length,),
                                              n_steps=PLACES, method="riemann_middle"))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("database", help="what the example's run was stored into")
    parser.add_argument("--run", default="vowels-one-way")
    parser.add_argument("--checkpoints", type=int, default=5, help="the states that are computed")
    parser.add_argument("--save", action="store_true", help="also write Benchmarks/results/DATE-history.md")
    options = parser.parse_args()
    if options.checkpoints < 2:
        parser.error("--checkpoints is at least 2: the time of one is taken from that of all")
    torch.set_num_threads(1)
    influence = Influence(lstm_lab.open(options.database), options.run)
    head = machine.description()  # the load before any of this
    tried = {batch: influence.time([1], batch) for batch in BATCHES}
    batch = min(tried, key=lambda size: tried[size][0])
    one = influence.time([1], batch)
    some = influence.time(list(range(1, options.checkpoints + 1)), batch)
    state = [(b - a) / (options.checkpoints - 1) for a, b in zip(one, some)]
    whole = [a + 99 * b for a, b in zip(one, state)]
    gradients = [influence.integrated_gradients(100) for _ in range(5)]
    gradients = [sorted(column)[2] for column in zip(*gradients)]
    lines = [
        "# What captum takes for what the history tells", "", *head,
        f"* captum {captum.__version__}, PyTorch {torch.__version__}, float32, one thread; "
        "JapaneseVowels, LSTM(100), 46,109 weights", "",
        "| | CPU s | wall s |", "|---|---|---|",
        *(f"| TracInCP, 1 state, 270 samples and 1, batches of {size} | {cpu:.2f} | {wall:.2f} |"
          for size, (cpu, wall) in tried.items()),
        f"| TracInCP, {options.checkpoints} states, batches of {batch} | {some[0]:.2f} | {some[1]:.2f} |",
        f"| each state more | {state[0]:.2f} | {state[1]:.2f} |",
        f"| 100 states, extrapolated | {whole[0]:.0f} | {whole[1]:.0f} |",
        f"| integrated gradients, 1 output, {PLACES} places (median of 5) | {gradients[0]:.3f} "
        f"| {gradients[1]:.3f} |",
    ]
    if options.save:
        machine.save(lines, ROOT / "Benchmarks/results", "history")
    else:
        print("\n".join(lines))


if __name__ == "__main__":
    main()

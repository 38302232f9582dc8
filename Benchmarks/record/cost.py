"""What recording costs the training process, an epoch: CPU time of all its threads, and time blocked.

    cost.py [PROGRAM]

A model's weights and Adam's two slots, copied from arrays as the loggers copy them from a framework's
memory. Medians of epochs 5 and later; beside them the same for an epoch's metrics in trackio and MLflow,
where they are installed.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[2] / "python" / "src"))

SIZES = {
    "138 weights": [(3, 16), (4, 16), (16,), (4, 2), (2,)],
    "101,090 weights": [(32, 512), (128, 512), (512,), (128, 146), (18, 48), (34,)],
    "4.8 million weights": [(512, 4096), (640, 4096), (4096,), (1024, 90), (90,)],
}
EPOCHS = {"138 weights": 200, "101,090 weights": 100, "4.8 million weights": 20}


def measured(epoch, epochs, pause):
    """Medians of CPU and wall milliseconds of an epoch's call."""
    cpu, wall = [], []
    for number in range(epochs):
        began, spent = time.perf_counter(), time.process_time()
        epoch(number)
        wall.append(time.perf_counter() - began)
        time.sleep(pause)  # the training: what the sender does meanwhile counts as CPU time
        cpu.append(time.process_time() - spent)
    return 1000 * statistics.median(cpu[5:]), 1000 * statistics.median(wall[5:])


def lab(shapes, epochs, pause):
    import lstm_lab

    weights = {f"l{i}/kernel": np.random.rand(*s).astype(np.float32) for i, s in enumerate(shapes)}
    slots = {name: weights for name in ("momentum", "velocity")}
    with lstm_lab.Run("cost") as run:
        return measured(
            lambda n: run.log(n, {"loss": 0.5, "val_loss": 0.6}, weights, optimizer=slots), epochs, pause
        )


def trackio(epochs, pause):
    import trackio

    trackio.init(project="cost")
    try:
        return measured(lambda n: trackio.log({"loss": 0.5, "val_loss": 0.6}), epochs, pause)
    finally:
        trackio.finish()


def mlflow(epochs, pause):
    import mlflow

    mlflow.set_tracking_uri(f"sqlite:///{os.getcwd()}/mlflow.db")
    with mlflow.start_run():
        return measured(
            lambda n: mlflow.log_metrics({"loss": 0.5, "val_loss": 0.6}, step=n), epochs, pause
        )


def main():
    if len(sys.argv) > 1:
        os.environ["LSTM_LAB_BIN"] = str(Path(sys.argv[1]).resolve())
    os.chdir(tempfile.mkdtemp())
    print("| what is recorded | CPU ms an epoch | blocked ms an epoch |\n|---|---|---|")
    for name, shapes in SIZES.items():
        pause = 1.0 if name.startswith("4.8") else 0.05
        cpu, wall = lab(shapes, EPOCHS[name], pause)
        print(f"| lstm_lab: {name}, Adam's state | {cpu:.2f} | {wall:.2f} |", flush=True)
    for other in (trackio, mlflow):
        try:
            cpu, wall = other(60, 0.05)
        except ImportError:
            continue
        print(f"| {other.__name__}: two metrics | {cpu:.2f} | {wall:.2f} |", flush=True)


if __name__ == "__main__":
    main()

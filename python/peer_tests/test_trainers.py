"""Lightning and transformers: what is stored is what the models have at each epoch, to the bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import lightning
import numpy as np
import pytest
import torch
import transformers
from lightning.pytorch.callbacks import Callback, EarlyStopping

import lstm_lab
from test_torch import check_bits, copy_of, data, only_stream, quantities

pytestmark = pytest.mark.filterwarnings("ignore")


class Module(lightning.LightningModule):
    def __init__(self, units: int = 4) -> None:
        super().__init__()
        self.save_hyperparameters()
        self.rnn = torch.nn.LSTM(3, units, batch_first=True)
        self.fc = torch.nn.Linear(units, 2)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.fc(self.rnn(x)[0][:, -1]))

    def training_step(self, batch: Any, index: int) -> torch.Tensor:
        loss = torch.nn.functional.binary_cross_entropy(self(batch[0]), batch[1])
        self.log("train_loss", loss, on_step=True, on_epoch=True)
        return loss

    def validation_step(self, batch: Any, index: int) -> None:
        self.log("val_loss", torch.nn.functional.binary_cross_entropy(self(batch[0]), batch[1]))

    def configure_optimizers(self) -> Any:
        optimizer = torch.optim.Adam(self.parameters(), 0.5)
        return [optimizer], [torch.optim.lr_scheduler.StepLR(optimizer, 1, 0.5)]


class Witness(Callback):
    def __init__(self) -> None:
        self.seen: list[dict[str, torch.Tensor]] = []
        self.losses: list[float] = []

    def on_train_start(self, trainer: Any, pl_module: Any) -> None:
        self.seen.append(copy_of(pl_module))

    def on_train_epoch_end(self, trainer: Any, pl_module: Any) -> None:
        self.seen.append(copy_of(pl_module))
        self.losses.append(float(trainer.callback_metrics["val_loss"]))


def fit(callbacks: list[Any], epochs: int = 3) -> None:
    loader = torch.utils.data.DataLoader(torch.utils.data.TensorDataset(*data()), 4)
    trainer = lightning.Trainer(
        max_epochs=epochs, callbacks=callbacks, logger=False, enable_checkpointing=False,
        enable_progress_bar=False, enable_model_summary=False, accelerator="cpu",
    )  # fmt: skip
    trainer.fit(Module(), loader, loader)


def test_lightnings_epochs_are_stored_with_the_metrics_of_both_parts(tmp_path: Path) -> None:
    witness = Witness()
    fit([lstm_lab.lightning.LabCallback("walks", gates=[0, 3]), witness])
    stream = only_stream(tmp_path)
    assert stream.numbers == [0, 1, 2, 3]
    check_bits(stream, witness.seen)
    metrics = [{(s, n): v for s, n, v in e.facts["metrics"]} for e in stream.epochs]
    assert [m[("validation", "loss")] for m in metrics[1:]] == pytest.approx(witness.losses)
    assert all(("train", "loss") in m or ("train", "loss_epoch") in m for m in metrics[1:])
    assert [e.facts["learning_rate"] for e in stream.epochs] == [0.5, 0.5, 0.25, 0.125]
    assert [e.facts["iterations"] for e in stream.epochs] == [0, 3, 6, 9]
    assert stream.header["run"]["config"]["units"] == 4
    assert stream.header["run"]["trainer"].startswith("lightning ")
    assert "momentum" in stream.epochs[1].slots
    assert list(stream.epochs[1].activations) == [0, 3]
    assert quantities(stream, 1, 3)[("rnn", None, "forget")].shape == (5, 4)
    assert stream.end is not None
    assert stream.end["end"] == "completed"


def test_lightnings_failures_and_early_ends(tmp_path: Path) -> None:
    class Crash(Callback):
        def on_train_epoch_start(self, trainer: Any, pl_module: Any) -> None:
            if trainer.current_epoch == 2:
                raise ValueError("no more")

    with pytest.raises(ValueError, match="no more"):
        fit([lstm_lab.lightning.LabCallback("walks"), Crash()])
    stream = only_stream(tmp_path)
    assert stream.numbers == [0, 1, 2]
    assert stream.end == {
        "end": "failed", "message": "ValueError: no more", "result_epoch": None, "test": [],
    }  # fmt: skip
    for path in tmp_path.glob("*.labstream"):
        path.unlink()
    fit([lstm_lab.lightning.LabCallback("walks"), EarlyStopping("val_loss", stopping_threshold=9)])
    assert only_stream(tmp_path).numbers == [0, 1]


class Seen(transformers.TrainerCallback):
    def __init__(self) -> None:
        self.seen: list[dict[str, torch.Tensor]] = []
        self.losses: list[float] = []

    def on_train_begin(
        self, args: Any, state: Any, control: Any, model: Any = None, **_: Any
    ) -> None:
        self.seen.append(copy_of(model))

    def on_epoch_end(
        self, args: Any, state: Any, control: Any, model: Any = None, **_: Any
    ) -> None:
        self.seen.append(copy_of(model))

    def on_evaluate(
        self, args: Any, state: Any, control: Any, metrics: Any = None, **_: Any
    ) -> None:
        self.losses.append(metrics["eval_loss"])


def bert() -> Any:
    config = transformers.BertConfig(
        vocab_size=20, hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=8, max_position_embeddings=8, num_labels=2,
    )  # fmt: skip
    return transformers.BertForSequenceClassification(config)


@pytest.mark.parametrize("best", [False, True])
def test_transformers_epochs_are_stored_with_their_evaluation(best: bool, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    rows = [
        {"input_ids": rng.integers(0, 20, 6).tolist(), "labels": int(rng.integers(0, 2))}
        for _ in range(12)
    ]
    arguments = transformers.TrainingArguments(
        output_dir=str(tmp_path / "out"), num_train_epochs=3, per_device_train_batch_size=4,
        eval_strategy="epoch", logging_strategy="epoch", save_strategy="epoch" if best else "no",
        load_best_model_at_end=best, metric_for_best_model="eval_loss", greater_is_better=True,
        report_to=[], use_cpu=True, learning_rate=0.01, disable_tqdm=True,
    )  # fmt: skip
    witness = Seen()
    model = bert()
    transformers.Trainer(
        model, arguments, train_dataset=rows, eval_dataset=rows,
        callbacks=[lstm_lab.hf.LabCallback("bert"), witness],
    ).train()  # fmt: skip
    stream = only_stream(tmp_path)
    assert stream.numbers == [0, 1, 2, 3]
    check_bits(stream, witness.seen)
    metrics = [{(s, n): v for s, n, v in e.facts["metrics"]} for e in stream.epochs]
    assert [m[("validation", "loss")] for m in metrics[1:]] == pytest.approx(witness.losses)
    assert all(("train", "loss") in m for m in metrics[1:])
    assert [e.facts["iterations"] for e in stream.epochs] == [0, 3, 6, 9]
    assert stream.end is not None
    if best:
        greatest = int(np.argmax(witness.losses)) + 1
        assert stream.end["result_epoch"] == (None if greatest == 3 else greatest)
    assert "momentum" in stream.epochs[1].slots
    assert stream.header["run"]["seed"] == 42

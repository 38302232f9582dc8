"""A run in a real MLflow on SQLite."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import lstm_lab
from test_reading import FIXTURES

mlflow = pytest.importorskip("mlflow")


def test_a_run_is_in_mlflow_with_its_settings_metrics_and_weights(tmp_path: Path) -> None:
    shutil.copy(FIXTURES / "V0002" / "lab.db", tmp_path / "lab.db")
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    with lstm_lab.open() as db:
        there = lstm_lab.export_mlflow(db, 1, tracking_uri=uri, weights=[0, 5])
        again = lstm_lab.export_mlflow(db, 1, tracking_uri=uri)
        facts, metrics = db.runs()[0], db.metrics(1)
        weights = db.weights(1, 5)
    assert there == again
    client = mlflow.MlflowClient(uri)
    run = client.get_run(there)
    assert run.info.run_name == facts["name"]
    assert run.info.status == "FINISHED"
    assert run.data.tags["lstm_lab.uuid"] == facts["uuid"]
    assert run.data.tags["kept"] == "true"
    assert run.data.params["training.loss"] == facts["config"]["training"]["loss"]
    for name in ("loss", "val_loss", "learning_rate", "val_auc"):
        history = client.get_metric_history(there, name)
        found = {entry.step: entry.value for entry in history}
        assert found == {m["epoch"]: m[name] for m in metrics if m.get(name) is not None}
    files = {file.path for file in client.list_artifacts(there, "weights")}
    assert files == {"weights/epoch-0.npz", "weights/epoch-5.npz"}
    path = client.download_artifacts(there, "weights/epoch-5.npz", str(tmp_path))
    with np.load(path) as arrays:
        for name, own in weights.items():
            assert arrays[name].tobytes() == own.tobytes()

"""`export_mlflow`: a run's settings and metrics, and if wanted its weights, in an MLflow server."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np

from lstm_lab.reading.database import Database, Run

MOST_METRICS = 1000
MOST_PARAMETERS = 100
MOST_TEXT = 6000
STATUS = {"completed": "FINISHED", "interrupted": "KILLED", "running": "RUNNING"}


def export_mlflow(
    db: Database | str | None,
    run: Run = "@last",
    *,
    tracking_uri: str | None = None,
    experiment: str = "lstm-lab",
    weights: Sequence[int] | bool = False,
) -> str:
    """Copies a run into MLflow with MLflow's own client, and returns the id that it has there.

    Metrics are named as Keras names them, with the epochs as their steps and the times at which
    they were stored. `weights` are epochs, or True for the result: each is the artifact
    `weights/epoch-7.npz`. What was exported before is found by its uuid and not exported again.
    """
    from mlflow import MlflowClient

    if not isinstance(db, Database):
        with Database(db) as opened:
            return export_mlflow(
                opened, run, tracking_uri=tracking_uri, experiment=experiment, weights=weights
            )
    number = db.run(run)
    facts = next(found for found in db.runs() if found["run_id"] == number)
    client = MlflowClient(tracking_uri)
    known = client.get_experiment_by_name(experiment)
    place = client.create_experiment(experiment) if known is None else known.experiment_id
    there = client.search_runs([place], f"tags.`lstm_lab.uuid` = '{facts['uuid']}'")
    if there:
        return str(there[0].info.run_id)
    tags = {
        "lstm_lab.uuid": facts["uuid"],
        "lstm_lab.trainer": facts.get("trainer") or "lstm-lab",
        **{tag: "true" for tag in facts["tags"]},
    }
    if facts["notes"]:
        tags["mlflow.note.content"] = facts["notes"]
    began = _milliseconds(facts["created_at"])
    created = client.create_run(place, began, tags, facts["name"]).info.run_id
    _log_settings(client, created, facts["config"])
    _log_metrics(client, created, db, number)
    if weights is not False:
        epochs = [facts["result_epoch"]] if weights is True else list(weights)
        _log_weights(client, created, db, number, epochs)
    status = STATUS.get(facts["status"], "FAILED")
    finished = facts["finished_at"]
    client.set_terminated(created, status, _milliseconds(finished) if finished else None)
    return str(created)


def _log_settings(client: Any, created: str, config: Mapping[str, Any]) -> None:
    from mlflow.entities import Param

    found = [Param(_key(key), str(value)[:MOST_TEXT]) for key, value in leaves(config)]
    for start in range(0, len(found), MOST_PARAMETERS):
        client.log_batch(created, params=found[start : start + MOST_PARAMETERS])


def leaves(config: Any, path: str = "") -> list[tuple[str, Any]]:
    """Returns the settings of a configuration by their paths: `model.layers.0.units`."""
    if isinstance(config, Mapping):
        members = list(config.items())
    elif isinstance(config, list) and any(isinstance(one, (Mapping, list)) for one in config):
        members = list(enumerate(config))
    else:
        return [(path, config)] if path else []
    return [
        leaf
        for key, value in members
        for leaf in leaves(value, f"{path}.{key}" if path else str(key))
    ]


def _log_metrics(client: Any, created: str, db: Database, number: int) -> None:
    from mlflow.entities import Metric

    times = db.query("SELECT epoch, recorded_at FROM epochs WHERE run_id = ?", [number])
    stored = {row["epoch"]: _milliseconds(row["recorded_at"]) for row in times}
    found = [
        Metric(_key(name), float(value), stored[row["epoch"]], row["epoch"])
        for row in db.metrics(number)
        for name, value in row.items()
        if name != "epoch" and value is not None
    ]
    for start in range(0, len(found), MOST_METRICS):
        client.log_batch(created, metrics=found[start : start + MOST_METRICS])


def _log_weights(
    client: Any, created: str, db: Database, number: int, epochs: Sequence[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for epoch in epochs:
            path = Path(folder) / f"epoch-{epoch}.npz"
            np.savez(path, **db.weights(number, epoch))  # type: ignore[arg-type]
            client.log_artifact(created, str(path), "weights")


def _key(name: str) -> str:
    """Returns a name of the characters that MLflow's names may have."""
    return re.sub(r"[^\w\-. :/]", "_", name, flags=re.ASCII)[:250]


def _milliseconds(time: str) -> int:
    return round(datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp() * 1000)

"""Stores every weight of every epoch of a training in one SQLite file.

`LabLogger` records Keras, `watch` PyTorch, `lightning.LabCallback` and `hf.LabCallback` their
trainers, `Run` anything else; `open` reads what was stored. Frameworks are imported when they are
asked for, not before.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from lstm_lab.checkpoints import import_checkpoints
from lstm_lab.run import Run
from lstm_lab.sending.warnings import RecordingWarning

if TYPE_CHECKING:
    from lstm_lab.keras.logger import LabLogger
    from lstm_lab.mlflow import export_mlflow
    from lstm_lab.reading.database import Database, open
    from lstm_lab.torch.watch import watch

__all__ = [
    "Database",
    "LabLogger",
    "RecordingWarning",
    "Run",
    "export_mlflow",
    "import_checkpoints",
    "open",
    "watch",
]
__version__ = "0.1.0"

_LATER = {
    "LabLogger": "lstm_lab.keras.logger",
    "watch": "lstm_lab.torch.watch",
    "open": "lstm_lab.reading.database",
    "Database": "lstm_lab.reading.database",
    "export_mlflow": "lstm_lab.mlflow",
}
_MODULES = ("lightning", "hf")


def __getattr__(name: str) -> Any:
    if name in _LATER:
        return getattr(importlib.import_module(_LATER[name]), name)
    if name in _MODULES:
        return importlib.import_module(f"lstm_lab.{name}")
    raise AttributeError(f"module 'lstm_lab' has no attribute {name!r}")

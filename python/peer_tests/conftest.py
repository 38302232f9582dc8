from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

HERE = Path(__file__).parent
for folder in (HERE.parent / "src", HERE.parent / "tests"):
    sys.path.insert(0, str(folder))


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a folder of its own, and streams go into files."""
    monkeypatch.chdir(tmp_path)
    for name in ("LSTM_LAB_DB", "LSTM_LAB_OFF", "LSTM_LAB_PATIENCE", "RANK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LSTM_LAB_BIN", str(tmp_path / "no-such-program"))

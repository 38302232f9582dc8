from __future__ import annotations

import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

FAKE = Path(__file__).parent / "fake_recorder.py"


@pytest.fixture(autouse=True)
def _alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test has a folder of its own, and no program unless it asks for one."""
    monkeypatch.chdir(tmp_path)
    for name in ("LSTM_LAB_DB", "LSTM_LAB_OFF", "LSTM_LAB_PATIENCE", "RANK"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LSTM_LAB_BIN", str(tmp_path / "no-such-program"))


@pytest.fixture
def recorder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Path]:
    """Puts a recorder in the program's place; returns where it keeps the stream."""

    def install(mode: str) -> Path:
        copy = tmp_path / "received.labstream"
        program = tmp_path / "lstm-lab"
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{FAKE}" {mode} "{copy}" "$@"\n')
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("LSTM_LAB_BIN", str(program))
        return copy

    return install

"""The program `lstm-lab`: where it is, and the command of that name that a wheel installs."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn


def own_program() -> Path:
    """Returns where a wheel with the program has it."""
    return Path(__file__).resolve().parent.parent / "bin" / "lstm-lab"


def find_program() -> str | None:
    """Returns the program's path: `LSTM_LAB_BIN`, then the wheel's own, then that on `PATH`."""
    named = os.environ.get("LSTM_LAB_BIN")
    if named:
        return named
    own = own_program()
    if os.access(own, os.X_OK):
        return str(own)
    for folder in os.environ.get("PATH", "").split(os.pathsep):
        found = shutil.which("lstm-lab", path=folder or os.curdir)
        if found and not _is_script(found):
            return found
    return None


def _is_script(path: str) -> bool:
    """Whether a file is the command below, which would only look for the program again."""
    try:
        with open(path, "rb") as file:
            return file.read(2) == b"#!" and b"lstm_lab.sending.program" in file.read(2000)
    except OSError:
        return False


def main() -> NoReturn:
    """Becomes the program, with the same arguments."""
    program = find_program()
    if program is None:
        print("lstm-lab: this package came without the program: set LSTM_LAB_BIN", file=sys.stderr)
        sys.exit(69)
    os.execv(program, [program, *sys.argv[1:]])

"""Prints the truth about the runs of a database, read with Python's own SQLite.

make calls it: expected.py PROGRAM FOLDER, where FOLDER has lab.db and the data. Every number is as many
digits as tell its double from all others, infinities are texts. `next` is the hash of the epoch that
PROGRAM trains after a run's last, `fork` that of a fork's: nobody but the build that wrote the database
can say them, for which runs there are such is its word, too.

A digest is the SHA-256 of a view's numbers as float64, lowest byte first, row after row in the order of
the columns that DIGESTS names; NULL is the quiet not-a-number.
"""

import hashlib
import json
import math
import pathlib
import shutil
import sqlite3
import struct
import subprocess
import sys

program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
database = sqlite3.connect(folder / "lab.db")
database.row_factory = sqlite3.Row

# A gate as version 1 has it, `forward/input`, which later ones have the direction beside.
GATE = (
    "gate"
    if database.execute("PRAGMA user_version").fetchone()[0] == 1
    else "iif(direction IS NULL OR gate IS NULL, coalesce(direction, gate), direction || '/' || gate)"
)
# The numbers of a view, and what its rows are sorted by.
DIGESTS = {
    "weights": ("value", "epoch, layer, tensor, row, col"),
    "predictions": ("target, value", "epoch, split, sample, output"),
    "activations": ("value", f"epoch, sample, step, layer, {GATE}, unit"),
    "gate_stats": ("weight_norm, update_norm, gradient_norm", f"epoch, layer, {GATE}"),
    "features": ("shift, scale", "feature"),
}
# What its hash stands for.
LEFT_OUT = {"config"}


def number(value):
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value


def digest(view, run):
    columns, order = DIGESTS[view]
    rows = list(
        database.execute(f"SELECT {columns} FROM {view} WHERE run_id = ? ORDER BY {order}", (run,))
    )
    values = [math.nan if value is None else value for row in rows for value in row]
    data = struct.pack(f"<{len(values)}d", *values)
    return {"rows": len(rows), "sha256": hashlib.sha256(data).hexdigest()}


def lab(*arguments, of):
    return subprocess.run(
        [program, *arguments, "--db", of], cwd=folder, capture_output=True, text=True
    )


def following(run, last, *options):
    """The hash of one more epoch; None where the program trains none."""
    scratch = folder / "scratch.db"
    shutil.copy(folder / "lab.db", scratch)
    outcome = lab("resume", str(run), *options, "--epochs", str(last + 1), "-q", of=scratch)
    found = None
    if outcome.returncode == 0:
        with sqlite3.connect(scratch) as trained:
            found = trained.execute(
                "SELECT weights_hash FROM epochs WHERE run_id = ? AND epoch = ?",
                (int(outcome.stdout), last + 1),
            ).fetchone()
            found = found and found[0]
        trained.close()
    else:
        print(f"{run} {options}: {outcome.stderr}", file=sys.stderr)
    for file in folder.glob("scratch.db*"):
        file.unlink()
    return found


def describe(row):
    run = row["run_id"]
    facts = {name: number(row[name]) for name in row.keys() if name not in LEFT_OUT}
    facts["message"] = database.execute("SELECT message FROM run WHERE id = ?", (run,)).fetchone()[0]
    epochs = list(
        database.execute(
            "SELECT epoch, learning_rate, weights_hash FROM epochs WHERE run_id = ? ORDER BY epoch",
            (run,),
        )
    )
    verified = lab("verify", str(run), of=folder / "lab.db")
    if verified.returncode:
        print(f"verify {run}: {verified.stdout}{verified.stderr}", file=sys.stderr)
    last = row["epochs"]
    return {
        "run": facts,
        "epochs": [[epoch["epoch"], epoch["learning_rate"], epoch["weights_hash"]] for epoch in epochs],
        "metrics": [
            [number(value) for value in metric]
            for metric in database.execute(
                "SELECT epoch, split, name, value FROM metrics WHERE run_id = ? ORDER BY 1, 2, 3", (run,)
            )
        ],
        "classes": [
            name
            for (name,) in database.execute(
                "SELECT name FROM classes WHERE run_id = ? ORDER BY class", (run,)
            )
        ],
        "digests": {view: digest(view, run) for view in DIGESTS},
        "verify": verified.returncode,
        "next": following(run, last),
        "fork": following(run, last, "--from", str(last)),
    }


runs = [describe(row) for row in database.execute("SELECT * FROM runs ORDER BY run_id")]
lines = ",\n".join(json.dumps(run, ensure_ascii=False, allow_nan=False) for run in runs)
print(f"[\n{lines}\n]")

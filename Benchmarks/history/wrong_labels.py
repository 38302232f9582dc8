#!/usr/bin/env python3
"""Plants wrong labels among the JapaneseVowels training samples and asks who finds them.

usage: Benchmarks/history/wrong_labels.py PROGRAM [--seeds 10] [--planted 10] [--epochs 100]

For each seed as many of the 270 labels as are planted are replaced by another speaker's, the model of
examples/japanese-vowels/one-way.json is trained from that seed, and the samples are ranked by `influence --self`,
by the loss of each at the end, and by what `learned` says: the mean confidence, and the epoch from which a sample
stays right. Printed is how many of the planted ones stand among the first 20. examples/fetch-data brings the data.
"""
import argparse
import csv
import io
import json
import math
import random
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT / "examples" / "data"
FIRST = 20


def planted(lines: list[str], count: int, seed: int) -> tuple[list[str], set[int]]:
    """The file's lines with wrong labels, and the numbers of the samples that have them."""
    begin = next(number for number, line in enumerate(lines) if line.strip().lower() == "@data") + 1
    samples = [number for number in range(begin, len(lines)) if lines[number].strip()]
    labels = sorted({lines[number].rsplit(":", 1)[1].strip() for number in samples})
    source = random.Random(seed)
    chosen = source.sample(range(len(samples)), count)
    lines = list(lines)
    for sample in chosen:
        series, label = lines[samples[sample]].rsplit(":", 1)
        other = source.choice([known for known in labels if known != label.strip()])
        lines[samples[sample]] = f"{series}:{other}\n"
    return lines, set(chosen)


def rows(program: str, folder: Path, *arguments: str) -> list[dict[str, str]]:
    output = subprocess.run([program, *arguments, "--csv"], cwd=folder, check=True, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return list(csv.DictReader(io.StringIO(output)))


def rankings(program: str, folder: Path) -> dict[str, list[int]]:
    """The samples in the order in which each way suspects them."""
    def order(values: list[float]) -> list[int]:
        return sorted(range(len(values)), key=lambda sample: (-values[sample], sample))

    own = [float(row["influence"]) for row in rows(program, folder, "influence", "1", "--self")]
    learned = rows(program, folder, "learned", "1", "--sort", "sample")
    predicted = rows(program, folder, "predict", "1", "--split", "train")
    losses = [-math.log(max(float(row[row["target"]]), 1e-30)) for row in predicted]
    return {
        "influence --self": order(own),
        "loss at the end": order(losses),
        "learned, least confidence": order([-float(row["confidence"]) for row in learned]),
        "learned, the latest": order([float(row["learned"] or "inf") for row in learned]),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--planted", type=int, default=10)
    parser.add_argument("--epochs", type=int, default=100)
    arguments = parser.parse_args()
    train = DATA / "JapaneseVowels_TRAIN.ts"
    if not train.exists():
        sys.exit("wrong_labels: no data; examples/fetch-data brings it")
    lines = train.read_text().splitlines(keepends=True)
    program = str(Path(arguments.program).resolve())
    config = json.loads((ROOT / "examples" / "japanese-vowels" / "one-way.json").read_text())
    config["training"]["epochs"] = arguments.epochs
    config["data"] = {"train": {"ts": "train.ts"}, "normalize": "standard"}
    found: dict[str, list[int]] = {}
    for seed in range(1, arguments.seeds + 1):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            changed, wrong = planted(lines, arguments.planted, seed)
            (folder / "train.ts").write_text("".join(changed))
            (folder / "config.json").write_text(json.dumps(config | {"seed": seed}))
            subprocess.run([program, "run", "config.json", "-q"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
            for way, order in rankings(program, folder).items():
                found.setdefault(way, []).append(len(wrong.intersection(order[:FIRST])))
    print(f"| of {arguments.planted} wrong labels among the first {FIRST} of 270 | mean | each seed |")
    print("|---|---|---|")
    for way, counts in found.items():
        print(f"| {way} | {statistics.mean(counts):.1f} | {' '.join(map(str, counts))} |")


if __name__ == "__main__":
    main()

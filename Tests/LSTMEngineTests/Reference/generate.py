"""Writes the reference values: generate.py [--out FOLDER] [--only NAME ...]; see README.md."""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
from safetensors.numpy import save_file

import cases
import torch_side
import torch_training

HERE = pathlib.Path(__file__).resolve().parent


def distance(left, right):
    """The largest absolute difference of two equally long lists."""
    if len(left) != len(right):
        sys.exit(f"generate: lengths differ: {len(left)} and {len(right)}")
    return max(abs(a - b) for a, b in zip(left, right))


def rounded(value, digits):
    """Nested values with so many significant digits; the format of a float stays short."""
    if isinstance(value, dict):
        return {key: rounded(each, digits) for key, each in value.items()}
    if isinstance(value, list):
        return [rounded(each, digits) for each in value]
    return float(f"{value:.{digits}g}")


def shortest_float32(tensors):
    """Initial weights as the shortest decimals that read back as the same float32."""
    result = {}
    for name, tensor in tensors.items():
        data = [float(str(np.float32(value))) for value in tensor["data"]]
        assert [np.float32(value) for value in data] == tensor["data"], name
        result[name] = {"shape": tensor["shape"], "data": data}
    return result


def by_kind(history):
    """Keras's flat history as loss, metrics, val_loss and val_metrics."""
    result = {"loss": history["loss"], "metrics": {}}
    if "val_loss" in history:
        result |= {"val_loss": history["val_loss"], "val_metrics": {}}
    for name, values in sorted(history.items()):
        if name not in ("loss", "val_loss"):
            prefix = "val_" if name.startswith("val_") else ""
            result[prefix + "metrics"][name.removeprefix(prefix)] = values
    return result


def errors(truth, run):
    """A run's distance from the truth, epoch by epoch, for loss and metrics."""
    if isinstance(truth, dict):
        return {key: errors(value, run[key]) for key, value in truth.items()}
    return [abs(a - b) for a, b in zip(truth, run, strict=True)]


def weight_errors(truth, run):
    """A run's largest distance from the truth, for each kept epoch and tensor."""
    return {epoch: {name: distance(values, run[epoch][name]) for name, values in tensors.items()}
            for epoch, tensors in truth.items()}


def assemble(case, double, single):
    """A case's file: config, initial weights, the truth, and how far float32 runs are from it."""
    name = case["config"]["name"]
    truth, run = by_kind(double["history"]), by_kind(single["history"])
    gradients = torch_side.gradients(case, torch.float64)
    narrow = torch_side.gradients(case, torch.float32)
    for tensor, values in gradients.items():
        apart = distance(values, double["gradients"][tensor])
        if apart > 1e-12:
            sys.exit(f"generate: {name}: Keras's and PyTorch's d{tensor} differ by {apart}")
    if torch_training.is_taken(case):
        torch_training.check(case, double["weights"])
    weights = weight_errors(double["weights"], single["weights"])
    return {
        "config": case["config"],
        "initial_weights": shortest_float32(case["initial_weights"]),
        "float64": rounded(truth | {"weights": double["weights"]}, 13),
        "float32_error": rounded(errors(truth, run) | {"weights": weights}, 3),
        "gradients": {tensor: {"shape": case["initial_weights"][tensor]["shape"],
                               "data": rounded(values, 13)}
                      for tensor, values in gradients.items()},
        "float32_gradient_error": rounded(
            {tensor: distance(values, narrow[tensor]) for tensor, values in gradients.items()}, 3),
    }


def write(document, path):
    """Compact JSON, one line for each top-level key."""
    lines = [f"{json.dumps(key)}:{json.dumps(value, separators=(',', ':'))}"
             for key, value in document.items()]
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def write_weight_files(case, folder):
    """The same initial weights as other programs write them, for tests of the readers."""
    tensors = {name: np.asarray(tensor["data"], np.float32).reshape(tensor["shape"])
               for name, tensor in case["initial_weights"].items()}
    save_file(tensors, folder / f"{case['config']['name']}.safetensors")
    np.savez(folder / f"{case['config']['name']}.npz", **tensors)


def train_with_keras(chosen):
    """Keras's results by float type, each from a process of its own."""
    results = {}
    with tempfile.TemporaryDirectory() as folder:
        listed, out = pathlib.Path(folder, "cases.json"), pathlib.Path(folder, "out.json")
        listed.write_text(json.dumps(chosen))
        for floatx in ("float64", "float32"):
            command = [sys.executable, HERE / "keras_side.py", floatx, listed, out]
            subprocess.run(command, check=True)
            results[floatx] = json.loads(out.read_text())
    return results


def main():
    parser = argparse.ArgumentParser(description="Writes the reference values.")
    parser.add_argument("--out", type=pathlib.Path, default=HERE, help="folder to write to")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="these cases only")
    options = parser.parse_args()
    every = cases.all_cases()
    names = [case["config"]["name"] for case in every]
    unknown = [name for name in options.only or [] if name not in names]
    if unknown:
        parser.error(f"no case {', '.join(unknown)}; there are {', '.join(names)}")
    chosen = [case for case in every if not options.only or case["config"]["name"] in options.only]
    torch.set_num_threads(1)
    results = train_with_keras(chosen)
    for case in chosen:
        name = case["config"]["name"]
        document = assemble(case, results["float64"][name], results["float32"][name])
        write(document, options.out / f"{name}.json")
        if name == "zero_position":
            write_weight_files(case, options.out)


if __name__ == "__main__":
    main()

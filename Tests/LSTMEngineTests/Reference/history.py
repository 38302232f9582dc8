"""Writes what stored states tell: history.py [--out FOLDER] [NAME ...]; see README.md.

For each case of history_cases.py, in float64, into History/NAME.json:

* influence: captum's TracInCP (Pruthi and others 2020) of every training sample on every test sample, over
  the states from epoch 1 on, each with its own learning rate; of each epoch alone; of each training
  sample on itself; and split by layer and gate (history_influence.py).
* attributions: captum's IntegratedGradients (Sundararajan and others 2017) of the last state's outputs,
  with the baseline 0 and the method "riemann_middle", which takes the gradient at (k + 1/2) / 64 of the
  way. Nothing is written unless they are what PyTorch's autograd gives.
* trajectory, of some: the way of the weights by NumPy's singular value decomposition.

Computed with captum 0.9.0, PyTorch 2.13.0 and NumPy 2.4.6, in 30 seconds:

    $(Tests/LSTMEngineTests/Reference/set-up-python) Tests/LSTMEngineTests/Reference/history.py
"""

import argparse
import pathlib
import sys

import numpy as np
import torch
from captum.attr import IntegratedGradients

import generate
import history_cases
import history_peer
import torch_side
from history_influence import influence_of, part_of, parts_of, tensors_of, without_dropout

HERE = pathlib.Path(__file__).resolve().parent
ATTRIBUTED, PLACES = 2, 64  # samples a case, places on the way from the baseline
BOUND = 1e-12  # between captum's attributions and autograd's
COMPONENTS = 3


# MARK: Integrated gradients


def check(config, tensors, x, target, split):
    """captum's attributions are the input times autograd's mean gradient on the way to it."""
    total = torch.zeros_like(x)
    for place in range(PLACES):
        at = ((place + 0.5) / PLACES * x).requires_grad_()
        output = torch_side.forward(at, without_dropout(config)["model"]["layers"], tensors)[1]
        total += torch.autograd.grad(output[0][target], at)[0]
    apart = (total / PLACES * x - split).abs().max()
    if not apart <= BOUND:
        sys.exit(f"history: {config['name']}: captum's attributions are {apart} from autograd's")


def attributions_of(case):
    """The first test samples' outputs, counted on from step to step, each split by step and feature."""
    config, found = case["config"], []
    data = config["data"]["test"]
    model = history_peer.Model(config["model"]["layers"], len(data["x"][0][0]))
    tensors = tensors_of(case["states"][-1])
    model.load(tensors)
    method = IntegratedGradients(model)
    for x in data["x"][:ATTRIBUTED]:
        x, length = torch.tensor([x], dtype=torch.float64), torch.tensor([len(x)])
        output, baseline = (model(each, length)[0].detach() for each in (x, torch.zeros_like(x)))
        rows = []
        for target in np.ndindex(*output.shape):
            split, delta = method.attribute(
                x, torch.zeros_like(x), target if len(target) > 1 else target[0], (length,),
                n_steps=PLACES, method="riemann_middle", return_convergence_delta=True)
            check(config, tensors, x, target, split)
            rows.append({"output": output[target].item(), "baseline": baseline[target].item(),
                         "attributions": split[0].tolist(), "delta": delta.item()})
        found.append(rows)
    return found


# MARK: The way of the weights


def angle(a, b):
    return np.degrees(np.arccos(np.clip(a @ b / (np.linalg.norm(a) * np.linalg.norm(b)), -1, 1)))


def way_of(points):
    """The steps of a way: its length up to each point, and the angles between following steps."""
    steps = np.diff(points, axis=0)
    way = np.concatenate([[0], np.cumsum(np.linalg.norm(steps, axis=1))])
    return way, [angle(a, b) for a, b in zip(steps, steps[1:])]


def trajectory_of(case):
    config = case["config"]
    states = [tensors_of(state) for state in case["states"]]
    points = np.array([torch.cat([each.flatten() for each in state.values()]).numpy()
                       for state in states])
    u, s, _ = np.linalg.svd(points - points.mean(axis=0), full_matrices=False)
    coordinates = (u * s)[:, :COMPONENTS]
    # A direction has no sign of its own: its greatest coordinate is positive.
    greatest = np.abs(coordinates).argmax(axis=0)
    coordinates = coordinates * np.sign(coordinates[greatest, range(COMPONENTS)])
    way, angles = way_of(points)
    parts = []
    for layer, gate in parts_of(config):
        own = np.array([part_of(config, state, layer, gate).numpy() for state in states])
        length, turns = way_of(own)
        parts.append({"layer": layer, "gate": gate, "way": length[-1],
                      "distance": np.linalg.norm(own[-1] - own[0]), "mean_angle": np.mean(turns)})
    return {
        "shares": (s**2 / (s**2).sum())[:COMPONENTS].tolist(), "coordinates": coordinates.tolist(),
        "from_start": np.linalg.norm(points - points[0], axis=1).tolist(),
        "to_end": np.linalg.norm(points - points[-1], axis=1).tolist(),
        "way": way.tolist(), "angles": angles, "parts": parts,
    }


def shortened(value):
    """Nested values with 13 digits; whole numbers, names and null as they are."""
    if isinstance(value, dict):
        return {key: shortened(each) for key, each in value.items()}
    if isinstance(value, list):
        return [shortened(each) for each in value]
    return generate.rounded(float(value), 13) if isinstance(value, float) else value


def history_of(case):
    name = case["config"]["name"]
    states = [state | {"weights": generate.shortest_float32(state["weights"])}
              for state in case["states"]]
    result = shortened(influence_of(case))
    if case["config"]["model"]["layers"][0]["type"] != "embedding":
        result["attributions"] = shortened(attributions_of(case))
    if name in history_cases.TRAJECTORIES:
        result["trajectory"] = shortened(trajectory_of(case))
    return {"config": case["config"], "states": states} | result


def main():
    every = {case["config"]["name"]: case for case in history_cases.all_cases()}
    parser = argparse.ArgumentParser(description="Writes reference values.")
    parser.add_argument("--out", type=pathlib.Path, default=HERE / "History", help="folder to write to")
    parser.add_argument("names", nargs="*", metavar="NAME", help="these cases only")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in every]
    if unknown:
        parser.error(f"no case {', '.join(unknown)}; there are {', '.join(every)}")
    torch.set_num_threads(1)
    options.out.mkdir(exist_ok=True)
    for name in options.names or every:
        print(f"History: {name}", file=sys.stderr, flush=True)
        generate.write(history_of(every[name]), options.out / f"{name}.json")


if __name__ == "__main__":
    main()

"""Who influenced whom, by captum's TracInCP and once more by PyTorch's autograd.

captum's model (history_peer.py) reads batches that are filled up; autograd reads one sample after the
other, without filling up, and splits its gradient by layer and gate. Nothing is written unless both agree.
"""

import sys

import torch
from captum.influence import TracInCP

import history_peer
import torch_side

BATCH = 4
BOUND = 1e-12  # of the product of the gradients' lengths
NEAREST = 1e-5  # likewise: neighbours in a ranking are further apart
GATES = {"lstm": ["input", "forget", "cell", "output"], "gru": ["update", "reset", "candidate"]}


def tensors_of(state):
    return {name: torch.tensor(tensor["data"], dtype=torch.float64).reshape(tensor["shape"])
            for name, tensor in state["weights"].items()}


def without_dropout(config):
    """The same model as it measures: nothing is dropped."""
    layers = [{key: value for key, value in layer.items() if "dropout" not in key}
              for layer in config["model"]["layers"] if layer["type"] != "dropout"]
    return config | {"model": {"layers": layers}}


def has_steps(config):
    return all(layer.get("layer", layer).get("return_sequences", True)
               for layer in config["model"]["layers"])


def tracin(case, states):
    """captum's TracInCP over some states, and the test data as it takes them."""
    config = case["config"]
    data, steps = config["data"], has_steps(config)
    model = history_peer.Model(config["model"]["layers"], len(data["train"]["x"][0][0]))

    def load(model, state):
        model.load(tensors_of(state))
        return state["learning_rate"]

    found = TracInCP(
        model, history_peer.dataset(data["train"], steps), states, load, batch_size=BATCH,
        loss_fn=history_peer.losses(config["training"]["loss"]))
    tests = torch.utils.data.DataLoader(history_peer.dataset(data["test"], steps), BATCH)
    return found, tests


def sample_gradients(case, state, split):
    """Each sample's gradient of its own loss, by autograd: a list of name -> tensor."""
    config = without_dropout(case["config"])
    layers = config["model"]["layers"]
    still = [layer["name"] for layer in layers if not layer.get("trainable", True)]
    found = []
    for x, y in zip(config["data"][split]["x"], config["data"][split]["y"], strict=True):
        tensors = {name: tensor.requires_grad_(name.split("/")[0] not in still)
                   for name, tensor in tensors_of(state).items()}
        z, p = torch_side.forward(torch.tensor([x], dtype=torch.float64), layers, tensors)
        if has_steps(config):
            z, p = (None if each is None else each[0] for each in (z, p))
        else:
            y = [y]
        torch_side.loss_of_output(config, z, p, torch.tensor(y, dtype=torch.float64)).backward()
        found.append({name: torch.zeros_like(tensor) if tensor.grad is None else tensor.grad
                      for name, tensor in tensors.items()})
    return found


def parts_of(config):
    """Every layer's gates as `trajectory` names them: (layer, gate), the gate with its direction."""
    for layer in config["model"]["layers"]:
        gates = GATES.get(layer.get("layer", layer)["type"], [None])
        for way in (["forward"], ["backward"]) if "layer" in layer else ([],):
            for gate in gates if layer["type"] != "dropout" else ():
                yield layer["name"], "/".join(way + ([gate] if gate else [])) or None


def part_of(config, tensors, layer, gate):
    """What of all tensors belongs to a layer's gate, as one row."""
    kinds = {each["name"]: each.get("layer", each)["type"] for each in config["model"]["layers"]}
    gates = GATES.get(kinds[layer], [None])
    words = (gate or "").split("/")
    column = gates.index(words[-1] if words[-1] in gates else None)
    way = f"{words[0]}/" if words[0] in ("forward", "backward") else ""
    return torch.cat([tensor.chunk(len(gates), dim=-1)[column].flatten()
                      for name, tensor in tensors.items() if name.startswith(f"{layer}/{way}")])


def split_influence(case, states):
    """By autograd: what each part adds, test samples × training samples, and the sum of the products of
    lengths."""
    config, parts, lengths = case["config"], {}, 0
    for state in states:
        tests, trains = (sample_gradients(case, state, split) for split in ("test", "train"))
        for part in parts_of(config):
            a, b = (torch.stack([part_of(config, each, *part) for each in gradients])
                    for gradients in (tests, trains))
            parts[part] = parts.get(part, 0) + state["learning_rate"] * a @ b.T
        a, b = (torch.stack([torch.cat([each.flatten() for each in gradient.values()]).norm()
                             for gradient in gradients]) for gradients in (tests, trains))
        lengths = lengths + state["learning_rate"] * torch.outer(a, b)
    return parts, lengths


def check_own(case, states, own):
    """What captum says of each training sample on itself is the sum of rate · ‖g‖²."""
    name, norms = case["config"]["name"], 0
    for state in states:
        norms = norms + state["learning_rate"] * torch.stack(
            [sum(each.square().sum() for each in gradient.values())
             for gradient in sample_gradients(case, state, "train")])
    apart = ((norms - own).abs() / norms).max()
    if not apart <= BOUND:
        sys.exit(f"history: {name}: captum's self influence is {apart} from autograd's")


def check(name, influence, parts, lengths):
    """captum's matrix is autograd's, and no two samples are so near that rounding could swap them."""
    apart = ((sum(parts.values()) - influence).abs() / lengths).max()
    if not apart <= BOUND:
        sys.exit(f"history: {name}: captum's influence is {apart} from autograd's")
    for row, scale in zip(influence, lengths):
        ranked = row.sort(descending=True).values
        gap = ((ranked[:-1] - ranked[1:]) / scale.max()).min()
        if not gap >= NEAREST:
            sys.exit(f"history: {name}: two samples are {gap} apart in a ranking: draw others")


def influence_of(case):
    """The document's part about influence."""
    states = case["states"][1:]
    every, tests = tracin(case, states)
    influence, own = every.influence(tests), every.self_influence()
    by_epoch = []
    for state in states:
        one, tests = tracin(case, [state])
        by_epoch.append({"epoch": state["epoch"], "influence": one.influence(tests).tolist()})
    parts, lengths = split_influence(case, states)
    check(case["config"]["name"], influence, parts, lengths)
    check_own(case, states, own)
    return {
        "influence": influence.tolist(), "lengths": lengths.tolist(), "by_epoch": by_epoch,
        "by_part": [{"layer": layer, "gate": gate, "influence": each.tolist()}
                    for (layer, gate), each in parts.items()],
        "self_influence": own.tolist(),
    }

"""Writes what a look inside must show: inspection.py [--out FOLDER] [NAME ...]; see README.md.

For some of the cases, at their initial weights, in float64, into Inspection/NAME.json:

* traces: every sum, gate and state of every step of the first samples, layer by layer, and the loss of
  each row of the output, by the cells' equations in PyTorch; hidden states are compared with Keras's own layers first, which get shorter
  samples filled up behind a mask.
* terms: the gradient of some weights in the first batch, split by sample and time step; their sums
  are compared with the whole gradient first.
"""

import argparse
import os
import pathlib
import random
import sys

os.environ.update(
    KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3",
    TF_ENABLE_ONEDNN_OPTS="0", OMP_NUM_THREADS="1",
)

import keras
import numpy as np
import torch

import cases
import generate
import stepwise
import torch_side

HERE = pathlib.Path(__file__).resolve().parent
NAMES = ["zero_position", "smallest", "odd_sizes", "stacked_two", "sequence_numbers",
         "sequence_labels", "partial_batch", "three_dense", "absolute_error", "adamw",
         "sgd_nesterov", "rmsprop_momentum", "cell_sigmoid", "gates_relu", "no_bias", "gru_last",
         "gru_stacked", "gru_no_bias", "gru_gates_tanh", "simple_rnn_last", "simple_rnn_sequences",
         "mixed_cells", "two_way_lstm", "two_way_gru_steps", "two_way_simple_rnn",
         "unequal_lstm", "unequal_gru_stacked", "unequal_simple_rnn", "unequal_step_labels",
         "unequal_step_numbers", "two_way_lstm_unequal", "two_way_gru_unequal_steps",
         "two_way_stacked", "embedding_sgd", "embedding_unequal", "dropout_lstm_both",
         "dropout_gru_both", "dropout_simple_rnn_both", "dropout_two_way",
         "dropout_two_way_unequal", "dropout_unequal", "dropout_embedding", "weighted_binary",
         "weighted_categorical", "frozen_middle", "clip_value"]
TRACED, SPLIT = 2, 5  # samples a case, weights a tensor
BOUND = 1e-12
RECURRENT = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU,
             "simple_rnn": keras.layers.SimpleRNN}


def keras_layer(layer):
    settings = {key: value for key, value in layer.items() if key not in ("type", "name")}
    return RECURRENT[layer["type"]](
        **(settings | {"return_sequences": True, "return_state": True}), dtype="float64")


def keras_hidden(samples, layer, weights):
    """Keras's hidden states (N, T, H) and last cell states, shorter samples filled up behind a mask."""
    peer = keras_layer(layer)
    x = torch.nn.utils.rnn.pad_sequence(samples, batch_first=True, padding_value=-9.0)
    peer.build(x.shape)
    peer.set_weights([weights[weight.name].numpy() for weight in peer.weights])
    lengths = torch.tensor([len(sample) for sample in samples])
    mask = torch.arange(x.shape[1]) < lengths[:, None]
    hidden, *states = (torch.tensor(np.asarray(each)) for each in peer(x.numpy(), mask=mask.numpy()))
    return hidden, states[1] if len(states) > 1 else None


def check_one(samples, layer, path, tensors, ours):
    """Keras's layer gives the same hidden states and the same last cell states."""
    weights = {name: tensors[f"{path}/{name}"] for name in ("kernel", "recurrent_kernel", "bias")
               if f"{path}/{name}" in tensors}
    hidden, cells = keras_hidden(samples, layer, weights)
    for number, trace in enumerate(ours):
        states = trace["hidden_state"]
        apart = (hidden[number, :len(states)] - states).abs().max()
        if cells is not None:
            apart = max(apart, (cells[number] - trace["cell_state"][-1]).abs().max())
        if not apart <= BOUND:
            sys.exit(f"inspection: {path}, sample {number}: {apart} from Keras's")


def check_with_keras(samples, layers, tensors, traces):
    """Compares layer by layer, up to the first layer behind the last step."""
    x = samples
    for layer in layers:
        name, inner = layer["name"], layer.get("layer", layer)
        if layer["type"] == "embedding":
            x = [tensors[f"{name}/embeddings"][each[:, 0].long()] for each in x]
            continue
        if layer["type"] == "dropout":
            continue
        if layer["type"] == "dense":
            return
        ours = [trace[name] for trace in traces]
        if layer["type"] == "bidirectional":
            for way in ("forward", "backward"):
                def turned(rows):
                    return rows.flip(0) if way == "backward" else rows

                check_one([turned(each) for each in x], inner, f"{name}/{way}", tensors,
                          [{key.split("/")[1]: turned(value) for key, value in trace.items()
                            if key.startswith(way)} for trace in ours])
            x = [torch.cat([trace[f"{way}/hidden_state"] for way in ("forward", "backward")], -1)
                 for trace in ours]
        else:
            check_one(x, layer, name, tensors, ours)
            x = [trace["hidden_state"] for trace in ours]
        if not inner["return_sequences"]:
            return


def traces_of(case, tensors):
    x = [torch.tensor(each, dtype=torch.float64)
         for each in case["config"]["data"]["train"]["x"][:TRACED]]
    layers = case["config"]["model"]["layers"]
    with torch.no_grad():
        seen = [stepwise.forward(each, layers, stepwise.copies(tensors, len(each))) for each in x]
        traces = [trace for _, _, trace in seen]
        check_with_keras(x, layers, tensors, traces)
    others = [layer["name"] for layer in layers if layer["type"] in ("dense", "embedding")]

    def part(chosen):
        found = {name: {key: [trace[name][key].tolist() for trace in traces]
                        for key in quantities if chosen(name, key)}
                 for name, quantities in traces[0].items()}
        return {name: quantities for name, quantities in found.items() if quantities}

    return {"output": [output.tolist() for _, output, _ in seen],
            "losses": [losses_of(case, k, logits, output)
                       for k, (logits, output, _) in enumerate(seen)],
            "layers": part(lambda name, key: name not in others and not key.endswith("_sum")),
            "sums": part(lambda name, key: name in others or key.endswith("_sum"))}


def losses_of(case, sample, logits, output):
    """The loss of each row of a sample's output, without the weight of its class."""
    config = case["config"]
    training = {key: value for key, value in config["training"].items() if key != "class_weight"}
    y = torch.tensor(config["data"]["train"]["y"][sample], dtype=torch.float64)
    if output.ndim == 1:
        y, output, logits = (None if each is None else each[None] for each in (y, output, logits))
    return [torch_side.loss_of_output(
        config | {"training": training}, None if logits is None else logits[row:row + 1],
        output[row:row + 1], y[row:row + 1]).item() for row in range(len(output))]


def terms_of(case, tensors):
    config = case["config"]
    samples = range(min(config["training"]["batch_size"], len(config["data"]["train"]["x"])))
    split = stepwise.split_gradients(case, tensors, samples, iteration=0)
    whole = torch_side.gradients(case, torch.float64, limited=False)
    draw, terms = random.Random(config["name"]), {}
    for name, tensor in tensors.items():
        parts = [each[name].flatten(1) for each in split]
        total = sum(part.sum(dim=0) for part in parts).numpy()
        apart = np.abs(total - np.asarray(whole[name])).max()
        if not apart <= BOUND:
            sys.exit(f"inspection: {config['name']}: the parts of d{name} miss its sum by {apart}")
        chosen = sorted(draw.sample(range(tensor.numel()), min(SPLIT, tensor.numel())))
        terms[name] = {str(index): [part[:, index].tolist() for part in parts] for index in chosen}
    return terms


def tensors_of(case):
    """A case's initial weights in float64, by Keras's names."""
    return {name: torch.tensor(tensor["data"], dtype=torch.float64).reshape(tensor["shape"])
            for name, tensor in case["initial_weights"].items()}


def write_cases(folder, known, document_of):
    """Writes what a function makes of each case, or of those that the arguments name, to a folder."""
    parser = argparse.ArgumentParser(description="Writes reference values.")
    parser.add_argument("--out", type=pathlib.Path, default=folder, help="folder to write to")
    parser.add_argument("names", nargs="*", metavar="NAME", help="these cases only")
    options = parser.parse_args()
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"no case {', '.join(unknown)}; there are {', '.join(known)}")
    torch.set_num_threads(1)
    options.out.mkdir(exist_ok=True)
    for case in cases.all_cases():
        name = case["config"]["name"]
        if name in (options.names or known):
            print(f"{folder.name}: {name}", file=sys.stderr, flush=True)
            generate.write(document_of(case), options.out / f"{name}.json")


def inspection_of(case):
    tensors = tensors_of(case)
    return {"traces": generate.rounded(traces_of(case, tensors), 13),
            "terms": generate.rounded(terms_of(case, tensors), 13)}


if __name__ == "__main__":
    keras.config.set_floatx("float64")
    write_cases(HERE / "Inspection", NAMES, inspection_of)

"""Predicts with ONNX Runtime what `lstm-lab export --names onnx` wrote: the arrays go into the graph as
they are, by their names."""

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

OPERATORS = {"lstm": "LSTM", "gru": "GRU", "simple_rnn": "RNN"}
ACTIVATIONS = {"sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "Relu", "softmax": "Softmax",
               "linear": "Affine"}
USUAL = {"lstm": ["sigmoid", "tanh", "tanh"], "gru": ["sigmoid", "tanh"], "simple_rnn": ["tanh"]}


class Graph:
    """Nodes, one after another; each has one output that the next reads."""

    def __init__(self, arrays):
        self.arrays, self.nodes, self.used = arrays, [], []
        self.constants = []

    def array(self, name):
        """The name of an exported array, or none where the layer has no such array."""
        if name not in self.arrays:
            return ""
        self.used.append(name)
        return name

    def constant(self, values):
        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, np.int64), name))
        return name

    def add(self, operator, *inputs, output=0, **attributes):
        """Adds a node and returns the name of its output of that number."""
        outputs = [""] * output + [f"value_{len(self.nodes)}"]
        self.nodes.append(helper.make_node(operator, inputs, outputs, **attributes))
        return outputs[-1]

    def recurrent(self, h, layer, lengths):
        """All outputs (T, N, H), or the last ones (N, H), both directions side by side."""
        name, inner = layer["name"], layer.get("layer", layer)
        both = layer["type"] == "bidirectional"
        kind, last = inner["type"], not inner["return_sequences"]
        options = {"direction": "bidirectional" if both else "forward"}
        if kind == "gru":
            options["linear_before_reset"] = 1
        functions = [inner.get("recurrent_activation"), inner["activation"], inner["activation"]]
        functions = {"lstm": functions, "gru": functions[:2], "simple_rnn": functions[2:]}[kind]
        if any(each != usual for each, usual in zip(functions, USUAL[kind])):
            options["activations"] = [ACTIVATIONS[each] for each in functions] * (2 if both else 1)
            lines = options["activations"].count("Affine")  # alpha x + beta
            if lines:
                options |= {"activation_alpha": [1.0] * lines, "activation_beta": [0.0] * lines}
        y = self.add(
            OPERATORS[kind], h, self.array(f"{name}.W"), self.array(f"{name}.R"),
            self.array(f"{name}.B"), lengths, output=1 if last else 0,
            hidden_size=inner["units"], **options)
        y = self.add("Transpose", y, perm=[1, 0, 2] if last else [0, 2, 1, 3])
        return self.add("Reshape", y, self.constant([0, -1] if last else [0, 0, -1]))

    def dense(self, h, layer):
        h = self.add("Gemm", h, self.array(f"{layer['name']}.weight"),
                     self.array(f"{layer['name']}.bias"), transB=1)
        activation = layer["activation"]
        return h if activation == "linear" else self.add(ACTIVATIONS[activation], h)


def model(layers, features, arrays):
    """The model: it takes samples (N, T, I) and lengths (N), and gives a row for each sample, or for
    each step of each."""
    graph, width = Graph(arrays), features
    h, has_steps = graph.add("Transpose", "x", perm=[1, 0, 2]), True
    for layer in layers:
        if layer["type"] == "embedding":
            h = graph.add("Squeeze", h, graph.constant([2]))
            h = graph.add("Gather", graph.array(f"{layer['name']}.weight"),
                          graph.add("Cast", h, to=TensorProto.INT64))
        elif layer["type"] == "dense":
            if has_steps:  # Gemm takes rows
                h = graph.add("Transpose", h, perm=[1, 0, 2])
                h, has_steps = graph.add("Reshape", h, graph.constant([-1, width])), False
            h = graph.dense(h, layer)
        elif layer["type"] != "dropout":
            h = graph.recurrent(h, layer, "lengths")
            has_steps = layer.get("layer", layer)["return_sequences"]
        inner = layer.get("layer", layer)
        outputs = inner.get("units", inner.get("output_dim", width))
        width = outputs * (2 if layer["type"] == "bidirectional" else 1)
    assert sorted(graph.used) == sorted(arrays), f"{graph.used} are not {sorted(arrays)}"
    return helper.make_model(
        helper.make_graph(
            graph.nodes, "lstm-lab",
            [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", "T", features]),
             helper.make_tensor_value_info("lengths", TensorProto.INT32, ["N"])],
            [helper.make_tensor_value_info(h, TensorProto.FLOAT, ["rows", width])],
            [numpy_helper.from_array(array, name) for name, array in arrays.items()]
            + graph.constants),
        opset_imports=[helper.make_opsetid("", 17)], ir_version=8)


def predictions(folder, layers, x, lengths):
    arrays = dict(np.load(folder / "onnx.npz"))
    made = model(layers, x.shape[-1], arrays)
    onnx.checker.check_model(made, full_check=True)
    session = onnxruntime.InferenceSession(
        made.SerializeToString(), providers=["CPUExecutionProvider"])
    rows, = session.run(None, {"x": x, "lengths": np.asarray(lengths, np.int32)})
    return rows if len(rows) == len(x) else rows.reshape(*x.shape[:2], -1)

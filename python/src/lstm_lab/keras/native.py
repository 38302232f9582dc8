"""A Keras model as a configuration of the lab, where the engine knows all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import keras
import numpy as np

from lstm_lab.keras.tensors import plain_names
from lstm_lab.losses import CROSSENTROPIES, Loss, Unknown, trained_layers

CELL_FUNCTIONS = ("linear", "sigmoid", "tanh", "relu")
RECURRENT = {
    keras.layers.LSTM: "lstm",
    keras.layers.GRU: "gru",
    keras.layers.SimpleRNN: "simple_rnn",
}


def model_layers(model: Any) -> list[dict[str, Any]] | None:
    """Returns the layers as a configuration has them; None where the engine does not know one."""
    try:
        chain = _chain(model)
        names = dict(zip(map(id, model.layers), plain_names(model.layers)))
        layers = [_layer(layer, names[id(layer)]) for layer in chain]
    except (Unknown, AttributeError, KeyError, TypeError, ValueError):
        return None
    is_recurrent = any(layer["type"] in (*RECURRENT.values(), "bidirectional") for layer in layers)
    return layers if is_recurrent else None


def _chain(model: Any) -> Sequence[Any]:
    """The layers from the one input to the one output, each on the outputs of the one before."""
    if not isinstance(model, (keras.Sequential, keras.Model)) or not hasattr(model, "layers"):
        raise Unknown
    if type(model) is not keras.Sequential and not _is_functional(model):
        raise Unknown
    layers = [one for one in model.layers if not isinstance(one, keras.layers.InputLayer)]
    last = model.inputs[0]
    if len(model.inputs) != 1 or len(model.outputs) != 1 or not layers:
        raise Unknown
    for layer in layers:
        if len(layer._inbound_nodes) < 1 or layer.input is not last:
            raise Unknown
        last = layer.output
    if last is not model.outputs[0]:
        raise Unknown
    _check_input(model.inputs[0].shape, layers[0])
    return layers


def _is_functional(model: Any) -> bool:
    return type(model).__name__ == "Functional"


def _check_input(shape: Sequence[Any], first: Any) -> None:
    """Samples are sequences of features, or of whole numbers for an embedding."""
    if len(shape) != (2 if isinstance(first, keras.layers.Embedding) else 3):
        raise Unknown


def _layer(layer: Any, name: str) -> dict[str, Any]:
    kind = type(layer)
    policy = layer.dtype_policy
    if policy.compute_dtype != "float32" or policy.variable_dtype != "float32":
        raise Unknown
    fields: dict[str, Any] = {"name": name}
    if not layer.trainable:
        fields["trainable"] = False
    if kind in RECURRENT:
        return {**_recurrent(layer), **fields}
    if kind is keras.layers.Bidirectional and layer.merge_mode == "concat":
        inner, other = _recurrent(layer.forward_layer), _recurrent(layer.backward_layer, True)
        if inner != other:
            raise Unknown
        return {"type": "bidirectional", **fields, "layer": inner}
    if kind is keras.layers.Dense and not getattr(layer, "lora_enabled", False):
        activation = _function(layer.activation, (*CELL_FUNCTIONS, "softmax"))
        own = {"type": "dense", "units": layer.units, "activation": activation}
        return {**own, "use_bias": layer.use_bias, **fields}
    if kind is keras.layers.Embedding and not layer.mask_zero:
        own = {"type": "embedding", "input_dim": layer.input_dim, "output_dim": layer.output_dim}
        return {**own, **fields}
    if kind is keras.layers.Dropout and layer.noise_shape is None:
        return {"type": "dropout", "rate": layer.rate, "name": name}
    raise Unknown


def _recurrent(layer: Any, backward: bool = False) -> dict[str, Any]:
    if type(layer) not in RECURRENT or layer.stateful or layer.return_state:
        raise Unknown
    if layer.go_backwards != backward:
        raise Unknown
    kind = RECURRENT[type(layer)]
    fields: dict[str, Any] = {
        "type": kind,
        "units": layer.units,
        "activation": _function(layer.activation, CELL_FUNCTIONS),
    }
    if kind != "simple_rnn":
        fields["recurrent_activation"] = _function(layer.recurrent_activation, CELL_FUNCTIONS)
    if kind == "gru" and not layer.reset_after:
        raise Unknown
    fields["use_bias"] = layer.use_bias
    fields["return_sequences"] = layer.return_sequences
    for key in ("dropout", "recurrent_dropout"):
        if getattr(layer, key):
            fields[key] = getattr(layer, key)
    return fields


def _function(function: Any, known: Sequence[str]) -> str:
    for name in known:
        if function is keras.activations.get(name):
            return name
    raise Unknown


LOSSES: Mapping[str, tuple[Any, dict[str, Any]]] = {
    "binary_crossentropy": (
        keras.losses.BinaryCrossentropy,
        {"label_smoothing": 0.0, "axis": -1},
    ),
    "categorical_crossentropy": (
        keras.losses.CategoricalCrossentropy,
        {"label_smoothing": 0.0, "axis": -1},
    ),
    "sparse_categorical_crossentropy": (
        keras.losses.SparseCategoricalCrossentropy,
        {"ignore_class": None, "axis": -1},
    ),
    "mean_squared_error": (keras.losses.MeanSquaredError, {}),
    "mean_absolute_error": (keras.losses.MeanAbsoluteError, {}),
    "huber": (keras.losses.Huber, {"delta": 1.0}),
}
OPTIMIZERS: Mapping[Any, tuple[str, tuple[str, ...]]] = {
    keras.optimizers.SGD: ("sgd", ("momentum", "nesterov")),
    keras.optimizers.Adam: ("adam", ("beta_1", "beta_2", "epsilon", "amsgrad")),
    keras.optimizers.AdamW: (
        "adamw",
        ("beta_1", "beta_2", "epsilon", "amsgrad", "weight_decay"),
    ),
    keras.optimizers.RMSprop: ("rmsprop", ("rho", "momentum", "epsilon", "centered")),
}
SCHEDULES = (
    "exponential_decay",
    "inverse_time_decay",
    "cosine_decay",
    "polynomial_decay",
    "piecewise_constant_decay",
)


def native_model(
    model: Any, layers: list[dict[str, Any]], epochs: int | None, batch_size: int | None
) -> dict[str, Any]:
    """Returns a model of known layers, as it is trained, as a configuration has both.

    Raises `Unknown` where the engine does not train so.
    """
    loss = _loss(getattr(model, "loss", None))
    fields: dict[str, Any] = {"loss": loss.name}
    try:
        fields |= _optimizer(model.optimizer)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        name = type(getattr(model, "optimizer", None)).__name__
        raise Unknown(f"the engine has no optimizer {name} that is set so") from error
    if epochs:
        fields["epochs"] = epochs
    if batch_size:
        fields["batch_size"] = batch_size
    return {"model": {"layers": trained_layers(layers, loss)}, "training": fields}


def _loss(loss: Any) -> Loss:
    if isinstance(loss, str):
        try:
            loss = keras.losses.get(loss)
        except ValueError as error:
            raise Unknown(f"the engine has no loss `{loss}`") from error
    if loss is None:
        raise Unknown("its loss is not known: compile(loss=…) was given none")
    for name, (kind, defaults) in LOSSES.items():
        if loss is keras.losses.get(name):
            return Loss(name)
        if type(loss) is not kind:
            continue
        settings = loss.get_config()
        for key, value in {"reduction": "sum_over_batch_size", **defaults}.items():
            if settings.get(key, value) != value:
                raise Unknown(f"the engine has no {kind.__name__} with {key}={settings[key]}")
        takes_logits = name in CROSSENTROPIES and settings.get("from_logits", False)
        return Loss(name, "logits" if takes_logits else "outputs")
    name = getattr(loss, "__name__", type(loss).__name__)
    raise Unknown(f"the engine has no loss `{name}`; it knows {', '.join(LOSSES)}")


def _optimizer(optimizer: Any) -> dict[str, Any]:
    kind = type(optimizer)  # with PyTorch, Keras has classes of its own with the same names
    known = [
        known
        for own, known in OPTIMIZERS.items()
        if issubclass(kind, own)
        and kind.__name__ == own.__name__
        and kind.__module__.startswith("keras.")
    ]
    if not known:
        raise Unknown(f"the engine has no optimizer {kind.__name__}")
    name, keys = known[0]
    settings = optimizer.get_config()
    unknown = ["use_ema", "gradient_accumulation_steps", "loss_scale_factor"]
    for key in unknown if name == "adamw" else [*unknown, "weight_decay"]:
        if settings.get(key):
            raise Unknown(f"the engine has no {kind.__name__} with {key}")
    own: dict[str, Any] = {"type": name}
    own |= {key: settings[key] for key in keys}
    fields: dict[str, Any] = {"optimizer": own}
    rate = settings["learning_rate"]
    if isinstance(rate, Mapping):
        fields["learning_rate_schedule"], own["learning_rate"] = _schedule(rate)
    else:
        own["learning_rate"] = _short(rate)
    for key, theirs in (
        ("clip_value", "clipvalue"),
        ("clip_norm", "clipnorm"),
        ("global_clip_norm", "global_clipnorm"),
    ):
        if settings.get(theirs):
            fields[key] = settings[theirs]
    return fields


def _schedule(rate: Mapping[str, Any]) -> tuple[dict[str, Any], float]:
    settings = {key: value for key, value in rate["config"].items() if value is not None}
    settings.pop("name", None)
    kind = "".join(f"_{c.lower()}" if c.isupper() else c for c in rate["class_name"]).strip("_")
    if kind not in SCHEDULES or (kind == "cosine_decay" and settings.get("warmup_target")):
        raise Unknown(f"the engine has no schedule {rate['class_name']} that is set so")
    first = settings.pop("initial_learning_rate", None)
    settings = {key: value for key, value in settings.items() if key != "warmup_steps" or value}
    return {"type": kind, **settings}, 0.001 if first is None else _short(first)


def _short(value: Any) -> float:
    """The fewest digits that are the same float32."""
    return float(str(np.float32(value)))

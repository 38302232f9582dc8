"""What a loss does to a model's outputs becomes the last layer's activation, or is said."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from lstm_lab.losses import CROSSENTROPIES, Loss, Unknown, trained_layers, with_reason
from lstm_lab.replay import FUNCTIONS


def chain(activation: str | None) -> list[dict[str, Any]]:
    layers: list[dict[str, Any]] = [{"type": "lstm", "units": 4, "activation": "tanh"}]
    if activation is not None:
        layers.append({"type": "dense", "units": 3, "activation": activation})
    return layers


def activation_of(layers: list[dict[str, Any]]) -> Any:
    return layers[-1]["activation"]


@pytest.mark.parametrize("name", CROSSENTROPIES)
def test_logits_get_the_activation_that_the_loss_has(name: str) -> None:
    given = chain("linear")
    layers = trained_layers(given, Loss(name, "logits"))
    assert activation_of(layers) == CROSSENTROPIES[name]
    assert layers[:-1] == given[:-1]
    assert activation_of(given) == "linear"


@pytest.mark.parametrize("takes", ["logits", "logarithms"])
def test_logarithms_of_a_softmax_become_the_softmax(takes: str) -> None:
    loss = Loss("sparse_categorical_crossentropy", takes)
    assert activation_of(trained_layers(chain("log_softmax"), loss)) == "softmax"


@pytest.mark.parametrize("activation", ["linear", "sigmoid", "softmax", "relu", "tanh"])
def test_outputs_that_the_loss_takes_as_they_are_stay(activation: str) -> None:
    for name in (*CROSSENTROPIES, "mean_squared_error"):
        assert trained_layers(chain(activation), Loss(name)) == chain(activation)


@pytest.mark.parametrize(
    ("activation", "name", "takes"),
    [
        ("softmax", "sparse_categorical_crossentropy", "logits"),
        ("sigmoid", "binary_crossentropy", "logits"),
        ("relu", "categorical_crossentropy", "logits"),
        ("log_softmax", "binary_crossentropy", "logits"),
        (None, "sparse_categorical_crossentropy", "logits"),
        ("linear", "sparse_categorical_crossentropy", "logarithms"),
        ("softmax", "sparse_categorical_crossentropy", "logarithms"),
        ("softmax", "binary_crossentropy", "probabilities"),
        ("linear", "binary_crossentropy", "probabilities"),
        ("log_softmax", "mean_squared_error", "outputs"),
    ],
)
def test_what_no_layer_of_the_engine_does_is_refused(
    activation: str | None, name: str, takes: str
) -> None:
    with pytest.raises(Unknown, match=r"takes (logits|logarithms|probabilities|none)"):
        trained_layers(chain(activation), Loss(name, takes))


def test_only_the_last_layer_may_have_logarithms() -> None:
    layers = [*chain("log_softmax"), *chain("linear")[1:]]
    with pytest.raises(Unknown, match="before the last"):
        trained_layers(layers, Loss("categorical_crossentropy", "logits"))


def test_a_dropout_behind_the_last_dense_layer_is_between_it_and_the_loss() -> None:
    layers = [*chain("linear"), {"type": "dropout", "rate": 0.5}]
    with pytest.raises(Unknown, match="the outputs of a dropout layer"):
        trained_layers(layers, Loss("categorical_crossentropy", "logits"))


def test_the_reason_stands_in_the_configuration() -> None:
    assert with_reason({"lr": 1}, None) == {"lr": 1}
    assert with_reason({"lr": 1}, "a\nb") == {"lr": 1, "no_native_model": "a_b"}


def test_log_softmax_is_the_softmaxs_logarithm() -> None:
    x = np.random.default_rng(1).normal(size=(2, 4)) * 3
    assert np.abs(np.exp(FUNCTIONS["log_softmax"](x)) - FUNCTIONS["softmax"](x)).max() < 1e-15
    assert np.isfinite(FUNCTIONS["log_softmax"](np.array([1000.0, -1000.0]))).all()

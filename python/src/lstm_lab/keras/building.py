"""Has a model make its weights before it is trained, so that there is an epoch 0."""

from __future__ import annotations

from typing import Any

import keras

from lstm_lab.keras.fit_call import FitCall


def is_built(model: Any, fit: FitCall) -> bool:
    """Whether the model has its weights; one that has none yet is shown the shape of its inputs.

    With TensorFlow, Keras makes the weights of a model without an input layer within the first
    step, from the same seeds. No data is taken: what only a generator knows is not known here.
    """
    if _has_weights(model):
        return True
    try:
        inputs = _inputs(fit)
        if inputs is not None:
            keras.src.backend.compute_output_spec(model, inputs, training=False)
    except Exception:
        return False
    return _has_weights(model)


def _has_weights(model: Any) -> bool:
    return all(layer.built for layer in model._flatten_layers()) and bool(model.weights)


def _inputs(fit: FitCall) -> Any:
    """The inputs of a batch without their values."""
    specs = getattr(fit.x, "element_spec", None)
    if specs is not None:
        x = specs[0] if isinstance(specs, tuple) else specs
        return keras.tree.map_structure(lambda spec: _tensor(spec.shape, spec.dtype), x)
    arrays = keras.tree.flatten(fit.x)
    if not arrays or not all(hasattr(a, "shape") and hasattr(a, "dtype") for a in arrays):
        return None
    size = fit.batch_size or 32
    return keras.tree.map_structure(
        lambda a: _tensor((min(size, a.shape[0]), *a.shape[1:]), a.dtype), fit.x
    )


def _tensor(shape: Any, dtype: Any) -> Any:
    kind = keras.backend.standardize_dtype(dtype)
    return keras.KerasTensor(tuple(shape), "float32" if kind == "float64" else kind)

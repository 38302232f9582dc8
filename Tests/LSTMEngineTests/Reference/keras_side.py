"""Trains cases with Keras on TensorFlow: keras_side.py FLOATX CASES.json OUT.json.

One process per float type, because Keras reads the type when layers, metrics and data are made.
"""

import os

os.environ.update(
    KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3",
    TF_ENABLE_ONEDNN_OPTS="0", TF_DETERMINISTIC_OPS="1", OMP_NUM_THREADS="1",
)

import json
import sys

import keras
import numpy as np
import tensorflow as tf
from keras.src.trainers.data_adapters import data_adapter_utils

import masks


class FixedDropout(keras.layers.Dropout):
    """Dropout with a mask that is set from outside."""

    def call(self, inputs, training=False):
        return inputs * self.fixed_mask() if training else inputs


LAYERS = {
    "lstm": keras.layers.LSTM, "gru": keras.layers.GRU, "simple_rnn": keras.layers.SimpleRNN,
    "dense": keras.layers.Dense, "dropout": FixedDropout,
}
OPTIMIZERS = {
    "sgd": keras.optimizers.SGD, "adam": keras.optimizers.Adam,
    "adamw": keras.optimizers.AdamW, "rmsprop": keras.optimizers.RMSprop,
}


SCHEDULES = {
    "exponential_decay": keras.optimizers.schedules.ExponentialDecay,
    "inverse_time_decay": keras.optimizers.schedules.InverseTimeDecay,
    "cosine_decay": keras.optimizers.schedules.CosineDecay,
    "polynomial_decay": keras.optimizers.schedules.PolynomialDecay,
    "piecewise_constant_decay": keras.optimizers.schedules.PiecewiseConstantDecay,
}
CLIPPINGS = {"clip_norm": "clipnorm", "global_clip_norm": "global_clipnorm",
             "clip_value": "clipvalue"}


def without_type(settings):
    return {key: value for key, value in settings.items() if key != "type"}


def make_optimizer(training):
    """The optimizer; for float64 with double scalars, which TensorFlow does not narrow to float32.

    The float32 run gets Python's numbers, as any user's does: a double scalar would widen its sums.
    """
    number = np.float64 if keras.config.floatx() == "float64" else float

    def numbers(settings):
        return {key: [number(each) for each in value] if key == "values"
                else value if isinstance(value, (bool, list)) else number(value)
                for key, value in without_type(settings).items()}

    settings = numbers(training["optimizer"])
    schedule = training.get("learning_rate_schedule")
    if schedule:
        initial = {"initial_learning_rate": settings["learning_rate"]}
        constant = schedule["type"] == "piecewise_constant_decay"
        settings["learning_rate"] = SCHEDULES[schedule["type"]](
            **({} if constant else initial), **numbers(schedule))
    settings |= {CLIPPINGS[key]: number(training[key]) for key in CLIPPINGS if key in training}
    return dense_updates(OPTIMIZERS[training["optimizer"]["type"]])(**settings)


def dense_updates(optimizer):
    """The optimizer with an embedding's gradient as Keras's other backends give it.

    TensorFlow's has a row for each occurrence of a number, and Keras squares each before it adds them
    up; with JAX and PyTorch it adds first.
    """
    class DenseUpdates(optimizer):
        def apply(self, grads, trainable_variables=None):
            return super().apply([tf.convert_to_tensor(each) for each in grads],
                                 trainable_variables)

    return DenseUpdates


def class_weight(training):
    """Keras's form of the class weights, or None."""
    weights = training.get("class_weight")
    return {int(key): value for key, value in weights.items()} if weights else None


PADDING = -9.0  # no sample has it


def is_unequal(case):
    """Whether samples differ in length; the rest of each is then masked."""
    sources = case["config"]["data"].values()
    return len({len(sample) for source in sources for sample in source["x"]}) > 1


def make_layer(settings, is_unequal):
    if settings["type"] == "bidirectional":
        inner = settings["layer"]
        return keras.layers.Bidirectional(make_layer(inner, is_unequal), name=settings["name"])
    if settings["type"] == "embedding":
        return keras.layers.Embedding(**without_type(settings), mask_zero=is_unequal)
    return LAYERS[settings["type"]](**without_type(settings))


def weight_names(layer):
    """The names of a layer's weights; a two-way layer's have the direction before them."""
    names = [weight.name for weight in layer.weights]
    if isinstance(layer, keras.layers.Bidirectional):
        half = len(names) // 2
        names = [f"{'forward' if index < half else 'backward'}/{name}"
                 for index, name in enumerate(names)]
    return [f"{layer.name}/{name}" for name in names]


def make_model(case):
    """The compiled model with the case's initial weights."""
    config, tensors = case["config"], case["initial_weights"]
    layers = [make_layer(each, is_unequal(case)) for each in config["model"]["layers"]]
    is_embedded = config["model"]["layers"][0]["type"] == "embedding"
    masking = [keras.layers.Masking(PADDING)] if is_unequal(case) and not is_embedded else []
    shape = arrays(case, "train")[0].shape[1:]
    model = keras.Sequential([keras.Input(shape), *masking, *layers])
    for layer in layers:
        names = weight_names(layer)
        layer.set_weights([np.reshape(np.asarray(tensors[name]["data"], keras.config.floatx()),
                                      tensors[name]["shape"]) for name in names])
    training = config["training"]
    model.compile(make_optimizer(training), training["loss"],
                  metrics=training["metrics"])
    return model


class FixedMasks(keras.callbacks.Callback):
    """Puts the masks of a case's optimizer steps in the place of Keras's own."""

    def __init__(self, case, layers):
        super().__init__()
        self.case, self.variables = case, {}
        self.samples = len(case["config"]["data"]["train"]["x"])
        self.size = case["config"]["training"]["batch_size"]
        self.epoch = 0
        if not masks.has_dropout(case):
            return
        for key, values in masks.of_batch(case, 0, range(self.size)).items():
            self.variables[key] = tf.Variable(np.asarray(values, keras.config.floatx()))
        own = [layer for layer in layers if not isinstance(layer, keras.layers.Masking)]
        for index, layer in enumerate(own):
            if isinstance(layer, keras.layers.Bidirectional):
                self.install(layer.forward_layer, *self.of(index, "input", "state"))
                self.install(layer.backward_layer,
                             *self.of(index, "backward_input", "backward_state"))
            else:
                self.install(layer, *self.of(index, "input", "state"))

    def of(self, index, *purposes):
        """The masks of a layer for some purposes, each a variable or None."""
        return [self.variables.get((index, purpose)) for purpose in purposes]

    def install(self, layer, inputs, state):
        """Gives a layer its masks; with several of them, Keras's cells take one a gate."""
        if isinstance(layer, FixedDropout):
            layer.fixed_mask = lambda: inputs
        elif hasattr(layer, "cell"):
            count = getattr(layer.cell, "dropout_mask_count", None)

            def given(mask):
                return lambda _: mask if mask is None or count is None else [mask] * count

            layer.cell.get_dropout_mask = given(inputs)
            layer.cell.get_recurrent_dropout_mask = given(state)

    def on_epoch_begin(self, epoch, logs=None):
        self.epoch = epoch

    def on_train_batch_begin(self, batch, logs=None):
        if self.variables:
            iteration = self.epoch * (self.samples // self.size) + batch
            samples = range(batch * self.size, (batch + 1) * self.size)
            for key, values in masks.of_batch(self.case, iteration, samples).items():
                self.variables[key].assign(np.asarray(values, keras.config.floatx()))


def flat_weights(model):
    """Every weight by name, row by row, as Python doubles."""
    return {name: np.asarray(weight, np.float64).ravel().tolist() for layer in model.layers
            for name, weight in zip(weight_names(layer), layer.weights, strict=True)}


def padded(samples, value):
    """Samples as one array, all as long as the longest."""
    if isinstance(samples[0], list):
        end = value
        if isinstance(samples[0][0], list):
            end = [value] * len(samples[0][0])
        steps = max(map(len, samples))
        samples = [each + [end] * (steps - len(each)) for each in samples]
    return np.asarray(samples, keras.config.floatx())


def arrays(case, part):
    """x and y of a part of the data, with masked steps where samples are shorter than others."""
    source = case["config"]["data"][part]
    is_embedded = case["config"]["model"]["layers"][0]["type"] == "embedding"
    x = padded(source["x"], 0.0 if is_embedded else PADDING)
    return x[..., 0] if is_embedded else x, padded(source["y"], 0.0)


def first_gradients(model, case):
    """The gradients of the first batch's loss at the initial weights, as the optimizer takes them."""
    x, y = arrays(case, "train")
    training = case["config"]["training"]
    batch, weights = training["batch_size"], class_weight(training)
    if weights:
        weights = data_adapter_utils.class_weight_to_sample_weights(y[:batch], weights)
    with tf.GradientTape() as tape:
        loss = model.compute_loss(y=tf.constant(y[:batch]), y_pred=model(x[:batch], training=True),
                                  sample_weight=weights)
    values = tape.gradient(loss, [weight.value for weight in model.weights])
    # The optimizer never sees the gradients of a layer that is not trained.
    values = [value if weight.trainable else tf.zeros_like(weight.value)
              for weight, value in zip(model.weights, values, strict=True)]
    values = [tf.convert_to_tensor(value) for value in values]  # an embedding's are sparse
    values = model.optimizer._clip_gradients(values)
    names = [name for layer in model.layers for name in weight_names(layer)]
    return {name: np.asarray(value, np.float64).ravel().tolist()
            for name, value in zip(names, values, strict=True)}


def run(case):
    """Trains the case; returns each epoch's loss and metrics, and the weights of kept epochs."""
    keras.utils.clear_session()
    model = make_model(case)
    fixed = FixedMasks(case, model.layers)
    result = {"gradients": first_gradients(model, case), "weights": {}}

    def keep(epoch, logs):
        if epoch + 1 in case["kept_epochs"]:
            result["weights"][str(epoch + 1)] = flat_weights(model)

    config = case["config"]
    x, y = arrays(case, "train")
    validation = config["data"].get("validation")
    history = model.fit(
        x, y, epochs=config["training"]["epochs"], batch_size=config["training"]["batch_size"],
        shuffle=False, verbose=0, validation_data=arrays(case, "validation") if validation else None,
        class_weight=class_weight(config["training"]),
        callbacks=[fixed, keras.callbacks.LambdaCallback(on_epoch_end=keep)],
    ).history
    return result | {"history": {key: [float(v) for v in value] for key, value in history.items()}}


def main(floatx, cases_path, out_path):
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)
    tf.config.experimental.enable_op_determinism()
    keras.utils.set_random_seed(0)
    keras.config.set_floatx(floatx)
    with open(cases_path) as file:
        cases = json.load(file)
    results = {}
    for case in cases:
        name = case["config"]["name"]
        print(f"keras {floatx} {name}", file=sys.stderr, flush=True)
        results[name] = run(case)
    with open(out_path, "w") as file:
        json.dump(results, file)


if __name__ == "__main__":
    main(*sys.argv[1:])

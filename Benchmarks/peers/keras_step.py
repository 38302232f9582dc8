"""Times one training step in Keras on TensorFlow: forward, crossentropy, back-propagation, Adam.

The peer gets its best form on a CPU: one compiled graph a step (fit() adds callbacks and
data handling to that), and whichever of graph and XLA, loop and unrolled, is fastest here.
"""

import os

os.environ.update(KERAS_BACKEND="tensorflow", CUDA_VISIBLE_DEVICES="-1", TF_CPP_MIN_LOG_LEVEL="3")

import keras
import numpy as np
import tensorflow as tf

import step

CELLS = {"lstm": keras.layers.LSTM, "gru": keras.layers.GRU}

# Tracing an unrolled graph and compiling a long loop with XLA take minutes, so each has its limit.
UNROLLED_STEPS = 10


def make_model(options, unroll):
    recurrent = [
        CELLS[options.cell](options.units, return_sequences=k + 1 < options.layers, unroll=unroll)
        for k in range(options.layers)
    ]
    return keras.Sequential([keras.Input((options.steps, options.input)), *recurrent,
                             keras.layers.Dense(options.outputs, activation="softmax")])


def maker(options, unroll, xla):
    """A function that makes a step, unrolled or not, compiled by XLA or not."""

    def make():
        keras.utils.set_random_seed(1)
        model, adam = make_model(options, unroll), keras.optimizers.Adam(0.001)
        loss_of = keras.losses.CategoricalCrossentropy()
        x = tf.constant(np.random.standard_normal((options.batch, options.steps, options.input)),
                        tf.float32)
        y = tf.one_hot(np.random.randint(options.outputs, size=options.batch), options.outputs)
        adam.build(model.trainable_variables)

        @tf.function(jit_compile=xla)
        def train():
            with tf.GradientTape() as tape:
                loss = loss_of(y, model(x, training=True))
            adam.apply(tape.gradient(loss, model.trainable_weights), model.trainable_variables)
            return loss

        return lambda: float(train())

    return make


def main():
    options = step.arguments(__doc__.splitlines()[0])
    tf.config.threading.set_intra_op_parallelism_threads(options.threads)
    tf.config.threading.set_inter_op_parallelism_threads(options.threads)
    variants = [("graph", maker(options, False, False)), ("XLA", maker(options, False, True))]
    if options.steps <= UNROLLED_STEPS:
        variants += [("unrolled graph", maker(options, True, False)),
                     ("unrolled XLA", maker(options, True, True))]
    version = f"{keras.__version__}, TensorFlow {tf.__version__}"
    step.report(options, "Keras", version, variants)


if __name__ == "__main__":
    main()

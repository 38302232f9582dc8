"""A CNN, a bidirectional LSTM and attention in Keras: layers that lstm-lab does not train."""

import keras
import numpy as np
from keras import layers
from lstm_lab import LabLogger

# Noise with a bump, upwards or downwards.
rng = np.random.default_rng(1)
x = rng.normal(size=(120, 24, 2)).astype("float32")
y = rng.integers(0, 2, 120)
for sample, up in zip(x, y):
    start = rng.integers(0, 18)
    sample[start : start + 6, 0] += 2 if up else -2

keras.utils.set_random_seed(1)
inputs = keras.Input((24, 2))
h = layers.Conv1D(8, 3, padding="same", activation="relu")(inputs)
h = layers.BatchNormalization()(h)
h = layers.MaxPooling1D(2)(h)
h = layers.Bidirectional(layers.LSTM(6, return_sequences=True))(h)
h = layers.LayerNormalization()(h + layers.MultiHeadAttention(2, 4)(h, h))
outputs = layers.Dense(1, activation="sigmoid")(layers.GlobalAveragePooling1D()(h))
model = keras.Model(inputs, outputs)
model.compile(keras.optimizers.AdamW(0.005), "binary_crossentropy", metrics=["accuracy"])

stopping = keras.callbacks.EarlyStopping(patience=3, restore_best_weights=True)
model.fit(
    x, y, epochs=15, validation_split=0.25, verbose=0,
    callbacks=[LabLogger(name="bumps", gates=[0]), stopping],
)  # fmt: skip

"""Recording of Keras 3 trainings, on any of its backends."""

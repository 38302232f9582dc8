"""Reads with TensorBoard what `lstm-lab export --tensorboard` wrote."""

import numpy as np
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

EVERYTHING = {"scalars": 0, "histograms": 0, "tensors": 0}


def check(folder, metrics, epochs, weights):
    """Compares every scalar and histogram with what is stored; returns how many there are.

    `metrics` are (split, name, epoch, value), `epochs` are (epoch, learning rate), `weights` are
    epoch -> name -> array.
    """
    count = 0
    wanted = {}
    for split, name, epoch, value in metrics:
        wanted.setdefault(split, {}).setdefault(f"epoch_{name}", []).append((epoch, value))
    wanted["train"]["epoch_learning_rate"] = [each for each in epochs if each[1] is not None]
    for split, scalars in wanted.items():
        events = EventAccumulator(str(folder / split), size_guidance=EVERYTHING)
        events.Reload()
        assert sorted(events.Tags()["scalars"]) == sorted(scalars), events.Tags()
        for tag, values in scalars.items():
            found = [(event.step, event.value) for event in events.Scalars(tag)]
            expected = [(epoch, float(np.float32(value))) for epoch, value in values]
            assert found == expected, f"{split}, {tag}: {found} are not {expected}"
            count += len(found)
        if split == "train":
            count += check_histograms(events, weights)
    return count


def check_histograms(events, weights):
    names = sorted({name for tensors in weights.values() for name in tensors})
    assert sorted(events.Tags()["histograms"]) == [f"{name}/histogram" for name in names]
    for name in names:
        found = events.Histograms(f"{name}/histogram")
        assert [event.step for event in found] == sorted(weights)
        for event in found:
            array, histogram = weights[event.step][name], event.histogram_value
            assert histogram.num == array.size == sum(histogram.bucket)
            assert (histogram.min, histogram.max) == (float(array.min()), float(array.max()))
            double = array.astype(np.float64)
            assert np.isclose(histogram.sum, double.sum(), rtol=0, atol=1e-12 * array.size)
            assert np.isclose(histogram.sum_squares, (double**2).sum(), rtol=1e-12)
    return len(names) * len(weights)

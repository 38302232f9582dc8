"""Scales columns with scikit-learn and writes scaling.json, which ScalingTests compares with.

    pip install scikit-learn==1.9.1 numpy==2.4.6
    python3 Tests/LabTests/Fixtures/scaling.py

Each case has rows of float64 (or int64) numbers, StandardScaler's mean_ and scale_, MinMaxScaler's data_min_ and
data_range_, what both make of the rows, rounded to float32, and mean and deviation without any rounding on the way.
scikit-learn computes (x - mean_) / scale_ in the first, x * (1 / range) - min * (1 / range) in the second.
"""

import json
import pathlib
from decimal import Decimal, getcontext
from fractions import Fraction

import numpy as np
from sklearn.preprocessing import MinMaxScaler, StandardScaler

getcontext().prec = 80


def exact(column):
    """The mean and the deviation of the population, each rounded once."""
    numbers = [Fraction(int(x)) if isinstance(x, np.integer) else Fraction(float(x)) for x in column]
    mean = sum(numbers) / len(numbers)
    variance = sum((x - mean) ** 2 for x in numbers) / len(numbers)
    root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return float(mean), float(root)


def rounded(values):
    return [[float(x) for x in row] for row in values.astype(np.float32)]


def case(name, rows):
    standard, minmax = StandardScaler().fit(rows), MinMaxScaler().fit(rows)
    pairs = [exact(column) for column in rows.T]
    return {
        "name": name,
        "type": str(rows.dtype),
        "rows": rows.tolist(),
        "standard": {
            "shift": standard.mean_.tolist(),
            "scale": standard.scale_.tolist(),
            "x": rounded(standard.transform(rows)),
        },
        "minmax": {
            "shift": minmax.data_min_.tolist(),
            "scale": minmax.data_range_.tolist(),
            "x": rounded(minmax.transform(rows)),
        },
        "exact": {"shift": [m for m, _ in pairs], "scale": [s for _, s in pairs]},
    }


def main():
    random = np.random.Generator(np.random.PCG64(12))
    n = 30
    seconds = 1_700_000_000 + np.cumsum(random.integers(1, 5, n))
    cases = [
        case("time stamps", np.stack([seconds, random.integers(-3, 4, n)], axis=1).astype(float)),
        case("time stamps alone", seconds[:, None].astype(float)),
        case("nanoseconds", np.stack([seconds * 10**9, random.integers(0, 2**40, n)], axis=1)),
        case("milliseconds", np.stack(
            [seconds + random.integers(0, 1000, n) / 1000, random.normal(size=n)], axis=1)),
        case("large offsets", np.stack(
            [1e12 + random.normal(size=n), -3e7 + random.normal(size=n), 1e-3 * random.normal(size=n)], axis=1)),
        case("small ranges", np.stack(
            [0.1 + 1e-9 * random.random(n), 1000 + 1e-6 * random.random(n), 1e-20 * random.random(n)], axis=1)),
        case("ordinary", np.round(random.normal(size=(n, 3)) * [1, 20, 300], 4)),
        case("far from each other", np.stack(
            [10.0 ** random.integers(-8, 9, n) * random.random(n), random.normal(size=n) ** 5], axis=1)),
        case("without any change", np.stack([np.full(n, 0.1), np.full(n, 1.7e9 + 0.25)], axis=1)),
    ]
    lines = ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases)
    path = pathlib.Path(__file__).with_name("scaling.json")
    path.write_text("[\n" + lines + "\n]\n")


main()

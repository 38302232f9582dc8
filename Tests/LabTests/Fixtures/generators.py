"""Computes generated samples a second time, with Python alone, and prints the data's hash of each task.

    python3 Tests/LabTests/Fixtures/generators.py

GeneratorTests (`same bits everywhere`) holds the first 16 digits. 20 samples, length 50, seed 3.
"""

import hashlib
import math
import struct

WORD = 0xFFFFFFFF
PURPOSE = 16  # RandomStream.Purpose.generatedData


def philox(key, counter):
    """Philox4x32-10 (Salmon et al., 2011)."""
    k0, k1 = key & WORD, key >> 32
    c0, c1, c2, c3 = counter
    for _ in range(10):
        first, second = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = (
            (second >> 32) ^ c1 ^ k0, second & WORD, (first >> 32) ^ c3 ^ k1, first & WORD)
        k0, k1 = (k0 + 0x9E3779B9) & WORD, (k1 + 0xBB67AE85) & WORD
    return c0, c1, c2, c3


class Random:
    def __init__(self, seed, sample):
        self.seed, self.sample, self.index = seed, sample, 0

    def bits(self):
        block = philox(self.seed, (self.index & WORD, self.index >> 32, self.sample, PURPOSE))
        self.index += 1
        return block[0] | block[1] << 32

    def below(self, count):
        return self.bits() * count >> 64

    def uniform(self):
        return (self.bits() >> 11) * 2.0**-53


def float32(value):
    return struct.unpack("<f", struct.pack("<f", value))[0]


def adding(length, random):
    steps = length + random.below(length // 10 + 1)
    first = random.below(10)
    place = random.below(length // 2 - 1)
    second = place if place < first else place + 1
    x = [[float32(2 * random.uniform() - 1), 0.0] for _ in range(steps)]
    for step in (first, second):
        if step == 0:
            x[0][0] = 0.0
        x[step][1] = 1.0
    x[0][1] = x[-1][1] = -1.0
    return x, [float32(0.5 + (x[first][0] + x[second][0]) / 4)]


def one_hot(symbols, count):
    return [[float(index == symbol) for index in range(count)] for symbol in symbols]


def temporal_order(length, random):
    steps = length + random.below(length // 10 + 1)
    symbols = [0] + [2 + random.below(4) for _ in range(steps - 2)] + [1]
    order = 0
    for low, high in ((length // 10, length // 5), (length // 2, length // 2 + length // 10)):
        place = low + random.below(high - low + 1)
        signal = random.below(2)
        symbols[place] = 6 + signal
        order = 2 * order + signal
    return one_hot(symbols, 8), [float(order)]


def copy_memory(length, random, entries=10):
    symbols, y = [8] * length, [8.0] * length
    symbols[length - entries - 1] = 9
    for step in range(entries):
        symbols[step] = random.below(8)
        y[length - entries + step] = float(symbols[step])
    return one_hot(symbols, 10), y


def parity(length, random):
    x = [[float(random.below(2))] for _ in range(length)]
    return x, [sum(row[0] for row in x) % 2]


def sine(length, random):
    phase = random.uniform()
    period = 10 + 40 * random.uniform()
    wave = [float32(math.sin(2 * math.pi * (phase + step / period))) for step in range(length + 1)]
    return [[value] for value in wave[:-1]], [wave[-1]]


def counts(numbers):
    return b"".join(struct.pack("<Q", number) for number in numbers)


def floats(numbers):
    return b"".join(struct.pack("<f", number) for number in numbers)


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def data_hash(task, names=None, axes=1):
    samples = [task(50, Random(3, sample)) for sample in range(20)]
    features = len(samples[0][0][0])
    x = counts([20] + [len(x) for x, _ in samples] + [features])
    x += floats(value for x, _ in samples for row in x for value in row)
    y = counts([axes, 20] + [len(y) for _, y in samples] + [1])
    y += floats(value for _, y in samples for value in y)
    lines = f"train.x {sha256(x)}\ntrain.y {sha256(y)}\n"
    if names:
        text = b"".join(counts([len(name)]) + name.encode() for name in names)
        lines += f"classes {sha256(counts([len(names)]) + text)}\n"
    return sha256(lines.encode())


print("adding", data_hash(adding))
print("copy_memory", data_hash(copy_memory, [f"a{i}" for i in range(8)] + ["blank"], axes=3))
print("temporal_order", data_hash(temporal_order, list("QRSU")))
print("parity", data_hash(parity))
print("sine", data_hash(sine))

"""Writes the array files in data/, with nothing but Python's own library.

    python3 Tests/LabTests/Fixtures/V0001/data.py

The runs in lab.db were trained with these bytes: the files are frozen with it. Text files there were
written by hand.
"""

import pathlib
import struct

folder = pathlib.Path(__file__).parent / "data"


def write(name, kind, shape, values):
    """Writes an .npy file of version 1.0 in C order; `kind` is NumPy's, `shape` a tuple."""
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}"
    header += " " * (63 - (10 + len(header)) % 64) + "\n"
    code = {"<f4": "f", "<i8": "q"}[kind]
    (folder / name).write_bytes(
        b"\x93NUMPY\x01\x00"
        + struct.pack("<H", len(header))
        + header.encode()
        + struct.pack(f"<{len(values)}{code}", *values)
    )


# Multiples of 1/64, which every float32 holds; a rule that mixes well enough for a small model.
numbers = [((37 * i * i + 11 * i) % 129 - 64) / 64 for i in range(12 * 4 * 2)]
classes = [i % 3 for i in range(12)]
write("x.npy", "<f4", (12, 4, 2), numbers)
write("lengths.npy", "<i8", (12,), [1 + i % 4 for i in range(12)])
write("binary.npy", "<f4", (12, 1), [float(i % 3 == 0) for i in range(12)])
write("classes.npy", "<i8", (12,), classes)
write("rows.npy", "<f4", (12, 3), [float(c == k) for c in classes for k in range(3)])
write("values.npy", "<f4", (12, 1), [n for n in numbers[:24:2]])
write("words.npy", "<i8", (12, 4, 1), [(5 * i * i + i) % 7 for i in range(48)])

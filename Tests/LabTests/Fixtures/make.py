"""Writes the array files that the tests read, with NumPy and safetensors themselves.

    python3 -m pip install numpy==2.4.6 safetensors==0.8.0
    python3 Tests/LabTests/Fixtures/make.py

Every numeric file holds the values 0, 1, 2, … of its shape in row-major order, some halved, so that
the tests need no second list of values.
"""

import io
import pathlib

import numpy as np
from numpy.lib import format as npy
from safetensors.numpy import save_file

here = pathlib.Path(__file__).parent
counting = np.arange(24).reshape(2, 3, 4)

np.save(here / "c_f4.npy", (counting / 2).astype("<f4"))
np.save(here / "fortran_f4.npy", np.asfortranarray((counting / 2).astype("<f4")))
np.save(here / "big_f4.npy", (counting / 2).astype(">f4"))
np.save(here / "c_f8.npy", (counting / 2).astype("<f8"))
np.save(here / "fortran_big_f8.npy", np.asfortranarray((counting / 2).astype(">f8")))
for kind in ["i1", "u1", "<i2", ">i2", "<u2", "<i4", ">u4", "<i8", ">i8", "<u8"]:
    name = kind.replace("<", "little_").replace(">", "big_")
    np.save(here / f"{name}.npy", (counting - (5 if "i" in kind else 0)).astype(kind))
np.save(here / "bool.npy", counting % 3 == 0)
np.save(here / "scalar.npy", np.float32(2.5))
np.save(here / "empty.npy", np.zeros((0, 3, 4), "<f4"))
np.save(here / "half.npy", counting.astype("<f2"))
np.save(here / "complex.npy", counting.astype("<c8"))
np.save(here / "text.npy", np.array(["a", "b"]))
np.save(here / "records.npy", np.array([(1, 2.0)], dtype=[("a", "<i4"), ("b", "<f4")]))
np.save(here / "nan.npy", np.where(counting == 7, np.nan, counting).astype("<f4"))
np.save(here / "labels.npy", np.array([1, 0], dtype="<i8"))
for version in [(1, 0), (2, 0), (3, 0)]:
    with open(here / f"version_{version[0]}.npy", "wb") as file:
        npy.write_array(file, (counting / 2).astype("<f4"), version=version)

weights = {
    "lstm/kernel": (np.arange(48) / 4).reshape(3, 16).astype("<f4"),
    "lstm/recurrent_kernel": np.asfortranarray((np.arange(64) / 4).reshape(4, 16).astype("<f4")),
    "lstm/bias": (np.arange(16) / 4).astype("<f4"),
    "dense/kernel": (np.arange(8) / 4).reshape(4, 2).astype(">f4"),
    "dense/bias": np.zeros(2, "<f4"),
}
np.savez(here / "weights.npz", **weights)
np.savez_compressed(here / "weights_compressed.npz", **weights)
np.savez(here / "weights_f8.npz", **{"lstm/bias": np.zeros(16)})


class Pipe(io.RawIOBase):
    """A file that cannot seek: zip then writes sizes behind the data."""

    def __init__(self, file):
        self.file = file

    def writable(self):
        return True

    def write(self, data):
        return self.file.write(data)


with open(here / "weights_streamed.npz", "wb") as file:
    np.savez_compressed(Pipe(file), **weights)

save_file(
    {name: np.ascontiguousarray(array).astype("<f4") for name, array in weights.items()},
    here / "weights.safetensors",
    metadata={"format": "np"},
)
save_file({"a": np.zeros(3, "<f2")}, here / "half.safetensors")

data = {
    "x_train": counting.astype("<f8") / 8, "y_train": np.array([[1, 0], [0, 1]], "<i8"),
    "lengths": np.array([1, 3]), "names": np.array(["a", None], dtype=object),
}
np.savez(here / "data_plain.npz", **data)
np.savez_compressed(here / "data_packed.npz", **data)

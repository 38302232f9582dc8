from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import lstm_lab
from stream_reader import read_stream

pytestmark = pytest.mark.filterwarnings("ignore::lstm_lab.RecordingWarning")


def arrays(epoch: int) -> dict[str, Any]:
    rng = np.random.default_rng(epoch)
    return {
        "lstm/kernel": rng.normal(size=(3, 8)).astype(np.float32),
        "dense/bias": rng.normal(size=2).astype(np.float32),
    }


def save_npz(path: Path, values: dict[str, Any]) -> None:
    np.savez(path, **values)


def save_safetensors(path: Path, values: dict[str, Any]) -> None:
    header, body = {}, b""
    for name, value in values.items():
        raw = value.tobytes()
        header[name] = {
            "dtype": "F32", "shape": list(value.shape),
            "data_offsets": [len(body), len(body) + len(raw)],
        }  # fmt: skip
        body += raw
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + body)


def save_h5(path: Path, values: dict[str, Any]) -> None:
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        for name, value in values.items():
            layer, part = name.split("/")
            file[f"layers/{layer}/vars/{part}"] = value
        file["optimizer/vars/0"] = np.zeros(3)


@pytest.mark.parametrize(
    ("end", "save"),
    [(".npz", save_npz), (".safetensors", save_safetensors), (".weights.h5", save_h5)],
)
def test_a_folder_of_files_becomes_a_run(
    end: str, save: Callable[[Path, dict[str, Any]], None], tmp_path: Path
) -> None:
    folder = tmp_path / "checkpoints"
    folder.mkdir()
    for epoch in range(1, 12):
        save(folder / f"epoch-{epoch}-0.5{end}", arrays(epoch))
    (folder / "notes.txt").write_text("not a checkpoint")
    log = tmp_path / "training.csv"
    rows = "\n".join(f"{epoch},{epoch / 4},{'' if epoch else 'NA'}" for epoch in range(11))
    log.write_text(f"epoch,loss,val_loss\n{rows}\n")
    run = lstm_lab.import_checkpoints(folder, log=log, cells={"lstm": "lstm"})
    assert run.file is not None
    stream = read_stream(Path(run.file))
    assert stream.header["run"]["name"] == "checkpoints"
    assert stream.numbers == list(range(1, 12))
    for place, epoch in enumerate(stream.numbers):
        for name, value in arrays(epoch).items():
            assert stream.named(place)[name].tobytes() == value.tobytes()
        assert stream.epochs[place].facts["metrics"] == [["train", "loss", (epoch - 1) / 4]]
    kernel = next(t for t in stream.header["tensors"] if t["tensor"] == "kernel")
    assert kernel["gates"] == ["input", "forget", "cell", "output"]
    assert stream.end is not None
    assert stream.end["end"] == "completed"


def test_what_is_wrong_with_a_folder_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "checkpoints"
    folder.mkdir()

    def refuse(match: str) -> None:
        with pytest.raises(ValueError, match=match):
            lstm_lab.import_checkpoints(folder)

    refuse("has no file that ends in")
    save_npz(folder / "a-1.npz", arrays(1))
    save_npz(folder / "a-3.npz", arrays(3))
    refuse("no file of epoch 2")
    save_npz(folder / "b-3.npz", arrays(3))
    refuse("are both epoch 3")
    (folder / "b-3.npz").unlink()
    (folder / "a-2.safetensors").write_bytes(b"\x08\0\0\0\0\0\0\0{}")
    refuse("other tensors")
    for damaged in (b"", b"\xff" * 20, b'\x10\0\0\0\0\0\0\0{"a":{"dtype":1}}'):
        (folder / "a-2.safetensors").write_bytes(damaged)
        refuse("is not a safetensors file")
    (folder / "a-2.safetensors").unlink()
    save_npz(folder / "last.npz", arrays(1))
    refuse("no number of an epoch")

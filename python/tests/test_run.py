from __future__ import annotations

import math
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lstm_lab import RecordingWarning, Run
from stream_reader import ReadStream, read_stream

Install = Callable[[str], Path]


def weights(epoch: int, size: int = 6) -> dict[str, Any]:
    rng = np.random.default_rng(epoch)
    return {
        "rnn/kernel": rng.normal(size=(3, size)).astype(np.float32),
        "rnn/bias": rng.normal(size=size).astype(np.float32),
        "scale": np.float32(epoch),
    }


def train(run: Run, epochs: int = 4, size: int = 6) -> None:
    for epoch in range(epochs):
        run.log(epoch, {"loss": 1 / (epoch + 1), "val_loss": 2.0}, weights(epoch, size))


def only_file(folder: Path) -> ReadStream:
    (path,) = folder.glob("*.labstream")
    return read_stream(path)


def check_weights(stream: ReadStream, first: int = 0, size: int = 6) -> None:
    for place, number in enumerate(stream.numbers):
        given, stored = weights(number, size), stream.named(place)
        assert set(stored) == {"rnn/kernel", "rnn/bias", "scale/value"}
        assert stored["rnn/kernel"].tobytes() == given["rnn/kernel"].tobytes()
        assert stored["rnn/bias"].tobytes() == given["rnn/bias"].tobytes()
        assert stored["scale/value"].shape == (1, 1)
    assert stream.numbers[0] == first


def test_without_the_program_the_stream_is_in_a_file_and_that_is_said_once(tmp_path: Path) -> None:
    with pytest.warns(RecordingWarning) as said, Run("walks", config={"units": 4}, seed=3) as run:
        train(run)
    assert len(said) == 1
    assert f"walks-{run.uuid}.labstream" in str(said[0].message)
    stream = only_file(tmp_path)
    check_weights(stream)
    assert stream.numbers == [0, 1, 2, 3]
    assert stream.header["run"]["name"] == "walks"
    assert stream.header["run"]["config"] == {"units": 4}
    assert stream.header["run"]["seed"] == 3
    assert stream.end == {"end": "completed", "message": None, "result_epoch": None, "test": []}
    assert stream.epochs[1].facts["metrics"] == [
        ["train", "loss", 0.5],
        ["validation", "loss", 2.0],
    ]
    assert run.file is not None


def test_the_program_receives_the_stream_and_tells_the_runs_number(recorder: Install) -> None:
    copy = recorder("well")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Run("walks") as run:
            train(run)
    stream = read_stream(copy)
    check_weights(stream)
    assert run.number == 7
    assert run.file is None
    assert stream.end is not None


@pytest.mark.parametrize("size", [6, 60_000])
@pytest.mark.parametrize("last", [0, 2, 8])
def test_a_recorder_that_dies_leaves_the_rest_to_a_file_that_goes_on_from_what_was_stored(
    tmp_path: Path, recorder: Install, last: int, size: int
) -> None:
    copy = recorder(f"dies:{last}")
    with pytest.warns(RecordingWarning, match="goes on in"), Run("walks") as run:
        train(run, 10, size)
    received = copy.read_bytes()
    assert received.count(b'{"epoch":') == last + 1  # the fault was reached
    (path,) = tmp_path.glob("walks-*.labstream")
    stream = read_stream(path)
    assert stream.header["after"] == {"uuid": run.uuid, "epoch": last}
    assert stream.numbers == list(range(last, 10))
    check_weights(stream, last, size)
    assert stream.end is not None


@pytest.mark.parametrize("mode", ["silent:1", "mute"])
def test_a_recorder_that_hangs_is_left_after_the_patience(
    tmp_path: Path, recorder: Install, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    recorder(mode)
    monkeypatch.setenv("LSTM_LAB_PATIENCE", "0.5")
    began = time.monotonic()
    with pytest.warns(RecordingWarning, match="goes on in"), Run("walks") as run:
        train(run, 12, 400_000)
    assert time.monotonic() - began < 30
    (path,) = tmp_path.glob("walks-*.labstream")
    stream = read_stream(path)
    assert stream.numbers[-1] == 11
    check_weights(stream, 0 if mode == "mute" else 1, 400_000)
    if mode == "mute":
        assert stream.header["run"]["uuid"] == run.uuid


@pytest.mark.parametrize(
    ("mode", "said"), [("error", "the database is too new"), ("words", "no such command")]
)
def test_a_recorder_that_refuses_is_quoted(
    tmp_path: Path, recorder: Install, mode: str, said: str
) -> None:
    recorder(mode)
    with pytest.warns(RecordingWarning, match=said), Run("walks") as run:
        train(run)
    check_weights(only_file(tmp_path))
    assert run.number is None


def test_where_nothing_can_be_written_the_training_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lstm_lab.sending.stream_file.os.open", _no_room)
    with pytest.warns(RecordingWarning, match="No space left") as said, Run("walks") as run:
        train(run)
    assert len(said) == 1
    assert list(tmp_path.glob("*.labstream")) == []


def _no_room(*_: object) -> int:
    raise OSError(28, "No space left on device")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
def test_a_full_disk_leaves_whole_frames(tmp_path: Path) -> None:
    code = """
        import resource, numpy as np, lstm_lab, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
        with lstm_lab.Run("walks") as run:
            for epoch in range(10):
                run.log(epoch, {"loss": 1.0}, {"rnn/kernel": np.full((20, 20), epoch, np.float32)})
        print("trained")
    """
    result = python(code, tmp_path)
    assert result.stdout == "trained\n"
    assert "nothing more is recorded" in result.stderr
    stream = only_file(tmp_path)
    assert 0 < len(stream.epochs) < 10
    assert stream.end is None


# Root writes into folders that are read-only, unless it is taken from it.
AS_OTHERS = ["setpriv", "--bounding-set", "-dac_override"] if os.geteuid() == 0 else []
if_folders_can_be_closed = pytest.mark.skipif(
    bool(AS_OTHERS) and shutil.which("setpriv") is None, reason="root, and no setpriv"
)


@if_folders_can_be_closed
def test_from_a_read_only_folder_the_stream_goes_where_temporary_files_are(tmp_path: Path) -> None:
    folder, scratch = tmp_path / "closed", tmp_path / "scratch"
    folder.mkdir()
    scratch.mkdir()
    folder.chmod(0o555)
    code = """
        import numpy as np, lstm_lab
        with lstm_lab.Run("walks") as run:
            for epoch in range(3):
                run.log(epoch, {"loss": 1.0}, {"rnn/kernel": np.full((2, 4), epoch)})
        print("trained")
    """
    result = python(code, folder, before=AS_OTHERS, TMPDIR=str(scratch))
    assert (result.returncode, result.stdout) == (0, "trained\n")
    stream = only_file(scratch)
    assert stream.numbers == [0, 1, 2]
    assert stream.end is not None
    assert stream.end["end"] == "completed"
    assert result.stderr.count("lstm-lab: ") == 1
    assert str(scratch) in result.stderr
    assert list(folder.iterdir()) == []


def test_switched_off_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("LSTM_LAB_OFF", "1"), ("RANK", "1")):
        monkeypatch.setenv(name, value)
        with Run("walks") as run:
            train(run)
        monkeypatch.delenv(name)
    assert list(tmp_path.iterdir()) == []


def test_what_json_cannot_say_becomes_text_and_null(tmp_path: Path) -> None:
    class Odd:
        def __str__(self) -> str:
            raise RuntimeError

    config: dict[Any, Any] = {
        "path": Path("a"), "inf": math.inf, "odd": Odd(), "number": np.float32(0.5), 3: {1, 2},
        "deep": {}, "surrogate": "\ud800", "big": 2**80, "list": (1, None),
    }  # fmt: skip
    config["deep"] = config
    with pytest.warns(RecordingWarning), Run("12@3\n", config=config, tags=["a", "a", ""]) as run:
        run.log(0, {"loss": math.nan, "inf": math.inf, "text": "x"})
    header = only_file(tmp_path).header["run"]
    assert header["name"] == "run 123"
    assert header["tags"] == ["a"]
    assert header["config"]["number"] == 0.5
    assert header["config"]["inf"] == "inf"
    assert only_file(tmp_path).epochs[0].facts["metrics"] == [
        ["train", "loss", None], ["train", "inf", None], ["train", "text", None],
    ]  # fmt: skip


def test_texts_are_such_as_the_program_takes(tmp_path: Path) -> None:
    arrays = {"a\n/b\x00": np.zeros(2), "empty": np.zeros((0, 3)), "\u202e": np.zeros(1)}
    with pytest.warns(RecordingWarning), Run("x", notes="a\r\nb\x1b[0m", seed=-1) as run:
        run.log(0, {"val_loss": 1, "val/loss": 2, "a\tb": 3, "valid_loss": 4}, arrays)
        run.end("failed", "Error:\n\x07 it")
    stream = only_file(tmp_path)
    run_fields = stream.header["run"]
    assert (run_fields["notes"], run_fields["seed"]) == ("a\nb_[0m", None)
    assert list(stream.named(0)) == ["a_/b_", "_/value"]
    assert stream.epochs[0].facts["metrics"] == [
        ["validation", "loss", 1.0], ["train", "val/loss", 2.0], ["train", "a_b", 3.0],
        ["train", "valid_loss", 4.0],
    ]  # fmt: skip
    assert stream.end is not None
    assert stream.end["message"] == "Error:\n_ it"


def test_epochs_rise_by_one_and_weights_that_are_not_given_stay(tmp_path: Path) -> None:
    with pytest.warns(RecordingWarning) as said, Run("walks") as run:
        run.log(10, weights=weights(10))
        run.log(20, {"loss": 1.0})
    assert any("rise by one" in str(one.message) for one in said)
    stream = only_file(tmp_path)
    assert stream.numbers == [10, 11]
    assert ["train", "step", 20.0] in stream.epochs[1].facts["metrics"]
    assert stream.epochs[0].weights[0].tobytes() == stream.epochs[1].weights[0].tobytes()


def test_a_mistake_in_the_call_is_told_and_does_not_raise(tmp_path: Path) -> None:
    with pytest.warns(RecordingWarning, match="has the shape"), Run("walks") as run:
        run.log(0, weights={"a/kernel": np.zeros((2, 2))})
        run.log(1, weights={"a/kernel": np.zeros((2, 3))})
        run.log(2, weights={"a/kernel": np.zeros((2, 2))})
    stream = only_file(tmp_path)
    assert stream.numbers == [0]
    assert stream.end is not None
    assert stream.end["end"] == "failed"


def test_slots_and_cells_are_in_the_header(tmp_path: Path) -> None:
    kernel, bias = np.ones((3, 8), np.float32), np.zeros(8, np.float32)
    with pytest.warns(RecordingWarning), Run("walks", cells={"rnn": "lstm"}) as run:
        given = {"rnn/kernel": kernel, "rnn/bias": bias}
        run.log(0, weights=given, optimizer={"momentum": given, "count": {"": np.float32(2)}})
        run.log(
            1, weights=given, optimizer={"momentum": {"rnn/kernel": kernel + 1, "rnn/bias": bias}}
        )
    stream = only_file(tmp_path)
    assert stream.header["slots"] == [
        {"name": "momentum", "tensors": "all"},
        {"name": "count", "tensors": [{"of": None, "shape": []}]},
    ]
    assert stream.header["tensors"][0]["gates"] == ["input", "forget", "cell", "output"]
    assert [t["source"] for t in stream.header["tensors"]] == ["x", "bias"]
    assert stream.epochs[1].facts["slots"] == ["momentum"]
    assert (stream.epochs[1].slots["momentum"][0] == 2).all()


def python(
    code: str, folder: Path, *, before: Sequence[str] = (), **environment: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*before, sys.executable, "-c", textwrap.dedent(code)], cwd=folder, capture_output=True,
        text=True, timeout=60, check=False, env=script_environment(**environment),
    )  # fmt: skip


def script_environment(**environment: str) -> dict[str, str]:
    source = str(Path(__file__).parent.parent / "src")
    return {**os.environ, "PYTHONPATH": source, **environment}


@pytest.mark.parametrize(
    ("ending", "status", "message"),
    [
        ("pass", "completed", None),
        ("raise ValueError('x')", "failed", "ValueError: x"),
        ("raise KeyboardInterrupt", "interrupted", None),
        ("import sys; sys.exit(3)", "completed", None),
    ],
)
def test_a_script_that_ends_nothing_itself_ends_the_run_as_it_ends(
    tmp_path: Path, ending: str, status: str, message: str | None
) -> None:
    code = f"""
        import numpy as np, lstm_lab
        run = lstm_lab.Run("walks")
        run.log(0, weights={{"a/kernel": np.zeros((2, 2))}})
        {ending}
    """
    python(code, tmp_path)
    end = only_file(tmp_path).end
    assert end is not None
    assert (end["end"], end["message"]) == (status, message)


def test_a_killed_script_leaves_whole_epochs_and_no_end(tmp_path: Path) -> None:
    code = """
        import os, numpy as np, lstm_lab, time
        run = lstm_lab.Run("walks")
        for epoch in range(3):
            run.log(epoch, weights={"a/kernel": np.zeros((2, 2))})
        time.sleep(0.5)
        os.kill(os.getpid(), 9)
    """
    assert python(code, tmp_path).returncode == -signal.SIGKILL
    stream = only_file(tmp_path)
    assert stream.numbers == [0, 1, 2]
    assert stream.end is None


def test_a_forked_child_neither_writes_nor_keeps_the_pipe_open(
    recorder: Install, tmp_path: Path
) -> None:
    copy = recorder("well")
    code = """
        import os, sys, time, warnings, numpy as np, lstm_lab
        # From 3.12 on Python says at every fork that there are threads.
        warnings.filterwarnings("ignore", "This process", DeprecationWarning)
        run = lstm_lab.Run("walks")
        run.log(0, weights={"a/kernel": np.zeros((2, 2))})
        time.sleep(0.3)
        child = os.fork()
        if child == 0:
            run.log(1, weights={"a/kernel": np.ones((2, 2))})
            run.end()
            time.sleep(20)
            os._exit(0)
        run.log(1, weights={"a/kernel": np.full((2, 2), 2)})
        run.end()
        print(run.number, run.file)
        os.kill(child, 9)
    """
    began = time.monotonic()
    result = python(code, tmp_path)
    assert time.monotonic() - began < 15
    assert result.stdout == "7 None\n"
    assert result.stderr == ""
    stream = read_stream(copy)
    assert stream.numbers == [0, 1]
    assert (stream.epochs[1].weights[0] == 2).all()


def test_ctrl_c_reaches_the_script_and_not_the_recorder(recorder: Install, tmp_path: Path) -> None:
    copy = recorder("well")
    code = """
        import numpy as np, lstm_lab, signal, time
        signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
        with lstm_lab.Run("walks") as run:
            for epoch in range(1000):
                run.log(epoch, weights={"a/kernel": np.zeros((2, 2))})
                print(epoch, flush=True)
                time.sleep(0.05)
    """
    script = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=tmp_path, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, env=script_environment(), start_new_session=True,
    )  # fmt: skip
    assert script.stdout is not None
    for _ in range(3):
        script.stdout.readline()
    os.killpg(script.pid, signal.SIGINT)
    script.wait(20)
    script.stdout.close()
    stream = read_stream(copy)
    assert len(stream.epochs) >= 3
    assert stream.end is not None
    assert stream.end["end"] == "interrupted"


def test_a_closed_standard_error_stops_nothing(tmp_path: Path) -> None:
    code = """
        import os, sys, numpy as np
        os.close(2)
        import lstm_lab
        with lstm_lab.Run("walks") as run:
            run.log(0, weights={"a/kernel": np.zeros((2, 2))})
        print("trained")
    """
    assert python(code, tmp_path).stdout == "trained\n"
    assert only_file(tmp_path).end is not None


@pytest.mark.parametrize("limit", ["MOST_TENSORS", "LONGEST_FIRST_LINE"])
def test_more_tensors_than_a_stream_has_are_told_with_what_to_do(
    limit: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"lstm_lab.stream.header.{limit}", 2)
    arrays = {f"a{i}/kernel": np.zeros(2) for i in range(3)}
    with pytest.warns(RecordingWarning) as said, Run("walks") as run:
        run.log(0, weights=arrays)
        run.end()
        run.log(1, weights=arrays)
    (text,) = [str(one.message) for one in said]
    assert "nothing more is recorded, because 3 tensors" in text
    assert "record a part of the model" in text
    assert list(tmp_path.iterdir()) == []


def test_a_long_configuration_is_left_out(tmp_path: Path) -> None:
    with pytest.warns(RecordingWarning), Run("walks", config={"a": ["b" * 999] * 1100}) as run:
        run.log(0, weights={"a/kernel": np.zeros(2)})
    config = only_file(tmp_path).header["run"]["config"]
    assert config == {"left_out": "it has more than 1000000 bytes"}


def test_arrays_are_stored_as_float32_however_they_lie_in_memory(tmp_path: Path) -> None:
    whole = np.arange(12, dtype=np.float32).reshape(3, 4) + 0.25
    given = [
        whole,
        np.asfortranarray(whole),
        np.repeat(whole, 2, axis=1)[:, ::2],
        whole[::-1][::-1],
        whole.astype(np.float64),
        whole.astype(">f4"),
        (4 * whole).astype(np.int32),  # as many bytes as float32 has
        whole.tolist(),
    ]
    with pytest.warns(RecordingWarning), Run("walks") as run:
        for epoch, array in enumerate(given):
            run.log(epoch, weights={"a/kernel": array}, optimizer={"momentum": {"a/kernel": array}})
    stream = only_file(tmp_path)
    for epoch, array in enumerate(given):
        expected = np.ascontiguousarray(array, np.float32).tobytes()
        assert stream.epochs[epoch].weights[0].tobytes() == expected
        assert stream.epochs[epoch].slots["momentum"][0].tobytes() == expected


def test_an_array_of_another_shape_with_as_many_values_is_told(tmp_path: Path) -> None:
    with pytest.warns(RecordingWarning, match=r"has the shape \(4, 3\)"), Run("walks") as run:
        run.log(0, weights={"a/kernel": np.zeros((3, 4), np.float32)})
        run.log(1, weights={"a/kernel": np.zeros((4, 3), np.float32)})
    assert only_file(tmp_path).numbers == [0]

"""Whatever a child does, the parent learns what ended it, and no child is left behind."""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archiver.inspection import child
from archiver.inspection.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIMITS = Limits(cpu_seconds=1, address_space=200 << 20, output=100_000)


@pytest.fixture(autouse=True)
def no_child_is_left_behind() -> Iterator[None]:
    descriptors = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - names only
    before = _children()  # the servers of other tests, perhaps
    yield
    assert _children() <= before
    assert len(os.listdir("/proc/self/fd")) == descriptors  # noqa: PTH208 - names only


def _children() -> set[str]:
    """The processes that this one started and has not reaped."""
    return {pid for task in Path("/proc/self/task").iterdir() for pid in (task / "children").read_text().split()}


def lines(outcome: child.Outcome) -> list[Any]:
    return [json.loads(line) for line in outcome.output.splitlines()]


def killing(number: signal.Signals) -> Callable[[], list[dict[str, Any]]]:
    """Work that ends itself by a signal."""

    def work() -> list[dict[str, Any]]:
        os.kill(os.getpid(), number)
        return []

    return work


def sleeping() -> list[dict[str, Any]]:
    """Work that waits for a minute."""
    time.sleep(60)
    return []


def unreadable() -> list[dict[str, Any]]:
    """Work on a file that is not there."""
    raise FileNotFoundError


def test_what_the_child_found_comes_over_the_pipe() -> None:
    outcome = child.run(lambda: iter([{"width": 3}, {"height": 4}]), LIMITS)
    assert lines(outcome) == [{"width": 3}, {"height": 4}, {"done": True}]
    assert (outcome.refused, outcome.crashed, outcome.unreadable) == (None, None, False)


def test_a_child_that_burns_cpu_is_ended_by_the_kernel_and_what_it_had_said_stays() -> None:
    def burn() -> Iterator[dict[str, Any]]:
        yield {"width": 3}
        while True:
            pass

    outcome = child.run(burn, LIMITS)
    assert lines(outcome) == [{"width": 3}]
    assert outcome.refused == "more than 1 s of CPU time"
    assert 0.5 <= outcome.cpu_seconds <= 3


def test_a_child_that_eats_memory_is_refused() -> None:
    outcome = child.run(lambda: [{"bytes": len(bytearray(300 << 20))}], LIMITS)
    assert outcome.refused == f"more than {200 << 20} bytes of memory"


def test_memory_within_the_limit_is_granted_whatever_the_parent_has_mapped() -> None:
    ours = bytearray(400 << 20)
    outcome = child.run(lambda: [{"bytes": len(bytearray(100 << 20))}], LIMITS)
    assert lines(outcome)[0] == {"bytes": 100 << 20}
    assert len(ours) == 400 << 20


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL])
def test_a_crash_is_named(number: signal.Signals) -> None:
    outcome = child.run(killing(number), LIMITS)
    assert outcome.crashed == f"the decoder crashed ({number.name})"


def test_a_real_fault_in_native_code_costs_only_the_child() -> None:
    outcome = child.run(lambda: [{"read": ctypes.string_at(0)}], LIMITS)
    assert outcome.crashed == "the decoder crashed (SIGSEGV)"


def test_a_child_killed_from_outside_is_refused() -> None:
    outcome = child.run(killing(signal.SIGKILL), LIMITS)
    assert outcome.refused is not None
    assert "SIGKILL" in outcome.refused


def test_a_child_that_waits_for_ever_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "wall_seconds", 0.3)
    started = time.monotonic()
    outcome = child.run(sleeping, LIMITS)
    assert time.monotonic() - started < 10
    assert outcome.refused == "more than 0.3 s of waiting"


def test_a_child_that_closes_its_pipe_and_lives_on_is_ended() -> None:
    def hide() -> Iterator[dict[str, Any]]:
        os.close(3)
        time.sleep(60)
        yield {}

    started = time.monotonic()
    outcome = child.run(hide, LIMITS)
    assert time.monotonic() - started < 10
    assert outcome.refused


def test_a_child_that_says_too_much_is_cut_off() -> None:
    outcome = child.run(lambda: ({"detail": "x" * 1000} for _ in range(10**9)), LIMITS)
    assert len(outcome.output) <= LIMITS.output
    assert outcome.refused == "a report of more than 100000 bytes"


def test_any_exception_ends_as_a_failed_inspection() -> None:
    outcome = child.run(lambda: [{}[1]], LIMITS)  # type: ignore[index]
    assert outcome.crashed == "the inspection failed (exit code 70)"


def test_a_file_that_cannot_be_read_is_told_from_one_that_does_not_decode() -> None:
    assert child.run(unreadable, LIMITS).unreadable


def test_the_child_is_mute_poor_and_alone(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the secret")

    def speak() -> Iterator[dict[str, Any]]:
        os.write(1, b"hello")
        os.write(2, b"hello")
        native = ctypes.CDLL(None).getenv
        native.restype = ctypes.c_char_p
        open_now = [number for number in range(64) if _is_open(number)]
        yield {"environment": dict(os.environ), "native": str(native(b"AWS_SECRET_ACCESS_KEY")), "open": open_now}

    outcome = child.run(speak, LIMITS)
    assert lines(outcome)[0] == {"environment": {}, "native": "None", "open": [0, 1, 2, 3]}
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("most", [-1, 4])
def test_no_descriptor_is_left_to_the_child_whatever_the_limit_says(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """A limit may be none, which some systems call -1, and may have been lowered since a file was opened."""
    monkeypatch.setattr(os, "sysconf", lambda _name: most)
    kept = os.dup(0)

    outcome = child.run(lambda: iter([{"open": _is_open(kept)}]), LIMITS)

    assert _is_open(kept)
    os.close(kept)
    assert lines(outcome)[0] == {"open": False}


def test_what_is_loaded_for_the_first_time_is_not_written_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Python would compile it into a file, which no child may write to: a decoder would seem to crash."""
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "never_loaded_before.py").write_text("WIDTH = 3\n")

    def load() -> Iterator[dict[str, Any]]:
        yield {"width": importlib.import_module("never_loaded_before").WIDTH}

    outcome = child.run(load, LIMITS)
    assert (outcome.crashed, lines(outcome)[0]) == (None, {"width": 3})


def _is_open(descriptor: int) -> bool:
    try:
        os.fstat(descriptor)
    except OSError:
        return False
    return True


def test_a_child_that_opens_too_many_files_is_refused() -> None:
    outcome = child.run(lambda: ({"width": os.dup(0)} for _ in range(100)), LIMITS)
    assert outcome.refused == "more than 32 open files"


def test_the_child_can_write_no_file(tmp_path: os.PathLike[str]) -> None:
    target = os.path.join(tmp_path, "written")  # noqa: PTH118 - plain text for the child

    def write() -> Iterator[dict[str, Any]]:
        with open(target, "wb", buffering=0) as handle:  # noqa: PTH123 - as above
            handle.write(b"x")
        yield {}

    outcome = child.run(write, LIMITS)
    assert outcome.crashed == "the decoder crashed (SIGXFSZ)"
    assert os.path.getsize(target) == 0  # noqa: PTH202 - as above


def test_an_interrupt_of_the_parent_leaves_no_child_behind() -> None:
    timer = threading.Timer(0.5, signal.pthread_kill, (threading.main_thread().ident, signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        child.run(sleeping, LIMITS)
    timer.join()

"""Running a command and counting what its whole tree of processes used.

1. This process asks the kernel to hand it every orphan below it (``PR_SET_CHILD_SUBREAPER``), because a helper process
   that is ended before it has waited for its own children would otherwise take their time with it.
2. The command runs with compiled modules kept in a directory of the benchmarks' own: where modules may not be written
   down, every start would compile them anew, and the compiler would be measured.
3. Everything below is waited for. The CPU time is the sum, the memory the largest of any one process.

The measuring process stays small: a process that is started begins with its starter's memory on its account.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import gettempdir
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROJECT = Path(__file__).resolve().parents[1]
CACHE = Path(gettempdir()) / f"archiver-benchmarks-{os.getuid()}"
"""Drawn pictures and compiled modules, kept from run to run; made anew where they are missing."""

PYTHON = sys.executable
ARCHIVER = (PYTHON, "-m", "archiver")
_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER, linux/prctl.h
_KIBI = 1024


@dataclass(frozen=True, slots=True)
class Used:
    """What a tree of processes used.

    Attributes:
        cpu: seconds, user and system.
        wall: seconds.
        memory: bytes resident in its largest process, at its largest.
        output: what it wrote to standard output.
    """

    cpu: float
    wall: float
    memory: int
    output: bytes


def run(command: Sequence[str], *, stdin: int | None = None, extra: Mapping[str, str] | None = None) -> Used:
    """Run a command to the end of its last process.

    Args:
        command: the program and its arguments.
        stdin: a descriptor that it reads from; nothing by default.
        extra: more for its environment.

    Raises:
        RuntimeError: it failed.
    """
    _adopt_orphans()
    begun = time.perf_counter()
    started = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL if stdin is None else stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment() | dict(extra or {}),
        cwd=PROJECT,
    )
    output, talk = started.stdout, started.stderr
    if output is None or talk is None:
        raise AssertionError("both were asked for")
    with output, talk:
        # Talk is short; it fits the pipe while the output is read to its end.
        said, complaint = output.read(), talk.read()
    cpu, memory, code = _reap(started.pid)
    started.returncode = code
    if code:
        raise RuntimeError(f"{' '.join(command)[:300]} ended with {code}:\n{complaint.decode(errors='replace')[-2000:]}")
    return Used(cpu, time.perf_counter() - begun, memory, said)


def environment() -> dict[str, str]:
    """The environment that everything is measured in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ARCHIVER_", "COVERAGE_"))}
    return kept | {"PYTHONPYCACHEPREFIX": str(CACHE / "compiled"), "ARCHIVER_ACTOR": "benchmark"}


def _adopt_orphans() -> None:
    if sys.platform != "linux":
        raise SystemExit("the benchmarks count orphans as Linux hands them over, and run there only")
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)


def _reap(command: int) -> tuple[float, int, int]:
    """Wait for every process below this one: seconds of CPU, bytes of the largest, the command's exit code."""
    cpu, memory, code = 0.0, 0, 0
    while True:
        try:
            process, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            return cpu, memory, code
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss * _KIBI)
        if process == command:
            code = os.waitstatus_to_exitcode(status)

"""Running a command, and what its whole tree of processes used (see ``benchmarks.counted``).

Compiled modules are kept in a directory of the benchmarks' own: where modules may not be written down, every start
would compile them anew, and the compiler would be measured. So the first run of anything does not count.
"""

from __future__ import annotations

import json
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
    if sys.platform != "linux":
        raise SystemExit("the benchmarks count orphans as Linux hands them over, and run there only")
    reading, writing = os.pipe()
    with os.fdopen(reading) as result:
        begun = time.perf_counter()
        try:
            ended = subprocess.run(
                [PYTHON, "-m", "benchmarks.counted", str(writing), *command],
                stdin=subprocess.DEVNULL if stdin is None else stdin,
                capture_output=True,
                check=False,
                env=environment() | dict(extra or {}),
                cwd=PROJECT,
                pass_fds=[writing],
            )
        finally:
            os.close(writing)
        wall = time.perf_counter() - begun
        counted = json.loads(result.read() or '{"code": -1}')
    if counted["code"]:
        talk = ended.stderr.decode(errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(command)[:300]} ended with {counted['code']}:\n{talk}")
    return Used(counted["cpu"], wall, counted["memory"], ended.stdout)


def environment() -> dict[str, str]:
    """The environment that everything is measured in."""
    left_out = ("PYTHON", "ARCHIVER_", "COVERAGE_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
    return kept | {"PYTHONPYCACHEPREFIX": str(CACHE / "compiled"), "ARCHIVER_ACTOR": "benchmark"}

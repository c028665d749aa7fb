"""How the inspection process is started: our own interpreter and module, in an environment without credentials."""

from __future__ import annotations

import dataclasses
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from archiver.inspection.limits import Limits

_KEPT: Final = (
    "PYTHONHOME",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONPYCACHEPREFIX",
    "LD_LIBRARY_PATH",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "SYSTEMROOT",
)
"""All that a fresh Python is given of the environment; no credential can be among it."""

_ONE_THREAD: Final = {"OPENBLAS_NUM_THREADS": "1", "VECLIB_MAXIMUM_THREADS": "1"}
"""What numpy computes with (OpenBLAS; Accelerate on macOS) starts no threads, which no fork would survive."""

_SERVER: Final = "archiver.inspection.server"


def command(limits: Limits, *arguments: str) -> list[str]:
    """The command line; ``arguments`` are those of ``archiver.inspection.server.main`` behind the limits."""
    return [sys.executable, "-P", "-m", _SERVER, json.dumps(dataclasses.asdict(limits)), *arguments]


def environment() -> dict[str, str]:
    """What the fresh Python needs to find this very program, and nothing else."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    program = str(Path(__file__).absolute().parents[2])
    return {**kept, "PYTHONPATH": program, **_ONE_THREAD}

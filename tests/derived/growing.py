"""A process that adds to a cache, and may be killed in the middle: ``python -m tests.derived.growing …``.

Arguments: home, store, first item, item after the last, items at a time, and after how many lines of the writing
functions the process kills itself (0: never; then it says how many there were).
"""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.derived import keys
from archiver.derived.cache import FeatureCache
from archiver.neighbours.parts import PartsIndex
from storage.local import LocalStore
from tests.derived.made import given

if TYPE_CHECKING:
    from types import FrameType

WRITING = {
    "generation.py": {"append", "_write"},
    "keys.py": {"grow", "_write", "_unlink"},
    "current.py": {"begin_after"},
    "cache.py": {"add", "_append", "_begin"},
    "segment.py": {"write"},
    "parts.py": {"grow", "_make", "_merge", "_sweep"},
    "coverage.py": {"unlink"},
}


class _Killer:
    """Counts the lines that run in the functions that write, and kills the process at one of them."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.lines = 0

    def __call__(self, frame: FrameType, event: str, _: Any) -> _Killer | None:
        code = frame.f_code
        if code.co_name not in WRITING.get(Path(code.co_filename).name, ()):
            return None
        if event == "line":
            self.lines += 1
            if self.lines == self._at:
                os.kill(os.getpid(), signal.SIGKILL)
        return self


def main(home: str, store: str, *numbers: str) -> None:
    """Add, a few items at a time, and grow the index after each."""
    first, end, step, kill = (int(each) for each in numbers)
    killer = _Killer(kill)
    keys.MOST_TAIL = 2  # so that runs are made, and merged, of so few items
    cache = FeatureCache(Path(home), lambda: LocalStore(Path(store)))
    index = PartsIndex(cache)
    sys.settrace(killer)
    for start in range(first, end, step):
        cache.add(given(range(start, min(end, start + step))))
        index.grow()
    sys.settrace(None)
    sys.stdout.write(f"{killer.lines}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""``python -m tests.neighbours.stopping N FOLDER SEED SIZES``: as ``logged``, killed at the N-th touch of the folder.

A touch is a file or folder of it that is opened, made, renamed or removed, as the interpreter's audit events tell; the
signal is a real one. Blocks and portions are small, so that a few rows are many of them.
"""

from __future__ import annotations

import itertools
import os
import runpy
import signal
import sys

from archiver.neighbours import head, kept, source

TOUCHES = {"open", "os.mkdir", "os.rename", "os.remove", "shutil.rmtree"}


def stop_at(number: int, folder: str) -> None:
    """Have this process killed at the N-th touch of a folder."""
    count = itertools.count(1)

    def touched(event: str, arguments: tuple[object, ...]) -> None:
        if event in TOUCHES and str(arguments[0]).startswith(folder) and next(count) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(touched)


if __name__ == "__main__":
    for module, name, small in ((head, "BLOCK", 16), (kept, "BLOCK", 16), (source, "FLUSHED", 30)):
        setattr(module, name, small)
    stop_at(int(sys.argv[1]), sys.argv[2])
    del sys.argv[1]
    runpy.run_module("tests.neighbours.logged", run_name="__main__")

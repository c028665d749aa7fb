"""Runs one command and counts what its whole tree of processes used: ``python -m benchmarks.counted FD COMMAND …``.

1. This process asks the kernel to hand it every orphan below it (``PR_SET_CHILD_SUBREAPER``): a helper process that is
   ended before it has waited for its own children would otherwise take their time with it.
2. It starts the command, and waits until nothing is left below it.
3. It writes to the descriptor, as JSON: seconds of CPU (user and system, summed), bytes resident in the largest process
   at its largest, and the command's exit code.

It imports little, because a process begins with its starter's memory on its account.
"""

from __future__ import annotations

import ctypes
import json
import os
import sys

_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER, linux/prctl.h
_KIBI = 1024


def main(result: int, command: list[str]) -> None:
    """Run, wait, tell."""
    ctypes.CDLL(None).prctl(_SUBREAPER, 1, 0, 0, 0)  # step 1
    os.set_inheritable(result, False)  # noqa: FBT003 - the parameter has no name
    started = os.posix_spawnp(command[0], command, os.environ)  # step 2
    cpu, memory, code = 0.0, 0, 0
    while True:
        try:
            process, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        cpu += usage.ru_utime + usage.ru_stime
        memory = max(memory, usage.ru_maxrss * _KIBI)
        if process == started:
            code = os.waitstatus_to_exitcode(status)
    os.write(result, json.dumps({"cpu": cpu, "memory": memory, "code": code}).encode())  # step 3


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])

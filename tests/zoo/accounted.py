"""The inspection server with its books open: what the system accounts for each child is written down.

A test starts it in the server's place (``python -m tests.zoo.accounted``). It is the server itself; ``os.wait4`` hands
its answers on, and they go, with the file's SHA-256, into ``accounts`` in the folder in which the process was started.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from typing import TYPE_CHECKING, Any

from archiver.inspection import child, server

if TYPE_CHECKING:
    import resource
    from collections.abc import Callable

    from archiver.inspection.limits import Limits

_ACCOUNTS = os.open("accounts", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
_told: list[resource.struct_rusage] = []
_awaited, _ran = os.wait4, child.run


def _wait4(process: int, options: int) -> tuple[int, int, resource.struct_rusage]:
    answer = _awaited(process, options)
    _told.append(answer[2])
    return answer


def _run(work: Any, limits: Limits, prelude: Callable[[], None] | None = None) -> child.Outcome:
    outcome = _ran(work, limits, prelude)
    usage = _told.pop()
    account = {
        "item": hashlib.sha256(work.args[0].read_bytes()).hexdigest(),  # it is looked at under a name of the spool's
        "seconds": usage.ru_utime + usage.ru_stime,
        "bytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        "refused": outcome.refused,
        "crashed": outcome.crashed,
    }
    os.write(_ACCOUNTS, json.dumps(account).encode() + b"\n")
    return outcome


if __name__ == "__main__":
    os.wait4 = _wait4  # type: ignore[assignment]  # the same, with other names for its arguments
    child.run = _run
    sys.exit(server.main(sys.argv[1:]))

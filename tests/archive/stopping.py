"""``python -m tests.archive.stopping STEP SIGNAL WORDS…``: the program, stopped by a signal at one step of its work.

STEP is a name below, with ``:N`` for the N-th time that it is reached. The signal is a real one, to this very process;
nothing else of the program is changed.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING, Any

import archiver.catalogue.mirror
import archiver.stamping
import cli
import storage.local_replace
from archiver.archive import Archive
from archiver.auditing.notebook import Notebook
from archiver.auditing.repairing import Mender
from archiver.catalogue.catalogue import Catalogue
from archiver.inspection import wire
from archiver.intake import Intake
from archiver.spool import Spool
from archiver.writing import Writing
from storage.local import LocalStore
from storage.s3 import S3Store

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS: dict[str, tuple[object, str, bool]] = {
    "received": (Spool, "receive", True),
    "inspecting": (wire, "receive_outcome", False),  # the question is asked, the answer not read
    "stored": (Intake, "_take", True),
    "recording": (archiver.catalogue.mirror, "project", True),  # within the transaction
    "committed": (Writing, "publish", False),
    "published": (Catalogue, "published", False),  # the store has it, the catalogue does not know yet
    "noted": (Writing, "publish", True),  # before any receipt
}
"""What each step is: where its function stands, the function's name, and whether it runs before the signal."""

OF_A_STAMP: dict[str, tuple[object, str, bool]] = {
    "asking": (archiver.stamping, "ask", False),
    "answered": (archiver.stamping, "ask", True),
    "part-kept": (LocalStore, "put", True),  # note, query, chain, response
}
"""The same for `stamp`, over a store in a directory."""

OF_A_HOLD: dict[str, tuple[object, str, bool]] = {
    "protected": (S3Store, "protect", True),
    "hold-recording": (archiver.catalogue.mirror, "project", True),
    "hold-recorded": (Archive, "record", True),
    "releasing": (S3Store, "release_hold", False),
}
"""The same for `hold`, over a bucket."""

OF_SEVERAL_STORES: dict[str, tuple[object, str, bool]] = {
    "put-into": (LocalStore, "_put", True),  # one of them holds it
}
"""The same where there are several stores in directories."""

OF_AN_AUDIT: dict[str, tuple[object, str, bool]] = {
    "copy-noted": (Notebook, "note", True),
    "kept-aside": (storage.local_replace, "keep", True),
    "replaced": (LocalStore, "replace", True),
    "put": (LocalStore, "put", True),
    "mended": (Mender, "mend", True),
}
"""The same for `audit`, over stores in directories."""

OF_A_BUCKET: dict[str, tuple[object, str, bool]] = {"bucket-replaced": (S3Store, "replace", True)}
"""The same for `audit`, over a bucket."""


OF_A_WITHDRAWAL: dict[str, tuple[object, str, bool]] = {
    "erasing": (LocalStore, "erase", False),
    "erased": (LocalStore, "erase", True),
    "supplanting": (LocalStore, "supplant", False),
    "supplanted": (LocalStore, "supplant", True),
    "forgetting": (Catalogue, "forget_deleted", False),
}
"""The same for `withdraw`, over stores in directories."""

EVERY_STEP = STEPS | OF_A_STAMP | OF_A_HOLD | OF_SEVERAL_STORES | OF_AN_AUDIT | OF_A_BUCKET | OF_A_WITHDRAWAL


def stop_at(step: str, number: int) -> None:
    """Have this process stopped at the N-th time that a step is reached."""
    name, _, count = step.partition(":")
    where, function, after = EVERY_STEP[name]
    original: Callable[..., Any] = getattr(where, function)
    reached = itertools.count(1)
    lock = threading.Lock()

    def stopping(*args: object, **named: object) -> object:
        with lock:
            now = next(reached) == int(count or 1)
        if now and not after:
            os.kill(os.getpid(), number)
        result = original(*args, **named)
        if now and after:
            os.kill(os.getpid(), number)
        return result

    setattr(where, function, stopping)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored by what was started in the background
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # as above, by nohup(1)
    stop_at(sys.argv[1], signal.Signals[sys.argv[2]])
    sys.argv = ["archiver", *sys.argv[3:]]
    cli.main()

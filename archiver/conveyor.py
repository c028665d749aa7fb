"""The conveyor of an upload: many files on their way at once, a bounded number ahead, handed over in their order.

1. Loads are asked for one by one, no further ahead than threads, batches and the spool allow.
2. What is ready is handed over together: at most ``LARGEST_BATCH``, and a few only after ``GATHERING_SECONDS``.
"""

from __future__ import annotations

import time
from collections import deque
from concurrent.futures import wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Future

    from archiver.errors import ArchiverError
    from archiver.intake import Taken
    from archiver.manifest.checks import Checked
    from storage.errors import StoreError

LARGEST_BATCH = 64
"""Files that are recorded together at the most."""
GATHERING_SECONDS = 1.0
"""How long a few ready files wait for more: a transaction of four files costs a file three times as much as one of
sixty-four."""
LARGEST_SPOOL = 2**30
"""Bytes that may wait in the spool to be recorded; a single larger file is taken in all the same."""


@dataclass(slots=True)
class Cargo:
    """The files of one load, as far as they got; ``context`` shows the surroundings of ``file``."""

    file: Taken | None = None
    context: Taken | None = None

    def error(self) -> ArchiverError | StoreError | None:
        """What is wrong with one of them."""
        return next((taken.error for taken in (self.file, self.context) if taken and taken.error), None)

    def discard(self) -> None:
        """Let go of the private copies."""
        for taken in (self.file, self.context):
            if taken is not None:
                taken.discard()


@dataclass(slots=True)
class Load:
    """One path, or one row of a manifest, on its way.

    Attributes:
        label: as it is named on its receipt.
        number: the row's number.
        row: the row, where it was understood.
        size: about how many bytes it brings.
        cargo: its files, taken in by another thread; none where it brings no file.
        passed: why it is passed over, and nothing is wrong with that.
        error: why it is refused.
        arrived: the cargo, once it was asked for.
    """

    label: str
    number: int | None = None
    row: Checked | None = None
    size: int = 0
    cargo: Future[Cargo] | None = None
    passed: str = ""
    error: Exception | None = None
    arrived: Cargo | None = None

    def ready(self) -> bool:
        """Whether asking for the cargo would not wait."""
        return self.cargo is None or self.cargo.done()

    def arrive(self) -> None:
        """Ask for the cargo.

        Raises:
            ArchiverError, StoreError: no further file can succeed.
        """
        self.arrived = Cargo() if self.cargo is None else self.cargo.result()
        self.error = self.error or self.arrived.error()

    def item(self) -> str | None:
        """The item that it is about: of its file, or the one that its row names."""
        file = self.arrived.file if self.arrived else None
        if file is not None and file.received is not None:
            return str(file.received.digest)
        return self.row.item if self.row else None

    def context(self) -> str | None:
        """The item that shows the surroundings."""
        shown = self.arrived.context if self.arrived else None
        return str(shown.received.digest) if shown is not None and shown.received is not None else None

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the cargo, no longer than that."""
        if self.cargo is not None:
            wait([self.cargo], timeout=seconds)


def convey(loads: Iterator[Load], ahead: int) -> Iterator[list[Load]]:
    """Hand over what is ready, in the order of the loads, never an empty list.

    Args:
        loads: each is on its way as soon as it is asked for.
        ahead: how many may be on their way.
    """
    waiting: deque[Load] = deque()
    exhausted = False
    since = time.monotonic()
    while not exhausted or waiting:
        while (
            not exhausted and len(waiting) < max(ahead, LARGEST_BATCH) and sum(w.size for w in waiting) < LARGEST_SPOOL
        ):
            load = next(loads, None)
            if load is None:
                exhausted = True
            else:
                waiting.append(load)
        if not waiting:
            break
        ready = _ready(waiting)
        if ready < min(len(waiting), LARGEST_BATCH) and time.monotonic() - since < GATHERING_SECONDS:
            waiting[ready].wait(GATHERING_SECONDS)
        elif not ready:
            waiting[0].wait()
        else:
            yield [waiting.popleft() for _ in range(ready)]
            since = time.monotonic()


def _ready(waiting: deque[Load]) -> int:
    for count, load in enumerate(waiting):
        if count == LARGEST_BATCH or not load.ready():
            return count
    return len(waiting)

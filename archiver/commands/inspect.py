"""``archiver inspect``: everything that files which are not archived say of themselves; nothing is written.

It needs no archive. Each file is received once into a private copy, which is gone with the command, and inspected by
the same bounded child that an upload uses, so the answer is what an upload would record. One file that cannot be read
never stops the others.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiverError, InputRefused, InspectionError
from archiver.facts.findings import in_order
from archiver.facts.values import escape_undecodable
from archiver.inspection.appearance import LONGEST, framed
from archiver.inspection.facts import fingerprints, inner_fingerprints, inspection
from archiver.inspection.sanity.claims import Context
from archiver.inspection.wanted import Wanted
from archiver.inspectors import cores
from archiver.spool import Spool
from archiver.walk import Passed, nothing_came, refuse_twice, standard_input, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from archiver.facts.inspection import Fingerprint, Inspection
    from archiver.inspection.inspector import Inspector
    from archiver.spool import Received
    from archiver.walk import Input

AHEAD = 4
"""Files that each thread may be ahead of whoever reads the answers."""


@dataclass(frozen=True, slots=True)
class Inspected:
    """What one file says of itself.

    Attributes:
        path: as given, or as found in a folder.
        status: ``inspected``, ``failed`` or ``skipped``.
        size: bytes.
        inspection: what an upload would record; none of what was not inspected.
        fingerprints: as an upload would record them.
        error: why it was not; why it was passed over.
        hint: what to do about it.
    """

    path: str
    status: str
    size: int = 0
    inspection: Inspection | None = None
    fingerprints: tuple[Fingerprint, ...] = ()
    error: str = ""
    hint: str = ""

    @property
    def findings(self) -> list[dict[str, Any]] | None:
        """What is remarkable, the gravest first, with what it means."""
        if self.inspection is None or self.inspection.findings is None:
            return None
        return in_order(self.inspection.findings)

    def to_json(self) -> dict[str, Any]:
        """The answer as its JSON line."""
        if self.inspection is None:
            return {"path": self.path, "status": self.status, "error": self.error, "hint": self.hint}
        return {
            "path": self.path,
            "status": self.status,
            "item": self.inspection.item,
            "size": self.size,
            **self.inspection.model_dump(mode="json", exclude={"item"}),
            "findings": self.findings,
            "fingerprints": [each.model_dump(mode="json", exclude={"item"}) for each in self.fingerprints],
        }


def inspect(
    paths: Sequence[str],
    *,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
    moment: datetime,
    largest_file: int,
    own: Sequence[Path] = (),
    jobs: int | None = None,
) -> Iterator[Inspected]:
    """Inspect files, and folders with all that is in them, in the order of an upload; an answer for each.

    Args:
        paths: files, folders, ``-`` for standard input.
        inspector: makes an inspector that serves so many threads at once; closed at the end.
        moment: when they are looked at.
        largest_file: bytes; a larger file is refused.
        own: folders of an archive, which are passed over.
        jobs: how many files are looked at at once; the number of cores by default.

    Raises:
        UsageError: standard input was named twice.
        SpoolError: there is no room for a private copy.
    """
    refuse_twice(paths)
    threads = jobs or cores()
    with Spool(None, largest_file=largest_file) as spool, inspector(threads) as looking:
        looker = _Looker(spool, looking, looking.describe(), moment)
        found = walk(paths, own=own)
        if threads == 1:
            yield from map(looker.look, found)
        else:
            yield from _abreast(looker.look, found, threads)


def _abreast(
    look: Callable[[Input | Passed], Inspected], found: Iterable[Input | Passed], threads: int
) -> Iterator[Inspected]:
    """The answers in order, several at once, never further ahead than ``AHEAD``."""
    waiting: deque[Future[Inspected]] = deque()
    rest = iter(found)
    pool = ThreadPoolExecutor(threads, thread_name_prefix="inspect")
    try:
        waiting.extend(pool.submit(look, each) for each in islice(rest, threads * AHEAD))
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(pool.submit(look, each) for each in islice(rest, 1))
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True)
class _Looker:
    spool: Spool
    inspector: Inspector
    described: str
    moment: datetime

    def look(self, found: Input | Passed) -> Inspected:
        """Receive and inspect one file. What is wrong with it is in the answer, never raised."""
        if isinstance(found, Passed):
            return Inspected(found.label, "failed" if found.failed else "skipped", error=found.why)
        try:
            received = self.spool.receive(standard_input() if found.path is None else found.path)
        except InputRefused as error:
            return _failed(found.label, error)
        try:
            if found.path is None and not received.size:
                raise nothing_came()
            return self._inspected(found, received)
        except (InputRefused, InspectionError) as error:
            return _failed(found.label, error)
        finally:
            received.discard()

    def _inspected(self, found: Input, received: Received) -> Inspected:
        item = str(received.digest)
        report = self.inspector.inspect(received.path, Wanted(grey=LONGEST, compressions=True))
        name = None if found.path is None else escape_undecodable(found.path.name)
        return Inspected(
            found.label,
            "inspected",
            received.size,
            inspection(report, item, self.described, Context(self.moment, name)),
            (*fingerprints(report, item), *inner_fingerprints(framed(report), item)),
        )


def _failed(path: str, error: ArchiverError) -> Inspected:
    return Inspected(path, "failed", error=str(error), hint=error.hint)

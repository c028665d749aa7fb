"""Taking one file in, up to the point where it can be recorded.

The steps, each of which may be the last one before the power fails:

1. *Receive*: the path is opened once, copied into the private spool and hashed on the way (``archiver.spool``).
2. *Inspect and fingerprint*, in a bounded child process, unless the archive holds the same bytes, inspected, already.
3. *Store*: a create-only put under the digest; a copy that is there already is read and compared, not assumed.

Then the facts are recorded and published (``archiver.archive``). An object without an event is a loose end that
``verify`` names; an event without its object cannot happen in this order.
"""

from __future__ import annotations

import os
import re
import socket
import sys
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from archiver.errors import ArchiverError, InputRefused
from archiver.facts.acquisition import Acquisition, Copy
from archiver.facts.values import escape_undecodable, instant
from archiver.facts.vocabulary import CopyCheck
from archiver.inspection.facts import fingerprints, inspection
from storage.errors import PlaceMissing, StoreDenied, StoreError, StoreFull, StoreUnreachable
from storage.layout import object_name
from storage.store import Put

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.answers import Summary
    from archiver.facts.fact import Fact
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.provenance import Provenance
    from archiver.spool import Received, Spool
    from archiver.walk import Input
    from storage.store import Stored

STORE_IS_LOST = (StoreUnreachable, StoreDenied, StoreFull, PlaceMissing)
"""Errors after which no further file can succeed: the command stops and says so."""


_HEAD = 4096
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


_PICTURE_NAMES = frozenset(
    "avif avi bmp cr2 cr3 dng gif heic heif j2k jfif jp2 jpe jpeg jpg jxl m4v mkv mov mp4 mpeg mpg nef orf png psd raf rw2 "
    "tif tiff webm webp wmv 3gp arw".split()
)
"""Suffixes under which a file of no known type is taken for a damaged picture rather than for something else."""


@dataclass(slots=True)
class Taken:
    """One file, as far as it got: received, inspected and stored, or refused."""

    label: str
    path: Path | None
    received: Received | None = None
    report: Report | None = None
    stored: Stored | None = None
    held: Summary | None = None
    error: ArchiverError | StoreError | None = None

    def discard(self) -> None:
        """Let go of the private copy."""
        if self.received is not None:
            self.received.discard()


@dataclass
class Intake:
    """Takes files in; safe to use from many threads."""

    archive: Archive
    inspector: Inspector
    spool: Spool
    any_type: bool = False

    def take(self, source: Input) -> Taken:
        """Receive, inspect and store one file. What is wrong with the file is in the answer, never raised.

        Raises:
            StoreError: the store is lost (one of ``STORE_IS_LOST``).
        """
        taken = Taken(source.label, source.path)
        try:
            self._take(taken)
        except STORE_IS_LOST:
            taken.discard()
            raise
        except (ArchiverError, StoreError) as error:
            taken.error = error
            taken.discard()
        return taken

    def _take(self, taken: Taken) -> None:
        received = self.spool.receive(sys.stdin.buffer if taken.path is None else taken.path)  # step 1
        taken.received = received
        if received.size == 0 and not self.any_type:
            raise InputRefused("is empty", hint="take it in all the same with --any-type")
        item = str(received.digest)
        with self.archive.catalogue.asking() as questions:
            taken.held = questions.held([item]).get(item)
        if taken.held is None or taken.held.decode is None:
            taken.report = self.inspector.inspect(received.path, turned=True)  # step 2
            if taken.report.media_type is None and not self.any_type:
                _refuse_unless_damaged(taken.label, received)
        taken.stored = self.archive.store.put_file(  # step 3
            object_name(received.digest), received.path, digest=received.digest, size=received.size
        )

    @cached_property
    def _host(self) -> str:
        return socket.gethostname()

    @cached_property
    def _inspected_by(self) -> str:
        return self.inspector.describe()

    @cached_property
    def _clock(self) -> str:
        return str(self.archive.clock.source())

    def facts(self, taken: Taken, provenance: Provenance) -> list[Fact]:
        """What is recorded of a file that was taken in: acquisition, inspection, fingerprints, copy, what was said."""
        if taken.received is None or taken.stored is None:
            return []
        item, moment = str(taken.received.digest), self.archive.now
        agent = provenance.agent()
        path = None if taken.path is None else taken.path.absolute()
        facts: list[Fact] = [
            Acquisition.model_validate(
                {
                    "item": item,
                    "size": taken.received.size,
                    "taken_in": instant(self.archive.clock.now()),
                    "clock": self._clock,
                    "collector": provenance.collector,
                    "file_name": None if path is None else escape_undecodable(path.name),
                    "path": None if path is None else escape_undecodable(os.fspath(path)),
                    "file_modified": instant(taken.received.modified) if taken.received.modified else None,
                    "source": agent.subject() if agent else None,
                    "url": provenance.url,
                    "note": provenance.note,
                    "host": self._host,
                }
            )
        ]
        if taken.report is not None:
            facts.append(inspection(taken.report, item, self._inspected_by))
            facts += fingerprints(taken.report, item)
        if taken.held is None or taken.stored.put is Put.CREATED:
            facts.append(
                Copy(
                    item=item,
                    store=self.archive.store.url,
                    name=object_name(taken.received.digest),
                    size=taken.received.size,
                    stored=moment,
                    check=CopyCheck(taken.stored.check),
                )
            )
        return facts + provenance.facts(item, moment)


def _refuse_unless_damaged(label: str, received: Received) -> None:
    """Refuse what is neither picture nor video, but never a picture whose first bytes are damaged: it may be evidence.

    Raises:
        InputRefused: it is text, or has no picture's name either.
    """
    with received.path.open("rb") as file:
        head = file.read(_HEAD)
    if _is_text(head):
        raise InputRefused(
            "is text, not a picture (a page saved under a picture's name?)",
            hint="take it in all the same with --any-type",
        )
    if label.rpartition(".")[2].lower() not in _PICTURE_NAMES:
        raise InputRefused(
            "is neither picture nor video by its content", hint="take it in all the same with --any-type"
        )


def _is_text(head: bytes) -> bool:
    """Whether the first bytes are UTF-8 without control characters; a character cut off at the end does not count."""
    if _CONTROLS.search(head):
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return len(head) == _HEAD and error.start >= len(head) - 3
    return True

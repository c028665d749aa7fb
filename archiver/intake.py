"""Taking one file in, up to the point where it can be recorded.

The steps, each of which may be the last one before the power fails:

1. *Receive*: the path is opened once, copied into the private spool and hashed on the way (``archiver.spool``).
2. *Inspect and fingerprint*, in a bounded child process, unless the archive holds the same bytes, inspected, already;
   what is inside a frame, and local features, are found in the reduced picture that the child hands out.
3. *Store*: a create-only put under the digest, with the retention and the legal hold that it is to have; a copy that
   is there already is read and compared, not assumed, and given what it lacks of them.

Then the facts are recorded and published (``archiver.archive``). An object without an event is a loose end that
``verify`` names; an event without its object cannot happen in this order.
"""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archiver.acceptance import refuse_unless_damaged
from archiver.catalogue.withdrawals import tombstones_of
from archiver.errors import ArchiverError, InputRefused, InspectionError, withdrawn
from archiver.facts.acquisition import Acquisition, Copy
from archiver.facts.values import escape_undecodable, instant
from archiver.facts.vocabulary import CopyCheck, DecodeStatus
from archiver.fingerprint.algorithm import PDQ
from archiver.inspection.appearance import LONGEST, appearance
from archiver.inspection.facts import fingerprints, inner_fingerprints, inspection
from archiver.inspection.sanity.claims import Context
from archiver.inspection.wanted import Wanted
from archiver.walk import nothing_came, standard_input
from storage.errors import GuaranteeMissing, PlaceMissing, StoreDenied, StoreError, StoreFull, StoreUnreachable
from storage.layout import object_name
from storage.store import Put

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.answers import Summary
    from archiver.facts.fact import Fact
    from archiver.inspection.appearance import Appearance
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.provenance import Provenance
    from archiver.safekeeping import Safekeeping
    from archiver.spool import Received, Spool
    from archiver.walk import Input
    from storage.store import Stored

STORE_IS_LOST = (StoreUnreachable, StoreDenied, StoreFull, PlaceMissing, GuaranteeMissing)
"""Errors after which no further file can succeed: the command stops and says so."""


_LOOK_AGAIN = (None, DecodeStatus.REFUSED_LIMITS)
"""Outcomes of an inspection that another one may better: there was none, or the limits of that day ended it."""


@dataclass(slots=True)
class Taken:
    """One file, as far as it got: received, inspected and stored, or refused."""

    label: str
    path: Path | None
    received: Received | None = None
    report: Report | None = None
    appearance: Appearance | None = None
    stored: Stored | None = None
    held: Summary | None = None
    error: ArchiverError | StoreError | None = None

    def discard(self) -> None:
        """Let go of the private copy."""
        if self.received is not None:
            self.received.discard()


@dataclass
class Intake:
    """Takes files in; safe to use from many threads.

    Attributes:
        archive: where to.
        inspector: looks at them.
        spool: where private copies lie.
        any_type: take in what is neither picture nor video, too.
        pixel_digest: digest the pixels of every picture.
        fast: look for no local features.
        pdq: ask for PDQ, too, to look in lists; it is not recorded, because nobody asked for that.
        safekeeping: what the store is asked to keep them under.
    """

    archive: Archive
    inspector: Inspector
    spool: Spool
    any_type: bool = False
    pixel_digest: bool = False
    fast: bool = False
    pdq: bool = False
    safekeeping: Safekeeping | None = None

    def take(self, source: Input) -> Taken:
        """Receive, inspect and store one file. What is wrong with the file is in the answer, never raised.

        Raises:
            StoreError: the store is lost (one of ``STORE_IS_LOST``).
            SpoolError: there is no room for a private copy.
            CatalogueError: the catalogue does not answer.
        """
        taken = Taken(source.label, source.path)
        try:
            self._take(taken)
        except STORE_IS_LOST:
            raise
        except (InputRefused, InspectionError, StoreError) as error:
            taken.error = error
            taken.discard()
        return taken

    def _take(self, taken: Taken) -> None:
        received = self.spool.receive(standard_input() if taken.path is None else taken.path)  # step 1
        taken.received = received
        if received.size == 0 and not self.any_type:
            if taken.path is None:
                raise nothing_came()
            raise InputRefused("is empty", hint="take it in all the same with --any-type")
        item = str(received.digest)
        with self.archive.catalogue.asking() as questions:
            taken.held = questions.held([item]).get(item)
            for tombstone in tombstones_of(questions, [item]).values():
                raise withdrawn(item, tombstone.told())
        if taken.held is None or taken.held.decode in _LOOK_AGAIN or self.pixel_digest:
            wanted = Wanted(pixel_digest=self.pixel_digest, grey=0 if self.fast else LONGEST, pdq=self.pdq)
            taken.report = self.inspector.inspect(received.path, wanted)  # step 2
            if taken.report.media_type is None and not self.any_type:
                refuse_unless_damaged(taken.label, received.path)
            taken.appearance = appearance(taken.report)
        taken.stored = self.archive.store.put_file(  # step 3
            object_name(received.digest),
            received.path,
            digest=received.digest,
            size=received.size,
            protection=None if self.safekeeping is None else self.safekeeping.protection,
        )

    def told(self, taken: Taken | None) -> dict[str, Any]:
        """What keeps a file from being deleted, as its receipt tells it."""
        if self.safekeeping is None or taken is None or taken.stored is None:
            return {}
        return self.safekeeping.told(taken.stored.protection)

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
        said = provenance.facts(str(taken.received.digest), self.archive.now)
        return self.custody(taken, provenance) + said

    def custody(self, taken: Taken, provenance: Provenance) -> list[Fact]:
        """What is recorded of the file itself: acquisition, inspection, fingerprints, copy."""
        if taken.received is None or taken.stored is None:
            return []
        item = str(taken.received.digest)
        moment = self.archive.clock.now()
        taken_in = instant(moment)  # the bytes are in the store by now
        agent = provenance.agent()
        path = None if taken.path is None else taken.path.absolute()
        facts: list[Fact] = [
            Acquisition.model_validate(
                {
                    "item": item,
                    "size": taken.received.size,
                    "taken_in": taken_in,
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
            context = Context(datetime.fromisoformat(taken_in), None if path is None else escape_undecodable(path.name))
            facts.append(inspection(taken.report, item, self._inspected_by, context))
            facts += [each for each in fingerprints(taken.report, item) if each.algorithm != str(PDQ)]
            facts += inner_fingerprints(taken.appearance.inner if taken.appearance else (), item)
        copies = taken.stored.copies or ((self.archive.store.url, taken.stored),)
        facts += [
            Copy(
                item=item,
                store=url,
                name=object_name(taken.received.digest),
                size=taken.received.size,
                stored=taken_in,
                check=CopyCheck(stored.check),
            )
            for url, stored in copies
            if taken.held is None or stored.put is Put.CREATED or len(copies) > 1  # recorded once, however often said
        ]
        if self.safekeeping is not None:
            for url, stored in copies:
                facts += self.safekeeping.facts(item, url, stored.protection)
        return facts

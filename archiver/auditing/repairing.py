"""Making a copy whole again from a good one. Nothing that is found is deleted, and nothing is put that was not proved.

1. The right bytes must be known: an original's by its name, a transaction's because they follow the signed log, a time
   stamp's because it verifies.
2. They are looked for in the other stores, in their order, and for the log in the catalogue; read in full into a
   private file, and hashed.
3. A copy that is missing is put. A corrupt one is put aside in its own store first (``Store.replace``), and only then
   gives way.
4. The copy is read back and hashed, and only then is the repair recorded.

Killed anywhere, the same command finds what is left to do. A copy that was made whole and not recorded is found whole
the next time, and that is recorded then.
"""

from __future__ import annotations

import io
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from archiver.catalogue.checked import unrepaired
from archiver.checking.fault import Fault
from archiver.errors import ArchiverError, SpoolError
from archiver.facts.fixity import Repair
from archiver.facts.values import instant
from archiver.facts.vocabulary import CopyCheck, CopyFault, GoodCopy
from archiver.logbook import rendered
from storage.digest import CHUNK, Digest
from storage.errors import ObjectCorrupt, ObjectMissing, StoreError
from storage.layout import first_sequence_of, quarantine_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.archive import Archive
    from archiver.auditing.copy_amiss import Amiss
    from archiver.replica import Replica

_IN_MEMORY = 8 * 2**20
"""Bytes; what is larger goes to the disk."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the right bytes were found, and the bytes."""

    kind: GoodCopy
    place: str
    stream: BinaryIO
    size: int


@dataclass(slots=True)
class Mended:
    """What repairing came to: what is whole again, and what is not, with why."""

    repairs: list[Repair] = field(default_factory=list)
    mended: list[Amiss] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class Mender:
    """Repairs copies of one archive; see the steps above.

    Args:
        archive: the archive.
        copies: all its stores that answer.
    """

    def __init__(self, archive: Archive, copies: Sequence[Replica]) -> None:
        self._archive = archive
        self._copies = copies

    def mend(self, amiss: Amiss) -> Repair | Fault:
        """Make one copy whole again, or say why that cannot be done."""
        expected = amiss.expected
        if expected is None:  # step 1
            return self._left(amiss, "nobody can tell which bytes would be right")
        try:
            with self._source(amiss, expected) as source:  # step 2
                if source is None:
                    return self._left(amiss, "no good copy was found anywhere; nothing was touched")
                return self._put(amiss, expected, source)
        except (StoreError, ArchiverError) as error:
            return self._left(amiss, str(error))

    @staticmethod
    def _left(amiss: Amiss, why: str) -> Fault:
        return Fault("not-repaired", amiss.item or amiss.name, f"in the store {amiss.copy.name}: {why}")

    def _put(self, amiss: Amiss, expected: Digest, source: Source) -> Repair:
        """Steps 3 and 4."""
        store, aside = amiss.copy.store, None
        if amiss.fault is CopyFault.CORRUPT and amiss.found is not None:
            aside = quarantine_name(amiss.name, amiss.found)
            store.replace(amiss.name, source.stream, digest=expected, size=source.size, found=amiss.found, aside=aside)
        else:
            store.put(amiss.name, source.stream, digest=expected, size=source.size)
        found, _ = store.measure(amiss.name)
        if found != expected:
            raise ObjectCorrupt(amiss.name, expected, found)
        return Repair(
            item=amiss.item,
            store=amiss.copy.url,
            name=amiss.name,
            sha256=str(expected),
            fault=amiss.fault,
            found=str(amiss.found) if amiss.found else None,
            set_aside=aside,
            good_copy=source.kind,
            source=source.place,
            check=CopyCheck.READ_BACK,
            repaired=instant(self._archive.clock.now()),
        )

    @contextmanager
    def _source(self, amiss: Amiss, expected: Digest) -> Iterator[Source | None]:
        with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
            yield self._found(amiss, expected, file)

    def _found(self, amiss: Amiss, expected: Digest, file: tempfile.SpooledTemporaryFile[bytes]) -> Source | None:
        for copy in self._copies:
            if copy.name == amiss.copy.name:
                continue
            size = _taken(copy, amiss.name, expected, file)
            if size is not None:
                return Source(GoodCopy.STORE, copy.url, file, size)  # type: ignore[arg-type] # it reads and seeks
        first = first_sequence_of(amiss.name)
        held = None if first is None else self._archive.catalogue.transaction(first)
        data = None if held is None else rendered(held)
        if data is not None and Digest.of(data) == expected:
            return Source(GoodCopy.CATALOGUE, self._archive.settings.catalogue, io.BytesIO(data), len(data))
        return None


def _taken(copy: Replica, name: str, expected: Digest, file: tempfile.SpooledTemporaryFile[bytes]) -> int | None:
    """Take the bytes over if they are right; how many they are."""
    size = 0
    file.seek(0)
    file.truncate()
    try:
        with copy.store.open(name, digest=expected) as stream:
            while block := stream.read(CHUNK):
                size += file.write(block)
    except (ObjectMissing, ObjectCorrupt, StoreError):
        return None  # no good copy there; that store's own audit names what is amiss with it
    except OSError as error:
        raise SpoolError(f"a copy cannot be kept in between: {error.strerror}", hint="make room") from error
    file.seek(0)
    return size


def found_whole(archive: Archive, copies: Sequence[Replica]) -> list[Repair]:
    """Repairs that nobody recorded: what was lost, by the facts, and is whole when it is read now."""
    made: list[Repair] = []
    for copy in copies:
        with archive.asking() as questions:
            lost = unrepaired(questions, copy.url)
        for name, (item, failure) in sorted(lost.items()):
            if failure.expected is None or not _is_whole(copy, name, failure.expected):
                continue
            aside = quarantine_name(name, Digest.parse(failure.found)) if failure.found else None
            made.append(
                Repair(
                    item=item,
                    store=copy.url,
                    name=name,
                    sha256=failure.expected,
                    fault=CopyFault(failure.fault),
                    found=failure.found,
                    set_aside=aside if aside and failure.found and _is_whole(copy, aside, failure.found) else None,
                    good_copy=GoodCopy.FOUND_WHOLE,
                    check=CopyCheck.READ_BACK,
                    repaired=instant(archive.clock.now()),
                )
            )
    return made


def _is_whole(copy: Replica, name: str, sha256: str) -> bool:
    try:
        return str(copy.store.measure(name)[0]) == sha256
    except StoreError:
        return False

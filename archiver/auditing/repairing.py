"""Making a copy whole again from a good one. Nothing that is found is deleted, and nothing is put that was not proved.

1. The right bytes must be known: an original's by its name, a transaction's because they follow the signed log, a time
   stamp's because it verifies.
2. They are looked for in the other stores, in their order; among the older versions that a store keeps, the damaged
   one's own first; and for the log in the catalogue. They are read in full into a private file, and hashed.
3. A copy that is missing is put. A corrupt one is put aside in its own store first (``Store.replace``), and only then
   gives way. It is put under what its store promised of it; where the store has no lock any more, the bytes are
   restored all the same, and what is not protected is named.
4. The copy is read back and hashed, and only then is the repair recorded.

A copy whose bytes are right and whose protection is not is protected where it stands, and read.

Killed anywhere, the same command finds what is left to do. A copy that was made whole and not recorded is found whole
the next time, and that is recorded then.
"""

from __future__ import annotations

import io
import tempfile
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, BinaryIO

from archiver.checking.fault import Fault
from archiver.errors import ArchiverError, SpoolError
from archiver.facts.fixity import Repair
from archiver.facts.values import instant
from archiver.facts.vocabulary import CopyCheck, CopyFault, GoodCopy
from archiver.logbook import rendered
from archiver.promised import Promised
from storage.digest import CHUNK, Digest
from storage.errors import LockIgnored, LockMissing, LockRefused, ObjectCorrupt, ObjectMissing, StoreError
from storage.layout import first_sequence_of, quarantine_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from archiver.archive import Archive
    from archiver.auditing.copy_amiss import Amiss
    from archiver.replica import Replica
    from storage.protection import Protection, Version
    from storage.store import SingleStore

_IN_MEMORY = 8 * 2**20
"""Bytes; what is larger goes to the disk."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where the right bytes were found, and the bytes."""

    kind: GoodCopy
    place: str
    stream: BinaryIO
    size: int


class Mender:
    """Repairs copies of one archive; see the steps above.

    Args:
        archive: the archive.
        copies: all its stores that answer.

    Attributes:
        unprotected: what is whole again and not kept as was promised.
    """

    def __init__(self, archive: Archive, copies: Sequence[Replica]) -> None:
        self._archive = archive
        self._copies = copies
        self._promised = Promised(archive)
        self.unprotected: list[Fault] = []

    def mend(self, amiss: Amiss) -> Repair | Fault:
        """Make one copy whole again, or say why that cannot be done."""
        expected = amiss.expected
        if expected is None and amiss.fault is CopyFault.UNPROTECTED:
            return self._left(amiss, "what a bucket does is for its owner to put right (docs: operations)")
        if expected is None:  # step 1
            return self._left(amiss, "nobody can tell which bytes would be right")
        try:
            if amiss.fault is CopyFault.UNPROTECTED:
                return self._protected(amiss, expected)
            with self._source(amiss, expected) as source:  # step 2
                if source is None:
                    return self._left(amiss, "no good copy was found anywhere; nothing was touched")
                return self._put(amiss, expected, source)
        except (StoreError, ArchiverError) as error:
            return self._left(amiss, str(error))

    def unreadable(self, amiss: Amiss) -> Fault:
        """What to do about a copy that cannot be read: it may be whole, and what is not read cannot be put aside."""
        names = [each.name for each in self._copies if each.name != amiss.copy.name]
        held = f"; {' and '.join(names)} may hold it" if names else ""
        return self._left(
            amiss,
            "not touched, since what cannot be read cannot be put aside, and may be whole. Mend the disk or server, or "
            f"move the object away there by hand and keep it; then `archiver audit --repair` restores it{held}",
        )

    @staticmethod
    def _left(amiss: Amiss, why: str) -> Fault:
        return Fault("not-repaired", amiss.item or amiss.name, f"in the store {amiss.copy.name}: {why}")

    def _put(self, amiss: Amiss, expected: Digest, source: Source) -> Repair:
        """Steps 3 and 4."""
        owed = self._promised.owed(amiss.copy, amiss.name)
        try:
            self._write(amiss, expected, source, owed)
        except (LockMissing, LockIgnored, LockRefused) as error:
            if not isinstance(error, LockIgnored):  # which took the bytes
                self._write(amiss, expected, source, None)
            detail = f"restored in the store {amiss.copy.name}, and not kept under {owed}: {error}"
            self.unprotected.append(Fault("copy-unprotected", amiss.item or amiss.name, detail))
        aside = quarantine_name(amiss.name, amiss.found) if _gives_way(amiss) and amiss.found else None
        return self._repaired(amiss, expected, kind=source.kind, place=source.place, aside=aside)

    @staticmethod
    def _write(amiss: Amiss, expected: Digest, source: Source, owed: Protection | None) -> None:
        store, size, found = amiss.copy.store, source.size, amiss.found
        source.stream.seek(0)
        if not _gives_way(amiss) or found is None:
            store.put(amiss.name, source.stream, digest=expected, size=size, protection=owed)
            return
        aside = quarantine_name(amiss.name, found)
        store.replace(amiss.name, source.stream, digest=expected, size=size, found=found, aside=aside, protection=owed)

    def _protected(self, amiss: Amiss, expected: Digest) -> Repair | Fault:
        owed = self._promised.owed(amiss.copy, amiss.name)
        if owed is not None:  # else it ended, or was released, meanwhile
            amiss.copy.store.protect(amiss.name, owed)
        return self._repaired(amiss, expected, kind=GoodCopy.IN_PLACE)

    def _repaired(
        self, amiss: Amiss, expected: Digest, *, kind: GoodCopy, place: str | None = None, aside: str | None = None
    ) -> Repair:
        """Step 4."""
        found, _ = amiss.copy.store.measure(amiss.name)
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
            good_copy=kind,
            source=place,
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
            size = _taken(copy.store.open, amiss.name, expected, file)
            if size is not None:
                return Source(GoodCopy.STORE, copy.url, file, size)  # type: ignore[arg-type] # it reads and seeks
        for copy in sorted(self._copies, key=lambda each: each.name != amiss.copy.name):
            for version in _older(copy.store, amiss.name):
                size = _taken(partial(_opened, copy.store, version), amiss.name, expected, file)
                if size is not None:
                    place = f"{copy.url} version {version.identity}"
                    return Source(GoodCopy.VERSION, place, file, size)  # type: ignore[arg-type] # as above
        first = first_sequence_of(amiss.name)
        held = None if first is None else self._archive.catalogue.transaction(first)
        data = None if held is None else rendered(held)
        if data is not None and Digest.of(data) == expected:
            return Source(GoodCopy.CATALOGUE, self._archive.settings.catalogue, io.BytesIO(data), len(data))
        return None


def _gives_way(amiss: Amiss) -> bool:
    """Whether something stands there that is to be kept elsewhere."""
    return amiss.fault is CopyFault.CORRUPT and amiss.found is not None


def _older(store: SingleStore, name: str) -> list[Version]:
    """The versions that reading the name does not give; none where the store does not tell."""
    try:
        return [each for each in store.versions(name) if not each.is_latest and not each.is_delete_marker]
    except StoreError:
        return []


def _opened(store: SingleStore, version: Version, name: str, *, digest: Digest) -> AbstractContextManager[BinaryIO]:
    return store.open_version(name, version, digest=digest)


def _taken(
    opened: Callable[..., AbstractContextManager[BinaryIO]],
    name: str,
    expected: Digest,
    file: tempfile.SpooledTemporaryFile[bytes],
) -> int | None:
    """Take the bytes over if they are right; how many they are."""
    size = 0
    file.seek(0)
    file.truncate()
    try:
        with opened(name, digest=expected) as stream:
            while block := stream.read(CHUNK):
                size += file.write(block)
    except (ObjectMissing, ObjectCorrupt, StoreError):
        return None  # no good copy there; that store's own audit names what is amiss with it
    except OSError as error:
        raise SpoolError(f"a copy cannot be kept in between: {error.strerror}", hint="make room") from error
    file.seek(0)
    return size

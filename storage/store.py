"""What every store promises: one protocol, and the few values that pass over it.

1. A name is written once. The same bytes again are no error; other bytes under the name are.
2. Nothing is deleted, but for what a withdrawal demands (``SingleStore.erase`` and ``supplant``, which say who may call
   them). Bytes that are not what their name says give way to those that are only after they were put aside in the same
   store, and read there (``replace``).
3. Bytes are stored only if they are those declared, and every put says what showed it (``Stored.check``).
4. Bytes read under a digest are hashed again on the way, and never end well unless they are right.
5. A name shows whole bytes or none: a put that dies half-way leaves nothing under its name.
6. An acknowledged put is durable, as far as the file system or the server keeps its own word.
7. A protection that is asked for is set with the put itself, asked back afterwards, and never weaker than asked: where
   a store has none, or does not do what it said, that is an error, and the put is not acknowledged. Protection only
   grows (``storage.protection``).

One suite of tests holds every implementation to this, real servers among them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import BinaryIO

    from storage.digest import Digest
    from storage.guarantees import Guarantees
    from storage.protection import Protection, Version


class Put(StrEnum):
    """How a put ended. A put whose first answer was lost may say ALREADY_THERE of its own object."""

    CREATED = "created"
    ALREADY_THERE = "already-there"


class Check(StrEnum):
    """What showed that the stored copy is whole."""

    HASHED_WHILE_WRITTEN = "hashed-while-written"
    SERVER_VERIFIED = "server-verified"
    READ_BACK = "read-back"


@dataclass(frozen=True, slots=True)
class Stored:
    """The outcome of a put: the copy is there and whole, for the reason given.

    Attributes:
        put: whether it was stored, or stood there.
        check: what showed that it is whole.
        protection: what the store says is in force for it, where a protection was asked for.
        put: how it ended.
        check: what showed that the copy is whole.
        copies: where the store is made of several, the outcome in each that holds the bytes, with its URL.
    """

    put: Put
    check: Check
    protection: Protection | None = None
    copies: tuple[tuple[str, Stored], ...] = ()


@dataclass(frozen=True, slots=True)
class Head:
    """What the store says of an object without reading it: its size in bytes, and its digest where the store keeps one.

    The digest is the store's word about the time of writing; only ``Store.open`` proves today's bytes.
    """

    size: int
    digest: Digest | None


def changed_meanwhile(name: str, found: Digest, stands: Digest) -> StoreError:
    """What ``Store.replace`` raises where other bytes stand under the name than were found there."""
    return StoreError(
        f"{name} holds other bytes now (SHA-256 {stands}) than were found there ({found}); it was left as it is",
        hint="A disk that gives other bytes at each reading is failing; else somebody wrote: repeat the command.",
    )


class Store(Protocol):
    """Bytes under names; see the module for the promises. Safe to use from many threads.

    Every call may raise PlaceMissing, StoreUnreachable, StoreDenied or another StoreError, and InvalidName for a name
    that ``storage.layout.check_name`` refuses. Making a store touches nothing.
    """

    @property
    def url(self) -> str:
        """Where this is; never holds a credential. ``storage.url.open_store`` opens it again."""
        ...

    def create(self) -> None:
        """Make the place, private, where it does not exist yet; leave one that exists as it is."""
        ...

    def put(
        self, name: str, source: BinaryIO, *, digest: Digest, size: int, protection: Protection | None = None
    ) -> Stored:
        """Store the bytes of ``source``, from where it stands to its end, under a name that is free or holds the same.

        Args:
            name: see ``storage.layout``.
            source: seekable; read more than once where that is needed.
            digest: SHA-256 of the bytes.
            size: their number.
            protection: what must be in force when this returns. It goes with the bytes in one request, so there is no
                moment between; an object that stands there already is given what it lacks.

        Raises:
            LockMissing: a protection was asked for, and there is none here; nothing was stored.
            LockIgnored: the store took the bytes, and not the protection; they stay, and are not acknowledged.
            LockRefused: the object stands there, and its protection cannot be made what was asked.
            SourceChanged: the bytes are not as declared; nothing was stored.
            NameTaken: other bytes stand under the name.
            ObjectCorrupt: the stored copy reads back wrong.
            TooLarge: more than the store takes in one object.
            StoreFull: no space.
        """
        ...

    def put_file(
        self, name: str, path: Path, *, digest: Digest, size: int, protection: Protection | None = None
    ) -> Stored:
        """Store a private file that was hashed as it was written, and that nobody writes any more.

        As ``put``, with one liberty: a store on the same file system may link the file in instead of copying it, and
        then checks its size only and makes it read-only. The caller removes the path afterwards, and never writes to it
        again.
        """
        ...

    def open(self, name: str, *, digest: Digest) -> AbstractContextManager[BinaryIO]:
        """Read an object as a stream, hashed on the way.

        The end of the stream is reached only if every byte was right: the last part is held back until the digest is
        known, and a wrong one raises instead. Reading that stops early proves nothing.

        Raises:
            ObjectMissing: on entering.
            ObjectCorrupt: while reading.
        """
        ...

    def read(self, name: str, *, limit: int) -> bytes:
        """Read a small object whose digest is not known beforehand.

        Raises:
            ObjectMissing: there is none.
            TooLarge: it has more than ``limit`` bytes.
        """
        ...

    def head(self, name: str) -> Head:
        """Ask for an object's size without reading it.

        Raises:
            ObjectMissing: there is none.
        """
        ...

    def names(self, prefix: str = "") -> Iterator[str]:
        """All names that begin with ``prefix``, ascending, streamed.

        Engines agree on the order except between neighbours of which one segment begins the other (``a/x`` beside
        ``a-b``: some sort whole names, some a directory at a time). The layout makes no such neighbours.
        """
        ...

    def object_lock(self) -> str:
        """What Object Lock does here, found just now by trying; as ``Guarantees.object_lock``.

        Leaves nothing behind but what ``probe`` leaves.
        """
        ...

    def protection(self, name: str) -> Protection:
        """What the store says is in force for an object; none where the place has no such thing.

        Raises:
            ObjectMissing: there is none.
        """
        ...

    def protect(self, name: str, protection: Protection) -> Protection:
        """Give an object what it lacks of a protection, and say what is in force then: asked back, never assumed.

        What is longer or firmer already stays so; nothing is ever weakened.

        Raises:
            ObjectMissing: there is none.
            LockMissing: there is no Object Lock here; nothing was changed.
            LockIgnored: the store said yes, and does not do it.
            LockRefused: the store does not allow it.
        """
        ...

    def release_hold(self, name: str) -> Protection:
        """Lift an object's legal hold, and say what is in force then; its retention stays.

        Raises:
            ObjectMissing, LockMissing, LockIgnored, LockRefused: as ``protect``.
        """
        ...

    def versions(self, name: str) -> list[Version]:
        """All versions of an object, newest first; an empty list where there never was one.

        A bucket with Object Lock keeps versions: deleting a name only puts a delete marker before them, and
        overwriting it a newer version. The bytes that were there are still to be had (``open_version``), which is what
        a repair needs. A store without versions answers with the one object that it has.
        """
        ...

    def open_version(self, name: str, version: Version, *, digest: Digest) -> AbstractContextManager[BinaryIO]:
        """Read one version as ``open`` reads the latest.

        Raises:
            ObjectMissing: on entering: there is no such version, or it is a delete marker.
            ObjectCorrupt: while reading.
        """
        ...

    def probe(self) -> Guarantees:
        """Find out by trying what the place really does.

        Leaves nothing behind but tiny objects under ``probe/`` which the next run uses again.
        """
        ...


class SingleStore(Store, Protocol):
    """A store in one place, which several may be made of: what concerns one copy is asked of it alone."""

    def measure(self, name: str) -> tuple[Digest, int]:
        """Read an object to its end, whatever it is, in constant memory: the SHA-256 and the number of its bytes.

        Raises:
            ObjectMissing: there is none.
        """
        ...

    def replace(
        self,
        name: str,
        source: BinaryIO,
        *,
        digest: Digest,
        size: int,
        found: Digest,
        aside: str,
        protection: Protection | None = None,
    ) -> Stored:
        """Put the right bytes in the place of wrong ones, which are kept.

        The wrong ones are put aside first, under a name that is written once like every other; only when they were
        read there do the right ones take their place, and are read back. It may be repeated however it ended.

        Args:
            name: what is damaged.
            source: the right bytes; see ``put``.
            digest: SHA-256 of the right bytes.
            size: their number.
            found: SHA-256 of the bytes that stand there.
            aside: the name to keep them under, see ``storage.layout.quarantine_name``.
            protection: what the right bytes are put under, as by ``put``; the wrong ones need none.

        Raises:
            ObjectMissing: nothing stands there; that is for ``put``.
            LockMissing: a protection was asked for, and there is none here; the wrong bytes stand where they stood.
            LockIgnored: the store took the right bytes, and not the protection.
            StoreError: other bytes stand there than were found; nothing was changed.
            SourceChanged: the right bytes are not as declared; nothing was changed.
            NameTaken: other bytes are kept under that name already; nothing was changed.
            ObjectCorrupt: the right bytes read back wrong.
        """
        ...

    def firmest(self, name: str) -> Protection:
        """The firmest protection that is in force for any version of an object; none where it has none.

        An older version under a retention keeps its bytes, whatever the newest one is under.
        """
        ...

    def erase(self, name: str) -> bool:
        """Take an object away for good, with every version and delete marker; whether anything was there.

        The only call that leaves a name without bytes. Only ``archiver.erasing`` may make it, for bytes that a recorded
        withdrawal names. It may be repeated however it ended.

        Raises:
            LockRefused: a retention or a legal hold is in force.
        """
        ...

    def supplant(self, name: str, source: BinaryIO, *, digest: Digest, size: int, found: Digest) -> Stored:
        """Put other bytes in the place of those that stand there, which are kept nowhere, in no older version either.

        Only ``archiver.erasing`` may call it, for what a recorded withdrawal withholds. It may be repeated however it
        ended, and then takes away what a killed run left.

        Args:
            name: what holds withdrawn matter.
            source: the bytes without it; see ``put``.
            digest: SHA-256 of these.
            size: their number.
            found: SHA-256 of the bytes that stand there.

        Raises:
            ObjectMissing: nothing stands there.
            StoreError: other bytes stand there than were found; nothing was changed.
            SourceChanged: the new bytes are not as declared; nothing was changed.
            LockRefused: a retention or a legal hold keeps an older version.
            ObjectCorrupt: the new bytes read back wrong.
        """
        ...

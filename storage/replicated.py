"""A store made of several that each hold everything: the promises of ``storage.store``, as long as one copy is good.

Putting:

1. A name that is not made of its bytes (the log, time stamps, packs) goes into the first store alone, which is the
   referee between writers: were it put everywhere at once, two writers could each win in one store. Bytes under their
   own digest cannot differ, and go everywhere at once.
2. Then it goes into all the others, at once. A private file is linked into the first store at the most: two names of
   one file would be one copy.
3. The put is acknowledged when every required store holds the bytes, each for a reason of its own (``Stored.copies``).
   Below ``derived/`` lies what can be made again, and the first store alone is required.
4. A required store that fails fails the put, which names it. How to go on is said, but not of a transaction of the log:
   that is committed before it is put, and whoever puts it knows more. One that is not required is noted
   (``storage.members``), and lacks the name until somebody compares the stores.

Looking:

5. A name exists where any store has it: one that lags behind, or was rolled back, hides nothing. It is missing only
   where every required store says so; where one of them does not answer, that is the answer, and not *missing*.
6. Bytes are handed out after all of them were read and hashed, so that a copy that turns out to be wrong at its very
   end was never shown, and the next store is asked. They wait in memory, or in a file where they are many.
   Names count only of a store that is known to be of these (``Member.store``): another archive's would mislead.
7. A listing goes on without a store that fails, as long as one that is required is left.
"""

from __future__ import annotations

import heapq
import io
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

from storage.digest import Digest
from storage.errors import NameTaken, ObjectCorrupt, SourceChanged, StoreError
from storage.first_answer import first_answer, refused
from storage.guarantees import Guarantees, Versioning
from storage.held_back import held_back
from storage.layout import DERIVED, EVENTS, check_name, digest_of
from storage.members import Member, Standing, named
from storage.os_errors import own_errors
from storage.replicated_lock import Locks
from storage.source import Source
from storage.store import Head, Stored
from storage.verified import verified_reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import BinaryIO

    from storage.protection import Protection, Version

_IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a source that is read once and put by several threads; a larger one is read again for each store."""
_THREADS = 16

Answer = TypeVar("Answer")


class ReplicatedStore:
    """One store made of several; see the module.

    Args:
        members: the first one is the referee, and required.
    """

    def __init__(self, members: Sequence[Member]) -> None:
        if not members or not members[0].required:
            raise ValueError("the first of several stores is there, and required")
        self.members = tuple(members)
        self.standing = Standing()
        self._locks = Locks(self.members, self.standing)
        self._pool = ThreadPoolExecutor(_THREADS, thread_name_prefix="replicas")

    @property
    def url(self) -> str:
        """Where the first store is."""
        return self.members[0].url

    def create(self) -> None:
        """Make every place; see ``Store.create``."""
        for member in self.members:
            member.plain.create()

    def put(
        self, name: str, source: BinaryIO, *, digest: Digest, size: int, protection: Protection | None = None
    ) -> Stored:
        """See the module and ``Store.put``."""
        check_name(name)
        body = Source(source, digest=digest, size=size)
        body.check_size()
        if size > _IN_MEMORY:

            def again(member: Member) -> Stored:
                body.seek(0)
                asked = self._locks.asked_of(member, protection, name)
                return member.store.put(name, source, digest=digest, size=size, protection=asked)

            return self._put(name, again, at_once=False)
        data = body.read()

        def into(member: Member) -> Stored:
            asked = self._locks.asked_of(member, protection, name)
            return member.store.put(name, io.BytesIO(data), digest=digest, size=size, protection=asked)

        return self._put(name, into)

    def put_file(
        self, name: str, path: Path, *, digest: Digest, size: int, protection: Protection | None = None
    ) -> Stored:
        """See the module and ``Store.put_file``."""
        check_name(name)

        def into(member: Member) -> Stored:
            asked = self._locks.asked_of(member, protection, name)
            if member is self.members[0]:
                return member.store.put_file(name, path, digest=digest, size=size, protection=asked)
            with own_errors(str(path)):
                stream = path.open("rb")
            with stream:
                return member.store.put(name, stream, digest=digest, size=size, protection=asked)

        return self._put(name, into)

    def _put(self, name: str, into: Callable[[Member], Stored], *, at_once: bool = True) -> Stored:
        def one(member: Member) -> Stored | StoreError:
            if error := self.standing.out(member, putting=True):
                return error
            try:
                return into(member)
            except StoreError as error:
                return error

        first, *others = self.members
        apart = digest_of(name) is not None and at_once
        waiting = [self._pool.submit(one, member) for member in others] if apart else []
        outcomes = [one(first)]
        if not apart and isinstance(outcomes[0], StoreError):  # step 1
            raise _unacknowledged(named(outcomes[0], first), name)
        if at_once and not waiting:
            waiting = [self._pool.submit(one, member) for member in others]
        outcomes += [each.result() for each in waiting] if at_once else [one(member) for member in others]  # step 2
        return self._judged(name, outcomes)

    def _judged(self, name: str, outcomes: Sequence[Stored | StoreError]) -> Stored:
        """Steps 3 and 4."""
        copies: list[tuple[str, Stored]] = []
        failed: list[tuple[Member, StoreError]] = []
        for member, outcome in zip(self.members, outcomes, strict=True):
            needed = member.required and (member is self.members[0] or not name.startswith(DERIVED))
            if isinstance(outcome, Stored):
                copies.append((member.url, outcome))
            elif needed or isinstance(outcome, SourceChanged):
                failed.append((member, outcome))
            else:
                self.standing.could_not_put(member, outcome, name)
        if failed:
            failed.sort(key=lambda pair: isinstance(pair[1], NameTaken | ObjectCorrupt))
            raise _unacknowledged(refused(failed), name)
        first = copies[0][1]
        return Stored(
            first.put, first.check, first.protection, tuple(copies)
        )  # of many writers one created it, as ever

    @contextmanager
    def open(self, name: str, *, digest: Digest) -> Iterator[BinaryIO]:
        """See rule 6 and ``Store.open``."""

        def fetch(member: Member) -> BinaryIO:
            with member.store.open(name, digest=digest) as stream:
                return held_back(stream, name)

        try:
            whole = self._from_one(name, fetch)
        except ObjectCorrupt as error:
            whole = verified_reader(_raising(error), name, digest)  # while reading, as every store
        with whole:
            yield whole

    def read(self, name: str, *, limit: int) -> bytes:
        """See ``Store.read``; bytes under their own digest are compared with it."""
        expected = digest_of(name)

        def fetch(member: Member) -> bytes:
            data = member.store.read(name, limit=limit)
            if expected is not None and Digest.of(data) != expected:
                raise ObjectCorrupt(name, expected, Digest.of(data))
            return data

        return self._from_one(name, fetch)

    def head(self, name: str) -> Head:
        """See rule 5 and ``Store.head``."""
        return self._from_one(name, lambda member: member.store.head(name), quietly=True)

    def _from_one(self, name: str, ask: Callable[[Member], Answer], *, quietly: bool = False) -> Answer:
        return first_answer(self.members, self.standing, name, ask, quietly=quietly)

    def names(self, prefix: str = "") -> Iterator[str]:
        """See rules 5 and 7, and ``Store.names``."""
        left = {member.name: member for member in self.members}

        def of(member: Member) -> Iterator[str]:
            try:
                if error := self.standing.out(member):
                    raise error
                yield from member.store.names(prefix)
            except StoreError as error:
                del left[member.name]
                if not any(other.required for other in left.values()):
                    raise named(error, member) from error
                self.standing.could_not_ask(member, error)

        merged = heapq.merge(*(of(member) for member in self.members))
        for name, _ in groupby(merged):
            yield name

    def object_lock(self) -> str:
        """See ``storage.replicated_lock`` and ``Store.object_lock``."""
        return self._locks.weakest()

    def protection(self, name: str) -> Protection:
        """See ``storage.replicated_lock`` and ``Store.protection``."""
        return self._locks.least(name)

    def protect(self, name: str, protection: Protection) -> Protection:
        """See ``storage.replicated_lock`` and ``Store.protect``."""
        return self._locks.protect(name, protection)

    def release_hold(self, name: str) -> Protection:
        """See ``storage.replicated_lock`` and ``Store.release_hold``."""
        return self._locks.release_hold(name)

    def versions(self, name: str) -> list[Version]:
        """Those of the first store: a version's identity is its own store's. See ``Store.versions``."""
        return self.members[0].store.versions(name)

    def open_version(self, name: str, version: Version, *, digest: Digest) -> AbstractContextManager[BinaryIO]:
        """From the first store; see ``Store.open_version``."""
        return self.members[0].store.open_version(name, version, digest=digest)

    def probe(self) -> Guarantees:
        """See ``Store.probe``: what all of them do; that a name is written once is the first one's to keep."""
        seen = {member.name: member.plain.probe() for member in self.members}
        first = seen[self.members[0].name]
        alike = len({(each.versioning, each.object_lock) for each in seen.values()}) == 1
        open_to_all = [each.private for each in seen.values()]
        return Guarantees(
            refuses_wrong_checksum=all(each.refuses_wrong_checksum for each in seen.values()),
            create_only=first.create_only,
            versioning=first.versioning if alike else Versioning.UNKNOWN,
            object_lock=first.object_lock if alike else "unknown",
            private=False if False in open_to_all else None if None in open_to_all else True,
            notes=tuple(f"{name}: {note}" for name, each in seen.items() for note in each.notes),
        )

    def notes(self) -> list[str]:
        """What stores failed at, while others did not; see ``storage.members``."""
        return self.standing.notes()


def _unacknowledged(error: StoreError, name: str) -> StoreError:
    """The error of a put, that says how to go on."""
    if not name.startswith(EVENTS) and not isinstance(error, SourceChanged | ObjectCorrupt | NameTaken):
        advice = "Nothing was acknowledged: when the store is there again, the same command finishes the rest."
        error.hint = f"{error.hint} {advice}".strip()
    return error


def _raising(error: StoreError) -> Callable[[int], bytes]:
    def read(_size: int) -> bytes:
        raise error

    return read

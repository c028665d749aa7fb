"""Reading copies: every byte of every object, hashed, many at once, in bounded memory.

What comes back says what came, and judges nothing but whether it is what the name says. A store that does not answer is
no loss and no success: it is told apart from both. One that has not answered so often in a row is asked no more: a
million objects would each wait for it.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from archiver.facts.vocabulary import CopyFault
from storage.errors import ObjectMissing, StoreError
from storage.layout import object_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from storage.digest import Digest
    from storage.store import SingleStore

JOBS = 4
"""Copies read at once: two cores hash while others wait for the disk or the server."""

SILENT = 16
"""So many objects in a row without an answer, and the store is asked no more."""

_AHEAD = 4
"""Asked for ahead of what is taken, for each that is read at once."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One copy, read.

    Attributes:
        digest: what the bytes should have.
        fault: what is amiss; none where they have it.
        found: what the bytes that came have; none where none came.
        size: how many came.
        detail: why it could not be read.
        given_up: whether it was not even asked for, because the store had stopped answering.
    """

    digest: Digest
    fault: CopyFault | None
    found: Digest | None
    size: int
    detail: str = ""
    given_up: bool = False

    @property
    def name(self) -> str:
        """The object's name."""
        return object_name(self.digest)


def read_copies(store: SingleStore, digests: Iterable[Digest], jobs: int = JOBS) -> Iterator[Reading]:
    """Read these objects of one store, in this order.

    Args:
        store: which.
        digests: of what should be there.
        jobs: how many are read at once.
    """
    silent = 0
    wanted = iter(digests)
    with ThreadPoolExecutor(jobs) as pool:
        under_way = deque(pool.submit(read_copy, store, digest) for digest in islice(wanted, jobs * _AHEAD))
        while under_way:
            reading = under_way.popleft().result()
            silent = silent + 1 if reading.fault is CopyFault.UNREADABLE else 0
            yield reading
            if silent >= SILENT:
                break
            under_way += [pool.submit(read_copy, store, digest) for digest in islice(wanted, 1)]
    left = [future.result() for future in under_way]
    yield from left
    for digest in wanted:
        detail = "the store had stopped answering, and was asked no more"
        yield Reading(digest, CopyFault.UNREADABLE, None, 0, detail, given_up=True)


def read_copy(store: SingleStore, digest: Digest) -> Reading:
    """Read one object of one store."""
    try:
        found, size = store.measure(object_name(digest))
    except ObjectMissing:
        return Reading(digest, CopyFault.MISSING, None, 0)
    except StoreError as error:
        return Reading(digest, CopyFault.UNREADABLE, None, 0, str(error))
    return Reading(digest, None if found == digest else CopyFault.CORRUPT, found, size)

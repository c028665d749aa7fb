"""Carrying one name from a store that has it to stores that lack it; safe to use from many threads.

1. It is read from the first store whose bytes are right, whole, before any of it is put anywhere.
2. It is put create-only, under the protection that is promised for it, and the put shows that the new copy is whole.
3. What is not right, or cannot be read or put, is named and stays as it is; the next store is asked. A store that is
   lost (it does not answer, refuses us, is full) is given up.
"""

from __future__ import annotations

import io
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from archiver.catalogue.withdrawals import withheld_numbers
from archiver.facts.vocabulary import CopyCheck
from archiver.genuine import Genuine, NotGenuine
from archiver.promised import Promised
from archiver.tombstones import withheld
from storage.digest import Digest
from storage.errors import ObjectCorrupt, ObjectMissing, StoreError, StoreFull
from storage.held_back import held_back
from storage.layout import digest_of, first_sequence_of
from storage.members import GONE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import BinaryIO

    from archiver.archive import Archive
    from archiver.replica import Replica

LOST: Final = (*GONE, StoreFull)
"""Errors after which a store is given up."""


@dataclass(frozen=True, slots=True)
class Amiss:
    """One name in one store: what is amiss with it."""

    store: str
    name: str
    why: str


@dataclass(slots=True)
class Carried:
    """What came of one name.

    Attributes:
        name: the name.
        size: bytes.
        checks: the stores that took it, and what showed that each copy is whole.
        altered: copies that are not right or cannot be read.
        left: stores that lack it all the same.
        lost: stores that were given up meanwhile.
    """

    name: str
    size: int = 0
    checks: list[tuple[Replica, CopyCheck]] = field(default_factory=list)
    altered: list[Amiss] = field(default_factory=list)
    left: list[Amiss] = field(default_factory=list)
    lost: list[tuple[Replica, StoreError]] = field(default_factory=list)


class Carrier:
    """Carries names between the stores of an archive.

    Args:
        archive: whose stores they are.
        given_up: the stores that are asked nothing more, by name; read, and never written, here.
    """

    def __init__(self, archive: Archive, given_up: Mapping[str, StoreError]) -> None:
        self._genuine = Genuine(archive)
        self._promised = Promised(archive)
        self._given_up = given_up
        with archive.catalogue.asking() as questions:
            self._named = withheld_numbers(questions)

    def carry(self, name: str, holders: Sequence[Replica], lacking: Sequence[Replica]) -> Carried:
        """Bring a name from those who hold it to those who lack it."""
        carried = Carried(name)
        for holder in holders:
            if holder.name in self._given_up:
                continue
            try:
                stream, digest, carried.size = self._good(holder, name)
            except ObjectMissing:
                continue  # somebody took it away since it was listed
            except LOST as error:
                carried.lost.append((holder, error))
            except (NotGenuine, StoreError) as error:
                carried.altered.append(Amiss(holder.name, name, str(error)))
            else:
                with stream:
                    for target in lacking:
                        self._put(carried, stream, digest, target)
                return carried
        carried.left = [Amiss(each.name, name, "no good copy of it was found") for each in lacking]
        return carried

    def read_back(self, copy: Replica, name: str) -> Carried:
        """Read and hash an original where it lies."""
        carried = Carried(name)
        if copy.name in self._given_up:
            return carried
        try:
            stream, _, carried.size = self._good(copy, name)
        except LOST as error:
            carried.lost.append((copy, error))
        except (NotGenuine, StoreError) as error:
            carried.altered.append(Amiss(copy.name, name, str(error)))
        else:
            stream.close()
            carried.checks.append((copy, CopyCheck.READ_BACK))
        return carried

    def _good(self, holder: Replica, name: str) -> tuple[BinaryIO, Digest, int]:
        digest = digest_of(name)
        if digest is None:
            data = self._genuine.read(holder, name)
            if first_sequence_of(name) is not None:
                data = withheld(data, self._named)  # what was withdrawn is carried nowhere
            return io.BytesIO(data), Digest.of(data), len(data)
        with holder.store.open(name, digest=digest) as stream:
            whole = held_back(stream, name)
        size = whole.seek(0, os.SEEK_END)
        return whole, digest, size

    def _put(self, carried: Carried, stream: BinaryIO, digest: Digest, target: Replica) -> None:
        if target.name in self._given_up:
            return
        stream.seek(0)
        try:
            asked = self._promised.owed(target, carried.name)
            stored = target.store.put(carried.name, stream, digest=digest, size=carried.size, protection=asked)
        except LOST as error:
            carried.lost.append((target, error))
        except (ObjectCorrupt, StoreError) as error:
            carried.left.append(Amiss(target.name, carried.name, str(error)))
        else:
            carried.checks.append((target, CopyCheck(stored.check)))

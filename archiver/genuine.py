"""Whether what a store holds under a name is what the archive put there, told before it is copied anywhere.

A name is written once, so a bad copy that is copied would stay. The law, by the kind of name:

* an original: its bytes have the digest that is its name;
* a transaction of the log: it is in its one form under its own number, each event is of this log and signed by the
  key that was in force, and so is its checkpoint. Whether it fits between its neighbours is asked of the whole log, by
  `verify`;
* a part of a time stamp: with it the whole stamp verifies (``archiver.stamps``);
* a pack of features: it reads as one.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from archiver.continuation import refuse_foreign
from archiver.custody.batch import parse
from archiver.custody.errors import Malformed, NoteUnverified
from archiver.derived.pack import LARGEST, InvalidPack
from archiver.derived.pack import read as read_pack
from archiver.logbook import LARGEST_BATCH
from archiver.stamps import Judge
from archiver.timestamp.kept import Place, largest, read
from storage.errors import ObjectMissing
from storage.layout import digest_of, first_sequence_of, pack_of, stamp_of

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.custody.keyring import Keyring
    from archiver.replica import Replica


class NotGenuine(Exception):
    """It is not what the archive put there; the text says why."""


class Genuine:
    """Reads small objects that are what they should be.

    Args:
        archive: whose they are.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._judge: Judge | None = None

    @cached_property
    def _keys(self) -> Keyring:
        return self._archive.keys

    def read(self, copy: Replica, name: str) -> bytes:
        """The bytes under a name in one store, other than an original's.

        Raises:
            NotGenuine: they are not what the archive put there.
            StoreError: the store does not give them.
        """
        if first_sequence_of(name) is not None:
            return self._transaction(copy, name)
        if stamp_of(name) is not None:
            return self._stamp(copy, name)
        if (pack := pack_of(name)) is not None:
            data = copy.store.read(name, limit=LARGEST)
            try:
                read_pack(pack[0], data)
            except InvalidPack as error:
                raise NotGenuine(str(error)) from error
            return data
        raise ValueError(f"{name} is {'an original' if digest_of(name) else 'no name of an archive'}")

    def _transaction(self, copy: Replica, name: str) -> bytes:
        data = copy.store.read(name, limit=LARGEST_BATCH)
        try:
            batch = parse(data)
            if batch.first != first_sequence_of(name):
                raise NotGenuine(f"it begins with event {batch.first}")
            for place, event in enumerate(batch.events, start=batch.first):
                refuse_foreign(self._keys, place, event)
            self._keys.checkpoint(batch.checkpoint)
        except (Malformed, NoteUnverified, ValueError) as error:
            raise NotGenuine(str(error)) from error
        return data

    def _stamp(self, copy: Replica, name: str) -> bytes:
        if (named := stamp_of(name)) is None:
            raise ValueError(name)
        size, authority, number, part = named
        place = Place(size, authority, number)
        data = copy.store.read(name, limit=largest(part))
        try:
            stamp = read(self._archive.store, place)
        except ObjectMissing:
            return data  # of a stamp that was broken off: a loose end, as `verify` says of it in every store
        self._judge = self._judge or Judge(self._archive, self._keys)
        if fault := self._judge.judge(place, replace(stamp, **{part: data})).fault:
            raise NotGenuine(fault)
        return data

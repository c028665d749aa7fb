"""What lies in a store under the name of a transaction and is none of this log: named, and read as no part of it.

1. Where the catalogue has a transaction of this name, what lies there is a copy of it: amiss if it is bad, and no
   stray.
2. Of what the catalogue does not know, the bytes are read. What says something and names this log nowhere is a stray,
   and so is a whole transaction of this log under another number than its own. Anything else (no bytes, or zeros, as a
   power cut leaves them, too) may be a transaction that the catalogue is too old to know (a restored backup), whole or
   damaged: it is no stray, for moved away it would be lost. The keys of a whole one are asked of the log itself, too,
   for it may have had newer ones since.
3. What cannot be read is no stray, nor is anything where the catalogue cannot say what it knows: nobody is told by
   guess to move something away.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from archiver.continuation import refuse_foreign
from archiver.custody.batch import parse
from archiver.custody.errors import Malformed, NoteUnverified
from archiver.errors import ArchiverError, LogError
from archiver.keyrings import keyring_of_log
from archiver.logbook import LARGEST_BATCH
from storage.errors import ObjectMissing, StoreError
from storage.layout import first_sequence_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from archiver.catalogue.catalogue import Catalogue
    from archiver.custody.batch import Batch
    from archiver.custody.keyring import Keyring
    from archiver.nameplate import Nameplate
    from archiver.replica import Replica
    from archiver.settings import Settings
    from archiver.stores import Stores
    from storage.store import Store

CODE = "stray"
STRAY = "is no transaction of this log: move it away and keep it"


class Mirrored(Protocol):
    """A log in stores, and the catalogue that mirrors it."""

    @property
    def settings(self) -> Settings: ...  # noqa: D102 - as the archive has them
    @property
    def stores(self) -> Stores: ...  # noqa: D102
    @property
    def store(self) -> Store: ...  # noqa: D102
    @property
    def nameplate(self) -> Nameplate: ...  # noqa: D102
    @property
    def catalogue(self) -> Catalogue: ...  # noqa: D102
    @property
    def keys(self) -> Keyring: ...  # noqa: D102


class Strays:
    """Tells strays from the transactions of one log; see the rules above.

    Args:
        archive: whose log.

    Attributes:
        found: the names of strays, each with the stores that it was seen in.
    """

    def __init__(self, archive: Mirrored) -> None:
        self._archive = archive
        self._says = True
        self.found: dict[str, list[str]] = {}

    def told(self) -> list[str]:
        """A sentence for each stray that was found, in each store."""
        return [told(name, store) for name, stores in sorted(self.found.items()) for store in stores]

    def refuse(self, name: str) -> None:
        """Refuse where what lies under this name is a stray.

        Raises:
            LogError: it is.
        """
        if self.lies(name, self._archive.stores.copies):
            raise LogError(
                told(name, self.found[name][0]),
                hint="somebody put it there; nothing was recorded. Then repeat the command",
            )

    def lies(self, name: str, copies: Sequence[Replica]) -> bool:
        """Whether whatever these stores hold under this name is a stray."""
        if name in self.found:
            return True
        if not self._unknown(name):
            return False
        stores = []
        for copy in copies:
            try:
                data = copy.store.read(name, limit=LARGEST_BATCH)
            except ObjectMissing:
                continue
            except (LogError, StoreError):
                return False
            if not self._foreign(name, data):
                return False
            stores.append(copy.name)
        if stores:
            self.found[name] = stores
        return bool(stores)

    def without(self, log: Iterable[tuple[str, bytes]], store: str) -> Iterator[tuple[str, bytes]]:
        """The transactions of one store, names and bytes, without strays, which are found."""
        for name, data in log:
            if self._unknown(name) and self._foreign(name, data):
                self.found[name] = [store]
            else:
                yield name, data

    def _unknown(self, name: str) -> bool:
        """Whether this is the name of a transaction that the catalogue does not have (rules 1 and 3)."""
        first = first_sequence_of(name)
        if first is None or first in self._known:
            return False
        try:  # anew: another process may have recorded it meanwhile
            return self._says and self._archive.catalogue.transaction(first) is None
        except ArchiverError:
            return False

    @cached_property
    def _known(self) -> Collection[int]:
        try:
            return self._archive.catalogue.batches()
        except ArchiverError:
            self._says = False
            return ()

    def _foreign(self, name: str, data: bytes) -> bool:
        """Whether these bytes are no transaction of this log, in no state (rule 2)."""
        if not data.strip(b"\0"):
            return False
        if _spelled(self._archive.settings.origin) not in data:
            return True
        try:
            batch = parse(data)
            elsewhere = batch.first != first_sequence_of(name)
            return elsewhere and (_signed(batch, self._archive.keys) or _signed(batch, self._by_the_log))
        except (Malformed, ValueError, LogError, StoreError):
            return False

    @cached_property
    def _by_the_log(self) -> Keyring:
        archive = self._archive
        return keyring_of_log(archive.store, archive.settings.origin, archive.nameplate.key)


def _spelled(origin: str) -> bytes:
    """A log's name as its transactions spell it."""
    return json.dumps(origin, ensure_ascii=False)[1:-1].encode()


def _signed(batch: Batch, keys: Keyring) -> bool:
    try:
        for place, event in enumerate(batch.events, start=batch.first):
            refuse_foreign(keys, place, event)
        keys.checkpoint(batch.checkpoint)
    except (Malformed, NoteUnverified, ValueError):
        return False
    return True


def told(name: str, store: str) -> str:
    """What is said of a stray."""
    return f"{name} in the store {store} {STRAY}"

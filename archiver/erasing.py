"""Carrying out withdrawals that are recorded: in each store, nothing is left that shows or describes the item.

Every step may be the last one before the power fails; the same again finishes what is left, and finds it by looking:

1. *Packs*: the item's local features and samples are taken out of the packs that hold them. Its place in the pack
   stays, empty, so that whoever counts packs and rows is not misled.
2. *Transactions*: each one that holds withheld events gives way to the same one without their bodies and salts
   (``SingleStore.supplant``): envelopes, signatures and checkpoint stay, so the log verifies as before. What the
   catalogue holds is what is put; a copy that is not that transaction at all is left, and named: it is for an audit.
3. *Quarantine*: what was put aside of the item, or of one of these transactions, is erased.
4. *The original* is erased, with every version. It comes last: a store that still has it was not finished.

A store that does not answer is named, and left to the next run. This module alone may call ``erase`` and ``supplant``.
"""

from __future__ import annotations

import io
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.catalogue.withdrawals import tombstones, transactions_with
from archiver.custody.batch import alike
from archiver.derived.pack import LARGEST, Entry, InvalidPack, write
from archiver.derived.pack import read as read_pack
from archiver.errors import LogError
from archiver.logbook import LARGEST_BATCH, rendered
from storage.digest import Digest
from storage.errors import ObjectMissing, StoreError
from storage.layout import FEATURES, QUARANTINE, batch_name, object_name, pack_of, quarantined_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archiver.archive import Archive
    from archiver.replica import Replica
    from storage.store import SingleStore


@dataclass(frozen=True, slots=True)
class Unerased:
    """What is not erased yet: in which store, what, and why."""

    store: str
    name: str
    why: str


@dataclass(slots=True)
class Erased:
    """What was done, over all stores.

    Attributes:
        originals: how many copies of originals were erased, those in quarantine among them.
        transactions: how many copies of transactions gave way.
        packs: how many packs of features gave way.
        left: what is not erased yet.
        notes: what is no fault.
    """

    originals: int = 0
    transactions: int = 0
    packs: int = 0
    left: list[Unerased] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)

    @property
    def anything(self) -> bool:
        """Whether anything was left to be done."""
        return bool(self.originals or self.transactions or self.packs)


class Eraser:
    """Carries out the withdrawals that the catalogue knows; see the steps above.

    Args:
        archive: the archive.
        items: those that are carried out; all that were withdrawn by default.
        thorough: read every pack, also where a store shows no trace of an item any more.
    """

    def __init__(self, archive: Archive, items: Sequence[str] | None = None, *, thorough: bool = False) -> None:
        with archive.catalogue.asking() as questions:
            known = [each.item for each in tombstones(questions)]
            self._items = known if items is None else sorted(set(items) & set(known))
            firsts = transactions_with(questions, self._items)
        self._archive = archive
        self._thorough = thorough
        self._transactions = {batch_name(first): first for first in firsts}
        self._raw = frozenset(bytes.fromhex(item) for item in self._items)
        self._digests = [Digest.parse(item) for item in self._items]
        self._originals = [object_name(digest) for digest in self._digests]
        self.erased = Erased()

    def erase(self, copies: Iterable[Replica]) -> Erased:
        """Erase in each of these stores what the withdrawals name.

        Raises:
            CatalogueError: the catalogue does not answer.
        """
        for copy in copies if self._items else ():
            try:
                self._in_store(copy.name, copy.store)
            except (LogError, StoreError) as error:
                self.erased.left.append(Unerased(copy.name, "", str(error)))
        return self.erased

    def _in_store(self, where: str, store: SingleStore) -> None:
        there = [name for name in self._originals if store.versions(name)]
        bodies = [(name, each) for name in self._transactions if (each := self._with_bodies(where, store, name))]
        aside = [name for name in store.names(QUARANTINE) if self._is_of_these(name)]
        if self._thorough or there or bodies or aside:
            self._packs(where, store)  # step 1
        for name, data in bodies:
            self._transaction(where, store, name, data)  # step 2
        for name in [*aside, *there]:  # steps 3 and 4
            self.erased.originals += store.erase(name)

    def _with_bodies(self, where: str, store: SingleStore, name: str) -> bytes | None:
        """A transaction's bytes in a store, where they or an older version of them are not what is to stay."""
        try:
            data = store.read(name, limit=LARGEST_BATCH)
        except ObjectMissing:
            if store.versions(name):
                why = "it was deleted, and older versions of it are there: `archiver audit --repair`, then this again"
                self.erased.left.append(Unerased(where, name, why))
            return None
        return None if data == self._wanted(name) and len(store.versions(name)) < 2 else data  # noqa: PLR2004 - itself

    def _wanted(self, name: str) -> bytes:
        held = self._archive.catalogue.transaction(self._transactions[name])
        if held is None:
            raise LogError(f"the catalogue does not hold {name} any more", hint="run `archiver verify`")
        return rendered(held)

    def _transaction(self, where: str, store: SingleStore, name: str, data: bytes) -> None:
        wanted = self._wanted(name)
        if not alike(data, wanted):
            why = "it is not the transaction that was published: `archiver audit --repair` first, then this again"
            self.erased.left.append(Unerased(where, name, why))
            return
        digest, found = Digest.of(wanted), Digest.of(data)
        store.supplant(name, io.BytesIO(wanted), digest=digest, size=len(wanted), found=found)
        if self._archive.kept is not None:
            store.protect(name, self._archive.kept)
        self.erased.transactions += 1

    def _is_of_these(self, name: str) -> bool:
        """Whether something in quarantine is of a withdrawn item, or of a transaction that tells of one."""
        while (stood := quarantined_of(name)) is not None:
            name, digest = stood
            if digest in self._digests:
                return True
        return name in self._originals or name in self._transactions

    def _packs(self, where: str, store: SingleStore) -> None:
        for name in store.names(FEATURES):
            named = pack_of(name)
            if named is None:
                continue
            data = store.read(name, limit=LARGEST)
            try:
                entries = read_pack(named[0], data)
            except InvalidPack as error:
                self.erased.notes.append(f"{name} in the store {where} is no pack and was left: {error}")
                continue
            if any(each.item in self._raw and each.size > _EMPTY for each in entries):
                without = [Entry(each.item, b"", b"") if each.item in self._raw else each for each in entries]
                made = write(named[0], without)
                digest, found = Digest.of(made), Digest.of(data)
                store.supplant(name, io.BytesIO(made), digest=digest, size=len(made), found=found)
                self.erased.packs += 1


_EMPTY = Entry(bytes(32), b"", b"").size

"""Filling each store with what it lacks and another one holds.

The steps, each of which may be the last one before the power fails; the same again finishes what is left:

1. The names of all stores are compared, part by part (``archiver.holdings``): originals first, then the log, time
   stamps, packs. What a store lacks is found so every time, never from a journal.
2. What is lacking is carried there (``archiver.carrying``): read, shown to be right, put create-only.
3. Copies of items in stores beside the main one are recorded, some hundred at a time, with what the new store keeps
   them under where another one had promised to. A copy that an earlier run made
   and did not live to record is read and hashed before it is.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from archiver.carrying import Amiss, Carried, Carrier
from archiver.catalogue.stores import without_copy_in
from archiver.catalogue.withdrawals import tombstones
from archiver.errors import LogError
from archiver.facts.acquisition import Copy
from archiver.facts.values import instant
from archiver.holdings import PARTS, compared
from archiver.promised import Promised
from archiver.settings import MAIN
from archiver.strays import STRAY, Strays
from storage.digest import Digest
from storage.errors import ObjectMissing, PlaceForeign, StoreError
from storage.layout import digest_of, object_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

    from archiver.archive import Archive
    from archiver.facts.fact import Fact
    from archiver.facts.vocabulary import CopyCheck
    from archiver.replica import Replica

RECORDED_TOGETHER: Final = 500
"""Copies that are recorded in one transaction."""


@dataclass(slots=True)
class Filled:
    """What was done.

    Attributes:
        copied: how many names were copied into each store.
        bytes: how many bytes that was, over all stores.
        recorded: how many copies of items were recorded.
        altered: copies that were found not to be right, or could not be read; they stay as they are.
        left: what a store lacks all the same.
        failed: why a store was given up, by its name.
    """

    copied: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    recorded: int = 0
    altered: list[Amiss] = field(default_factory=list)
    left: list[Amiss] = field(default_factory=list)
    failed: dict[str, StoreError] = field(default_factory=dict)


class Filling:
    """Fills stores; see the steps above.

    Args:
        archive: whose stores they are.
        targets: those that are filled; all of them are read from.
        jobs: how many names are carried at once.
        progress: told each time how many names were copied.
    """

    def __init__(
        self, archive: Archive, targets: Sequence[Replica], *, jobs: int, progress: Callable[[int], None]
    ) -> None:
        self.filled = Filled(copied={each.name: 0 for each in targets})
        self._archive = archive
        self._targets = targets
        self._ahead = jobs * 2
        self._progress = progress
        with archive.catalogue.asking() as questions:
            self._withdrawn = {each.item for each in tombstones(questions)}
        self._carrier = Carrier(archive, self.filled.failed)
        self._promised = Promised(archive)
        self._strays = Strays(archive)
        self._made: dict[str, tuple[int, CopyCheck]] = {}
        """Size and check of what was just copied, by store and item."""
        self._seen: dict[str, list[str]] = {each.name: [] for each in targets if each.name != MAIN}
        """Items of which a store beside the main one has a copy that may not be recorded yet."""
        self._pool = ThreadPoolExecutor(jobs, thread_name_prefix="sync")

    def fill(self) -> Filled:
        """Copy what is lacking, and record the copies.

        Raises:
            CatalogueError, LogError, StoreError: copies cannot be recorded; the next run records them.
        """
        usable = [copy for copy in self._archive.copies if self._usable(copy)]
        targets = [copy for copy in self._targets if copy in usable]
        with self._pool:
            for part in PARTS:
                self._fill(part, usable, targets)
            for copy in targets:
                self._record(copy)
        self._name_withdrawn(targets)
        for name, stores in self._strays.found.items():
            self.filled.altered += [Amiss(store, name, STRAY) for store in stores]
        return self.filled

    def _name_withdrawn(self, targets: Sequence[Replica]) -> None:
        """What somebody withdrew meanwhile may have been on its way: where it lies, it is named."""
        with self._archive.catalogue.asking() as questions:
            late = {each.item for each in tombstones(questions)} - self._withdrawn
        for copy in targets:
            for name in (object_name(Digest.parse(item)) for item in sorted(late)):
                if copy.name not in self.filled.failed and self._holds(copy, name):
                    why = "it was withdrawn while it was copied: `archiver withdraw` it again, which erases it here"
                    self.filled.left.append(Amiss(copy.name, name, why))

    def _holds(self, copy: Replica, name: str) -> bool:
        try:
            copy.store.head(name)
        except ObjectMissing:
            return False
        except StoreError as error:
            self.filled.failed[copy.name] = error
            return False
        return True

    def _usable(self, copy: Replica) -> bool:
        try:
            _ = copy.store
        except LogError as error:
            self.filled.failed[copy.name] = PlaceForeign(str(error), hint=error.hint)
        except StoreError as error:
            self.filled.failed[copy.name] = error
        return copy.name not in self.filled.failed

    def _fill(self, part: str, usable: Sequence[Replica], targets: Sequence[Replica]) -> None:
        """Steps 1 and 2 for one part of the archive."""
        waiting: deque[Future[Carried]] = deque()
        for name, holders in compared(usable, part, self.filled.failed, self._strays):
            if str(digest_of(name)) in self._withdrawn:
                continue  # it is to lie nowhere
            lacking = [each for each in targets if each not in holders]
            if lacking:
                waiting.append(self._pool.submit(self._carrier.carry, name, holders, lacking))
            for copy in holders:
                self._note(copy, name)
            while len(waiting) > self._ahead:
                self._take_in(waiting.popleft().result())
            for copy in targets:
                if len(self._seen.get(copy.name, ())) >= RECORDED_TOGETHER:
                    self._record(copy)
        while waiting:
            self._take_in(waiting.popleft().result())

    def _take_in(self, carried: Carried) -> None:
        filled = self.filled
        self._name(carried)
        for copy, check in carried.checks:
            filled.copied[copy.name] += 1
            filled.bytes += carried.size
            if (item := self._note(copy, carried.name)) is not None:
                self._made[f"{copy.name} {item}"] = carried.size, check
        if carried.checks:
            self._progress(sum(filled.copied.values()))

    def _name(self, carried: Carried) -> None:
        self.filled.altered += carried.altered
        self.filled.left += carried.left
        for copy, error in carried.lost:
            self.filled.failed.setdefault(copy.name, error)

    def _note(self, copy: Replica, name: str) -> str | None:
        digest = digest_of(name)
        if digest is None or copy.name not in self._seen:
            return None
        self._seen[copy.name].append(str(digest))
        return str(digest)

    def _record(self, copy: Replica) -> None:
        """Step 3: the copies that were seen in one store and are not recorded."""
        seen = self._seen.get(copy.name, [])
        if not seen:
            return
        with self._archive.catalogue.asking() as questions:
            wanted = sorted(without_copy_in(questions, seen, copy.url))
        moment = instant(self._archive.clock.now())
        facts: list[Fact] = []
        for item, size, check in self._checked(copy, wanted):
            name = object_name(Digest.parse(item))
            facts.append(Copy(item=item, store=copy.url, name=name, size=size, stored=moment, check=check))
            facts += self._promised.also_kept(copy, item, name)
        if facts:
            new = self._archive.record(lambda _: facts).new
            self.filled.recorded += sum(isinstance(each, Copy) and each.identity() in new for each in facts)
        for item in seen:
            self._made.pop(f"{copy.name} {item}", None)
        seen.clear()

    def _checked(self, copy: Replica, items: Iterable[str]) -> Iterator[tuple[str, int, CopyCheck]]:
        unknown = []
        for item in items:
            made = self._made.get(f"{copy.name} {item}")
            if made is None:
                unknown.append(item)
            else:
                yield item, *made
        names = [object_name(Digest.parse(item)) for item in unknown]
        for item, carried in zip(
            unknown, self._pool.map(lambda name: self._carrier.read_back(copy, name), names), strict=True
        ):
            self._name(carried)
            for _, check in carried.checks:
                yield item, carried.size, check

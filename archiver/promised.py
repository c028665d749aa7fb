"""What an object is to be kept under in one store, where it is put again or anew: by a repair, or by ``sync``.

1. What the store itself promised of an item, by the facts that stand, it is asked for again: always.
2. What another store promised of the item, it is asked for too if it has a lock that holds; and so it is for what
   ``[retention]`` asks for everything, which a store that is required is always asked for.
3. Derived data is kept under nothing.
"""

from __future__ import annotations

from functools import reduce
from threading import Lock
from typing import TYPE_CHECKING

from archiver.catalogue.protections import holds_of, promised, retentions_of
from archiver.facts.protection import LegalHold, Retention
from archiver.facts.values import instant
from archiver.facts.vocabulary import RetentionMode
from storage.guarantees import NOT_LOCKING
from storage.layout import DERIVED, digest_of
from storage.protection import Protection

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.facts.fact import Fact
    from archiver.replica import Replica


class Promised:
    """The promises of one archive's stores; safe to use from many threads.

    Args:
        archive: whose.
    """

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._locking: dict[str, bool] = {}
        self._trying = Lock()
        """A lock is tried on one object: two who try it at once would each find what the other does."""

    def of(self, name: str) -> dict[str, Protection]:
        """What stores promised of this object and must keep now, by URL: nothing of what is no item."""
        digest = digest_of(name)
        if digest is None:
            return {}
        with self._archive.asking() as questions:
            return promised(questions, [str(digest)], moment=self._archive.now).get(str(digest), {})

    def also_kept(self, copy: Replica, item: str, name: str) -> list[Fact]:
        """What a store that was given an item keeps it under as well as those that promised it before, as facts.

        Whoever had it set there, on the same authority, wants it kept here; what the store itself says counts.

        Raises:
            StoreError: it does not say.
        """
        with self._archive.asking() as questions:
            now = questions.now()
            retentions, holds = retentions_of(now, [item]).get(item, []), holds_of(now, [item]).get(item, [])
        standing = [each for each in retentions if each.retain_until > self._archive.now]
        enforced = [each for each in holds if each.enforced]
        if not (standing or enforced) or not self.locks(copy):
            return []
        facts: list[Fact] = []
        found = copy.store.protection(name)
        if standing and found.retention is not None and all(each.store != copy.url for each in standing):
            longest = max(standing, key=lambda each: each.retain_until)
            mode, until = RetentionMode(found.retention.mode), instant(found.retention.until)
            said = {"item": item, "store": copy.url, "by": longest.by, "authority": longest.authority}
            facts.append(Retention.model_validate({**said, "mode": mode, "retain_until": until}))
        if enforced and found.legal_hold and all(each.store != copy.url for each in holds):
            first = enforced[0]
            said = {"item": item, "store": copy.url, "by": first.by, "authority": first.authority}
            facts.append(LegalHold.model_validate({**said, "enforced": True, "reason": first.reason}))
        return facts

    def owed(self, copy: Replica, name: str) -> Protection | None:
        """What one store is to be asked for with this object's bytes, see the rules above.

        Raises:
            StoreError: the store does not say whether it locks.
        """
        if name.startswith(DERIVED):
            return None
        by_store = self.of(name)
        own = [by_store.pop(copy.url)] if copy.url in by_store else []
        kept = [] if self._archive.kept is None else [self._archive.kept]
        if copy.required:
            own, kept = [*own, *kept], []
        wished = [*kept, *by_store.values()]
        if wished and self.locks(copy):
            own += wished
        return reduce(Protection.with_all_of, own) if own else None

    def locks(self, copy: Replica) -> bool:
        """Whether a store has a lock that holds, tried once.

        Raises:
            StoreError: it does not answer.
        """
        with self._trying:
            if copy.url not in self._locking:
                self._locking[copy.url] = copy.store.object_lock() not in NOT_LOCKING
            return self._locking[copy.url]

"""Object Lock over several stores: a promise counts only where every required store keeps it.

1. What is asked for goes to every store. A required one that has no lock that holds refuses it, by name; to one that is
   not required, and has none, the bytes go without it, and that is noted.
2. What is told of an object is what the weakest required store says of it.
3. A legal hold is lifted in all of them. A required one that does not answer is an error, another one is noted: until
   the same command is repeated, the hold stays there.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from storage.errors import LockMissing, ObjectMissing, StoreError
from storage.guarantees import NOT_LOCKING
from storage.members import Member, Standing, named
from storage.protection import Protection

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Locks:
    """The locks of some stores.

    Args:
        members: the stores.
        standing: is told which of them failed.
    """

    def __init__(self, members: Sequence[Member], standing: Standing) -> None:
        self._members, self._standing = members, standing
        self._found: dict[str, str] = {}

    def tried(self, member: Member) -> str:
        """What Object Lock does in one store, tried once."""
        if member.name not in self._found:
            self._found[member.name] = member.store.object_lock()
        return self._found[member.name]

    def weakest(self) -> str:
        """What it does in the first required store where it does not hold; else in the first store."""
        told = [self.tried(member) for member in self._members if member.required]
        return next((each for each in told if each in NOT_LOCKING), told[0])

    def asked_of(self, member: Member, protection: Protection | None, name: str) -> Protection | None:
        """What is asked of one store when bytes are put (rule 1).

        Raises:
            StoreError: it cannot be asked.
        """
        if protection is None or member.required or self.tried(member) not in NOT_LOCKING:
            return protection
        self._standing.could_not_protect(member, name)
        return None

    def least(self, name: str) -> Protection:
        """Rule 2.

        Raises:
            ObjectMissing: a required store does not hold it.
        """
        return self._of_required(lambda member: member.store.protection(name))

    def protect(self, name: str, protection: Protection) -> Protection:
        """Rule 1, of an object that stands there; see ``Store.protect``."""

        def of(member: Member) -> Protection:
            return member.store.protect(name, protection)

        found = self._of_required(of)
        self._of_others(name, of)
        return found

    def release_hold(self, name: str) -> Protection:
        """Rule 3; see ``Store.release_hold``."""

        def of(member: Member) -> Protection:
            try:
                return member.store.release_hold(name)
            except LockMissing:
                return member.store.protection(name)  # none is kept there

        found = self._of_required(of)
        self._of_others(name, of)
        return found

    def _of_required(self, ask: Callable[[Member], Protection]) -> Protection:
        found = []
        for member in self._members:
            if not member.required:
                continue
            try:
                found.append(ask(member))
            except StoreError as error:
                raise named(error, member) from error
        return reduce(_weaker, found)

    def _of_others(self, name: str, ask: Callable[[Member], Protection]) -> None:
        for member in self._members:
            if member.required:
                continue
            try:
                ask(member)
            except (LockMissing, ObjectMissing):
                self._standing.could_not_protect(member, name)
            except StoreError as error:
                self._standing.could_not_ask(member, error)


def _weaker(one: Protection, other: Protection) -> Protection:
    kept = None
    if one.retention is not None and other.retention is not None:
        kept = other.retention if one.retention.covers(other.retention) else one.retention
    return Protection(kept, legal_hold=one.legal_hold and other.legal_hold)

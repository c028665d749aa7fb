"""What keeps an item from being deleted: a retention that a store enforces, and legal holds."""

from __future__ import annotations

from typing import ClassVar

from archiver.facts.fact import ItemFact, identity_of, matter_of
from archiver.facts.values import Instant, Name, Raw, Sha256Hex, Text
from archiver.facts.vocabulary import HoldState, RetentionMode


class Retention(ItemFact):
    """A store keeps an item's copy until a moment: what the store itself said was in force, when it was asked back.

    Attributes:
        store: the store's URL.
        mode: how firmly.
        retain_until: until when.
        by: who had it set.
        authority: on whose authority, where stated.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "retention"

    item: Sha256Hex
    store: Raw
    mode: RetentionMode
    retain_until: Instant
    by: Name
    authority: Text | None = None
    supersedes: Sha256Hex | None = None

    def matter(self) -> str:
        """This item's copy in this store."""
        return matter_of(self.item, identity_of("store", {"store": self.store}))


class LegalHold(ItemFact):
    """An item must not be deleted until somebody with authority says otherwise; lifting it is of the same kind.

    Attributes:
        store: the URL of the store whose copy it is about.
        state: set, or released.
        enforced: whether the store itself keeps the copy from being deleted; where it does not, the hold binds the
            archive and whoever reads it, and nobody else.
        by: who had it set or released.
        authority: on whose authority.
        reason: why, where stated.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "legal-hold"

    item: Sha256Hex
    store: Raw
    state: HoldState = HoldState.SET
    enforced: bool
    by: Name
    authority: Text
    reason: Text | None = None
    supersedes: Sha256Hex | None = None

    def matter(self) -> str:
        """This item's copy in this store."""
        return matter_of(self.item, identity_of("store", {"store": self.store}))

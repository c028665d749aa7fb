"""What an audit found: which copies were read and hashed, which of them failed, which were repaired.

A check is one statement a store and run, however many objects it read: a million statements a day that nothing changed
would bury the one that something did. ``covered`` commits to what was read, so that a later reader can compute it anew
from the log alone: see ``archiver.auditing.covered``.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field, StringConstraints

from archiver.facts.fact import Fact, identity_of
from archiver.facts.values import Instant, Raw, Sha256Hex
from archiver.facts.vocabulary import CopyCheck, CopyFault, EventOutcome, GoodCopy

Slice = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$")]
"""``3/30``: the third of thirty shares."""

Count = Annotated[int, Field(ge=0)]


class FixityCheck(Fact):
    """Copies in one store were read in full and hashed (PREMIS 3.0 ``fixity check``).

    Attributes:
        store: the store's URL, which never holds a credential.
        slice: which share of the originals was read; all of them where there is none.
        since: only originals were read that were not found whole since then; all of them where there is none.
        deep: whether every row of the catalogue was compared with the log, too.
        algorithm: by which the bytes were hashed.
        log_size: how many events of the log say what the store should hold.
        log_root: the root of the tree that they make.
        objects: how many objects were read, or should have been.
        bytes: how many bytes came.
        failed: how many copies were missing, corrupt, or less protected than their store had promised.
        unread: how many could not be read, which is neither loss nor success.
        covered: SHA-256 over what was read and how it ended, name by name.
        outcome: of the whole.
        started: when the first byte was asked for; a check that was broken off and taken up began then.
        ended: when the last one had come.
    """

    kind_of_fact: ClassVar[str] = "fixity-check"
    incidental: ClassVar[frozenset[str]] = frozenset({"ended"})

    store: Raw
    slice: Slice | None = None
    since: Instant | None = None
    deep: bool = False
    algorithm: Literal["SHA-256"] = "SHA-256"
    log_size: Count
    log_root: Sha256Hex
    objects: Count
    bytes: Count
    failed: Count
    unread: Count
    covered: Sha256Hex
    outcome: EventOutcome
    started: Instant
    ended: Instant

    def subject(self) -> str:
        """The store."""
        return store_identity(self.store)


class FixityFailure(Fact):
    """One copy that a check did not find as it should be (PREMIS 3.0 ``fixity check``, outcome ``fail``).

    Attributes:
        item: the item that it is a copy of; none of a list of fingerprints, of the log or of a time stamp.
        store: the store's URL.
        name: the object's name in that store.
        fault: what is amiss.
        expected: SHA-256 that the bytes should have, where that is known.
        found: SHA-256 of the bytes that came, where any did.
        size: how many bytes came.
        detail: why it could not be read; what was promised and what is in force.
        started: when the check began, by which it is known in its store.
        observed: when it was found so.
    """

    kind_of_fact: ClassVar[str] = "fixity-failure"
    incidental: ClassVar[frozenset[str]] = frozenset({"observed"})

    item: Sha256Hex | None = None
    store: Raw
    name: Raw
    fault: CopyFault
    expected: Sha256Hex | None = None
    found: Sha256Hex | None = None
    size: Count | None = None
    detail: Raw | None = None
    started: Instant
    observed: Instant

    def subject(self) -> str:
        """The item, or the object."""
        return self.item or object_identity(self.name)


class Repair(Fact):
    """A copy that was missing, corrupt or unprotected is as it should be again (PREMIS 3.0 ``recovery``).

    Attributes:
        item: the item that it is a copy of; none of a list of fingerprints, of the log or of a time stamp.
        store: the store's URL.
        name: the object's name in that store.
        sha256: of the bytes that stand there now.
        fault: what was amiss.
        found: SHA-256 of the bytes that stood there, where any did.
        set_aside: the name under which those are kept in the same store (PREMIS 3.0 ``quarantine``).
        good_copy: what kind of place the right bytes came from.
        source: which one: a store's URL, a version's name.
        check: what showed that the copy is whole.
        repaired: when.
    """

    kind_of_fact: ClassVar[str] = "repair"

    item: Sha256Hex | None = None
    store: Raw
    name: Raw
    sha256: Sha256Hex
    fault: CopyFault
    found: Sha256Hex | None = None
    set_aside: Raw | None = None
    good_copy: GoodCopy
    source: Raw | None = None
    check: CopyCheck
    repaired: Instant

    def subject(self) -> str:
        """The item, or the object."""
        return self.item or object_identity(self.name)


def store_identity(url: str) -> str:
    """The identity of the store at this URL."""
    return identity_of("store", {"url": url})


def object_identity(name: str) -> str:
    """The identity of an object that is no item, by its name, in whichever store."""
    return identity_of("object", {"name": name})

"""How an item is to be handled: what care is owed, with whom it may be shared, which case it belongs to, its tags."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from archiver.facts.fact import Fact, ItemFact, identity_of, matter_of
from archiver.facts.values import Edtf, Name, Sha256Hex, Text
from archiver.facts.vocabulary import CaseState, FlagState, SensitivityFlag, State, TrafficLight

Scheme = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")]
"""The name of a vocabulary that a tag's code belongs to (``iptc``, ``own``)."""


class Sensitivity(ItemFact):
    """Care is owed: why, who says so, on what basis. Lifting a flag is a statement of the same kind.

    Attributes:
        flag: why.
        state: set, or taken off again.
        by: who says so.
        basis: what that rests on.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "sensitivity"

    item: Sha256Hex
    flag: SensitivityFlag
    state: FlagState = FlagState.FLAGGED
    by: Name
    basis: Text
    supersedes: Sha256Hex | None = None

    def matter(self) -> str:
        """This flag of this item."""
        return matter_of(self.item, self.flag)


class Sharing(ItemFact):
    """With whom an item may be shared (TLP 2.0).

    Attributes:
        tlp: the label.
        by: who says so.
        basis: what that rests on.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "sharing"

    item: Sha256Hex
    tlp: TrafficLight
    by: Name
    basis: Text
    supersedes: Sha256Hex | None = None

    def matter(self) -> str:
        """The item."""
        return self.item


class Case(Fact):
    """A case that items are gathered for.

    Attributes:
        title: by which it is known.
        mandate: on whose behalf and for what.
        lead: who leads it.
        members: who works on it.
        retention: until when its material is kept, where stated (EDTF).
        state: whether it is being worked on.
        reason: why it was closed or opened again.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "case"

    title: Name
    mandate: Text | None = None
    lead: Name | None = None
    members: tuple[Name, ...] = ()
    retention: Edtf | None = None
    state: CaseState = CaseState.OPEN
    reason: Text | None = None
    supersedes: Sha256Hex | None = None

    def subject(self) -> str:
        """The case, by its title alone."""
        return case_identity(self.title)

    def matter(self) -> str:
        """The case."""
        return self.subject()


def case_identity(title: str) -> str:
    """The identity of the case of this title."""
    return identity_of("case", {"title": Case(title=title).title})


class CaseItem(ItemFact):
    """An item belongs to a case. It may belong to many.

    Attributes:
        case: by identity.
        by: who added it, where stated.
        note: why.
        state: whether it belongs, or was taken out again.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "case-item"

    item: Sha256Hex
    case: Sha256Hex
    by: Name | None = None
    note: Text | None = None
    state: State = State.STATED
    supersedes: Sha256Hex | None = None

    def matter(self) -> str:
        """This item in this case."""
        return matter_of(self.item, self.case)


class Tag(ItemFact):
    """A term of some vocabulary, attached to an item.

    Attributes:
        scheme: which vocabulary.
        code: the term's code in it.
        label: the term in words, where stated.
        by: who attached it, where stated.
        state: whether it is attached, or was taken off again.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "tag"

    item: Sha256Hex
    scheme: Scheme
    code: Name
    label: Name | None = None
    by: Name | None = None
    state: State = State.STATED
    supersedes: Sha256Hex | None = None

    def matter(self) -> str:
        """This term on this item."""
        return matter_of(self.item, self.scheme, identity_of("code", {"code": self.code}))

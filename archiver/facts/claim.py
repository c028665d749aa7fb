"""What somebody states about a picture, and how statements stand to one another."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, FiniteFloat

from archiver.facts.fact import ItemFact, as_read_back, matter_of
from archiver.facts.values import Name, Raw, Sha256Hex, Text
from archiver.facts.vocabulary import ClaimKind, ClaimManner, ClaimRelation, State

Whole = Annotated[int, Field(ge=-(2**53) + 1, le=2**53 - 1)]
"""A whole number that every reader of JSON reads back as it was written (RFC 8785, I-JSON)."""

Value = Annotated[dict[Name, Name | Whole | FiniteFloat], AfterValidator(as_read_back)]
"""A structured value: names and numbers or words (``{"casualties": 1000, "side": "DPRK"}``)."""


class Claim(ItemFact):
    """Someone states something about the picture (schema.org ``Claim``). Claims may contradict one another.

    Attributes:
        text: the statement.
        kind: what it is about.
        value: the same in numbers or words that can be compared, where it has such.
        manner: stated in so many words, implied, or as somebody reads it; nothing where nobody said.
        claimant: the agent who states it, by identity; none where it is not known who does.
        claimant_account: the account that states it, by identity.
        sighting: the sighting that carried the statement, by identity.
        url: where it is stated.
    """

    kind_of_fact: ClassVar[str] = "claim"

    item: Sha256Hex
    text: Text
    kind: ClaimKind = ClaimKind.OTHER
    value: Value | None = None
    manner: ClaimManner | None = None
    claimant: Sha256Hex | None = None
    claimant_account: Sha256Hex | None = None
    sighting: Sha256Hex | None = None
    url: Raw | None = None


class ClaimLink(ItemFact):
    """Somebody finds that one claim supports, contradicts, refines or repeats another.

    Attributes:
        item: the item of the first claim.
        claim: the first claim, by identity.
        relation: what it does to the other.
        other: the other claim, by identity; it may be about another item.
        by: who finds so, where stated.
        basis: why, where stated.
        state: whether it is said, or was taken back.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "claim-link"

    item: Sha256Hex
    claim: Sha256Hex
    relation: ClaimRelation
    other: Sha256Hex
    by: Name | None = None
    basis: Text | None = None
    state: State = State.STATED
    supersedes: Sha256Hex | None = None

    def matter(self) -> str:
        """The two claims and the relation; for the symmetric ones, whichever is named first."""
        pair = (self.claim, self.other)
        if self.relation in (ClaimRelation.CONTRADICTS, ClaimRelation.SAME_AS):
            pair = (min(pair), max(pair))
        return matter_of(self.relation, *pair)

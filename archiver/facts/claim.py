"""What somebody states about a picture, and how statements stand to one another."""

from __future__ import annotations

import math
import re
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field, FiniteFloat

from archiver.facts.fact import LARGEST_WHOLE, ItemFact, as_read_back, matter_of
from archiver.facts.values import Name, Raw, Sha256Hex, Text
from archiver.facts.vocabulary import ClaimKind, ClaimManner, ClaimRelation, State

_DIGITS = 17
"""Of the largest whole number, with a sign and to spare: longer ones are not even read."""

Whole = Annotated[int, Field(ge=-(2**53) + 1, le=2**53 - 1)]
"""A whole number that every reader of JSON reads back as it was written (RFC 8785, I-JSON)."""

Value = Annotated[dict[Name, Name | Whole | FiniteFloat], AfterValidator(as_read_back)]
"""A structured value: names and numbers or words (``{"casualties": 1000, "side": "DPRK"}``)."""


_WHOLE = re.compile(r"-?(0|[1-9][0-9]*)")
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_GROUPED = re.compile(r"[.,'_\s]")


def value_of(text: str) -> str | int | float:
    """The number that a text is; text that merely looks like one (``007``, ``1,000``, ``nan``) stays as it is.

    Raises:
        ValueError: it is a whole number that would not be read back as it was written.
    """
    text = text.strip()
    if _WHOLE.fullmatch(text):
        if len(text) > _DIGITS or abs(int(text)) > LARGEST_WHOLE:
            raise ValueError(f"{text} is beyond {LARGEST_WHOLE} and cannot be kept exactly")
        return int(text)
    if _DECIMAL.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else text
    return text


def looks_like_number(word: str) -> bool:
    """Whether somebody may take this word for a number, which it is not compared as."""
    try:
        float(_GROUPED.sub("", word))
    except ValueError:
        return False
    return True


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

"""How two pictures are related. A program suggests; a person confirms or rejects, and is not asked again."""

from __future__ import annotations

from typing import ClassVar, Self

from pydantic import model_validator

from archiver.facts.fact import ItemFact, matter_of
from archiver.facts.values import Name, Sha256Hex, Text
from archiver.facts.vocabulary import Action, RelationState, RelationType


class Relation(ItemFact):
    """Two items are the same picture, or one derives from the other, or they are not related.

    Attributes:
        item: the one; of a derivation, what was derived.
        other: the other; of a derivation, what it was derived from.
        type: how they are related.
        action: what was done to the other to make the one, where that is known.
        state: suggested, confirmed or rejected.
        by: the person who decided, or the program that suggests.
        basis: why.
        supersedes: the identity of the statement before it about this pair, where there is one.
    """

    kind_of_fact: ClassVar[str] = "relation"

    item: Sha256Hex
    other: Sha256Hex
    type: RelationType
    action: Action | None = None
    state: RelationState
    by: Name
    basis: Text
    supersedes: Sha256Hex | None = None

    @model_validator(mode="after")
    def _of_two(self) -> Self:
        if self.item == self.other:
            raise ValueError("an item is not related to itself")
        return self

    def matter(self) -> str:
        """The pair, whichever of the two is named first."""
        return matter_of(*sorted((self.item, self.other)))

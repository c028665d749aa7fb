"""``archiver relate``: a person says how two items are related, or confirms or rejects what a program suggested.

What a person decided about a pair stands until a person decides otherwise: no program suggests it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import InputRefused, UsageError
from archiver.facts.fact import matter_of
from archiver.facts.relation import Relation
from archiver.facts.vocabulary import Action, RelationState, RelationType
from archiver.provenance import checked

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions


@dataclass(frozen=True, slots=True)
class Decided:
    """The relation as recorded; ``added`` is false where it stood so already."""

    number: int
    item: str
    other: str
    type: str
    action: str | None
    state: str
    by: str
    added: bool


def relate(
    archive: Archive,
    item: str,
    other: str,
    *,
    state: RelationState = RelationState.CONFIRMED,
    relation: RelationType | None = None,
    action: Action | None = None,
    by: str,
    basis: str,
) -> Decided:
    """Record a decision on two items; of a derivation, ``item`` was derived from ``other``.

    Args:
        archive: the archive.
        item: the one.
        other: the other.
        state: confirmed or rejected.
        relation: how they are related; by default as it was suggested.
        action: what was done to the other to make the one.
        by: the person who decides.
        basis: why.

    Raises:
        InputRefused: no such items, or nothing was suggested and nothing said.
        UsageError: name or basis is empty, or the two are one item.
    """
    if not by.strip() or not basis.strip():
        raise UsageError("a decision needs a person and a basis", hint="say who decides (--by) and why (--basis)")
    one, two = archive.resolve(item), archive.resolve(other)
    if one == two:
        raise UsageError("that is one item, and not two", hint="name two different items")
    made: list[Relation] = []

    def build(questions: Questions) -> list[Relation]:
        pair = matter_of(*sorted((one, two)))
        suggested = questions.standing("relation", [pair]).get(pair)
        if suggested is None and relation is None:
            raise InputRefused(
                "nothing is recorded of this pair that could be confirmed or rejected",
                hint="say how they are related: --type",
            )
        before = suggested.statement if suggested else {}
        ends = (one, two) if relation is not None else (before["item"], before["other"])
        said = relation or RelationType(before["type"])
        if action is not None and said is RelationType.NOT_RELATED:
            raise UsageError(
                "--action says what was done to one to make the other, and they are said not to be related",
                hint="leave --action out, or say --type prov:wasDerivedFrom",
            )
        made[:] = [
            checked(
                Relation,
                "basis",
                item=ends[0],
                other=ends[1],
                type=said,
                action=action if relation is not None or action is not None else before.get("action"),
                state=state,
                by=by,
                basis=basis,
            )
        ]
        return made

    recorded = archive.record(build)
    identity = made[0].identity()
    said = made[0]
    return Decided(
        number=recorded.numbers[identity],
        item=said.item,
        other=said.other,
        type=str(said.type),
        action=str(said.action) if said.action else None,
        state=str(said.state),
        by=said.by,
        added=identity in recorded.new,
    )

"""Relations between items: what is recorded of a pair, and which items are confirmed to be the same picture."""

from __future__ import annotations

from collections import defaultdict, deque
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.answers import Conflict, Related
from archiver.catalogue.questions import pick
from archiver.catalogue.tables.row import table
from archiver.catalogue.tables.statements import RelationRow
from archiver.facts.vocabulary import RelationState, RelationType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archiver.catalogue.questions import Questions

RELATION = table(RelationRow)

_SUGGESTED = RELATION.c.state == sa.literal_column(f"'{RelationState.SUGGESTED}'")
"""Written out, or no database could know that its index of suggestions will do."""

CONFIRMED = (RELATION.c.state == RelationState.CONFIRMED, RELATION.c.type != RelationType.NOT_RELATED)
"""The condition that a person decided that both show the same."""

MOST_IN_A_CLUSTER = 10_000
"""Items that a cluster is followed over; a larger one is cut off there."""


def relations_of(questions: Questions, items: Sequence[str]) -> dict[str, list[Related]]:
    """The relations that stand, by item, each read from that item."""
    query = sa.select(RELATION).where(questions.stands(RELATION))
    found: dict[str, list[Related]] = defaultdict(list)
    for row in questions.rows(query, RELATION.c.item, items, order=RELATION.c.number):
        found[row["item"]].append(pick(Related, row, item=row["other"], direction=_direction(row, derived=True)))
    for row in questions.rows(query, RELATION.c.other, items, order=RELATION.c.number):
        found[row["other"]].append(pick(Related, row, direction=_direction(row, derived=False)))
    return found


def clusters(questions: Questions, items: Iterable[str]) -> dict[str, list[str]]:
    """For each item, all items that confirmed relations make the same picture, itself first."""
    edges: dict[str, set[str]] = defaultdict(set)
    seen, fresh = set(items), sorted(set(items))
    query = sa.select(RELATION.c.item, RELATION.c.other).where(questions.stands(RELATION), *CONFIRMED)
    start = list(fresh)
    while fresh and len(seen) < MOST_IN_A_CLUSTER:
        rows = [*questions.rows(query, RELATION.c.item, fresh), *questions.rows(query, RELATION.c.other, fresh)]
        for row in rows:
            edges[row["item"]].add(row["other"])
            edges[row["other"]].add(row["item"])
        ends = {row[end] for row in rows for end in ("item", "other")}
        fresh = sorted(ends - seen)
        seen |= ends
    return {item: reached(item, edges) for item in start}


def copies_of(questions: Questions, own: sa.Select[Any]) -> list[str]:
    """The confirmed copies of the items that are selected, without those themselves."""
    reached = own.cte("reached", recursive=True)
    other = sa.case((RELATION.c.item == reached.c.item, RELATION.c.other), else_=RELATION.c.item)
    either = sa.or_(RELATION.c.item == reached.c.item, RELATION.c.other == reached.c.item)
    further = sa.select(other).select_from(reached.join(RELATION, either)).where(questions.stands(RELATION), *CONFIRMED)
    reached = reached.union(further)
    return sorted(questions.connection.scalars(sa.select(reached.c.item).except_(own)))


def derivations(questions: Questions, items: Sequence[str]) -> list[tuple[int, str, str]]:
    """The confirmed derivations of these items: the relation's number, what was derived, and from what."""
    query = sa.select(RELATION.c.number, RELATION.c.item, RELATION.c.other).where(
        questions.stands(RELATION),
        RELATION.c.state == RelationState.CONFIRMED,
        RELATION.c.type == RelationType.DERIVED_FROM,
    )
    rows = questions.rows(query, RELATION.c.item, items, order=RELATION.c.number)
    return [(row["number"], row["item"], row["other"]) for row in rows]


def conflicts(questions: Questions, copies: Mapping[str, Sequence[str]]) -> dict[str, list[Conflict]]:
    """The pairs in each item's cluster that a person says are not related.

    Args:
        questions: at the place of the log that is asked about.
        copies: each item's cluster (``clusters``).
    """
    columns = (RELATION.c.number, RELATION.c.item, RELATION.c.other, RELATION.c.by, RELATION.c.basis)
    decided = sa.select(*columns).where(questions.stands(RELATION), RELATION.c.state == RelationState.CONFIRMED)
    every = sorted({copy for cluster in copies.values() if len(cluster) > 1 for copy in cluster})
    apart = questions.rows(
        decided.where(RELATION.c.type == RelationType.NOT_RELATED), RELATION.c.item, every, order=RELATION.c.number
    )
    found: dict[str, list[Conflict]] = defaultdict(list)
    edges: dict[str, dict[str, int]] = defaultdict(dict)
    if apart:
        tied = decided.where(RELATION.c.type != RelationType.NOT_RELATED)
        for row in questions.rows(tied, RELATION.c.item, every, order=RELATION.c.number):
            edges[row["item"]][row["other"]] = edges[row["other"]][row["item"]] = row["number"]
    for item, cluster in copies.items() if apart else ():
        members = set(cluster)
        for row in apart:
            if row["item"] in members and row["other"] in members:
                against = _path(row["item"], row["other"], edges)
                found[item].append(pick(Conflict, row, relation=row["number"], against=against))
    return found


def suggested(questions: Questions, *, after: int = -1, limit: int = 100) -> list[tuple[int, str, str, str]]:
    """Pairs that a program suggests and nobody has decided on: number, both items, why; oldest first."""
    query = (
        sa.select(RELATION.c.number, RELATION.c.item, RELATION.c.other, RELATION.c.basis)
        .where(questions.stands(RELATION), _SUGGESTED, RELATION.c.number > after)
        .order_by(RELATION.c.number)
        .limit(limit)
    )
    return [(row.number, row.item, row.other, row.basis) for row in questions.connection.execute(query)]


def suggested_for(questions: Questions, items: Sequence[str]) -> list[tuple[int, str, str]]:
    """Pairs of these items with others that nobody has decided on: number, the item, the other; each both ways."""
    query = sa.select(RELATION.c.number, RELATION.c.item, RELATION.c.other, RELATION.c.state)
    query = query.where(questions.stands(RELATION))
    found = set()
    for own, other in (("item", "other"), ("other", "item")):
        for row in questions.rows(query, RELATION.c[own], items):
            if row["state"] == RelationState.SUGGESTED:
                found.add((row["number"], row[own], row[other]))
    return sorted(found)


def kept_apart(questions: Questions) -> list[tuple[str, str]]:
    """Every pair of which a person decided that it is not one picture: rejected, or confirmed not to be related."""
    not_related = RELATION.c.type == RelationType.NOT_RELATED
    apart = sa.or_(
        sa.and_(RELATION.c.state == RelationState.REJECTED, sa.not_(not_related)),
        sa.and_(RELATION.c.state == RelationState.CONFIRMED, not_related),
    )
    query = sa.select(RELATION.c.item, RELATION.c.other).where(questions.stands(RELATION), apart)
    return [(row.item, row.other) for row in questions.connection.execute(query.order_by(RELATION.c.number))]


def count_suggested(questions: Questions) -> int:
    """How many pairs wait for a decision."""
    waiting = (questions.stands(RELATION), _SUGGESTED)
    return questions.connection.scalar(sa.select(sa.func.count()).select_from(RELATION).where(*waiting)) or 0


def _direction(row: sa.RowMapping, *, derived: bool) -> str:
    if row["type"] != RelationType.DERIVED_FROM:
        return "mutual"
    return "derived-from-it" if derived else "source-of-it"


def _path(one: str, other: str, edges: Mapping[str, Mapping[str, int]]) -> list[int]:
    """The relations that lead from one item to another, as few as do."""
    paths: dict[str, list[int]] = {one: []}
    waiting = deque([one])
    while waiting and other not in paths:
        at = waiting.popleft()
        for further, number in edges.get(at, {}).items():
            if further not in paths:
                paths[further] = [*paths[at], number]
                waiting.append(further)
    return paths.get(other, [])


def reached(item: str, edges: Mapping[str, set[str]]) -> list[str]:
    """All that edges lead to from an item, itself first."""
    found, fresh = [item], [item]
    while fresh:
        fresh = sorted({each for one in fresh for each in edges.get(one, ())} - set(found))
        found += fresh
    return found

"""What listed items have in common, as sets of item numbers that the database walks along in the order of the list.

The law: each filter is a set that can be used in two ways, and neither looks at more than it must.

* *Walked along*: an index holds the set's members in the order of the list (``OfItem.item_number``), so the first page
  of a set of a hundred thousand costs no more than that of a set of fifty. Several values are several such walks,
  merged; more of them than ``MOST_WALKS`` are collected and sorted.
* *Asked*: whether one item is a member, by the same index.

Of several filters the smallest set is walked along, and the others are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from archiver.catalogue.fulltext import Wanted, matching, speaks
from archiver.catalogue.questions import ITEM
from archiver.catalogue.tables.items import PhraseRow
from archiver.catalogue.tables.row import table

if TYPE_CHECKING:
    from archiver.catalogue.questions import Questions

PHRASE = table(PhraseRow)

MOST_WALKS = 16
"""How many values of one column are walked along side by side."""

Condition = sa.ColumnElement[bool]
Conditions = Callable[[Any], Sequence[Condition]]
"""The conditions that a row of this table fulfils; the table comes under a name of its own."""


class Chosen(Protocol):
    """A set of items."""

    def walks(self) -> list[tuple[sa.Select[Any], sa.ColumnElement[int]]]:
        """Selections of members' numbers, with the column of the number; together they find every member."""
        ...

    def has(self, number: sa.ColumnElement[int], name: str) -> Condition:
        """The condition that the item of this number is a member; ``name`` is not used elsewhere in the statement."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """The items of the rows that fulfil any of some conditions."""

    any_of: Sequence[tuple[sa.Table, Conditions]]

    def walks(self) -> list[tuple[sa.Select[Any], sa.ColumnElement[int]]]:
        """See ``Chosen``."""
        found = []
        for place, (of, conditions) in enumerate(self.any_of):
            rows = of.alias(f"walk_{place}")
            held = rows.c.item_number >= 0  # an index finds what is not null by that
            found.append(
                (sa.select(rows.c.item_number.label("number")).where(held, *conditions(rows)), rows.c.item_number)
            )
        return found

    def has(self, number: sa.ColumnElement[int], name: str) -> Condition:
        """See ``Chosen``."""
        asked = []
        for place, (of, conditions) in enumerate(self.any_of):
            rows = of.alias(f"{name}_{place}")
            asked.append(sa.exists(sa.select(rows.c.number).where(rows.c.item_number == number, *conditions(rows))))
        return sa.or_(*asked)


@dataclass(frozen=True, slots=True)
class Without:
    """The items that are not in a set, among those that fulfil some conditions of their own."""

    sets: Sequence[Rows] = ()
    own: Conditions | None = None

    def walks(self) -> list[tuple[sa.Select[Any], sa.ColumnElement[int]]]:
        """See ``Chosen``."""
        items = ITEM.alias("walk")
        conditions = [] if self.own is None else self.own(items)
        outside = [sa.not_(each.has(items.c.first, f"out_{place}")) for place, each in enumerate(self.sets)]
        return [(sa.select(items.c.first.label("number")).where(*conditions, *outside), items.c.first)]

    def has(self, number: sa.ColumnElement[int], name: str) -> Condition:
        """See ``Chosen``."""
        asked = [sa.not_(each.has(number, f"{name}_{place}")) for place, each in enumerate(self.sets)]
        if self.own is not None:
            items = ITEM.alias(name)
            asked.append(sa.exists(sa.select(items.c.first).where(items.c.first == number, *self.own(items))))
        return sa.and_(sa.true(), *asked)


@dataclass(frozen=True, slots=True)
class Saying:
    """The items of which all these words are said."""

    questions: Questions
    words: Sequence[Wanted]

    def walks(self) -> list[tuple[sa.Select[Any], sa.ColumnElement[int]]]:
        """See ``Chosen``."""
        of, number, matches = matching(self.questions.connection.dialect.name, self.words)
        return [(sa.select(number.label("number")).select_from(of).where(matches, *self._then(number, "said")), number)]

    def has(self, number: sa.ColumnElement[int], name: str) -> Condition:
        """See ``Chosen``."""
        spoken = speaks(self.questions.connection.dialect.name, self.words, number)
        return sa.and_(spoken, *self._then(number, name))

    def _then(self, number: sa.ColumnElement[int], name: str) -> list[Condition]:
        """The index knows what was said later too: each text tells when it was said."""
        if self.questions.horizon is None:
            return []
        conditions: list[Condition] = []
        for place, (word, field) in enumerate(self.words):
            said = PHRASE.alias(f"{name}_{place}")
            pattern = f"% {word.removesuffix('*')}%" if word.endswith("*") else f"% {word} %"
            spoken = (sa.literal(" ") + said.c.words + sa.literal(" ")).like(pattern)
            about = [said.c.item_number == number, *self.questions.known(said), spoken]
            if field is not None:
                about.append(said.c.field == field)
            conditions.append(sa.exists(sa.select(said.c.number).where(*about)))
        return conditions


def values(of: sa.Table, column: str, wanted: Sequence[str], also: Conditions) -> list[tuple[sa.Table, Conditions]]:
    """The rows whose column has one of these values, as walks that are each in order where that is possible."""
    if len(wanted) > MOST_WALKS or not wanted:
        return [(of, lambda rows: (rows.c[column].in_(wanted), *also(rows)))]

    def walk(value: str) -> tuple[sa.Table, Conditions]:
        return of, lambda rows: (rows.c[column] == value, *also(rows))

    return [walk(value) for value in wanted]


def numbers(
    walked: Chosen,
    asked: Sequence[Chosen],
    bound: Callable[[sa.ColumnElement[int]], Sequence[Condition]],
    *,
    reverse: bool,
) -> sa.Select[Any] | sa.CompoundSelect[Any]:
    """The numbers of the items in all these sets, in the order of the list.

    Args:
        walked: the set that is walked along.
        asked: the others.
        bound: what else holds of a number.
        reverse: the oldest first.
    """
    found = []
    for select, number in walked.walks():
        members = [each.has(number, f"asked_{place}") for place, each in enumerate(asked)]
        found.append((select.where(*bound(number), *members), number))
    label = sa.literal_column("number")
    if len(found) > 1:
        return sa.union(*(select for select, _ in found)).order_by(label.asc() if reverse else label.desc())
    ((select, number),) = found
    return select.distinct().order_by(number.asc() if reverse else number.desc())


def smallest(questions: Questions, sets: Sequence[Chosen], most: int) -> Chosen:
    """The smallest of these sets, each counted up to ``most`` members; the first of those that are alike."""
    if len(sets) == 1:
        return sets[0]

    def size(chosen: Chosen) -> int:
        walks = [select for select, _ in chosen.walks()]
        members = sa.union_all(*walks).limit(most) if len(walks) > 1 else walks[0].limit(most)
        return questions.connection.scalar(sa.select(sa.func.count()).select_from(members.subquery())) or 0

    return min(sets, key=size)

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

Number = sa.ColumnElement[int]
Condition = sa.ColumnElement[bool]
Walk = tuple[sa.Select[Any], Number]
"""A selection of members' numbers, labelled ``number``, and the column that they come from."""

Conditions = Callable[[Any], Sequence[Condition]]
"""The conditions that a row of this table fulfils; the table comes under a name of its own."""


class Chosen(Protocol):
    """A set of items."""

    def walks(self, *, collected: bool = False) -> list[Walk]:
        """Selections of members' numbers, with the column of the number; together they find every member.

        Args:
            collected: find them by what they have in common, even if they must be sorted then.
        """
        ...

    def has(self, number: Number, name: str) -> Condition:
        """The condition that the item of this number is a member; ``name`` is not used elsewhere in the statement."""
        ...


@dataclass(frozen=True, slots=True)
class Rows:
    """The items of the rows that fulfil any of some conditions.

    Attributes:
        any_of: tables, and the conditions on their rows.
        ranged: whether a range is asked for, which no index holds in the order of the list: a few are collected and
            sorted, of many the list is walked along and each item looked at.
    """

    any_of: Sequence[tuple[sa.Table, Conditions]]
    ranged: bool = False

    def walks(self, *, collected: bool = False) -> list[Walk]:
        """See ``Chosen``."""
        found = []
        for place, (of, conditions) in enumerate(self.any_of):
            rows = of.alias(f"walk_{place}")
            # A sum is in no index, so the index of what they have in common is all that is left.
            number = rows.c.item_number + 0 if collected else rows.c.item_number
            held = number >= 0  # an index finds what is not null by that
            found.append((sa.select(number.label("number")).where(held, *conditions(rows)), number))
        return found

    def has(self, number: Number, name: str) -> Condition:
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

    def walks(self, *, collected: bool = False) -> list[Walk]:  # noqa: ARG002 - there is only one way
        """See ``Chosen``."""
        items = ITEM.alias("walk")
        conditions = [] if self.own is None else self.own(items)
        outside = [sa.not_(each.has(items.c.first, f"out_{place}")) for place, each in enumerate(self.sets)]
        return [(sa.select(items.c.first.label("number")).where(*conditions, *outside), items.c.first)]

    def has(self, number: Number, name: str) -> Condition:
        """See ``Chosen``."""
        asked = [sa.not_(each.has(number, f"{name}_{place}")) for place, each in enumerate(self.sets)]
        if self.own is not None:
            items = ITEM.alias(name)
            asked.append(sa.exists(sa.select(items.c.first).where(items.c.first == number, *self.own(items))))
        return sa.and_(sa.true(), *asked)


@dataclass(frozen=True, slots=True)
class Among:
    """These items, written out and not bound: databases bound the number of parameters, and digests need no quoting."""

    items: Sequence[str]

    def walks(self, *, collected: bool = False) -> list[Walk]:  # noqa: ARG002 - there is only one way
        """See ``Chosen``."""
        items = ITEM.alias("these")
        return [(sa.select(items.c.first.label("number")).where(self._written(items)), items.c.first)]

    def has(self, number: Number, name: str) -> Condition:
        """See ``Chosen``."""
        items = ITEM.alias(name)
        return sa.exists(sa.select(items.c.first).where(items.c.first == number, self._written(items)))

    def _written(self, items: Any) -> Condition:
        written: sa.BindParameter[Any] = sa.bindparam(None, self.items, expanding=True, literal_execute=True)
        return items.c.item.in_(written)  # type: ignore[no-any-return] # a column of an alias has no type


@dataclass(frozen=True, slots=True)
class Either:
    """The items that are in any of some sets; ``ranged`` as in ``Rows``."""

    sets: Sequence[Chosen]
    ranged: bool = False

    def walks(self, *, collected: bool = False) -> list[Walk]:
        """See ``Chosen``."""
        return [walk for each in self.sets for walk in each.walks(collected=collected)]

    def has(self, number: Number, name: str) -> Condition:
        """See ``Chosen``."""
        return sa.or_(*(each.has(number, f"{name}_{place}") for place, each in enumerate(self.sets)))


@dataclass(frozen=True, slots=True)
class Saying:
    """The items of which all these words are said."""

    questions: Questions
    words: Sequence[Wanted]

    def walks(self, *, collected: bool = False) -> list[Walk]:  # noqa: ARG002 - there is only one way
        """See ``Chosen``."""
        of, number, matches = matching(self.questions.connection.dialect.name, self.words)
        return [(sa.select(number.label("number")).select_from(of).where(matches, *self._then(number, "said")), number)]

    def has(self, number: Number, name: str) -> Condition:
        """See ``Chosen``."""
        spoken = speaks(self.questions.connection.dialect.name, self.words, number)
        return sa.and_(spoken, *self._then(number, name))

    def _then(self, number: Number, name: str) -> list[Condition]:
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


@dataclass(frozen=True, slots=True)
class Way:
    """How the items in several sets are found.

    Attributes:
        walked: the set that is walked along.
        asked: the others.
        collected: whether its members are few enough to be collected and sorted.
    """

    walked: Chosen
    asked: Sequence[Chosen]
    collected: bool

    def numbers(
        self, bound: Callable[[Number], Sequence[Condition]], *, reverse: bool
    ) -> sa.Select[Any] | sa.CompoundSelect[Any]:
        """The numbers of the items in all the sets, in the order of the list.

        Args:
            bound: what else holds of a number.
            reverse: the oldest first.
        """
        found = []
        for select, number in self.walked.walks(collected=self.collected):
            members = [each.has(number, f"asked_{place}") for place, each in enumerate(self.asked)]
            found.append((select.where(*bound(number), *members), number))
        if len(found) > 1:
            label: Number = sa.literal_column("number")
            return sa.union(*(select for select, _ in found)).order_by(label.asc() if reverse else label.desc())
        ((select, number),) = found
        return select.distinct().order_by(number.asc() if reverse else number.desc())


def best_way(questions: Questions, sets: Sequence[Chosen], most: int) -> Way:
    """Walk along the smallest of these sets, each counted up to ``most`` members; the first of those that are alike."""
    if len(sets) == 1 and not getattr(sets[0], "ranged", False):
        return Way(sets[0], (), collected=False)

    def size(chosen: Chosen) -> int:
        walks = [select for select, _ in chosen.walks(collected=True)]
        members = sa.union_all(*walks).limit(most) if len(walks) > 1 else walks[0].limit(most)
        return questions.connection.scalar(sa.select(sa.func.count()).select_from(members.subquery())) or 0

    sizes = [size(each) for each in sets]
    least = sizes.index(min(sizes))
    return Way(sets[least], [*sets[:least], *sets[least + 1 :]], collected=sizes[least] < most)

"""What every table has in common, and the one rule by which statements stand.

The law: a statement on a matter stands from its own number until the number of the next statement on the same matter,
which the projection writes into ``until``. So what stood at any place of the log is one comparison, and *now* is the
end of the log. Facts without a matter stand from their number on.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar

import sqlalchemy as sa
from sqlmodel import Field, SQLModel
from sqlmodel.main import get_column_from_field

from archiver.catalogue.tables.typed import typed

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW: dict[str, Any] = {"extra": "ignore", "frozen": False, "validate_default": False, "defer_build": True}
"""The settings of a fact's row: it is filled column by column; the fact was validated before."""


_TABLES = sa.MetaData()


class Row(SQLModel):
    """What every table has in common: its validator is never made, because a row is filled column by column."""

    model_config = {"defer_build": True}  # or every command would pay for validators that none uses

    __table_args__: ClassVar[tuple[sa.Index, ...]] = ()


class Recorded(Row):
    """What every fact's row carries beside the fact.

    Attributes:
        number: the sequence number of its event: the fact's name among people.
        fact: the fact's identity, in full.
        recorded: when it was appended to the log.
        actor: who ran the command.
    """

    number: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    fact: str = Field(unique=True)
    recorded: str
    actor: str


class OfItem(Row):
    """A row that items are listed by.

    Attributes:
        item_number: the number of its item's first acquisition, by which items are ordered: so an index finds the
            items that have something in common in the very order in which they are listed. None while the item is
            not held.
    """

    item_number: int | None = Field(default=None, sa_type=sa.BigInteger)


class Standing(Recorded):
    """A statement on a matter.

    Attributes:
        on_matter: what it is about.
        until: the number of the statement that supersedes it; none while it stands.
    """

    on_matter: str
    until: int | None = Field(default=None, sa_type=sa.BigInteger)


def by_matter(name: str) -> sa.Index:
    """The index that finds what stands on a matter."""
    return sa.Index(f"{name}_matter", "on_matter", "number")


def listed_by(table_name: str, *columns: str) -> sa.Index:
    """The index that finds the items which have a value in common, in the order of the list."""
    return sa.Index(f"{table_name}_{'_'.join(columns)}", *columns, "item_number")


@cache
def table(row: type[Row]) -> sa.Table:
    """The table of a row class, made of its fields as SQLModel makes them.

    A class that SQLModel itself makes a table of is mapped, too, to objects that remember their row; nothing here makes
    such objects, and mapping two dozen classes took a fifth of the time in which a command starts.
    """
    columns = []
    for name, field in row.model_fields.items():
        column = get_column_from_field(field)
        column.name = column.key = name
        column.type = typed(column, row)
        columns.append(column)
    return sa.Table(str(row.__tablename__), _TABLES, *columns, *row.__table_args__)


def known(of: sa.FromClause, horizon: int | None) -> Sequence[sa.ColumnElement[bool]]:
    """Recorded before this place of the log (``None``: its end)."""
    return () if horizon is None else (of.c.number < horizon,)


def stands(of: sa.FromClause, horizon: int | None) -> sa.ColumnElement[bool]:
    """Recorded before this place of the log (``None``: its end), and not superseded before it."""
    if horizon is None:
        return of.c.until.is_(None)
    return sa.and_(of.c.number < horizon, sa.or_(of.c.until.is_(None), of.c.until >= horizon))

"""What the database was told to be, held against what this program makes: tables, indexes, and nothing beside them.

The law: rows are believed only of a plain table. A view, a rule or a row's own policy can show one thing to whoever
compares and another to whoever asks; a trigger can change what is added. So each of these is a difference, however
right the rows look at the moment. SQLite keeps every definition as text, which is compared whole; of PostgreSQL, where
a database may hold other things of its owner's, the tables that bear our names are looked at.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from archiver.catalogue.fulltext import INDEX
from archiver.catalogue.tables import MIRRORED, PROJECTED

if TYPE_CHECKING:
    from collections.abc import Iterator

_OF_SQLITE = "SELECT type, name, tbl_name, coalesce(sql, '') FROM main.sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"
"""Statistics are SQLite's own, made by whoever says ANALYZE."""

_COLUMNS = (
    "SELECT m.name, m.type, c.name, c.type FROM main.sqlite_master m, pragma_table_info(m.name) c"
    " WHERE m.type IN ('table', 'view')"
)

_ODD = re.compile(r"[\s\"`]+")
"""What may be spelled otherwise by another version of what writes our definitions, and means the same."""

_SHADOWS = f"{INDEX}_"
"""The tables behind the full-text index are defined by SQLite itself; what they hold is compared word by word."""

_OF_POSTGRESQL = sa.text(
    "SELECT c.relkind::text AS kind, c.relrowsecurity AS policies, c.relhasrules AS rules,"
    " EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal) AS triggers"
    " FROM pg_class c WHERE c.oid = to_regclass(:name)"
)

_WORDS = "index_words"


def departures(expected: sa.Connection, found: sa.Connection) -> Iterator[tuple[str, str]]:
    """What is defined otherwise than this program defines it: its name, and how.

    Args:
        expected: an SQLite database with the tables as this program makes them.
        found: the catalogue's database.
    """
    if found.dialect.name != "sqlite":
        yield from _of_postgresql(found)
        return
    ours, theirs = _of_sqlite(expected), _of_sqlite(found)
    for kind, name in sorted(ours.keys() | theirs.keys()):
        if (kind, name) not in theirs:
            yield f"{kind} {name}", "is missing: run `archiver rebuild`"
        elif (kind, name) not in ours:
            yield f"{kind} {name}", "is none that this program makes: run `archiver rebuild`"
        elif ours[kind, name] != theirs[kind, name]:
            yield f"{kind} {name}", "is defined otherwise than this program defines it: run `archiver rebuild`"


def misdeclared(found: sa.Connection) -> str:
    """What of our tables is no table any more, or has a column of another type than ours; empty where all is right.

    One statement, for whoever asks before each command: SQLite compares values by the type of their column, so
    conditions on one that was declared anew find other rows, and nothing fails. PostgreSQL refuses such conditions by
    itself. All else that may be defined otherwise is for ``departures`` to find.
    """
    if found.dialect.name != "sqlite":
        return ""
    theirs = {(of, column): (kind, declared) for of, kind, column, declared in found.exec_driver_sql(_COLUMNS)}
    for (of, column), declared in _declared().items():
        kind, other = theirs.get((of, column), ("nothing", ""))
        if (kind, other) != ("table", declared):
            return f"{of}.{column} is {other or 'of no type'} of a {kind}, where {declared} of a table is ours"
    return ""


@cache
def _declared() -> dict[tuple[str, str], str]:
    dialect = sqlite.dialect()
    return {
        (each.name, column.name): column.type.compile(dialect)
        for each in (*MIRRORED, *PROJECTED)
        for column in each.columns
    }


def index_departs(expected: sa.Connection, found: sa.Connection) -> bool:
    """Whether the full-text index finds other words than those of the documents.

    On SQLite it is a table of its own, and ``integrity_check`` does not compare the two; PostgreSQL makes its index of
    the documents itself.
    """
    if found.dialect.name != "sqlite" or ("table", INDEX) not in _of_sqlite(found):
        return False
    return any(one != other for one, other in zip_longest(_words(expected), _words(found)))


def drop_views(connection: sa.Connection) -> None:
    """Drop views that bear the names of our tables: a view holds nothing, and stands in the way of a table."""
    views = set(sa.inspect(connection).get_view_names())
    for each in (*MIRRORED, *PROJECTED):
        if each.name in views:
            connection.exec_driver_sql(f"DROP VIEW {_quoted(connection, each.name)}")


def drop_indexes(connection: sa.Connection) -> None:
    """Drop indexes that bear the names of ours when our tables are gone: of a table that was renamed they stay."""
    for each in (*MIRRORED, *PROJECTED):
        for index in each.indexes:
            connection.exec_driver_sql(f"DROP INDEX IF EXISTS {_quoted(connection, str(index.name))}")


def _quoted(connection: sa.Connection, name: str) -> str:
    return connection.dialect.identifier_preparer.quote(name)


def _of_sqlite(connection: sa.Connection) -> dict[tuple[str, str], tuple[str, str]]:
    rows = connection.exec_driver_sql(_OF_SQLITE)
    return {(kind, name): (of, _ODD.sub("", text)) for kind, name, of, text in rows if not name.startswith(_SHADOWS)}


def _of_postgresql(connection: sa.Connection) -> Iterator[tuple[str, str]]:
    for each in (*MIRRORED, *PROJECTED):
        row = connection.execute(_OF_POSTGRESQL, {"name": each.name}).first()
        if row is None:
            yield f"table {each.name}", "is missing"
            continue
        if row.kind != "r":
            yield f"table {each.name}", "is no table, but something that stands for one"
        for word, said in (("triggers", row.triggers), ("rules", row.rules), ("policies", row.policies)):
            if said:
                yield f"table {each.name}", f"has {word}, which this program never makes"


def _words(connection: sa.Connection) -> Iterator[tuple[object, ...]]:
    """Every word of the index with the item that it leads to, in the order of the index."""
    connection.exec_driver_sql(f"CREATE VIRTUAL TABLE temp.{_WORDS} USING fts5vocab(main, {INDEX}, instance)")
    try:
        words = sa.table(_WORDS, sa.column("term"), sa.column("doc"), schema="temp")
        for row in connection.execute(sa.select(words.c.term, words.c.doc)):
            yield tuple(row)
    finally:
        connection.exec_driver_sql(f"DROP TABLE temp.{_WORDS}")

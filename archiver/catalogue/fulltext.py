"""The full-text index: one document an item, made of the words that ``archiver.catalogue.words`` cut.

SQLite: an FTS5 table over ``search``, whose tokeniser (``ascii``) only splits at spaces there, because words hold no
other ASCII separators. PostgreSQL: a GIN index over the words as a ``tsvector``, made from an array, past its parser.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.tables.items import SearchRow
from archiver.catalogue.tables.row import table
from archiver.catalogue.words import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SEARCH = table(SearchRow)
Wanted = tuple[str, str | None]
"""A word, and the field that it is to stand in."""

INDEX = "search_index"
"""The index, on every database."""

_CHUNK = 500
LARGEST = 400_000
"""Bytes of an item's document: PostgreSQL takes at most 1 MB in one ``tsvector``. Words beyond it are not indexed."""

_ENDS = {"!", "~"}
"""What stands before and behind all words of a document, so that each has a space on both sides; no word itself."""

_VECTOR = "array_to_tsvector(string_to_array(search.words, ' '))"


DEFINITION = (
    f"CREATE VIRTUAL TABLE IF NOT EXISTS {INDEX} USING fts5("
    "words, content='search', content_rowid='first', tokenize='ascii', detail='none')"
)
"""The index on SQLite."""


def make_index(connection: sa.Connection) -> None:
    """Make the index beside the table ``search``."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(DEFINITION)
    else:
        connection.exec_driver_sql(f"CREATE INDEX IF NOT EXISTS {INDEX} ON search USING gin ({_VECTOR})")


def drop_index(connection: sa.Connection) -> None:
    """Drop it; PostgreSQL drops its own with the table."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS {INDEX}")


def add_words(connection: sa.Connection, phrases: Iterable[Mapping[str, Any]]) -> None:
    """Add the words of phrases (``item_number``, ``field``, ``words``) to the documents of their items, where held."""
    fresh: dict[int, set[str]] = {}
    for phrase in phrases:
        if phrase["item_number"] is not None:
            letter, words = FIELDS[phrase["field"]], phrase["words"].split()
            fresh.setdefault(phrase["item_number"], set()).update([letter + word for word in words])
    if not fresh:
        return
    before = _documents(connection, list(fresh))
    changed: list[dict[str, object]] = []
    made: list[dict[str, object]] = []
    for first, words in fresh.items():
        held = before.get(first)
        document = _document(held, words)
        if document == held:
            continue
        (made if held is None else changed).append({"at": first, "document": document})
    if connection.dialect.name == "sqlite" and changed:
        remove = sa.text(f"INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES('delete', :at, :document)")
        connection.execute(remove, [{"at": row["at"], "document": before[int(str(row["at"]))]} for row in changed])
    if changed:
        update = sa.update(_SEARCH).where(_SEARCH.c.first == sa.bindparam("at"))
        connection.execute(update.values(words=sa.bindparam("document")), changed)
    if made:
        connection.execute(sa.insert(_SEARCH), [{"first": row["at"], "words": row["document"]} for row in made])
    if connection.dialect.name == "sqlite" and (made or changed):
        insert = sa.text(f"INSERT INTO {INDEX}(rowid, words) VALUES(:at, :document)")
        connection.execute(insert, made + changed)


def remove_words(connection: sa.Connection, first: int) -> None:
    """Take the document of the item of this number away, and out of the index."""
    document = _documents(connection, [first]).get(first)
    if document is None:
        return
    if connection.dialect.name == "sqlite":
        remove = sa.text(f"INSERT INTO {INDEX}({INDEX}, rowid, words) VALUES('delete', :at, :document)")
        connection.execute(remove, {"at": first, "document": document})
    connection.execute(sa.delete(_SEARCH).where(_SEARCH.c.first == first))


def forget_removed(connection: sa.Connection) -> None:
    """Merge the index, so that what was taken out of it does not stay in its older parts (FTS5, ``optimize``)."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {INDEX}({INDEX}) VALUES('optimize')")


def matching(
    dialect: str, wanted: Sequence[Wanted]
) -> tuple[sa.FromClause, sa.ColumnElement[int], sa.ColumnElement[bool]]:
    """The items whose documents hold every word: from what, their numbers, under which condition.

    Args:
        dialect: SQLAlchemy's name of the database.
        wanted: (word, field), the word as ``archiver.catalogue.words.asked`` gives it; no field means any.
    """
    if dialect == "sqlite":
        expression = " AND ".join(f"({' OR '.join(_quoted(c) for c in _choices(*each))})" for each in wanted)
        index = sa.table(INDEX, sa.column("rowid", sa.BigInteger))
        return index, index.c.rowid, sa.literal_column(INDEX).bool_op("MATCH")(expression)
    return _SEARCH, _SEARCH.c.first, _holds(wanted)


def speaks(dialect: str, wanted: Sequence[Wanted], number: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """The condition that the document of the item of this number holds every word: for one item after the other.

    SQLite's index is made to be walked along, not to be asked about one document; the document itself tells faster.
    """
    if dialect != "sqlite":
        return sa.exists(sa.select(_SEARCH.c.first).where(_SEARCH.c.first == number, _holds(wanted)))
    said = [
        sa.or_(
            *(
                sa.func.instr(_SEARCH.c.words, f" {c.removesuffix('*')}{'' if c.endswith('*') else ' '}") > 0
                for c in choices
            )
        )
        for choices in (_choices(*each) for each in wanted)
    ]
    return sa.exists(sa.select(_SEARCH.c.first).where(_SEARCH.c.first == number, *said))


def _holds(wanted: Sequence[Wanted]) -> sa.ColumnElement[bool]:
    query = " & ".join(f"({' | '.join(_lexeme(c) for c in _choices(*each))})" for each in wanted)
    from sqlalchemy.dialects.postgresql import TSQUERY  # noqa: PLC0415 - only where that is the database

    return sa.literal_column(_VECTOR).bool_op("@@")(sa.cast(query, TSQUERY))


def _choices(word: str, field: str | None) -> list[str]:
    return [letter + word for letter in ([FIELDS[field]] if field else FIELDS.values())]


def _quoted(word: str) -> str:
    """A word as FTS5 reads it; words hold no quotation marks."""
    return f'"{word[:-1]}"*' if word.endswith("*") else f'"{word}"'


def _lexeme(word: str) -> str:
    """A word as a ``tsquery`` reads it; words hold no apostrophes and no backslashes."""
    return f"'{word[:-1]}':*" if word.endswith("*") else f"'{word}'"


def _documents(connection: sa.Connection, firsts: Sequence[int]) -> Mapping[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(firsts), _CHUNK):
        query = sa.select(_SEARCH.c.first, _SEARCH.c.words).where(_SEARCH.c.first.in_(firsts[start : start + _CHUNK]))
        found.update({row.first: row.words for row in connection.execute(query)})
    return found


def _document(held: str | None, fresh: set[str]) -> str:
    """The words of a document in order; what is held stays, and what is new is added while there is room."""
    words = set((held or "").split()) | _ENDS
    room = LARGEST - len((held or "").encode())
    for word in sorted(fresh - words):
        room -= len(word.encode()) + 1
        if room < 0:
            break
        words.add(word)
    return " ".join(sorted(words))

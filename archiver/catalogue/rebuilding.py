"""Making the catalogue anew from the log, and holding a catalogue against the log.

The law: both use the one projection (``archiver.catalogue.projection``), so a catalogue that was lost, rotten or edited
ends exactly where the log says, and whatever differs from the log is found row by row, whoever changed it; so is what
would show the rows otherwise than they are (``archiver.catalogue.definitions``).
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.definitions import departures, drop_indexes, drop_views, index_departs
from archiver.catalogue.engine import open_engine, reading, translated, writing
from archiver.catalogue.fulltext import INDEX, drop_index
from archiver.catalogue.mirror import LogHead, SealedBatch, add_batch, head, make_tables, pending
from archiver.catalogue.tables import MIRRORED, PROJECTED
from archiver.catalogue.tables.typed import as_it_lies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archiver.catalogue.catalogue import Catalogue
    from archiver.catalogue.mirror import Pending
    from archiver.facts.fact import Fact

Readable = tuple[int, SealedBatch, list[tuple[str, "Fact | None"]], bool]
"""First sequence number, the batch, its facts (none where one is withheld) with their identities, and whether the store
holds it."""

_ROWS_AT_A_TIME = 1000


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that is not what the log says."""

    table: str
    key: str
    detail: str


def replace(catalogue: Catalogue, batches: Iterable[Readable]) -> LogHead:
    """Throw the catalogue's tables away and make them anew, in one transaction: all or nothing.

    Raises:
        CatalogueError: the database does not answer, or is no database any more.
    """
    catalogue.refuse_another_archive()
    with writing(catalogue.engine, "define") as connection:
        drop_index(connection)
        drop_views(connection)
        for each in reversed((*MIRRORED, *PROJECTED)):
            each.drop(connection, checkfirst=True)
        drop_indexes(connection)
        return _fill(connection, batches, catalogue.origin)


def is_as_made(catalogue: Catalogue) -> bool:
    """Whether the database holds what this program makes, and nothing that stands in its place or beside it.

    Raises:
        CatalogueError: the database does not answer.
    """
    with (
        tempfile.TemporaryDirectory(prefix="archiver-rebuild-") as directory,
        _scratch(Path(directory)) as reference,
        reading(catalogue.engine) as found,
        reference.connect() as expected,
        expected.begin(),
    ):
        make_tables(expected, catalogue.origin)
        return next(departures(expected, found), None) is None


def differences(catalogue: Catalogue, log: Callable[[int, list[Pending]], Iterable[Readable]]) -> Iterator[Difference]:
    """Every row of the catalogue that differs from the projection of the log.

    The catalogue is held at one state meanwhile, so that concurrent writers are no difference.

    Args:
        catalogue: what is compared.
        log: gives the log up to a size, and what is committed and not published, as the catalogue takes it.
    """
    with (
        tempfile.TemporaryDirectory(prefix="archiver-verify-") as directory,
        _scratch(Path(directory)) as reference,
        reading(catalogue.engine) as found,
    ):
        with reference.connect() as connection, connection.begin():
            _fill(connection, log(head(found).size, pending(found)), catalogue.origin)
        yield from _damage(found)
        with reading(reference) as expected:
            for what, detail in departures(expected, found):
                yield Difference("(definitions)", what, detail)
            if index_departs(expected, found):
                yield Difference(INDEX, "(words)", "finds other words than those of the items: run `archiver rebuild`")
            for each in (*MIRRORED, *PROJECTED):
                try:
                    with translated(catalogue.engine):
                        yield from _compare(each, expected, found)
                except ValueError as error:  # a column of JSON that no longer parses
                    yield Difference(each.name, "(a row)", f"cannot be read: {error}")


@contextmanager
def _scratch(directory: Path) -> Iterator[sa.Engine]:
    engine = open_engine("sqlite:reference.db", home=directory, durable=False)
    try:
        yield engine
    finally:
        engine.dispose()


def _fill(connection: sa.Connection, batches: Iterable[Readable], origin: str) -> LogHead:
    make_tables(connection, origin)
    reached = LogHead(0, "")
    for first, batch, facts, published in batches:
        add_batch(connection, first, batch, facts, published=published)
        reached = batch.head
    return reached


def _damage(connection: sa.Connection) -> Iterator[Difference]:
    """What the database itself finds wrong with its pages and indexes (SQLite's ``integrity_check``)."""
    if connection.dialect.name != "sqlite":
        return
    for row in connection.exec_driver_sql("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield Difference("(file)", "integrity_check", str(row[0]))


def _compare(each: sa.Table, expected: sa.Connection, found: sa.Connection) -> Iterator[Difference]:
    keys = [column.name for column in each.primary_key.columns]
    with_expected, with_found = _rows(each, expected), _rows(each, found)
    left, right = next(with_expected, None), next(with_found, None)
    while left is not None or right is not None:
        left_key, right_key = _key(left, keys), _key(right, keys)
        if right_key is None or (left_key is not None and _order(left_key) < _order(right_key)):
            yield Difference(each.name, _words(left_key), "is missing")
            left = next(with_expected, None)
        elif left_key is None or _order(right_key) < _order(left_key):
            yield Difference(each.name, _words(right_key), "is not in the log")
            right = next(with_found, None)
        else:
            if left is not None and right is not None:
                changed = [name for name in left if left[name] != right[name]]
                if changed:
                    yield Difference(each.name, _words(left_key), f"differs from the log in {', '.join(changed)}")
            left, right = next(with_expected, None), next(with_found, None)


def _rows(each: sa.Table, connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """The table's rows in the order of its key; text in byte order on every database."""
    order = [
        sa.collate(column, "C")
        if connection.dialect.name == "postgresql" and isinstance(getattr(column.type, "impl", None), sa.String)
        else column
        for column in each.primary_key.columns
    ]
    result = connection.execution_options(yield_per=_ROWS_AT_A_TIME).execute(
        sa.select(*map(as_it_lies, each.columns)).order_by(*order)
    )
    for row in result.mappings():
        yield dict(row)


def _key(row: dict[str, Any] | None, names: list[str]) -> tuple[str | int, ...] | None:
    return None if row is None else tuple(row[name] for name in names)


def _order(key: Iterable[Any]) -> list[tuple[int, Any]]:
    """The place of a key as SQLite sorts it; a table that was made anew without our rules may hold anything in it."""
    kinds = {type(None): 0, int: 1, float: 1, str: 2, bytes: 3}
    return [(kinds[type(part)], 0 if part is None else part) for part in key]


def _words(key: tuple[str | int, ...] | None) -> str:
    return " ".join(str(part) for part in key or ())

"""Opening a database so that concurrent writers lose nothing, and letting no SQLAlchemy exception out.

* SQLite: write-ahead log, ``synchronous=FULL`` (a commit survives a power cut), foreign processes waited for up to a
  minute, and ``BEGIN IMMEDIATE`` for writing: SQLAlchemy's default deferred transaction fails as soon as two writers
  meet, because a read lock cannot be upgraded then.
* PostgreSQL: READ COMMITTED, because REPEATABLE READ takes its snapshot before the lock is granted and would not see
  what the previous writer appended; one table lock makes writers wait for one another, and the log's sequence number
  as primary key is the backstop.
"""

from __future__ import annotations

import os
import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, unquote

import sqlalchemy as sa
from sqlalchemy import event, exc

from archiver.catalogue.damage import damaged
from archiver.catalogue.tables.log import BatchRow
from archiver.catalogue.tables.row import table
from archiver.errors import CatalogueError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.errors import CatalogueDamaged

_DAMAGE = ("decode to UTF-8", "no such table", "no such column", "malformed", "not a database")
"""What SQLite calls an operational error and is damage all the same."""

BUSY_SECONDS = 60
"""How long a writer waits for another one."""

WRITING = "archiver_writing"


def open_engine(url: str, *, home: Path | None = None, durable: bool = True) -> sa.Engine:
    """Make the engine for ``sqlite:PATH`` (relative to the archive's home) or ``postgresql+psycopg://…``.

    Args:
        url: which database.
        home: what a relative path is relative to.
        durable: whether a commit must survive a power cut; a scratch database need not.

    Raises:
        UsageError: the URL names no database that the catalogue runs on, or its driver is not installed.
    """
    scheme, _, rest = url.partition(":")
    try:
        if scheme == "sqlite":
            path = rest.removeprefix("//").removeprefix("/") if rest.startswith("///") else rest
            location = str(home / path) if home is not None else path
            if _read_only(location):
                return _read_only_engine(location)
            engine = sa.create_engine(f"sqlite:///{location}", connect_args={"timeout": BUSY_SECONDS})
            event.listen(engine, "connect", _on_sqlite_connect if durable else _on_scratch_connect)
            event.listen(engine, "begin", _on_sqlite_begin)
            return engine
        if scheme in ("postgresql", "postgresql+psycopg"):
            engine = sa.create_engine(
                "postgresql+psycopg:" + rest, isolation_level="READ COMMITTED", pool_pre_ping=True, pool_size=8
            )
            event.listen(engine, "begin", _on_postgres_begin)
            return engine
    except ModuleNotFoundError as error:
        raise UsageError(
            f"the catalogue {scheme} needs the package {error.name}", hint="install media-archiver[postgres]"
        ) from error
    except exc.ArgumentError as error:
        raise UsageError(f"{_without_password(url)} is no database URL: {error}") from error
    raise UsageError(
        f"{_without_password(url)} names no database that the catalogue runs on",
        hint="write sqlite:catalogue.db or postgresql+psycopg://user@host/database",
    )


def _read_only(location: str) -> bool:
    """Whether a database stands there that this user, or this medium, does not let be written."""
    return os.path.exists(location) and not (  # noqa: PTH110 - a location from a URL, which may hold anything
        os.access(location, os.W_OK) and os.access(os.path.dirname(location) or ".", os.W_OK)  # noqa: PTH120 - as above
    )


def _read_only_engine(location: str) -> sa.Engine:
    """Look only. Where the write-ahead log was left with something in it, SQLite must write to read it, and says so."""
    left = os.path.exists(f"{location}-wal") and os.path.getsize(f"{location}-wal")  # noqa: PTH110, PTH202 - as above
    words = "mode=ro" if left else "mode=ro&immutable=1"
    engine = sa.create_engine(f"sqlite:///file:{quote(location)}?{words}&uri=true")
    event.listen(engine, "connect", _on_read_only_connect)
    event.listen(engine, "begin", _on_sqlite_begin)
    return engine


def _on_read_only_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.split('//')[0]}//…@{tail}" if at else url


_ON_MACOS: Final = ("fullfsync=ON", "checkpoint_fullfsync=ON")
"""What ``synchronous=FULL`` needs there to outlive a power cut; elsewhere SQLite passes them over."""


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy's begin event decides, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", *_ON_MACOS, "temp_store=MEMORY", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")


def _on_scratch_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in ("journal_mode=MEMORY", "synchronous=OFF", "temp_store=MEMORY", "cache_size=-16000"):
        connection.execute(f"PRAGMA {pragma}")


def _on_sqlite_begin(connection: sa.Connection) -> None:
    writing = connection.get_execution_options().get(WRITING)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


def _on_postgres_begin(connection: sa.Connection) -> None:
    if connection.get_execution_options().get(WRITING) == "append":
        connection.execute(sa.text(f"LOCK TABLE {table(BatchRow).name} IN SHARE ROW EXCLUSIVE MODE"))


def answer(url: str, *, home: Path) -> None:
    """Ask the database anything at all.

    Raises:
        UsageError: the URL names no database that the catalogue runs on.
        CatalogueError: it does not answer.
    """
    engine = open_engine(url, home=home)
    try:
        with reading(engine) as connection:
            connection.execute(sa.text("SELECT 1"))
    finally:
        engine.dispose()


def compact(engine: sa.Engine) -> None:
    """Write the database anew without what was deleted from it, as far as it can; outside of any transaction."""
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
        return
    raw = engine.raw_connection()  # SQLAlchemy's own would begin a transaction
    try:
        cursor = raw.cursor()
        cursor.execute("VACUUM")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        cursor.fetchall()
    except sqlite3.Error as error:
        raise exc.OperationalError("VACUUM", None, error) from error
    finally:
        raw.close()


@contextmanager
def reading(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A transaction that sees one state of the catalogue, whatever others append meanwhile, and changes nothing."""
    with translated(engine), engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(engine: sa.Engine, purpose: str = "append") -> Iterator[sa.Connection]:
    """A transaction that alone may write; the lock is taken before anything is read."""
    with (
        translated(engine),
        engine.connect().execution_options(**{WRITING: purpose}) as connection,
        connection.begin(),
    ):
        yield connection


@contextmanager
def translated(engine: sa.Engine) -> Iterator[None]:
    """Turn what SQLAlchemy and the drivers raise into ``CatalogueError``."""
    where = _where(engine.url)
    try:
        yield
    except exc.OperationalError as error:
        reason = str(error.orig).strip()
        if any(word in reason for word in _DAMAGE):
            raise _damaged(where, reason) from error
        if "readonly database" in reason:
            raise _not_written(where) from error
        hint = "check that the database runs and that this user may use it"
        if "locked" in reason:
            hint = "another process holds the catalogue: wait for it and repeat the command, which loses nothing"
        elif "disk" in reason or "full" in reason:
            hint = "free some space and repeat the command, which loses nothing"
        raise CatalogueError(f"the catalogue {where} did not answer: {reason}", hint=hint) from error
    except exc.DBAPIError as error:
        raise _damaged(where, str(error.orig).strip()) from error
    except (exc.NoResultFound, exc.MultipleResultsFound) as error:
        raise _damaged(where, f"rows that belong together are not there: {error}") from error
    except exc.SQLAlchemyError as error:
        raise CatalogueError(f"the catalogue {where} failed: {error}") from error


def _where(url: sa.URL) -> str:
    """The database as a person knows it: of one that is opened to be read alone, no more than its path."""
    location = url.database or ""
    if location.startswith("file:"):
        return f"sqlite:{unquote(location.removeprefix('file:'))}"
    return url.render_as_string(hide_password=True)


def _not_written(where: str) -> CatalogueError:
    hint = "check who owns the file and its folder, whether they may be written, and whether the disk is read-only"
    return CatalogueError(f"the catalogue {where} cannot be written: it can only be read here", hint=hint)


def _damaged(where: str, reason: str) -> CatalogueDamaged:
    return damaged(f"the catalogue {where} is damaged or not ours: {reason}")

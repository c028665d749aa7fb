"""The catalogue: one append and its projection in one transaction, and questions.

The law: an event and its rows come into being together or not at all; the log's sequence number is the primary key, so
that two writers can never both append the same one; nothing is published from here (see ``archiver.archive``), but what
is not published yet is known here and nowhere else.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import sqlalchemy as sa

from archiver.catalogue.damage import damaged, read_from
from archiver.catalogue.definitions import misdeclared
from archiver.catalogue.engine import compact, open_engine, reading, translated, writing
from archiver.catalogue.fulltext import forget_removed
from archiver.catalogue.mirror import (
    ABOUT,
    BATCH,
    EVENT,
    LogHead,
    Recorded,
    add_batch,
    head,
    make_tables,
    pending,
    transaction,
)
from archiver.catalogue.questions import CHUNK, ITEM, Questions
from archiver.catalogue.settling import settle
from archiver.catalogue.tables import MIRRORED, PROJECTED, SCHEMA
from archiver.errors import RebuildNeeded, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from archiver.catalogue.mirror import Pending, Seal
    from archiver.facts.fact import Fact


_PUBLISHED = BATCH.c.published.is_(sa.true())  # by the database's own word for it: the type here is one of ours


class Writing:
    """The one open transaction that may append."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self.questions = Questions(connection)

    def head(self) -> LogHead:
        """Where the log stands inside this transaction."""
        return head(self._connection)

    def end(self) -> tuple[LogHead, str | None]:
        """The same, with the checkpoint that is held for it; none where nothing is held."""
        checkpoint = self._connection.scalar(sa.select(BATCH.c.checkpoint).order_by(BATCH.c.first.desc()).limit(1))
        return self.head(), checkpoint

    def append(self, facts: Sequence[Fact], seal: Seal) -> Recorded:
        """Record the facts that are not recorded yet; a repetition is not an error and adds nothing."""
        settled = settle(facts, self.questions)
        new, before = settled.facts, self.head()
        numbers, size = settled.numbers, before.size
        if new:
            batch = seal(before, list(new.values()), self._last_leaves({fact.subject() for fact in new.values()}))
            add_batch(self._connection, before.size, batch, list(new.items()), published=False)
            made = {identity: event.sequence for identity, event in zip(new, batch.events, strict=True)}
            numbers, size = numbers | made, batch.head.size
        return Recorded(
            numbers={given: numbers[identity] for given, identity in settled.given.items()},
            new=frozenset(given for given, identity in settled.given.items() if identity in new),
            size=size,
        )

    def _last_leaves(self, subjects: set[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        wanted = sorted(subjects)
        for start in range(0, len(wanted), CHUNK):
            part = wanted[start : start + CHUNK]
            newest = sa.select(sa.func.max(EVENT.c.sequence)).where(EVENT.c.subject.in_(part)).group_by(EVENT.c.subject)
            query = sa.select(EVENT.c.subject, EVENT.c.leaf).where(EVENT.c.sequence.in_(newest))
            found.update({row.subject: row.leaf for row in self._connection.execute(query)})
        return found


class Catalogue:
    """The projection behind one URL. Opening it makes its tables where there are none.

    Args:
        url: the database.
        origin: the name of the log that it mirrors; a database that mirrors another one is refused.
        home: what a relative path in the URL is relative to.
    """

    def __init__(self, url: str, *, origin: str, home: Path | None = None) -> None:
        self.engine = open_engine(url, home=home)
        self.origin = origin
        self._checked = False
        self._declared = False

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    def refuse_another_archive(self) -> None:
        """Refuse a database that mirrors the log of another archive: one database is one archive's.

        Raises:
            UsageError: it does.
            CatalogueError: the database does not answer, or is damaged.
        """
        with translated(self.engine):
            present = sa.inspect(self.engine).has_table(ABOUT.name)
        if not present:
            return
        with reading(self.engine) as connection:
            origin = connection.scalar(sa.select(ABOUT.c.value).where(ABOUT.c.name == "origin"))
        if origin != self.origin:
            raise UsageError(
                f"the database {self.engine.url.render_as_string()} is the catalogue of another archive ({origin})",
                hint="give each archive a database of its own: init with another --catalogue, or correct archive.toml",
            )

    def ensure(self) -> None:
        """Make the tables where there are none.

        Raises:
            UsageError: the database is another archive's.
            RebuildNeeded: the tables are those of another version of the projection.
            CatalogueError: the database does not answer, or is damaged.
        """
        if self._checked or self._as_it_should_be():
            return
        self.refuse_another_archive()
        with translated(self.engine):
            present = set(sa.inspect(self.engine).get_table_names())
        ours = {t.name for t in (*PROJECTED, *MIRRORED)}
        if not ours <= present:
            if present & ours:
                raise RebuildNeeded("the catalogue lacks some of its tables", hint="run `archiver rebuild`")
            with writing(self.engine, "define") as connection:
                make_tables(connection, self.origin)
        with reading(self.engine) as connection:
            version = connection.scalar(sa.select(ABOUT.c.value).where(ABOUT.c.name == "schema"))
        if version != str(SCHEMA):
            raise RebuildNeeded(
                f"the catalogue is of version {version}, this program projects version {SCHEMA}",
                hint="run `archiver rebuild`: the store holds all that is needed",
            )
        self._checked = True

    def _refuse_misdeclared(self, connection: sa.Connection) -> None:
        """Refuse tables whose columns were declared anew, where questions would be answered wrongly and nothing fail.

        Not where the log's own end is asked for, which is all that ``verify`` and ``rebuild`` need to name it.
        """
        if not self._declared and (told := misdeclared(connection)):
            raise damaged(f"the catalogue's tables are not those that this program makes: {told}")
        self._declared = True

    def _as_it_should_be(self) -> bool:
        """Whether the tables are this archive's, and of this version: the ordinary case, in one statement.

        They are made in one transaction with what is said about them, so where that is right, they are there.
        """
        try:
            with self.engine.connect() as connection:
                said = {row.name: row.value for row in connection.execute(sa.select(ABOUT.c.name, ABOUT.c.value))}
        except sa.exc.SQLAlchemyError:
            return False
        self._checked = said.get("origin") == self.origin and said.get("schema") == str(SCHEMA)
        return self._checked

    @contextmanager
    def asking(self) -> Iterator[Questions]:
        """Questions that all see one state."""
        self.ensure()
        with reading(self.engine) as connection:
            self._refuse_misdeclared(connection)
            yield Questions(connection)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """The transaction that appends; it commits at the end, or leaves no trace."""
        self.ensure()
        with writing(self.engine) as connection:
            self._refuse_misdeclared(connection)
            yield Writing(connection)

    def head(self) -> LogHead:
        """Where the log stands."""
        self.ensure()
        with reading(self.engine) as connection:
            return head(connection)

    def last_published_checkpoint(self) -> str | None:
        """The newest signed checkpoint that was published."""
        self.ensure()
        with reading(self.engine) as connection:
            query = sa.select(BATCH.c.checkpoint).where(_PUBLISHED).order_by(BATCH.c.first.desc()).limit(1)
            return connection.scalar(query)

    def last_published(self) -> int | None:
        """The first sequence number of the newest transaction that was published."""
        self.ensure()
        with reading(self.engine) as connection:
            newest: int | None = connection.scalar(sa.select(sa.func.max(BATCH.c.first)).where(_PUBLISHED))
            return newest

    def leaves(self, size: int) -> list[bytes]:
        """The leaf hashes, 32 bytes each, of the first ``size`` events, as they were when they were recorded."""
        self.ensure()
        with reading(self.engine) as connection:
            self._refuse_misdeclared(connection)
            query = sa.select(EVENT.c.leaf).where(EVENT.c.sequence < size).order_by(EVENT.c.sequence)
            with read_from("event.leaf"):
                return [bytes.fromhex(leaf) for leaf in connection.scalars(query)]

    def frontier_at(self, size: int) -> str:
        """The right edge of the tree of the first ``size`` events, as text; empty where no transaction ends there."""
        self.ensure()
        with reading(self.engine) as connection:
            return connection.scalar(sa.select(BATCH.c.frontier).where(BATCH.c.size == size)) or ""

    def recorded_at(self, sequence: int) -> str | None:
        """When the event of this number was recorded (``Instant``); ``None`` where there is none."""
        self.ensure()
        with reading(self.engine) as connection:
            return connection.scalar(sa.select(EVENT.c.time).where(EVENT.c.sequence == sequence))

    def batches(self) -> dict[int, int]:
        """Every transaction: its first sequence number, and the log's size after it."""
        self.ensure()
        with reading(self.engine) as connection:
            return {row.first: row.size for row in connection.execute(sa.select(BATCH.c.first, BATCH.c.size))}

    def pending(self) -> list[Pending]:
        """Committed transactions that are not published yet, oldest first."""
        self.ensure()
        with reading(self.engine) as connection:
            return pending(connection)

    def transaction(self, first: int) -> Pending | None:
        """A committed transaction, published or not, by its first sequence number."""
        self.ensure()
        with reading(self.engine) as connection:
            return transaction(connection, first)

    def published(self, firsts: Sequence[int], *, held: bool = True) -> None:
        """Note that the store holds these transactions, or that it lost them."""
        with writing(self.engine) as connection:
            connection.execute(sa.update(BATCH).where(BATCH.c.first.in_(firsts)).values(published=held))

    def forget_deleted(self) -> None:
        """Have the database let go of what was deleted from it, as far as it can.

        SQLite: the full-text index is merged, the file written anew without free pages, and the write-ahead log
        emptied. PostgreSQL: dead rows are given up (``VACUUM``); its own write-ahead log and backups are not reached.

        Raises:
            CatalogueError: the database does not answer, or another process holds it.
        """
        self.ensure()
        with writing(self.engine) as connection:
            forget_removed(connection)
        with translated(self.engine):
            compact(self.engine)

    def counts(self) -> dict[str, int]:
        """How many items, bytes, and facts of each kind."""
        self.ensure()
        with reading(self.engine) as connection:
            self._refuse_misdeclared(connection)
            bytes_held = sa.cast(sa.func.sum(ITEM.c.size), sa.BigInteger)
            total = connection.execute(sa.select(sa.func.count(), bytes_held).select_from(ITEM)).one()
            kinds = connection.execute(sa.select(EVENT.c.kind, sa.func.count()).group_by(EVENT.c.kind)).all()
            return {"items": total[0], "bytes": int(total[1] or 0), **{plural(kind): n for kind, n in sorted(kinds)}}


def plural(kind: str) -> str:
    """The name of a count of facts of a kind."""
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"

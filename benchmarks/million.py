"""A catalogue of a million items, made once through the real projection and kept in the benchmarks' cache.

``python -m benchmarks.million`` makes it where it is missing. What is in it, all of it drawn by a fixed seed:

* every item has an acquisition, an inspection and, most of them, sightings with captions; some have claims,
  assessments, flags, labels, tags, relations, and belong to cases;
* the words of captions and claims are distributed as in any language (Zipf), so that a few stand in most of them;
* a few thousand agents and accounts, affiliated with one another; three accounts with 100,000 sightings each, the
  others as unevenly as words;
* one item with many sightings and a tree of reposts, one with as many as any could have.

The facts go through ``archiver.catalogue.mirror.add_batch``, as those of a rebuild do. What it leaves out is the log:
the events are not signed and their records are short, because no question reads them.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import time
from typing import TYPE_CHECKING, Any

from benchmarks.process import CACHE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archiver.facts.fact import Fact

ITEMS = 1_000_000
VERSION = 1
BATCH, BATCHES_A_TRANSACTION = 5000, 200
ORIGIN = "benchmark"
_MOMENT = "2026-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z"


def catalogue_file(items: int = ITEMS) -> Path:
    """The database, made where it is missing."""
    path = CACHE / f"knowledge-{VERSION}-{_schema()}-{items}.db"
    if not path.exists():
        _make(path, items)
    return path


def _schema() -> str:
    """A short name for how the tables look and are filled: another projection needs another database."""
    from sqlalchemy.schema import CreateIndex, CreateTable  # noqa: PLC0415 - so that `--help` loads nothing

    from archiver.catalogue import fulltext, tables  # noqa: PLC0415 - as above

    made: list[str] = [str(tables.SCHEMA)]
    for table in (*tables.MIRRORED, *tables.PROJECTED):
        made.append(str(CreateTable(table)))
        made += sorted(str(CreateIndex(index)) for index in table.indexes)
    made.append(fulltext.DEFINITION)
    return hashlib.sha256("\n".join(made).encode()).hexdigest()[:8]


def _make(path: Path, items: int) -> None:
    from archiver.catalogue.engine import open_engine, writing  # noqa: PLC0415 - so that `--help` loads nothing
    from archiver.catalogue.mirror import make_tables  # noqa: PLC0415 - as above

    CACHE.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    print(f"making a catalogue of {items:,} items …", flush=True)
    begun, used = time.perf_counter(), time.process_time()
    engine = open_engine(f"sqlite:{part}", durable=False)
    with writing(engine) as connection:
        make_tables(connection, ORIGIN)
    first = append(engine, _world(items), 0)
    engine.dispose()
    wall, cpu = time.perf_counter() - begun, time.process_time() - used
    size = part.stat().st_size
    print(f"made in {wall:,.0f} s ({cpu:,.0f} s of CPU): {first:,} facts, {size / 1e9:.1f} GB", flush=True)
    part.rename(path)


def append(engine: Any, facts: Iterator[tuple[str, Fact]], first: int) -> int:
    """Append facts behind the events before this number, transaction by transaction; the number after the last."""
    from archiver.catalogue.engine import writing  # noqa: PLC0415 - see above

    begun, before = time.perf_counter(), -1
    while first != before:
        with writing(engine) as connection:
            connection.exec_driver_sql("PRAGMA cache_size=-4000000")
            before = first
            for _ in range(BATCHES_A_TRANSACTION):
                first = _add(connection, first, list(itertools.islice(facts, BATCH)))
        print(f"  {first:,} facts, {time.perf_counter() - begun:,.0f} s", flush=True)
    return first


def _add(connection: Any, first: int, facts: list[tuple[str, Fact]]) -> int:
    from archiver.catalogue.mirror import LogHead, SealedBatch, SealedEvent, add_batch  # noqa: PLC0415 - see above

    if not facts:
        return first
    size = first + len(facts)
    moment = _moment(first)
    events = tuple(
        SealedEvent(
            sequence=sequence,
            kind=fact.kind_of_fact,
            subject=getattr(fact, "item", None) or identity,
            time=moment,
            actor="benchmark",
            leaf=identity,
            record="{}",
        )
        for sequence, (identity, fact) in enumerate(facts, first)
    )
    add_batch(connection, first, SealedBatch(LogHead(size, ""), "", events), facts, published=True)
    return size


def _moment(number: int) -> str:
    seconds, days = number % 86400, number // 86400
    return _MOMENT.format(1 + days // 28 % 12, 1 + days % 28, seconds // 3600, seconds // 60 % 60, seconds % 60, 0)


def _world(items: int) -> Iterator[tuple[str, Fact]]:
    from benchmarks.world import World  # noqa: PLC0415 - it loads the facts

    return World(random.Random(3), items).facts()


if __name__ == "__main__":
    print(catalogue_file())

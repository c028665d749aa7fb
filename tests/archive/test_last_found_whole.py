"""When a copy was last found whole is told by the newest checks alone, and as all of them together tell it."""

from __future__ import annotations

import random
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from archiver.catalogue.checked import CHECK, Failed, checks, found_whole, last_whole
from archiver.catalogue.engine import open_engine, reading
from archiver.catalogue.mirror import make_tables
from archiver.catalogue.questions import Questions

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

STORES, SLICES = ("file:attic", "file:store"), (None, None, "1/2", "2/2", "2/3")


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[sa.Engine]:
    engine = open_engine("sqlite:catalogue.db", home=tmp_path, durable=False)
    with engine.begin() as connection:
        make_tables(connection, "test")
    yield engine
    engine.dispose()


def moment(hour: int) -> str:
    return f"2026-{hour // 600 + 1:02}-{hour % 600 // 24 + 1:02}T{hour % 24:02}:00:00.000000Z"


def check(number: int, store: str, slice_: str | None, since: str | None, log_size: int) -> dict[str, Any]:
    filled = dict.fromkeys(("fact", "log_root", "covered"), f"{number:064x}")
    plain = {"actor": "Ada", "algorithm": "SHA-256", "deep": False, "outcome": "success", "recorded": moment(number)}
    counts = dict.fromkeys(("objects", "bytes", "failed", "unread"), 0)
    times = {"started": moment(number), "ended": moment(number)}
    about = {"number": number, "store": store, "slice": slice_, "since": since, "log_size": log_size}
    return filled | plain | counts | times | about


@pytest.mark.parametrize("seed", range(12))
def test_the_newest_checks_tell_what_all_of_them_tell(engine: sa.Engine, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - no secret
    numbers = sorted(chance.sample(range(20, 600), 80))
    rows = [
        check(
            number,
            chance.choice(STORES),
            chance.choice(SLICES),
            moment(chance.randrange(number)) if chance.random() < chance.choice((0.2, 0.95)) else None,
            chance.randrange(max(0, number - 40), number + 1),
        )
        for number in numbers
    ]
    items = {f"{chance.randrange(2**256):064x}": chance.randrange(500) for _ in range(30)}
    failed = {
        item: [
            Failed(row["number"], row["store"], "a copy", "corrupt", None, None, None, None, row["started"], "")
            for row in chance.sample(rows, 12)
        ]
        for item in items
    }
    with engine.begin() as connection:
        connection.execute(sa.insert(CHECK), rows)
    horizon = chance.choice((None, numbers[60]))
    with reading(engine) as connection:
        questions = Questions(connection, horizon)
        told, every = found_whole(questions, items, failed), checks(questions)
    assert any(told.values())
    for item, first in items.items():
        amiss = {(each.store, each.started) for each in failed[item]}
        assert {each.store: each for each in told[item]} == last_whole(every, item, first, amiss)


def test_twenty_thousand_checks_cost_no_more_than_a_hundred(engine: sa.Engine) -> None:
    """Counted in rows that are read, of which there are a page for each share that holds the item."""
    read: list[int] = []

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if "log_size" in statement:
            read.append(len(cursor.execute(statement, _[0]).fetchall()))
            cursor.execute(statement, _[0])

    item = "ab" * 32
    counted = []
    for first, last in ((100, 200), (200, 20_000)):
        with engine.begin() as connection:
            numbers = range(first, last)
            wanted = [check(each, STORES[each % 2], f"{each % 30 + 1}/30", None, each) for each in numbers]
            for row in wanted:
                row["started"] = row["ended"] = row["recorded"] = moment(599)
            connection.execute(sa.insert(CHECK), wanted)
        read.clear()
        sa.event.listen(engine, "after_cursor_execute", note)
        with reading(engine) as connection, closing(connection):
            (told,) = found_whole(Questions(connection), {item: 3}, {}).values()
        sa.event.remove(engine, "after_cursor_execute", note)
        assert told
        counted.append(sum(read))
    assert 0 < counted[1] <= counted[0] + 8 * len(STORES)

"""What grows with the archive is found by an index: no question reads a whole table to answer for a few items.

SQLite is asked how it goes about every statement that a command sends, in an archive as the program leaves it: nobody
runs ANALYZE there, so the plans are those of a large archive too.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from archiver.catalogue.tables import MIRRORED, PROJECTED
from tests import drawing
from tests.archive.conftest import copied
from tests.archive.furnishing import furnish

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.archive.conftest import Once
    from tests.archive.desk import Desk

TABLES = {each.name for each in (*MIRRORED, *PROJECTED)}
COARSE = re.compile(r"\((state|type|kind|target_kind|counts_as|field)=\?\)")
"""Columns of few values: an index that is searched by one of them alone reads half of a table."""

SOURCES = {"agent", "account", "case_file", "hash_list", "store_change", "about"}
"""Who, what for, whose lists and where: few beside the items, and read whole where all of them are asked for."""

QUESTIONS = [
    ["show", "ITEM"],
    ["show", "ITEM", "--as-of", "TODAY"],
    ["show", "ITEM", "--history"],
    ["case", "show", "Notebook", "--history"],
    ["source", "show", "Yonhap"],
    ["source", "show", "telegram:frontline_watch"],
    ["find", "ITEM"],
    ["find", "FILE"],
    *(
        ["list", *words]
        for words in (
            [],
            ["--reverse"],
            ["--after", "ITEM"],
            ["--as-of", "TODAY"],
            ["--text", "soldier"],
            ["--text", "captured soldier"],
            ["--text", "cap*"],
            ["--text", "soldier", "--as-of", "TODAY"],
            ["--claim", "drone"],
            ["--text", "captured", "--status", "inconclusive", "--source", "Yonhap"],
            ["--source", "Yonhap"],
            ["--source", "telegram:frontline_watch"],
            ["--source", "telegram:frontline_watch", "--after", "ITEM"],
            ["--affiliation", "Yonhap"],
            ["--status", "inconclusive"],
            ["--status", "unverified"],
            ["--case", "Notebook"],
            ["--case", "Notebook", "--status", "unverified"],
            ["--tag", "own:notebook"],
            ["--tag", "own:"],
            ["--sensitivity", "detainee"],
            ["--sensitivity", "any"],
            ["--sensitivity", "any", "--as-of", "TODAY"],
            ["--protected", "legal-hold"],
            ["--protected", "retention"],
            ["--protected", "any", "--as-of", "TODAY"],
            ["--protected", "any", "--case", "Notebook"],
            ["--type", "image/jpeg"],
            ["--type", "image"],
            ["--camera", "model"],
            ["--finding", "type-mismatch"],
            ["--finding", "grave"],
            ["--finding", "notable", "--as-of", "TODAY"],
            ["--finding", "slight", "--camera", "model"],
            ["--box", "50,30,51,31"],
            ["--published", "2024-12"],
            ["--captured", "2024-12"],
            ["--captured", "2024-12", "--camera", "model"],
            ["--since", "2024"],
            ["--since", "2024", "--until", "2030", "--text", "soldier"],
            ["--sort", "size"],
        )
    ),
]

RECORDING = [
    ["upload", "NEW", "--account", "telegram:other", "--caption", "another soldier", "--claim", "He is another"],
    ["upload", "FILE", "--account", "telegram:other", "--caption", "the same soldier"],
    ["claim", "ITEM", "He is alive", "--by", "Yonhap"],
    ["assess", "ITEM", "--status", "refuted", "--by", "B. Check", "--basis", "another look"],
]


def stock(desk: Desk) -> None:
    """Furnish it, with a case, a tag and a flag."""
    furnish(desk)
    item = desk("list", "--json", "--limit", "1").json["item"]
    desk("case", "new", "Notebook")
    desk("case", "add", "Notebook", item)
    desk("tag", item, "own:notebook")
    desk("flag", item, "--sensitivity", "detainee", "--by", "B. Check", "--basis", "seen")


@pytest.fixture
def stocked(request: pytest.FixtureRequest, made_once: Once, tmp_path: Path, warm: None) -> Desk:
    """A copy of such an archive."""
    return copied(request, made_once("sqlite", stock), tmp_path)


@contextmanager
def sent() -> Iterator[list[tuple[str, Any]]]:
    """Every statement that is sent meanwhile, with its parameters."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:  # noqa: FBT001 - SQLAlchemy's signature
        if re.match(r"\s*(SELECT|WITH|UPDATE)", statement):
            statements.append((statement, parameters[0] if many else parameters))

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)


def whole_reads(database: Path, statement: str, parameters: Any) -> list[str]:
    """What of the plan reads a whole table of facts, and is not among what may.

    1. The list itself and its count read an index of the items in order, and stop at their limit; so does the question
       for the end of the log, which wants the last one.
    2. The full-text index is read along the words that are asked for (``M``: MATCH), never without any.
    3. How many items are held is counted on the narrowest index.
    4. A collected answer (a subquery) is read where it was collected: what it was collected from is told on its own.
    5. A search by a column of few values alone is as good as a read of the whole table.
    """
    aliases = {alias: of for of, alias in re.findall(r"\"?(\w+)\"? AS \"?(\w+)\"?", statement) if of in TABLES}
    with sqlite3.connect(database) as connection:
        steps = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    connection.close()
    found = []
    for step in steps:
        if COARSE.search(step):  # 5
            found.append(f"{step}\n    {statement}")
        read = re.match(r"SCAN (\w+)(.*)", step)
        if read is None:
            continue
        of, how = aliases.get(read[1], read[1]), read[2]
        ordered = (
            of in ("item", "batch") and "INDEX" in how and ("LIMIT" in statement or "count(*)" in statement)
        )  # 1, 3
        words = of == "search_index" and re.search(r"INDEX \d+:M", how)  # 2
        if not ordered and not words and (of in TABLES - SOURCES or of == "search_index"):  # 4
            found.append(f"{step}\n    {statement}")
    return found


def meant(stocked: Desk, words: list[str]) -> list[str]:
    """The words of a command, with what they stand for in this archive."""
    item = stocked("list", "--json", "--limit", "1").json["item"]
    held = stocked.file("held.png", drawing.png(drawing.photo(2)))
    new = stocked.file("new.png", drawing.png(drawing.photo(9)))
    today = datetime.now(UTC).date().isoformat()
    return [{"ITEM": item, "FILE": str(held), "NEW": str(new), "TODAY": today}.get(word, word) for word in words]


@pytest.mark.parametrize("words", [*QUESTIONS, *RECORDING], ids=" ".join)
def test_no_statement_reads_a_whole_table_of_facts(stocked: Desk, words: list[str]) -> None:
    command = meant(stocked, words)
    with sent() as statements:
        stocked(*command)
    assert statements
    reads = [read for each in statements for read in whole_reads(stocked.home / "catalogue.db", *each)]
    assert not reads, "\n".join(reads)


def test_a_read_of_a_whole_table_is_seen(stocked: Desk) -> None:
    database = stocked.home / "catalogue.db"
    assert whole_reads(database, "SELECT item FROM sighting WHERE caption = ?", ["a soldier"])
    assert whole_reads(database, "SELECT s.item FROM sighting AS s WHERE caption = ?", ["a soldier"])
    assert whole_reads(database, "SELECT rowid FROM search_index", [])
    assert whole_reads(database, "SELECT kind FROM event WHERE kind = ?", ["claim"])
    assert not whole_reads(database, "SELECT caption FROM sighting WHERE item = ?", ["1"])

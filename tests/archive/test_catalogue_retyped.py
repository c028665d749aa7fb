"""A catalogue whose columns hold what ours never hold is told as such by every command, and is no bug of ours.

SQLite takes any value in any column, and lets whoever can write to the file declare a column anew.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from archiver.catalogue.engine import open_engine, reading
from archiver.catalogue.tables import MIRRORED, PROJECTED
from archiver.errors import CatalogueDamaged
from tests.archive.desk import run

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

TABLES = {each.name: each for each in (*MIRRORED, *PROJECTED)}
CATALOGUE, BUG = 5, 70

READING = [
    ["list", "--json"],
    ["list", "--text", "captured", "--sort", "size"],
    ["show", "ITEM"],
    ["show", "ITEM", "--history"],
    ["find", "ITEM"],
    ["source", "show", "Yonhap"],
    ["case", "show", "Kursk"],
    ["list", "--withdrawn"],
    ["fingerprints", "lists", "--withdrawn"],
    ["key", "show"],
    ["status"],
    ["duplicates"],
]


def foreign(column: sa.Column[Any]) -> object:
    """A value that the column's type has none of, and that SQLite keeps, whatever the column is declared as."""
    return "[1" if column.type.compile() == "JSON" else b"\xff\x00"


def declared_anew(database: Path, table: sa.Table) -> None:
    """Give each column of a table another type: numbers become text, and everything else has none."""
    with closing(sqlite3.connect(database)) as connection, connection:
        columns = [
            f'"{each.name}" {"TEXT" if each.type.compile() in ("BIGINT", "INTEGER") else "BLOB"}'
            for each in table.columns
        ]
        names = ", ".join(f'"{each.name}"' for each in table.columns)
        connection.execute(f"CREATE TABLE anew ({', '.join(columns)})")
        connection.execute(f'INSERT INTO anew SELECT {names} FROM "{table.name}"')  # noqa: S608 - names of our tables
        connection.execute(f'DROP TABLE "{table.name}"')
        connection.execute(f'ALTER TABLE anew RENAME TO "{table.name}"')


def test_no_column_gives_back_a_value_of_another_type(furnished: Desk) -> None:
    database = furnished.home / "catalogue.db"
    engine = open_engine("sqlite:catalogue.db", home=furnished.home)
    with closing(sqlite3.connect(database)) as behind:
        for table in TABLES.values():
            for column in table.columns:
                keep = behind.execute(f'SELECT rowid, "{column.name}" FROM "{table.name}" LIMIT 1').fetchone()  # noqa: S608 - names of our tables
                assert keep, f"the furnished archive has nothing in {table.name}"
                update = f'UPDATE "{table.name}" SET "{column.name}" = ? WHERE rowid = ?'  # noqa: S608 - as above
                behind.execute(update, (foreign(column), keep[0]))
                behind.commit()
                with (
                    pytest.raises(CatalogueDamaged, match=f"in {table.name}.{column.name}$") as refused,
                    reading(engine) as connection,
                ):
                    connection.execute(sa.select(column)).all()
                assert "archiver rebuild" in refused.value.hint
                behind.execute(update, (keep[1], keep[0]))
                behind.commit()
    engine.dispose()
    assert furnished.root()


@pytest.mark.attack("table-declared-anew")
def test_every_command_that_reads_says_that_a_table_was_declared_anew(furnished: Desk) -> None:
    item = furnished("list", "--json", "--limit", "1").json["item"]
    root, whole = furnished.root(), furnished.home / "whole.db"
    database = furnished.home / "catalogue.db"
    shutil.copy(database, whole)
    for number, table in enumerate(TABLES.values()):
        shutil.copy(whole, database)
        declared_anew(database, table)
        # Each command meets some of the tables, and each table some of the commands.
        for words in (READING[number % len(READING)], READING[(number * 5 + 3) % len(READING)]):
            asked = [item if word == "ITEM" else word for word in words]
            answer = run("--archive", furnished.home, *asked)
            assert answer.code == CATALOGUE, f"{table.name}: {words} ended with {answer.code}:\n{answer.err}"
            assert "hint: run `archiver verify`; `archiver rebuild`" in answer.err
    verified = furnished("verify", "--json", code=1).json
    assert any(fault["code"] in {"catalogue-differs", "catalogue-unreadable"} for fault in verified["faults"])
    furnished("rebuild")
    assert furnished.root() == root


KEYS = ["item.item", "item.first", "inspection.item", "event.record", "event.identity", "claim.fact", "case_item.item"]


@pytest.mark.parametrize("value", [b"\xff", "no such thing"], ids=["bytes", "another text"])
def test_no_command_takes_a_key_that_is_none_for_a_bug_of_ours(furnished: Desk, value: object) -> None:
    """Declared as ever, with a foreign value in one key: the right answer to something else, or the clear error."""
    item = furnished("list", "--json", "--limit", "1").json["item"]
    whole, database = furnished.home / "whole.db", furnished.home / "catalogue.db"
    shutil.copy(database, whole)
    told = set()
    for key in KEYS:
        of, _, column = key.partition(".")
        shutil.copy(whole, database)
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute(f"UPDATE OR IGNORE {of} SET {column} = ? WHERE rowid = 1", (value,))  # noqa: S608 - names of our tables
        for words in (["list"], ["show", item, "--history"], ["case", "show", "Kursk"], ["source", "show", "Yonhap"]):
            answer = run("--archive", furnished.home, *words)
            assert answer.code != BUG, f"{key}: {words}\n{answer.err}"
            told |= {key} if answer.code == CATALOGUE else set()
    assert len(told) > len(KEYS) / 3

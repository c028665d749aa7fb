"""Every row of the tables *What detects what* names a test, every such test is there, and none is unnamed."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
TABLES = {"docs/custody.md": 50, "docs/bundle.md": 25}
"""The pages, and how many rows their tables had at least when this was written: rows are only added."""


def rows(page: str) -> Iterator[list[str]]:
    """The cells of each row of the page's table, without its head."""
    section = (ROOT / page).read_text(encoding="utf-8").partition("## What detects what\n")[2].partition("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    for line in lines[2:]:
        yield [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]


def named(page: str) -> list[str]:
    """The tests that the rows of the page name."""
    return [name for row in rows(page) for name in re.findall(r"`([a-z0-9-]+)`", row[-1])]


def marked() -> list[str]:
    """The names that tests bear: ``@pytest.mark.attack("…")`` over a function that is a test."""
    found = []
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef) or not node.name.startswith("test_"):
                continue
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.attack":
                    found += [ast.literal_eval(name) for name in mark.args]
    return found


@pytest.mark.parametrize("page", TABLES)
def test_each_row_names_a_test_and_each_named_test_is_there(page: str) -> None:
    there = set(marked())
    assert len(list(rows(page))) >= TABLES[page]
    for row in rows(page):
        assert len(row) == 3, row
        names = re.findall(r"`([a-z0-9-]+)`", row[-1])
        assert names, f"{page} names no test of: {row[0]}"
        assert set(names) <= there, f"{page} names tests that are not there: {set(names) - there}"


def test_a_name_is_one_tests_and_each_is_told_in_a_table() -> None:
    names = marked()

    assert [name for name, count in Counter(names).items() if count > 1] == []
    assert set(names) == {name for page in TABLES for name in named(page)}

"""Manifests as a user writes them, beside the files that they name."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from tests import drawing

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.facts.fact import Fact
    from tests.archive.desk import Desk

URL = "https://example.org/story"


def photo(desk: Desk, name: str, seed: int) -> str:
    desk.file(f"in/{name}", drawing.jpeg(drawing.photo(seed)))
    return name


def written(desk: Desk, *rows: dict[str, str], name: str = "in/rows.csv") -> Path:
    names = list(dict.fromkeys(column for row in rows for column in row))
    path = desk.file(name, b"")
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, names)
        table.writeheader()
        table.writerows(rows)
    return path


def record(desk: Desk, *facts: Fact) -> None:
    archive = desk.archive()
    archive.record(lambda _questions: facts)
    archive.close()

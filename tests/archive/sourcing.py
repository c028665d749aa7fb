"""A picture that several sources published, and what is said of each source and of how many origins there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

WHY = ("--by", "Ada", "--basis", "one house")


def profile(desk: Desk, name: str, *words: object) -> dict[str, Any]:
    shown: dict[str, Any] = desk("source", "show", name, *words, "--json").json
    return shown


def origins(desk: Desk, item: str) -> tuple[int, list[str]]:
    counted = desk.show(item)["origins"]
    return counted["independent"], [reason for origin in counted["origins"] for reason in origin["reasons"]]


def published(desk: Desk, *sources: str) -> str:
    """A picture that each of these published."""
    item = desk.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    for number, source in enumerate(sources):
        where = ("--account", source) if ":" in source else ("--source", source)
        desk("sight", item, *where, "--url", f"https://example.org/{number}", "--published", f"2024-12-2{number}")
    return item

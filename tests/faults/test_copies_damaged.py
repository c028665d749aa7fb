"""Copies that are deleted, overwritten or rotten in one store or in both: named, never handed out, repaired."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests import drawing
from tests.archive.desk import flip
from tests.faults.standing import stands

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.archive.desk import Desk

DAMAGE: dict[str, Callable[[bytes], bytes | None]] = {
    "deleted": lambda _: None,
    "overwritten": lambda _: drawing.jpeg(drawing.photo(777)),
    "rotten": lambda data: flip(data, len(data) // 2),
    "cut": lambda data: data[: len(data) // 2],
}
HOW = pytest.mark.parametrize("how", DAMAGE)


def with_attic(desk: Desk) -> tuple[set[str], str]:
    """Two pictures in two stores; the log's root."""
    desk("store", "add", "attic", "file:attic")
    items = {desk.take(f"{seed}.jpg", drawing.jpeg(drawing.photo(seed))) for seed in range(2)}
    desk("sync")
    return items, desk.root()


def damage(desk: Desk, where: str, name: str, how: str) -> None:
    if where == "main":
        desk.alter(name, DAMAGE[how])
        return
    path = desk.home / "attic" / name
    after = DAMAGE[how](path.read_bytes())
    path.unlink()
    if after is not None:
        path.write_bytes(after)


@HOW
@pytest.mark.parametrize("where", ["main", "attic"])
@pytest.mark.parametrize("of_the_log", [False, True], ids=["an original", "the log"])
def test_what_one_store_lost_is_named_and_repaired_from_the_other(
    desk: Desk, how: str, where: str, *, of_the_log: bool
) -> None:
    items, _ = with_attic(desk)
    item = min(items)
    damage(desk, where, desk.batches()[0] if of_the_log else desk.object_of(item), how)

    named = desk("audit", "--json", code=1).json

    assert {each["store"] for each in named["amiss"]} == {where}
    if not of_the_log:
        desk("get", item, "-o", desk.files / "got.jpg")
        assert (desk.files / "got.jpg").stat().st_size
    desk("audit", "--repair")
    desk("audit")
    stands(desk, items)


@HOW
def test_an_original_that_both_stores_lost_is_named_and_not_made_up_and_taken_back_from_whoever_has_it(
    desk: Desk, how: str
) -> None:
    items, _ = with_attic(desk)
    item = min(items)
    whole = desk.files / "kept-elsewhere.jpg"
    desk("get", item, "-o", whole)
    for where in ("main", "attic"):
        damage(desk, where, desk.object_of(item), how)

    named = desk("audit", "--repair", "--json", code=1).json

    assert {(each["store"], each["item"]) for each in named["amiss"]} == {("main", item), ("attic", item)}
    refused = desk("get", item, "-o", desk.files / "got.jpg", code=1)
    assert "hint: " in refused.err
    assert not (desk.files / "got.jpg").exists()
    copy = desk.home / "attic" / desk.object_of(item)
    copy.parent.mkdir(parents=True, exist_ok=True)
    copy.unlink(missing_ok=True)
    shutil.copy(whole, copy)
    desk("audit", "--repair")
    stands(desk, items)


@HOW
def test_of_the_log_that_both_stores_lost_the_catalogue_publishes_the_very_same(desk: Desk, how: str) -> None:
    items, _ = with_attic(desk)
    name = desk.batches()[1]
    before = desk.open_store().read(name, limit=2**30)
    for where in ("main", "attic"):
        damage(desk, where, name, how)
    assert desk.faults()

    desk("audit", "--repair")

    assert desk.open_store().read(name, limit=2**30) == before
    stands(desk, items)

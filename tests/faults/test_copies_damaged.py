"""Copies that are deleted, overwritten or rotten in one store or in both: named, never handed out, repaired."""

from __future__ import annotations

import shutil
from hashlib import sha256
from typing import TYPE_CHECKING

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
STORES = ("main", "attic")


def in_two_stores(desk: Desk, pictures: int) -> list[str]:
    """So many pictures in two stores, each taken in by a transaction of its own."""
    desk("store", "add", "attic", "file:attic")
    items = [desk.take(f"{seed}.jpg", drawing.jpeg(drawing.photo(seed)), "--fast") for seed in range(pictures)]
    desk("sync")
    return items


def damage(desk: Desk, where: str, name: str, how: str) -> None:
    if where == "main":
        desk.alter(name, DAMAGE[how])
        return
    path = desk.home / "attic" / name
    after = DAMAGE[how](path.read_bytes())
    path.unlink()
    if after is not None:
        path.write_bytes(after)


def named(desk: Desk, *words: str) -> set[tuple[str, str]]:
    """What an audit finds amiss: in which store, which object."""
    return {(each["store"], each["name"]) for each in desk("audit", *words, "--json", code=1).json["amiss"]}


def test_what_one_of_two_stores_lost_is_named_never_handed_out_and_repaired_from_the_other(desk: Desk) -> None:
    ways = [(where, how) for where in STORES for how in DAMAGE]
    items = in_two_stores(desk, 2 * len(ways))
    batches = desk.batches()[1 : 2 * len(ways)]  # the first one is the attic's, the others a picture's each
    root = desk.root()
    amiss: set[tuple[str, str]] = set()
    for (where, how), item, batch in zip(ways, items, batches[len(ways) :], strict=False):
        for name in (desk.object_of(item), batch):
            damage(desk, where, name, how)
            amiss.add((where, name))

    assert named(desk) == amiss

    for item in items[: len(ways)]:
        target = desk.files / f"got-{item}"
        desk("get", item, "-o", target)
        assert sha256(target.read_bytes()).hexdigest() == item
    desk("audit", "--repair")
    desk("audit")
    assert desk("verify", "--json").json["intact"]
    assert root != stands(desk, items)  # the audits are in the log, too


def test_what_both_stores_lost_is_named_and_made_up_by_nobody_and_the_log_is_published_again(desk: Desk) -> None:
    items = in_two_stores(desk, 2 * len(DAMAGE))
    whole = {item: desk.files / f"kept-elsewhere-{item}" for item in items[: len(DAMAGE)]}
    batches = desk.batches()[len(DAMAGE) + 1 : 2 * len(DAMAGE) + 1]
    before = {name: desk.open_store().read(name, limit=2**30) for name in batches}
    amiss: set[tuple[str, str]] = set()
    for (item, target), batch, how in zip(whole.items(), batches, DAMAGE, strict=True):
        desk("get", item, "-o", target)
        for where in STORES:
            damage(desk, where, desk.object_of(item), how)
            damage(desk, where, batch, how)
            amiss.add((where, desk.object_of(item)))

    assert named(desk, "--repair") == amiss  # the log came back from the catalogue; the originals could not

    assert {name: desk.open_store().read(name, limit=2**30) for name in batches} == before
    for item, target in whole.items():
        assert "hint: " in desk("get", item, "-o", desk.files / "none.jpg", code=1).err
        assert not (desk.files / "none.jpg").exists()
        copy = desk.home / "attic" / desk.object_of(item)  # whoever kept the original brings it back
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.unlink(missing_ok=True)
        shutil.copy(target, copy)
    desk("audit", "--repair")
    stands(desk, items)

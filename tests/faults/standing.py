"""The one question after every fault: does the evidence stand?

1. Everything that was acknowledged is there, and its bytes have the right digest: fetched by the program, and read from
   each store apart from it.
2. The log verifies, in each store, and ends in the same root; what is recorded of each item says that it was taken in.
3. A machine that has nothing but one of the stores makes the same log of it, the same root and the same list.
4. So does ``rebuild`` here.
5. Nothing is left lying about: no private copies, and nothing that is committed and not published.
"""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from archiver.settings import MAIN, Settings, StoreSettings
from storage.digest import Digest
from storage.url import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.archive.desk import Desk

HELD = {"archived", "already-held"}
"""What a receipt says of an item that is acknowledged."""


def acknowledged(receipts: Iterable[dict[str, Any]]) -> set[str]:
    """The items that these receipts, or what was written of them before a crash, acknowledge."""
    return {str(receipt["item"]) for receipt in receipts if receipt.get("status") in HELD}


def stands(desk: Desk, items: Iterable[str]) -> str:
    """Ask all of it; the log's root.

    Args:
        desk: the archive.
        items: everything that was acknowledged; it must be something.
    """
    promised = sorted(set(items))
    assert promised, "nothing was acknowledged, so nothing can be asked"
    stores = _stores(desk)
    roots = {name: desk("verify", "--json", "--store", name).json for name in stores}
    root = str(roots[MAIN]["root"])
    for name, verified in roots.items():  # 2
        assert verified["intact"], (name, verified["faults"])
        assert verified["root"] == root, name
        assert not [note for note in verified["notes"] if note["code"] == "unpublished"]  # 5
    listed = desk("list", "--json", "--limit", "1000000").lines
    assert set(promised) <= {line["item"] for line in listed}  # 2
    for item in promised:  # 1
        target = desk.files / f"fetched-{item}"
        desk("get", item, "-o", target)
        assert sha256(target.read_bytes()).hexdigest() == item
        target.unlink()
        assert desk.show(item)["acquisitions"], item
        for name, url in stores.items():
            with open_store(url).open(desk.object_of(item), digest=Digest.parse(item)) as stream:
                assert sha256(stream.read()).hexdigest() == item, name
    for name in stores:  # 3
        other = _elsewhere(desk, stores, name)
        rebuilt = other("rebuild", "--from", name, "--json") if len(stores) > 1 else other("rebuild", "--json")
        assert rebuilt.json["root"] == root, name
        assert _same(other("list", "--json", "--limit", "1000000").lines) == _same(listed)
    assert desk("rebuild", "--json").json["root"] == root  # 4
    assert _same(desk("list", "--json", "--limit", "1000000").lines) == _same(listed)
    assert not list((desk.home / "spool").glob("spool-*"))  # 5
    return root


def _stores(desk: Desk) -> dict[str, str]:
    """The stores by name, each URL understood from anywhere."""
    settings = Settings.load(desk.home)
    named = {MAIN: settings.store} | {each.name: each.url for each in settings.stores}
    return {name: _absolute(desk, url) for name, url in named.items()}


def _absolute(desk: Desk, url: str) -> str:
    path = url.removeprefix("file:")
    return url if path == url or path.startswith("/") else f"file:{desk.home / path}"


def _elsewhere(desk: Desk, stores: dict[str, str], only: str) -> Desk:
    """A machine that never held anything of this archive and knows where its stores are."""
    home = desk.home.parent / f"elsewhere-{only}"
    home.mkdir(exist_ok=True)
    for left in home.glob("catalogue.db*"):
        left.unlink()
    settings = Settings.load(desk.home)
    beside = tuple(StoreSettings(each.name, stores[each.name], each.required) for each in settings.stores)
    replace(settings, store=stores[MAIN], catalogue="sqlite:catalogue.db", stores=beside).save(home)
    return replace(desk, home=home, catalogue="sqlite:catalogue.db")


def _same(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(lines, key=lambda line: str(line["item"]))

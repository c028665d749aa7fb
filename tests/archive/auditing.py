"""What audits and repairs are asked about: copies that are not what they were, in one store or beside a second one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from storage.digest import Digest
from tests import drawing
from tests.archive.desk import flip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.archive.desk import Desk

ROTTEN: dict[str, Callable[[bytes], bytes | None]] = {
    "flipped": lambda data: flip(data, len(data) // 2),
    "cut": lambda data: data[:-1],
    "grown": lambda data: data + b"\0",
    "emptied": lambda _: b"",
    "overwritten": lambda _: b"something else",
    "deleted": lambda _: None,
}


def pictures(desk: Desk, count: int = 3) -> list[str]:
    """So many items."""
    return [desk.take(f"{seed}.jpg", drawing.jpeg(drawing.photo(seed))) for seed in range(count)]


def with_attic(desk: Desk) -> Path:
    """A second store, filled; where it is."""
    desk("store", "add", "attic", "file:attic")
    desk("sync")
    return desk.home / "attic"


def alter(root: Path, name: str, change: Callable[[bytes], bytes | None]) -> None:
    """Change an object of a store in a directory behind the archive's back."""
    path = root / name
    after = change(path.read_bytes())
    path.unlink()
    if after is not None:
        path.write_bytes(after)


def audit(desk: Desk, *words: object, code: int = 0) -> Any:
    """What an audit says."""
    return desk("audit", "--json", *words, code=code).json


def amiss(found: Any) -> list[tuple[str, str, str]]:
    """What is amiss: store, name, fault."""
    return sorted((each["store"], each["name"], each["fault"]) for each in found["amiss"])


def events(desk: Desk, kind: str) -> list[dict[str, Any]]:
    """The bodies of every published event of a kind, in the order of the log."""
    batches = [json.loads(desk.open_store().read(name, limit=2**30)) for name in desk.batches()]
    return [e["body"] for batch in batches for e in batch["events"] if e["envelope"]["kind"] == kind]


def stored(desk: Desk) -> dict[str, Digest]:
    """Everything that the store holds, by name, besides the log."""
    store = desk.open_store()
    return {name: Digest.of(store.read(name, limit=2**30)) for name in store.names() if "log/events" not in name}

"""A second store in a directory beside the first, and what is done to the files of both."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from storage.errors import StoreDenied
from storage.layout import EVENTS
from storage.local import LocalStore
from tests import drawing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from storage.store import Stored
    from tests.archive.desk import Desk

ATTIC = "attic"


def picture(seed: int) -> bytes:
    return drawing.jpeg(drawing.photo(seed))


def with_attic(desk: Desk, *words: str) -> Desk:
    """The archive with a second store in a directory, both filled."""
    desk("store", "add", ATTIC, f"file:{ATTIC}", *words)
    desk("sync")
    return desk


def files(folder: Path) -> dict[str, bytes]:
    """What a store in a directory holds of the archive."""
    found = [path for part in ("objects", "log", "derived") for path in (folder / part).rglob("*") if path.is_file()]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def main_of(desk: Desk) -> Path:
    return desk.home / "store"


def attic_of(desk: Desk) -> Path:
    return desk.home / ATTIC


def change(path: Path, how: Callable[[bytes], bytes | None]) -> None:
    """Change or take away one file of a store."""
    after = how(path.read_bytes())
    path.unlink()
    if after is not None:
        path.write_bytes(after)


def gone(_: bytes) -> None:
    return None


@contextmanager
def taking_no_log(folder: Path) -> Iterator[None]:
    """A store that is read as ever, and takes no transaction: as one whose folder of the log may not be written to."""
    put = LocalStore.put

    def refusing(store: LocalStore, name: str, *words: Any, **more: Any) -> Stored:
        if store.root == folder and name.startswith(EVENTS):
            raise StoreDenied(f"{name}: Permission denied")
        return put(store, name, *words, **more)

    with patch.object(LocalStore, "put", refusing):
        yield

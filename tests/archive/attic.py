"""A second store in a directory beside the first, and what is done to the files of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import drawing

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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

"""Which segment files count, by the rows that their names say, and which are due for merging."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from archiver.neighbours.segment import MOST_CODES, Segment, name_of, rows_in

if TYPE_CHECKING:
    from pathlib import Path

RATIO = 3
"""A segment stays as long as it is this many times as large as all that follow it: 100,000 items, added 500 at a time,
lay in two to four, and each of their codes had been copied six times."""


def widest(folder: Path, rows: int) -> list[Path]:
    """From the first row on: of the files that begin soonest the one that reaches farthest, and so on after its end."""
    try:
        names = sorted(filter(None, (rows_in(path.name) for path in folder.iterdir())), key=lambda r: (r[0], -r[1]))
    except FileNotFoundError:
        return []
    at, found = 0, []
    for first, end in names:
        if at <= first < end <= rows:
            found.append(folder / name_of(first, end))
            at = end
    return found


def due_for_merging(cover: list[Segment]) -> list[Segment]:
    """The segments to be merged: from the first one on that is small beside all that follow it together."""
    for start, each in enumerate(cover):
        after = sum(len(later) for later in cover[start + 1 :])
        if len(each) < RATIO * after and len(each) + after <= MOST_CODES:
            return cover[start:]
    return []


def unlink(path: Path) -> None:
    """Remove a file that another process may have removed, or may still have mapped."""
    with suppress(FileNotFoundError, PermissionError):  # on Windows a file that is mapped stays, until nobody maps it
        path.unlink()

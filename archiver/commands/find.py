"""``archiver find``: have we this picture already, and what is known of it? Looking changes nothing.

1. *Receive*: the query is copied and hashed (``archiver.spool``), or an item's bytes are read from the store.
2. *Answer* (``archiver.finding``): same bytes, same pixels, same look, in part; and what is known of each match.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import InputRefused
from archiver.finding import Depth, Finder, Found
from archiver.fingerprint.algorithm import DEFAULT_RADIUS
from archiver.match import refuse_no_radius
from archiver.originals import spooled
from archiver.spool import Received, Spool
from archiver.walk import STANDARD_INPUT, standard_input

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.inspection.inspector import Inspector


def find(
    archive: Archive,
    query: str,
    *,
    inspector: Inspector,
    radius: int = DEFAULT_RADIUS,
    limit: int | None = 20,
    as_of: str | None = None,
    depth: Depth = Depth.AS_NEEDED,
) -> Found:
    """Look for a picture: a file, ``-`` for standard input, or an item that is held.

    Args:
        archive: where to look.
        query: a path, or an item's SHA-256 or a prefix of it; an existing file wins.
        inspector: looks at the query.
        radius: within how many bits of 256 a look counts.
        limit: how many matches at the most.
        as_of: among what was held then, with what was known then.
        depth: whether to look in part.

    Raises:
        UsageError: the radius is none.
        InputRefused: no such file and no such item.
        AnswerIsNo: the item's bytes are missing or altered in the store.
    """
    refuse_no_radius(radius)
    with Spool(None, largest_file=archive.settings.limits.largest_file) as spool:
        received, held = _receive(archive, query, spool, as_of)  # step 1
        finder = Finder(archive, inspector, spool, radius=radius, limit=limit, depth=depth)
        asked = finder.query(received)
        with archive.asking(as_of) as questions:
            (found,) = finder.answers([asked], questions, held=held)  # step 2
    return found


def _receive(archive: Archive, query: str, spool: Spool, as_of: str | None) -> tuple[Received, bool]:
    """A private copy, and whether it is of an item."""
    if query == STANDARD_INPUT:
        return spool.receive(standard_input()), False
    if os.path.exists(query):  # noqa: PTH110 - unlike Path.exists it raises nothing, whatever the path is
        return spool.receive(Path(query)), False
    try:
        item = archive.resolve(query, as_of)
    except InputRefused as error:
        raise InputRefused(f"there is no file {query!r}, and {error}", hint=error.hint) from error
    return spooled(archive, item, spool), True

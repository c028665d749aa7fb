"""``archiver find``: have we this picture already, and what is known of it? Looking changes nothing.

1. *Receive*: the query is copied and hashed (``archiver.spool``), or an item's bytes are read from the store.
2. *Answer* (``archiver.finding``): same bytes, same pixels, same look, in part; and what is known of each match.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.asked import received
from archiver.finding import Depth, Finder
from archiver.fingerprint.algorithm import DEFAULT_RADIUS
from archiver.match import refuse_no_radius
from archiver.spool import Spool

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.drawing import Drawing
    from archiver.found import Found
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
    drawing: Drawing | None = None,
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
        drawing: draw the query beside each match.

    Raises:
        UsageError: the radius is none.
        InputRefused: no such file and no such item, or the pictures cannot be written.
        AnswerIsNo: the item's bytes are missing or altered in the store.
    """
    refuse_no_radius(radius)
    with Spool(None, largest_file=archive.settings.limits.largest_file) as spool:
        copy, held = received(archive, query, spool, as_of)  # step 1
        finder = Finder(archive, inspector, spool, radius=radius, limit=limit, depth=depth, drawing=drawing)
        asked = finder.query(copy)
        with archive.asking(as_of) as questions:
            (found,) = finder.answers([asked], questions, held=held)  # step 2
    return found

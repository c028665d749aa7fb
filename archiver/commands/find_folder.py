"""``archiver find --folder``: the question of ``find`` for every picture of a folder, in batches, an answer each.

One file that cannot be read never stops the others: its answer says so.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.errors import InputRefused, InspectionError
from archiver.finding import Depth, Finder
from archiver.fingerprint.algorithm import DEFAULT_RADIUS
from archiver.inspectors import cores
from archiver.match import refuse_no_radius
from archiver.spool import Spool
from archiver.walk import Passed, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from archiver.archive import Archive
    from archiver.drawing import Drawing
    from archiver.found import Found
    from archiver.inspection.inspector import Inspector
    from archiver.match import Query
    from archiver.spool import Received
    from archiver.walk import Input

BATCH = 64
"""Files that are asked about together."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer for one file.

    Attributes:
        path: the file, as it was found.
        found: the answer; none where there is an error.
        error: why there is no answer.
        failed: whether that is not as it should be (a hidden file is passed over, and nothing is wrong with that).
    """

    path: str
    found: Found | None
    error: str = ""
    failed: bool = False


def find_folder(
    archive: Archive,
    folder: Path,
    *,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
    radius: int = DEFAULT_RADIUS,
    limit: int | None = 20,
    as_of: str | None = None,
    depth: Depth = Depth.AS_NEEDED,
    drawing: Drawing | None = None,
    jobs: int | None = None,
) -> Iterator[Answer]:
    """Look for every file of a folder, with all folders in it, in the order of their names.

    Args:
        archive: where to look.
        folder: what to look for.
        inspector: makes an inspector for so many threads.
        radius: within how many bits of 256 a look counts.
        limit: how many matches of each at the most.
        as_of: among what was held then, with what was known then.
        depth: whether to look in part.
        drawing: draw each query beside each of its matches.
        jobs: files looked at at once; the number of cores by default.

    Raises:
        UsageError: the radius is none.
        InputRefused: there is no such folder.
        CatalogueError: the catalogue does not answer.
    """
    refuse_no_radius(radius)
    threads = jobs or cores()
    found = walk((os.fspath(folder),))
    with (
        Spool(None, largest_file=archive.settings.limits.largest_file) as spool,
        inspector(threads) as looking,
        ThreadPoolExecutor(threads) as pool,
    ):
        finder = Finder(archive, looking, spool, radius=radius, limit=limit, depth=depth, drawing=drawing)
        while batch := list(islice(found, BATCH)):
            asked = list(pool.map(lambda each: _asked(finder, spool, each), batch))
            queries = [each for each in asked if isinstance(each, tuple)]
            try:
                with archive.asking(as_of) as questions:
                    answers = iter(finder.answers([query for query, _ in queries], questions))
                for each, query in zip(batch, asked, strict=True):
                    yield Answer(each.label, next(answers)) if isinstance(query, tuple) else query
            finally:
                for _, received in queries:
                    received.discard()


def _asked(finder: Finder, spool: Spool, found: Input | Passed) -> tuple[Query, Received] | Answer:
    """A query and its private copy, or the answer that there is none."""
    if isinstance(found, Passed):
        return Answer(found.label, None, found.why, found.failed)
    received = None
    try:
        received = spool.receive(Path(found.label) if found.path is None else found.path)
        return finder.query(received), received
    except (InputRefused, InspectionError) as error:
        if received is not None:
            received.discard()
        return Answer(found.label, None, str(error), failed=True)

"""``archiver compare``: are these the same picture, what changed between them, and what does that look like?

1. *Receive* both: a file, standard input, or an item's bytes from the store.
2. *Compare* (``archiver.comparison``); what care is owed is joined as it stands now.
3. *Draw*, where that was asked for: whole or not at all, and never over an input.

Looking changes nothing. Not being alike is an answer, *no*, and so is what nothing could show.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.asked import received
from archiver.comparison import Comparison, compared, joined, looked_at
from archiver.errors import UsageError
from archiver.fingerprint.algorithm import DEFAULT_RADIUS
from archiver.match import Query, refuse_no_radius
from archiver.spool import Spool
from archiver.walk import STANDARD_INPUT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.comparison import Party
    from archiver.guard import Guard
    from archiver.inspection.inspector import Inspector
    from archiver.spool import Received


@dataclass(frozen=True)
class Compared:
    """The answer.

    Attributes:
        comparison: how the two are related.
        picture: where it was drawn, if that was asked for.
        blurred: whether something in that picture is blurred.
    """

    comparison: Comparison
    picture: str | None = None
    blurred: bool = False

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {**self.comparison.to_json(), "picture": self.picture, "blurred": self.blurred}


def compare(
    archive: Archive,
    one: str,
    other: str,
    *,
    inspector: Inspector,
    radius: int = DEFAULT_RADIUS,
    picture: Path | None = None,
    overwrite: bool = False,
    show_sensitive: bool = False,
) -> Compared:
    """Compare two pictures: files, ``-`` for standard input (once), or items that are held.

    Args:
        archive: where items are, and what is known of them.
        one: a path, or an item's SHA-256 or a prefix of it; an existing file wins.
        other: the same.
        inspector: looks at both.
        radius: within how many bits of 256 a look counts.
        picture: a PNG to draw.
        overwrite: replace that file if it exists.
        show_sensitive: draw what care is owed to as it is, not blurred.

    Raises:
        UsageError: the radius is none, or standard input was named twice.
        InputRefused: no such file and no such item, or the picture's file exists, or is one of the two.
        AnswerIsNo: an item's bytes are missing or altered in the store.
    """
    refuse_no_radius(radius)
    if one == other == STANDARD_INPUT:
        raise UsageError("standard input can be read only once", hint="name a file or an item for one of the two")
    if picture is not None:
        from archiver.pictures.writing import refuse_taken  # noqa: PLC0415 - Pillow, where nothing is drawn

        refuse_taken(picture, [Path(each) for each in (one, other) if each != STANDARD_INPUT], overwrite=overwrite)
    with Spool(None, largest_file=archive.settings.limits.largest_file) as spool:
        copies = [received(archive, each, spool)[0] for each in (one, other)]  # step 1
        parties = [looked_at(name, each, inspector) for name, each in zip((one, other), copies, strict=True)]
        with archive.asking() as questions:
            known = joined(parties, questions)
            if picture is not None:
                from archiver.guard import Guard  # noqa: PLC0415 - only where something is drawn

                known = _guarded(Guard(archive, inspector, spool), known, copies, questions)
    found = compared(known[0], known[1], radius=radius)  # step 2
    if picture is None:
        return Compared(found)
    from archiver.pictures.side_by_side import side_by_side  # noqa: PLC0415 - only where something is drawn
    from archiver.pictures.writing import write  # noqa: PLC0415 - as above

    write(side_by_side(found, show_sensitive=show_sensitive), picture, overwrite=overwrite)  # step 3
    return Compared(found, str(picture), blurred=any(found.blurred) and not show_sensitive)


def _guarded(guard: Guard, parties: Sequence[Party], copies: Sequence[Received], questions: Questions) -> list[Party]:
    """Both, and whether either looks like something that care is owed to: then neither is drawn sharp unasked."""
    from archiver.inspection.appearance import framed  # noqa: PLC0415 - only where something is drawn

    made = []
    for party, copy in zip(parties, copies, strict=True):
        query = Query(copy.digest, copy.path, party.report, framed(party.report))
        made.append(replace(party, shows_sensitive=guard.of_picture(query, questions)))
    return made

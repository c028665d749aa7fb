"""The pictures of a look-up: a query beside each of its matches, drawn as ``compare`` draws two pictures.

The law: nothing that is there is written over unless that is asked for, and what care is owed to is blurred unless that
is asked for, by the care of now. A match that cannot be drawn is told and costs the answer nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.comparison import compared, joined, looked_at, seen
from archiver.errors import AnswerIsNo, InspectionError
from archiver.originals import spooled
from archiver.pictures.side_by_side import side_by_side
from archiver.pictures.writing import write
from archiver.render import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.drawing import Drawing
    from archiver.inspection.inspector import Inspector
    from archiver.match import Match, Query
    from archiver.spool import Spool


@dataclass(frozen=True, slots=True)
class Illustrations:
    """Draws matches into a folder.

    Attributes:
        archive: where held pictures are read from.
        inspector: looks at both pictures of each.
        spool: where private copies lie.
        drawing: where the pictures go, ``<query>-<item>.png``, each name by its first 12 digits, and how.
        radius: within how many bits of 256 a look counts.
    """

    archive: Archive
    inspector: Inspector
    spool: Spool
    drawing: Drawing
    radius: int

    def draw(self, query: Query, matches: Sequence[Match], questions: Questions) -> dict[str, str]:
        """Draw the query beside each match; the path of each picture by item.

        Raises:
            StoreError: the store does not answer.
            SpoolError: there is no room for a copy.
            InputRefused: the folder cannot be written.
        """
        others = [match for match in matches if match.item != str(query.digest)]
        if not others:
            return {}
        mine = seen("query", str(query.digest), query.path, self.inspector)
        drawn = {}
        for match in others:
            try:
                copy = spooled(self.archive, match.item, self.spool)
            except AnswerIsNo as error:
                self.archive.notes.append(f"{short(match.item)} could not be drawn: {error}")
                continue
            try:
                theirs = looked_at(short(match.item), copy, self.inspector)
                pair = joined([mine, theirs], questions.now())
                both = compared(pair[0], pair[1], radius=self.radius)
                image = side_by_side(both, show_sensitive=self.drawing.show_sensitive)
            except InspectionError as error:
                self.archive.notes.append(f"{short(match.item)} could not be drawn: {error}")
                continue
            finally:
                copy.discard()
            target = self.drawing.folder / f"{str(query.digest)[:12]}-{match.item[:12]}.png"
            write(image, target, overwrite=self.drawing.overwrite)
            drawn[match.item] = str(target)
        return drawn

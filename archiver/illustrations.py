"""The pictures of a look-up: a query beside each of its matches, drawn as ``compare`` draws two pictures.

The law: nothing that is there is written over unless that is asked for. What care is owed to is blurred unless that is
asked for, by the care of now; and where one match of a query is owed care, or looks like what is, every picture of
that query is blurred on both sides, because they all show the same. A match that cannot be drawn is told and costs the
answer nothing.

Both originals are read for a picture, so what it tells of the two replaces what was told from samples; and a match in
part that the originals do not show is none: the features that it rests on, which nobody signed, are wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archiver.comparison import compared, joined, looked_at, seen
from archiver.errors import AnswerIsNo, InspectionError
from archiver.guard import Guard
from archiver.originals import spooled
from archiver.pictures.side_by_side import side_by_side
from archiver.pictures.writing import write
from archiver.render import short

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.comparison import Party
    from archiver.drawing import Drawing
    from archiver.inspection.inspector import Inspector
    from archiver.likeness.relation import Kinship
    from archiver.match import Match, Query
    from archiver.spool import Spool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture, and what reading both originals told of the two."""

    path: str
    kinship: Kinship


@dataclass(slots=True)
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
    _drawn: dict[tuple[str, str], Drawn] = field(default_factory=dict)

    def draw(
        self, query: Query, shown: Sequence[Match], every: Sequence[Match], questions: Questions
    ) -> dict[str, Drawn]:
        """Draw the query beside each match that is shown; by item.

        Args:
            query: the query.
            shown: the matches to draw.
            every: all matches, which decide whether anything is blurred.
            questions: the catalogue, at the place of the log that is asked about.

        Raises:
            StoreError: the store does not answer.
            SpoolError: there is no room for a copy.
            InputRefused: the folder cannot be written.
        """
        own = str(query.digest)
        others = [match for match in shown if match.item != own and (own, match.item) not in self._drawn]
        if others:
            try:
                mine = seen("query", own, query.path, self.inspector)
            except InspectionError as error:
                self._note(f"nothing was drawn of the query: {error}")
                return {}
            guard = Guard(self.archive, self.inspector, self.spool)
            veil = guard.of_items((match.item for match in every), questions) or guard.of_picture(query, questions)
            for match in others:
                self._draw(mine, match, questions, veil=veil)
        return {match.item: self._drawn[own, match.item] for match in shown if (own, match.item) in self._drawn}

    def _draw(self, mine: Party, match: Match, questions: Questions, *, veil: bool) -> None:
        try:
            copy = spooled(self.archive, match.item, self.spool)
        except AnswerIsNo as error:
            self._note(f"{short(match.item)} could not be drawn: {error}")
            return
        try:
            theirs = looked_at(short(match.item), copy, self.inspector)
        except InspectionError as error:
            self._note(f"{short(match.item)} could not be drawn: {error}")
            return
        finally:
            copy.discard()
        pair = [replace(each, shows_sensitive=veil) for each in joined([mine, theirs], questions)]
        both = compared(pair[0], pair[1], radius=self.radius)
        image = side_by_side(both, show_sensitive=self.drawing.show_sensitive)
        target = self.drawing.folder / f"{mine.digest[:12]}-{match.item[:12]}.png"
        write(image, target, overwrite=self.drawing.overwrite)
        self._drawn[mine.digest, match.item] = Drawn(str(target), both.kinship)

    def _note(self, text: str) -> None:
        if text not in self.archive.notes:
            self.archive.notes.append(text)

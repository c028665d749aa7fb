"""``archiver fingerprints ask``: another archive's list, answered line by line: what do we hold of it? Changes nothing.

1. *Receive* the list, and check every line of it before the first answer (``archiver.interchange.lines``).
2. *Look*: for each line, what is held within the radius under the same algorithm or one of its family; a digest must
   be equal.
3. *Join* what care is owed, which is told before anything else, as ``find`` does.

An answer that is to be handed on (``shareable``) tells nothing of what care is owed to or what a label keeps from
partners, as if it were not held, and of the rest only how near it is.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archiver.catalogue.answers import Care
from archiver.catalogue.care import care, in_care
from archiver.fingerprint.algorithm import Algorithm, matches_by_look, radius_of
from archiver.fingerprint.orientations import UPRIGHT
from archiver.interchange.lines import Entry, entries, form_of
from archiver.lookalikes import opened_index
from archiver.match import refuse_no_radius
from archiver.sharing import KEPT_FROM_PARTNERS
from archiver.spool import Spool
from archiver.walk import STANDARD_INPUT, standard_input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.vocabulary import HashListForm
    from archiver.neighbours.index import LookIndex
    from archiver.neighbours.neighbour import Neighbour

_LINES = 200
"""Lines that are answered at a time: as many statements to the catalogue as for one."""


@dataclass(frozen=True, slots=True)
class Held:
    """An item that a line of the list matches: ``match`` is ``bytes``, ``pixels`` or ``look``."""

    item: str
    match: str
    distance: int
    status: str = ""
    care: Care | None = None

    def to_json(self) -> dict[str, Any]:
        """Care first; nothing but how near it is where the answer is to be handed on."""
        near = {"match": self.match, "distance": self.distance}
        if self.care is None:
            return near
        return {**self.care.to_json(), "item": self.item, **near, "status": self.status}


@dataclass(frozen=True, slots=True)
class Answered:
    """What is held of one line; ``note`` says why it was not compared by look, where it was not."""

    entry: Entry
    threshold: int
    matches: list[Held]
    note: str = ""

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "line": self.entry.line,
            "label": self.entry.label,
            "algorithm": str(self.entry.algorithm),
            "bits": self.entry.bits,
            "held": bool(self.matches),
            "threshold": self.threshold,
            "matches": [each.to_json() for each in self.matches],
            "note": self.note,
        }


def fingerprints_ask(
    archive: Archive,
    source: str,
    answer: Callable[[Answered], Any],
    *,
    form: HashListForm | None = None,
    radius: int | None = None,
    shareable: bool = False,
) -> tuple[int, int]:
    """Answer a list, line by line; how many lines there were, and of how many something is held.

    Args:
        archive: the archive.
        source: a path, or ``-`` for standard input.
        answer: is given the answers, in the order of the lines.
        form: how the list is written; by the file's ending where it is not said.
        radius: within how many bits a look counts; each algorithm's own where it is not said.
        shareable: leave out what may not be told to a partner, and name no item.

    Raises:
        InputRefused: the list cannot be read, or a line of it is not right; nothing was answered.
        UsageError: how it is written is not known, or the radius is none.
    """
    read_as = form_of(source, form)
    if radius is not None:
        refuse_no_radius(radius)
    lines = held = 0
    with Spool(None, largest_file=archive.settings.limits.largest_file) as spool:
        path = spool.receive(standard_input() if source == STANDARD_INPUT else Path(source)).path  # step 1
        for _ in entries(path, read_as):
            pass
        with archive.asking() as questions:
            asked = _Asked(archive, questions, radius, in_care(questions, KEPT_FROM_PARTNERS) if shareable else None)
            left = entries(path, read_as)
            while some := list(islice(left, _LINES)):
                for answered in asked.answers(some):
                    lines += 1
                    held += bool(answered.matches)
                    answer(answered)
    return lines, held


class _Asked:
    """The fingerprints held, by algorithm, each loaded when a line first needs it."""

    def __init__(self, archive: Archive, questions: Questions, radius: int | None, kept: set[str] | None) -> None:
        self._archive = archive
        self._questions = questions
        self._radius = radius
        self._kept = kept
        self._indexes: dict[Algorithm, LookIndex] = {}

    def answers(self, some: list[Entry]) -> Iterator[Answered]:
        bytes_held = self._questions.holds(sorted({entry.item for entry in some if entry.item}))
        found = [self._answered(entry, bytes_held) for entry in some]  # step 2
        if self._kept is None:
            yield from self._with_care(found)  # step 3
            return
        for each in found:
            told = any(one.item in self._kept for one in each.matches)
            yield replace(each, matches=[]) if told else each

    def _answered(self, entry: Entry, bytes_held: set[str]) -> Answered:
        algorithm = entry.algorithm
        threshold = radius_of(algorithm) if self._radius is None or not algorithm.by_look else self._radius
        exact = [Held(entry.item, "bytes", 0)] if entry.item in bytes_held and entry.item else []
        if algorithm.by_look and entry.quality is not None and not matches_by_look(entry.quality):
            note = f"not compared by look: its quality is {entry.quality} of 100"
            return Answered(entry, threshold, exact, note)
        near = self._near(entry, threshold)
        level = "look" if algorithm.by_look else "pixels"
        alike = [
            Held(each.item, level, each.distance)
            for each in near
            if each.item not in {one.item for one in exact} and (not algorithm.by_look or matches_by_look(each.quality))
        ]
        return Answered(entry, threshold, exact + alike)

    def _near(self, entry: Entry, threshold: int) -> list[Neighbour]:
        """What is held within the threshold under any algorithm of the family, each item once, the nearest first."""
        best: dict[str, Neighbour] = {}
        for algorithm in entry.algorithm.comparable():
            for each in self._index(algorithm).within({UPRIGHT: entry.bits}, threshold):
                if each.item not in best or each.distance < best[each.item].distance:
                    best[each.item] = each
        return sorted(best.values(), key=lambda each: (each.distance, each.item))

    def _index(self, algorithm: Algorithm) -> LookIndex:
        if algorithm not in self._indexes:
            self._indexes[algorithm] = opened_index(self._archive, algorithm)
            self._indexes[algorithm].refresh(self._questions)
        return self._indexes[algorithm]

    def _with_care(self, found: Iterable[Answered]) -> Iterator[Answered]:
        found = list(found)
        items = sorted({one.item for each in found for one in each.matches})
        flags, labels = care(self._questions, items)
        summaries = self._questions.held(items)
        for each in found:
            matches = [
                replace(one, status=summaries[one.item].status, care=Care(flags[one.item], labels[one.item]))
                for one in each.matches
            ]
            yield replace(each, matches=matches)

"""Listed, not held: what the lists that others gave us say of a picture that somebody asks about.

The law: every list that stands is searched whole and exactly, under the same algorithm or one of its family; a list
that cannot be searched is said aloud. A line of a poor quality never matches by look, no more than a held picture does;
a line that states none may. Nothing is recorded: the caches are made from the store when they are first needed
(``archiver.interchange.cache``), and anew where one turns out to be damaged.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from archiver.catalogue.hash_lists import hash_lists
from archiver.errors import InputRefused
from archiver.facts.vocabulary import HashListForm
from archiver.fingerprint.algorithm import CURRENT, Algorithm, matches_by_look
from archiver.interchange.cache import gather, opened
from archiver.interchange.lines import entries
from archiver.neighbours.kept import Damaged
from archiver.neighbours.lanes import lanes_of
from archiver.neighbours.scan import within
from archiver.spool import Spool
from storage.digest import Digest
from storage.errors import StoreError
from storage.layout import object_name

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.catalogue.hash_lists import HashListHeld
    from archiver.catalogue.questions import Questions
    from archiver.interchange.cache import Cached


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of a list that a picture matches.

    Attributes:
        list: the list's name here.
        number: of the event that says so of the list.
        given_by: who gave it to us, where stated.
        line: where it stands in the list, counted from 1.
        algorithm: what was compared.
        bits: the line's.
        distance: in bits.
        threshold: within how many bits was looked.
        orientation: what was done to the listed picture to make the query.
        quality: the line's, where stated.
        label: the giver's word about it: not ours, and to be made harmless before it is shown.
        item: SHA-256 of the bytes that it was made of, where the giver told it.
    """

    list: str
    number: int
    given_by: str | None
    line: int
    algorithm: str
    bits: str
    distance: int
    threshold: int
    orientation: str
    quality: int | None
    label: str | None
    item: str | None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


def listed(
    archive: Archive,
    questions: Questions,
    variants: Mapping[str, str],
    radius: int,
    *,
    algorithm: Algorithm = CURRENT,
) -> list[Listed]:
    """The lines of all lists that a picture comes within the radius of, nearest first.

    Whether the picture itself may match by look (``matches_by_look``) is for the caller to see to.

    Args:
        archive: whose lists.
        questions: at the place of the log that is asked about: a list counts where it stood.
        variants: the picture's fingerprints by orientation.
        radius: bits; 0 for a digest, whatever is said.
        algorithm: what made them.
    """
    return Lists(archive, questions).near(variants, radius, algorithm=algorithm)


class Lists:
    """The lists that stand, each opened once, however many questions are asked.

    Args:
        archive: whose lists.
        questions: at the place of the log that is asked about; ``refresh`` moves on to another.
    """

    def __init__(self, archive: Archive, questions: Questions) -> None:
        self._archive = archive
        self._lists = hash_lists(questions)
        self._open: dict[tuple[str, Algorithm], Cached | None] = {}

    def __bool__(self) -> bool:
        return bool(self._lists)

    def refresh(self, questions: Questions) -> None:
        """Look in what stands at this place of the log; what is open already stays open."""
        self._lists = hash_lists(questions)

    def of(self, algorithm: Algorithm) -> bool:
        """Whether any of them holds fingerprints of this algorithm or of its family."""
        names = {str(each) for each in algorithm.comparable()}
        return any(names & set(each.algorithms) for each in self._lists)

    def near(self, variants: Mapping[str, str], radius: int, *, algorithm: Algorithm = CURRENT) -> list[Listed]:
        """See ``listed``."""
        bound = radius if algorithm.by_look else 0
        found = [
            line
            for each in self._lists
            for made_by in algorithm.comparable()
            for line in self._in(each, made_by, variants, bound)
        ]
        return sorted(found, key=lambda one: (one.distance, one.list, one.line))

    def _in(self, each: HashListHeld, algorithm: Algorithm, variants: Mapping[str, str], bound: int) -> list[Listed]:
        if str(algorithm) not in each.algorithms or not variants:
            return []
        key = each.file, algorithm
        if key not in self._open:
            self._open[key] = opened(lists_folder(self._archive), each.file, algorithm) or self._made(each, algorithm)
        try:
            return _within(self._open[key], each, variants, bound)
        except Damaged:
            self._open[key] = self._made(each, algorithm)
        try:
            return _within(self._open[key], each, variants, bound)
        except Damaged as damage:
            self._open[key] = None
            self._not_searched(each, f"its cache is damaged as soon as it is made ({damage})")
            return []

    def _made(self, each: HashListHeld, algorithm: Algorithm) -> Cached | None:
        """The cache, made of the list in the store."""
        folder = lists_folder(self._archive)
        digest = Digest.parse(each.file)
        try:
            with (
                Spool(None, largest_file=self._archive.settings.limits.largest_file) as spool,
                self._archive.store.open(object_name(digest), digest=digest) as stream,
            ):
                path = spool.receive(stream).path
                try:
                    gather(folder, each.file, entries(path, HashListForm(each.form)))
                except OSError:  # a home that this user may only read: the cache lasts as long as the question
                    folder = spool.directory
                    gather(folder, each.file, entries(path, HashListForm(each.form)))
                return opened(folder, each.file, algorithm)
        except (StoreError, InputRefused) as error:
            self._not_searched(each, str(error))
            return None

    def _not_searched(self, each: HashListHeld, why: str) -> None:
        self._archive.notes.append(f"the list {each.name!r} could not be searched: {why}")


def _within(rows: Cached | None, each: HashListHeld, variants: Mapping[str, str], bound: int) -> list[Listed]:
    """The lines of one list.

    Raises:
        Damaged: its cache is not what was written.
    """
    if rows is None:
        return []
    names = list(variants)
    (near,) = within(rows.columns, [(lanes_of(list(variants.values())), bound)])
    found = []
    for row, distance, variant in zip(*(column.tolist() for column in near), strict=True):
        entry = rows.told(row)
        if entry.algorithm.by_look and entry.quality is not None and not matches_by_look(entry.quality):
            continue
        found.append(
            Listed(
                list=each.name,
                number=each.number,
                given_by=each.given_by,
                line=entry.line,
                algorithm=str(entry.algorithm),
                bits=entry.bits,
                distance=distance,
                threshold=bound,
                orientation=names[variant],
                quality=entry.quality,
                label=entry.label,
                item=entry.item,
            )
        )
    return found


def lists_folder(archive: Archive) -> Path:
    """Where the caches of lists lie."""
    return archive.home / "cache" / "lists"

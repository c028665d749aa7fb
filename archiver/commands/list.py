"""``archiver list``: which items are held, in order, page by page."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from archiver.catalogue.filters import Box, Filter, Protected, Span
from archiver.catalogue.listing import Sort, listed, located
from archiver.catalogue.protections import in_force
from archiver.catalogue.sources import affiliated_with, members_of
from archiver.catalogue.words import asked
from archiver.errors import UsageError
from archiver.facts import edtf
from archiver.facts.findings import Weight, codes_of
from archiver.facts.values import instant
from archiver.known import known
from archiver.naming import case_called, source_called
from archiver.places import within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.protections import InForce
    from archiver.catalogue.questions import Questions
    from archiver.known import Known

LEGAL_HOLD, RETENTION = "legal-hold", "retention"
_BOX = ("south", "west", "north", "east")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked for, in the words of the user; see ``archiver list --help``.

    Attributes:
        status: where the verification stands.
        source: a publisher, giver or claimant by name or alias, or an account ``PLATFORM:HANDLE``.
        affiliation: an agent; items of those who are said to act for it.
        text: words that all occur in what is said of the item.
        claim: words that all occur in claims.
        caption: words that all occur in captions.
        since: taken in then or later; EDTF, read as UTC where it has no offset.
        until: taken in then or earlier; a day means its end.
        published: when some sighting of it may have been published (EDTF, an interval too).
        captured: when it may have been taken, by its own word.
        case: a case, by title or number.
        tag: ``SCHEME:CODE``, or ``SCHEME:``.
        sensitivity: a flag, or ``any``.
        media_type: ``image/jpeg``, ``image``, ``jpeg``.
        camera: a part of the camera's name.
        finding: a code of a finding of its newest inspection, or a weight (``grave``) for any that weighs so much.
        box: ``SOUTH,WEST,NORTH,EAST`` in degrees.
        country: two letters; see ``archiver.places`` for what that is worth.
        protected: what forbids deleting it now: ``legal-hold``, ``retention``, or ``any`` of the two.
    """

    status: str | None = None
    source: str | None = None
    affiliation: str | None = None
    text: Sequence[str] = ()
    claim: Sequence[str] = ()
    caption: Sequence[str] = ()
    since: str | None = None
    until: str | None = None
    published: str | None = None
    captured: str | None = None
    case: str | None = None
    tag: str | None = None
    sensitivity: str | None = None
    media_type: str | None = None
    camera: str | None = None
    finding: str | None = None
    box: str | None = None
    country: str | None = None
    protected: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of what passes, in full, and how many pass in all (``at_least`` where they were not all counted).

    ``protections`` is what forbids deleting each item now, where that was asked for.
    """

    items: list[Known] = field(default_factory=list)
    total: int = 0
    at_least: bool = False
    protections: dict[str, InForce] = field(default_factory=dict)


def list(  # noqa: A001 - the command is the file, and the function has its name
    archive: Archive,
    wanted: Asked,
    *,
    sort: Sort = Sort.TAKEN_IN,
    reverse: bool = False,
    after: str | None = None,
    limit: int | None = 50,
    as_of: str | None = None,
) -> Listed:
    """The items that pass every filter, a page of them.

    Args:
        archive: the archive.
        wanted: the filters.
        sort: by what; the newest (or largest) first.
        reverse: the oldest (or smallest) first.
        after: continue behind this item.
        limit: how many at the most; ``None`` for all.
        as_of: what was known then.

    Raises:
        UsageError: a time, a box or a word is malformed, or a filter is empty.
        InputRefused: there is no such source, case or item.
    """
    _refuse_empty(wanted)
    behind = None if after is None else archive.resolve(after, as_of)
    with archive.asking(as_of) as questions:
        chosen = _filter(questions, wanted, archive.now)
        page = listed(questions, chosen, sort=sort, reverse=reverse, after=behind, limit=limit)
        found = known(questions, page.items)
        kept = in_force(questions, page.items, moment=archive.now) if wanted.protected else {}
    return Listed([found[item] for item in page.items], page.total, page.more, kept)


def _refuse_empty(wanted: Asked) -> None:
    """Refuse a filter that says nothing: it is a slip (an empty variable in a script), and no question."""
    for name, value in asdict(wanted).items():
        if isinstance(value, str) and not value.strip():
            option = name.removeprefix("media_")
            raise UsageError(f"--{option} is empty", hint="leave it out, or say what to look for")


def _filter(questions: Questions, wanted: Asked, moment: str) -> Filter:
    sources = None
    if wanted.source is not None:
        sources = set(members_of(questions, [source_called(questions, wanted.source).identity]))
    if wanted.affiliation is not None:
        around = set(affiliated_with(questions, [source_called(questions, wanted.affiliation).identity]))
        sources = around if sources is None else sources & around
    words = [
        (word, where)
        for option, where, given in (
            ("--text", None, wanted.text),
            ("--claim", "claim", wanted.claim),
            ("--caption", "caption", wanted.caption),
        )
        for text in given
        for word in _words(option, text)
    ]
    taken_in = None
    if wanted.since is not None or wanted.until is not None:
        earliest = _stated("--since", wanted.since).earliest if wanted.since else None
        latest = _stated("--until", wanted.until).latest if wanted.until else None
        taken_in = Span(instant(earliest) if earliest else None, instant(latest) if latest else None)
    return Filter(
        status=wanted.status,
        sources=None if sources is None else sorted(sources),
        taken_in=taken_in,
        published=_span("--published", wanted.published),
        captured=_span("--captured", wanted.captured),
        words=words,
        case=None if wanted.case is None else case_called(questions, wanted.case).identity,
        tag=wanted.tag,
        sensitivity=wanted.sensitivity,
        media_type=wanted.media_type,
        camera=wanted.camera,
        findings=None if wanted.finding is None else _codes(wanted.finding),
        box=_box(wanted.box),
        among=None if wanted.country is None else within(wanted.country, located(questions)),
        protected=_protected(wanted.protected, moment),
    )


def _protected(word: str | None, moment: str) -> Protected | None:
    if word is None:
        return None
    return Protected(moment, retention=word != LEGAL_HOLD, legal_hold=word != RETENTION)


def _codes(finding: str) -> Sequence[str]:
    """The codes that are meant, of a code or a weight."""
    return codes_of(Weight(finding)) if finding in set(Weight) else [finding]


def _words(option: str, text: str) -> Sequence[str]:
    try:
        return asked(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}", hint="whole words, or their beginning with * behind it") from error


def _stated(option: str, text: str) -> edtf.Stated:
    try:
        return edtf.read_as_utc(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error


def _span(option: str, text: str | None) -> Span | None:
    if text is None:
        return None
    stated = _stated(option, text)
    return Span(
        instant(stated.earliest) if stated.earliest else None, instant(stated.latest) if stated.latest else None
    )


def _box(text: str | None) -> Box | None:
    if text is None:
        return None
    try:
        south, west, north, east = (float(part) for part in text.split(","))
    except ValueError:
        raise UsageError(f"--box {text!r} is no box", hint=f"write {','.join(_BOX).upper()} in degrees") from None
    if not (-90 <= south <= north <= 90 and -180 <= west <= 180 and -180 <= east <= 180):  # noqa: PLR2004 - degrees
        raise UsageError(
            f"--box {text!r} is no box", hint="south before north, latitudes to 90, longitudes to 180 degrees"
        )
    return Box(south, west, north, east)

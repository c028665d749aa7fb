"""What the items of a list have in common, filter by filter, each as a set (``archiver.catalogue.chosen``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.care import SENSITIVITY, showing
from archiver.catalogue.chosen import Among, Chosen, Condition, Conditions, Either, Rows, Saying, Without, values
from archiver.catalogue.dossiers import ACQUISITION, CASE_ITEM, TAG
from archiver.catalogue.protections import LEGAL_HOLD, RETENTION
from archiver.catalogue.questions import ASSESSMENT, INSPECTION, Questions
from archiver.catalogue.rows import fold
from archiver.catalogue.said import UNASSESSED
from archiver.catalogue.seen import SIGHTING
from archiver.catalogue.stated import CLAIM
from archiver.catalogue.tables.items import FindingRow
from archiver.catalogue.tables.row import table
from archiver.facts.vocabulary import AssessmentStatus, FlagState, HoldState, SensitivityFlag, State, TargetKind

if TYPE_CHECKING:
    from collections.abc import Sequence

FINDING = table(FindingRow)
LAST = "\U0010ffff"
"""Behind every other character."""


@dataclass(frozen=True, slots=True)
class Span:
    """A span of time, ``Instant`` to ``Instant``; an open end is ``None``."""

    earliest: str | None
    latest: str | None


@dataclass(frozen=True, slots=True)
class Box:
    """A box on the map, degrees (WGS 84); one whose west is over its east crosses the 180th meridian."""

    south: float
    west: float
    north: float
    east: float


@dataclass(frozen=True, slots=True)
class Protected:
    """By what items are protected, one of the two or both, at a moment (``Instant``)."""

    moment: str
    retention: bool
    legal_hold: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What the listed items have in common.

    Attributes:
        status: where their verification stands.
        sources: the identities of agents and accounts: who published it, gave it or claims something about it.
        taken_in: when they were taken in.
        published: when some sighting of them may have been published.
        captured: when they may have been taken, by their own word.
        words: (word, field) that all occur in what is said of the item; no field means any.
        case: the identity of a case.
        tag: ``scheme:code``, or ``scheme:`` for any code of it.
        sensitivity: a flag that they bear now; ``any`` for any.
        media_type: the type, or the part before or behind the slash.
        camera: a part of the camera's name.
        findings: a code of which the inspection that stands has a finding; any of these.
        box: where they were taken, by their own word.
        among: only these items.
        protected: what keeps them from being deleted now.
    """

    status: str | None = None
    sources: Sequence[str] | None = None
    taken_in: Span | None = None
    published: Span | None = None
    captured: Span | None = None
    words: Sequence[tuple[str, str | None]] = ()
    case: str | None = None
    tag: str | None = None
    sensitivity: str | None = None
    media_type: str | None = None
    camera: str | None = None
    findings: Sequence[str] | None = None
    box: Box | None = None
    among: Sequence[str] | None = None
    protected: Protected | None = None


def sets_of(questions: Questions, chosen: Filter) -> list[Chosen]:
    """What the filter asks for, set by set; all items where it asks for nothing."""
    sets: list[Chosen] = []
    if chosen.published is not None:
        sets.append(_published(questions, chosen.published))
    if chosen.sources is not None:
        sets.append(_from_sources(questions, chosen.sources))
    sets += [*_inspected(questions, chosen), *_handled(questions, chosen)]
    if chosen.findings is not None:
        sets.append(_remarkable(questions, chosen.findings))
    if chosen.status is not None:
        sets.append(_of_status(questions, chosen.status))
    if chosen.taken_in is not None:
        sets.append(Without(own=_taken_in(chosen.taken_in)))
    if chosen.among is not None:
        sets.append(Among(chosen.among))
    if chosen.words:  # the last: of two that are both large, the other one is walked along
        sets.append(Saying(questions, chosen.words))
    return sets or [Without()]


def _handled(questions: Questions, chosen: Filter) -> list[Chosen]:
    sets: list[Chosen] = []
    if chosen.case is not None:
        sets.append(Rows(values(CASE_ITEM, "case", [chosen.case], _stated(questions))))
    if chosen.tag is not None:
        tag = fold(chosen.tag)
        codes = _different(questions, TAG.c.folded, tag, tag + LAST) if tag.endswith(":") else [tag]
        sets.append(Rows(values(TAG, "folded", codes, _stated(questions))))
    if chosen.sensitivity is not None:
        sets.append(_bearing(questions, chosen.sensitivity))
    if chosen.protected is not None:
        sets.append(_protected(questions, chosen.protected))
    return sets


def _protected(questions: Questions, chosen: Protected) -> Chosen:
    """What forbids deleting is asked of now (``archiver.catalogue.protections``); the items may be those of then."""
    now = questions.now()

    def held_then(rows: Any) -> Sequence[Condition]:
        return () if questions.horizon is None else (rows.c.item_number < questions.horizon,)

    def kept(rows: Any) -> Sequence[Condition]:
        return now.stands(rows), rows.c.retain_until > chosen.moment, *held_then(rows)

    def held(rows: Any) -> Sequence[Condition]:
        return now.stands(rows), rows.c.state == HoldState.SET, *held_then(rows)

    sets: list[Rows] = []
    if chosen.retention:
        sets.append(Rows([(RETENTION, kept)], ranged=True))
    if chosen.legal_hold:
        sets.append(Rows([(LEGAL_HOLD, held)]))
    return sets[0] if len(sets) == 1 else Either(sets, ranged=True)


def _stated(questions: Questions) -> Conditions:
    return lambda rows: (rows.c.state == State.STATED, questions.stands(rows))


def _bearing(questions: Questions, flag: str) -> Chosen:
    """The items that bear a flag now, and those for which it holds as well (``archiver.catalogue.care``)."""
    now = questions.now()

    def flagged(rows: Any) -> Sequence[Condition]:
        then = () if questions.horizon is None else (rows.c.item_number < questions.horizon,)
        return rows.c.state == FlagState.FLAGGED, now.stands(rows), *then

    flags = [str(each) for each in SensitivityFlag] if flag == "any" else [flag]
    own = values(SENSITIVITY, "flag", flags, flagged)
    bearing = sa.select(SENSITIVITY.c.item).where(SENSITIVITY.c.flag.in_(flags), *flagged(SENSITIVITY))
    others = questions.holds(showing(now, bearing))
    return Either([Rows(own), Among(sorted(others))]) if others else Rows(own)


def _of_status(questions: Questions, status: str) -> Chosen:
    def judged(rows: Any) -> Sequence[Condition]:
        return rows.c.target_kind == TargetKind.ITEM, questions.stands(rows)

    if status != UNASSESSED:
        return Rows(values(ASSESSMENT, "counts_as", [status], judged))
    others = [str(each) for each in AssessmentStatus if each != UNASSESSED]
    return Without([Rows([(ASSESSMENT, lambda rows: (rows.c.counts_as.in_(others), *judged(rows)))])])


def _published(questions: Questions, span: Span) -> Chosen:
    def dated(rows: Any) -> Sequence[Condition]:
        return rows.c.published.is_not(None), *questions.known(rows)

    return Rows([(SIGHTING, _both(dated, part)) for part in _overlapping(span)], ranged=True)


def _taken_in(span: Span) -> Conditions:
    def conditions(items: Any) -> Sequence[Condition]:
        since = [] if span.earliest is None else [items.c.taken_in >= span.earliest]
        return since if span.latest is None else [*since, items.c.taken_in <= span.latest]

    return conditions


def _overlapping(span: Span) -> list[Conditions]:
    """The two spans may overlap; an end that is not known is open. Each part finds its rows by one range."""

    def begun(rows: Any) -> Sequence[Condition]:
        end = sa.true() if span.earliest is None else sa.or_(rows.c.latest.is_(None), rows.c.latest >= span.earliest)
        return rows.c.earliest.is_not(None) if span.latest is None else rows.c.earliest <= span.latest, end

    def always(rows: Any) -> Sequence[Condition]:
        end = rows.c.latest.is_not(None) if span.earliest is None else rows.c.latest >= span.earliest
        return rows.c.earliest.is_(None), end

    return [begun, always]


def _inspected(questions: Questions, chosen: Filter) -> list[Chosen]:
    """All that is asked of a file must be true of the same inspection, the one that stands."""
    named: list[tuple[str, list[str]]] = []
    if chosen.media_type is not None:
        kind = chosen.media_type.strip().lower()
        held = [kind] if "/" in kind else _different(questions, INSPECTION.c.media_type, "", LAST)
        named.append(("media_type", [each for each in held if kind in (each, *each.split("/"))]))
    if chosen.camera is not None:
        cameras = _different(questions, INSPECTION.c.camera, "", LAST)
        named.append(("camera", [camera for camera in cameras if fold(chosen.camera) in fold(camera)]))
    if chosen.captured is None and chosen.box is None and not named:
        return []

    def stands(rows: Any) -> Sequence[Condition]:
        others = [rows.c[column].in_(wanted) for column, wanted in named[1:]]
        return questions.stands(rows), *others, *([] if chosen.box is None else _inside(rows, chosen.box))

    parts = [stands] if chosen.captured is None else [_both(stands, part) for part in _overlapping(chosen.captured)]
    if not named:
        return [Rows([(INSPECTION, part) for part in parts], ranged=True)]
    return [Rows([walk for part in parts for walk in values(INSPECTION, *named[0], part)])]


def _remarkable(questions: Questions, codes: Sequence[str]) -> Chosen:
    """The items in which the inspection that stands found one of these; each inspection is asked whether it does."""

    def told(rows: Any) -> Sequence[Condition]:
        by = INSPECTION.alias("found_by")
        return (sa.exists(sa.select(by.c.number).where(by.c.number == rows.c.number, questions.stands(by))),)

    return Rows(values(FINDING, "code", codes, told))


def _both(one: Conditions, other: Conditions) -> Conditions:
    return lambda rows: (*one(rows), *other(rows))


def _inside(rows: Any, box: Box) -> Sequence[Condition]:
    east = rows.c.longitude
    across = sa.or_(east >= box.west, east <= box.east) if box.west > box.east else east.between(box.west, box.east)
    return rows.c.latitude.between(box.south, box.north), across


def _different(questions: Questions, column: sa.Column[Any], first: str, last: str) -> list[str]:
    """The different values of an indexed column within bounds, each found behind the one before it."""
    least = sa.select(sa.func.min(column).label("value")).where(column >= first, column <= last)
    found = least.cte("found", recursive=True)
    following = sa.select(sa.func.min(column)).where(column > found.c.value, column <= last).scalar_subquery()
    found = found.union_all(sa.select(following).where(found.c.value.is_not(None)))
    return list(questions.connection.scalars(sa.select(found.c.value).where(found.c.value.is_not(None))))


def _from_sources(questions: Questions, sources: Sequence[str]) -> Chosen:
    return Rows(
        [
            walk
            for of, column in (
                (SIGHTING, "publisher"),
                (SIGHTING, "account"),
                (ACQUISITION, "source"),
                (CLAIM, "claimant"),
                (CLAIM, "claimant_account"),
            )
            for walk in values(of, column, sources, questions.known)
        ]
    )

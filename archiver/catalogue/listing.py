"""The question behind ``archiver list``: which items, in which order, from where on.

The law: a page continues behind an item by the very order it was cut from, so nothing is shown twice and nothing left
out, however many items arrive meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.answers import UNASSESSED
from archiver.catalogue.dossiers import ACQUISITION, CASE_ITEM, SENSITIVITY, TAG
from archiver.catalogue.fulltext import matching
from archiver.catalogue.questions import ASSESSMENT, INSPECTION, ITEM, Questions
from archiver.catalogue.related import clusters
from archiver.catalogue.rows import fold
from archiver.catalogue.seen import SIGHTING
from archiver.catalogue.stated import CLAIM
from archiver.catalogue.tables.items import PhraseRow
from archiver.catalogue.tables.row import table
from archiver.facts.vocabulary import FlagState, State, TargetKind

if TYPE_CHECKING:
    from collections.abc import Sequence

PHRASE = table(PhraseRow)

COUNTED_UP_TO = 10_000
"""Items that are counted at the most: who has more narrows the question."""


class Sort(StrEnum):
    """By what the items are sorted."""

    TAKEN_IN = "taken-in"
    PUBLISHED = "published"
    CAPTURED = "captured"
    SIZE = "size"


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
        sensitivity: a flag that they bear; ``any`` for any.
        media_type: the type, or the part before the slash.
        camera: a part of the camera's name.
        box: where they were taken, by their own word.
        among: only these items.
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
    box: Box | None = None
    among: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some items in order, and how many pass in all; ``more`` where they were only counted up to a bound."""

    items: list[str]
    total: int
    more: bool


def listed(
    questions: Questions,
    chosen: Filter,
    *,
    sort: Sort = Sort.TAKEN_IN,
    reverse: bool = False,
    after: str | None = None,
    limit: int | None = None,
) -> Page:
    """The items that pass the filter, the newest (or largest) first; ``reverse`` turns that round.

    Args:
        questions: at the place of the log that is asked about.
        chosen: the filter.
        sort: by what.
        reverse: the oldest (or smallest) first.
        after: continue behind this item.
        limit: how many at the most.
    """
    conditions = _conditions(questions, chosen)
    key = _key(questions, sort)
    connection = questions.connection
    counted = sa.select(ITEM.c.first).where(*conditions).limit(COUNTED_UP_TO + 1).subquery()
    total = connection.scalar(sa.select(sa.func.count()).select_from(counted)) or 0
    order = [ITEM.c.first.asc() if reverse else ITEM.c.first.desc()]
    if key is not None:
        order = [key.asc() if reverse else key.desc(), *order]
    query = sa.select(ITEM.c.item).where(*conditions)
    if after is not None:
        query = query.where(_behind(questions, key, after, reverse=reverse))
    items = list(connection.scalars(query.order_by(*order).limit(limit)))
    return Page(items, min(total, COUNTED_UP_TO), total > COUNTED_UP_TO)


def located(questions: Questions) -> list[tuple[str, float, float]]:
    """The items that say where they were taken: item, degrees north, degrees east."""
    columns = (INSPECTION.c.item, INSPECTION.c.latitude, INSPECTION.c.longitude)
    placed = (INSPECTION.c.latitude.is_not(None), INSPECTION.c.longitude.is_not(None))
    rows = questions.connection.execute(sa.select(*columns).where(*placed, questions.stands(INSPECTION)))
    return [(row.item, row.latitude, row.longitude) for row in rows]


def _key(questions: Questions, sort: Sort) -> sa.ColumnElement[Any] | None:
    """What is sorted by before the order of the log; items without such a time sort as the oldest."""
    if sort is Sort.TAKEN_IN:
        return None
    if sort is Sort.SIZE:
        return ITEM.c.size
    if sort is Sort.PUBLISHED:
        published = (SIGHTING.c.item == ITEM.c.item, *questions.known(SIGHTING))
        found = sa.select(sa.func.min(SIGHTING.c.earliest)).where(*published)
    else:
        captured = (INSPECTION.c.item == ITEM.c.item, questions.stands(INSPECTION))
        found = sa.select(sa.func.max(INSPECTION.c.earliest)).where(*captured)
    # Text is compared by its bytes, on PostgreSQL as on SQLite, or pages would differ.
    collation = "C" if questions.connection.dialect.name == "postgresql" else "BINARY"
    return sa.collate(sa.func.coalesce(found.correlate(ITEM).scalar_subquery(), ""), collation)


def _behind(
    questions: Questions, key: sa.ColumnElement[Any] | None, after: str, *, reverse: bool
) -> sa.ColumnElement[bool]:
    columns = [ITEM.c.first] if key is None else [key, ITEM.c.first]
    row = questions.connection.execute(sa.select(*columns).where(ITEM.c.item == after)).one()
    first: sa.ColumnElement[bool] = ITEM.c.first > row[-1] if reverse else ITEM.c.first < row[-1]
    if key is None:
        return first
    beyond: sa.ColumnElement[bool] = key > row[0] if reverse else key < row[0]
    return sa.or_(beyond, sa.and_(key == row[0], first))


def _conditions(questions: Questions, chosen: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if questions.horizon is not None:
        conditions.append(ITEM.c.first < questions.horizon)
    if chosen.status is not None:
        conditions.append(_of_status(questions, chosen.status))
    if chosen.taken_in is not None:
        conditions += _within(ITEM.c.taken_in, ITEM.c.taken_in, chosen.taken_in)
    if chosen.published is not None:
        meant = _within(SIGHTING.c.earliest, SIGHTING.c.latest, chosen.published)
        dated = SIGHTING.c.published.is_not(None)
        conditions.append(_among(sa.select(SIGHTING.c.item).where(dated, *questions.known(SIGHTING), *meant)))
    conditions += _inspected(questions, chosen)
    if chosen.sources is not None:
        conditions.append(_from_sources(questions, list(chosen.sources)))
    conditions += _handled(questions, chosen)
    if chosen.among is not None:
        conditions.append(_one_of(chosen.among))
    if chosen.words:
        conditions += _saying(questions, chosen.words)
    return conditions


def _handled(questions: Questions, chosen: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if chosen.case is not None:
        within = (CASE_ITEM.c.case == chosen.case, CASE_ITEM.c.state == State.STATED, questions.stands(CASE_ITEM))
        conditions.append(_among(sa.select(CASE_ITEM.c.item).where(*within)))
    if chosen.tag is not None:
        conditions.append(_tagged(questions, fold(chosen.tag)))
    if chosen.sensitivity is not None:
        conditions.append(_flagged(questions, chosen.sensitivity))
    return conditions


def _flagged(questions: Questions, flag: str) -> sa.ColumnElement[bool]:
    """The items that bear a flag, and their confirmed copies, for which it holds as well."""
    bearing = [SENSITIVITY.c.state == FlagState.FLAGGED, questions.stands(SENSITIVITY)]
    if flag != "any":
        bearing.append(SENSITIVITY.c.flag == flag)
    own = sa.select(SENSITIVITY.c.item).where(*bearing)
    flagged = set(questions.connection.scalars(own))
    copies = {copy for cluster in clusters(questions, flagged).values() for copy in cluster} - flagged
    return sa.or_(_among(own), _one_of(sorted(copies)))


def _one_of(items: Sequence[str]) -> sa.ColumnElement[bool]:
    """Written out, not bound: databases bound the number of parameters, and digests need no quoting."""
    written: sa.BindParameter[Any] = sa.bindparam(None, items, expanding=True, literal_execute=True)
    return ITEM.c.item.in_(written)


def _among(items: sa.Select[Any]) -> sa.ColumnElement[bool]:
    return ITEM.c.item.in_(items)


def _of_status(questions: Questions, status: str) -> sa.ColumnElement[bool]:
    judged = sa.select(ASSESSMENT.c.target).where(
        questions.stands(ASSESSMENT), ASSESSMENT.c.target_kind == TargetKind.ITEM
    )
    if status != UNASSESSED:
        return _among(judged.where(ASSESSMENT.c.counts_as == status))
    other = judged.where(ASSESSMENT.c.counts_as != UNASSESSED, ASSESSMENT.c.target == ITEM.c.item)
    return sa.not_(sa.exists(other.correlate(ITEM)))


def _within(earliest: sa.Column[Any], latest: sa.Column[Any], span: Span) -> list[sa.ColumnElement[bool]]:
    """The two spans may overlap; an end that is not known is open."""
    conditions = []
    if span.earliest is not None:
        conditions.append(sa.or_(latest.is_(None), latest >= span.earliest))
    if span.latest is not None:
        conditions.append(sa.or_(earliest.is_(None), earliest <= span.latest))
    return conditions


def _inspected(questions: Questions, chosen: Filter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if chosen.captured is not None:
        dated = sa.or_(INSPECTION.c.earliest.is_not(None), INSPECTION.c.latest.is_not(None))
        conditions += [dated, *_within(INSPECTION.c.earliest, INSPECTION.c.latest, chosen.captured)]
    if chosen.media_type is not None:
        kind = INSPECTION.c.media_type
        whole = "/" in chosen.media_type
        conditions.append(kind == chosen.media_type if whole else kind.like(f"{chosen.media_type}/%"))
    if chosen.camera is not None:
        cameras = questions.connection.scalars(sa.select(INSPECTION.c.camera).distinct())
        wanted = [camera for camera in cameras if camera and fold(chosen.camera) in fold(camera)]
        conditions.append(INSPECTION.c.camera.in_(wanted))
    if chosen.box is not None:
        box, east = chosen.box, INSPECTION.c.longitude
        across = sa.or_(east >= box.west, east <= box.east) if box.west > box.east else east.between(box.west, box.east)
        conditions += [INSPECTION.c.latitude.between(box.south, box.north), across]
    if not conditions:
        return []
    return [_among(sa.select(INSPECTION.c.item).where(questions.stands(INSPECTION), *conditions))]


def _from_sources(questions: Questions, sources: list[str]) -> sa.ColumnElement[bool]:
    named = [
        sa.select(of.c.item).where(of.c[column].in_(sources), *questions.known(of))
        for of, column in (
            (SIGHTING, "publisher"),
            (SIGHTING, "account"),
            (ACQUISITION, "source"),
            (CLAIM, "claimant"),
            (CLAIM, "claimant_account"),
        )
    ]
    return ITEM.c.item.in_(sa.union(*named))


def _tagged(questions: Questions, tag: str) -> sa.ColumnElement[bool]:
    scheme = TAG.c.folded.between(tag, tag + "\U0010ffff") if tag.endswith(":") else TAG.c.folded == tag
    return _among(sa.select(TAG.c.item).where(scheme, TAG.c.state == State.STATED, questions.stands(TAG)))


def _saying(questions: Questions, words: Sequence[tuple[str, str | None]]) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = [ITEM.c.first.in_(matching(questions.connection.dialect.name, words))]
    if questions.horizon is None:
        return conditions
    for word, field in words:  # the index knows what was said later too: each text tells when it was said
        begins = word.endswith("*")
        pattern = f"% {word.removesuffix('*')}%" if begins else f"% {word} %"
        spoken = sa.literal(" ") + PHRASE.c.words + sa.literal(" ")
        said = [PHRASE.c.item == ITEM.c.item, *questions.known(PHRASE), spoken.like(pattern)]
        if field is not None:
            said.append(PHRASE.c.field == field)
        conditions.append(sa.exists(sa.select(PHRASE.c.number).where(*said).correlate(ITEM)))
    return conditions

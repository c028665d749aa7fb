"""The chronicle of an item or a case: every event about it, in the order of the log, whatever stands now.

The law: nothing is left out because it was superseded, lifted, rejected or taken back later. What an event states is
read from the record that was signed, and each event says which one it superseded and which one superseded it. However
many events there are, they are asked for in a fixed number of statements, each along an index.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.circle import circle
from archiver.catalogue.damage import read_from
from archiver.catalogue.dossiers import CASE, CASE_ITEM
from archiver.catalogue.questions import EVENT
from archiver.catalogue.stated import CLAIM
from archiver.catalogue.tables.row import table
from archiver.catalogue.tables.statements import ClaimLinkRow, RelationRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archiver.catalogue.questions import Questions

RELATION, CLAIM_LINK = table(RelationRow), table(ClaimLinkRow)
_SOURCES = {"source", "account", "publisher", "claimant", "claimant_account", "organisation"}
"""Fields that name an agent or an account by identity."""
_FACTS = {"sighting", "repost_of", "claim", "other", "target", "seconds", "supersedes"}
"""Fields that name another fact by identity, which people know by its number; or an item, which has none."""
_IDENTITY = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Event:
    """One event.

    Attributes:
        number: its place in the log.
        recorded: when it was appended.
        actor: who ran the command.
        kind: which kind of fact it is.
        subject: what it is about, by identity (of a relation that names the item as the other side: the one).
        statement: what it states, field by field, as signed.
        named: what the identities in it mean: the number of a fact, the name of a source, the title of a case.
        supersedes: the number of the event that it superseded.
        superseded_by: the number of the event that superseded it.
    """

    number: int
    recorded: str
    actor: str
    kind: str
    subject: str
    statement: dict[str, Any]
    named: dict[str, str | int]
    supersedes: int | None
    superseded_by: int | None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


def chronicle_of_item(questions: Questions, item: str) -> list[Event]:
    """Every event about an item, its sightings and claims, and what relates it or its claims to others."""
    about = _numbers(questions, RELATION, RELATION.c.other, [item])
    own = [row["fact"] for row in questions.rows(sa.select(CLAIM.c.fact), CLAIM.c.item, [item])]
    about |= _numbers(questions, CLAIM_LINK, CLAIM_LINK.c.other, own)
    return _events(questions, item, about)


def chronicle_of_case(questions: Questions, case: str) -> list[Event]:
    """Every event about a case, and the comings and goings of its items."""
    return _events(questions, case, _numbers(questions, CASE_ITEM, CASE_ITEM.c.case, [case]))


def _numbers(questions: Questions, of: sa.Table, column: sa.Column[Any], values: Sequence[str]) -> set[int]:
    rows = questions.rows(sa.select(of.c.number).where(*questions.known(of)), column, values)
    return {row["number"] for row in rows}


def _events(questions: Questions, subject: str, others: Iterable[int]) -> list[Event]:
    columns = (EVENT.c.sequence, EVENT.c.kind, EVENT.c.subject, EVENT.c.time, EVENT.c.record)
    query = sa.select(*columns)
    if questions.horizon is not None:
        query = query.where(EVENT.c.sequence < questions.horizon)
    rows = [*questions.rows(query, EVENT.c.subject, [subject])]
    missing: list[Any] = sorted(set(others) - {row["sequence"] for row in rows})
    rows += questions.rows(query, EVENT.c.sequence, missing)
    rows.sort(key=lambda row: int(row["sequence"]))
    read = [(row, *_read(row["record"])) for row in rows]
    named = _named(questions, [body for _, _, body in read])
    before = {row["sequence"]: named.get(str(body.get("supersedes"))) for row, _, body in read}
    behind = {number: later for later, number in before.items() if isinstance(number, int)}
    return [
        Event(
            number=row["sequence"],
            recorded=row["time"],
            actor=actor,
            kind=row["kind"],
            subject=row["subject"],
            statement=body,
            named={value: named[value] for value in _identities(body, _SOURCES | _FACTS | {"case"}) if value in named},
            supersedes=number if isinstance(number := before[row["sequence"]], int) else None,
            superseded_by=behind.get(row["sequence"]),
        )
        for row, actor, body in read
    ]


def _read(record: str) -> tuple[str, dict[str, Any]]:
    with read_from("event.record"):
        event = json.loads(record)
        return event["envelope"]["actor"], dict(event["body"] or {})


def _named(questions: Questions, bodies: Sequence[dict[str, Any]]) -> dict[str, str | int]:
    sources = sorted({value for body in bodies for value in _identities(body, _SOURCES)})
    facts = sorted({value for body in bodies for value in _identities(body, _FACTS)})
    cases = sorted({value for body in bodies for value in _identities(body, {"case"})})
    found: dict[str, str | int] = dict(questions.numbers(facts))
    around = circle(questions, [*sources, *(fact for fact in facts if fact not in found)], ties=False)
    for source in [*sources, *facts]:
        name = around.names.get(source) or around.name(source)
        if name is not None:
            found[source] = name.name
    titles = sa.select(CASE.c.entity, CASE.c.title).where(questions.stands(CASE))
    return found | {row["entity"]: row["title"] for row in questions.rows(titles, CASE.c.entity, cases)}


def _identities(body: dict[str, Any], names: Iterable[str]) -> list[str]:
    """The identities in these fields; a list, because one may stand in two."""
    values = (body.get(name) for name in names)
    return [value for value in values if isinstance(value, str) and _IDENTITY.fullmatch(value)]

"""Questions that the catalogue answers, each in a fixed number of statements however many items it is about."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar

import sqlalchemy as sa

from archiver.catalogue import tables
from archiver.catalogue.answers import (
    UNASSESSED,
    CopyHeld,
    Dossier,
    Judgement,
    Print,
    Seen,
    Stated,
    Summary,
    TakenIn,
)
from archiver.catalogue.tables import table
from archiver.facts.vocabulary import SourceKind, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from _typeshed import DataclassInstance

ITEM = table(tables.ItemRow)
EVENT = table(tables.EventRow)
ACQUISITION = table(tables.AcquisitionRow)
INSPECTION = table(tables.InspectionRow)
FINGERPRINT = table(tables.FingerprintRow)
AGENT = table(tables.AgentRow)
ACCOUNT = table(tables.AccountRow)
SIGHTING = table(tables.SightingRow)
CLAIM = table(tables.ClaimRow)
ASSESSMENT = table(tables.AssessmentRow)
COPY = table(tables.CopyRow)

Answer = TypeVar("Answer", bound="DataclassInstance")

CHUNK = 500
"""How many values one IN list holds at the most."""


@dataclass(frozen=True, slots=True)
class Target:
    """A fact that can be judged: which one, and which item it concerns."""

    kind: TargetKind
    identity: str
    item: str
    label: str


class Questions:
    """Questions over one open transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection

    def held(self, items: Sequence[str]) -> dict[str, Summary]:
        """The items among these that the archive holds."""
        rows = self._in(sa.select(ITEM), ITEM.c.item, items)
        return {row["item"]: summary(row) for row in rows}

    def count_items(self) -> int:
        """How many items the archive holds."""
        return self.connection.scalar(sa.select(sa.func.count()).select_from(ITEM)) or 0

    def starting_with(self, prefix: str, limit: int = 3) -> list[str]:
        """Items whose SHA-256 begins so, a few at the most: enough to tell one from several."""
        query = sa.select(ITEM.c.item).where(ITEM.c.item >= prefix, ITEM.c.item < prefix + "g")
        return list(self.connection.scalars(query.order_by(ITEM.c.item).limit(limit)))

    def agent_kind(self, entity: str) -> SourceKind | None:
        """What kind of agent this is, as recorded last; ``None`` where there is no such agent."""
        query = sa.select(AGENT.c.kind).where(AGENT.c.entity == entity).order_by(AGENT.c.number.desc()).limit(1)
        kind = self.connection.scalar(query)
        return None if kind is None else SourceKind(kind)

    def numbers(self, facts: Sequence[str]) -> dict[str, int]:
        """The numbers of the facts of these identities that are recorded."""
        rows = self._in(sa.select(EVENT.c.identity, EVENT.c.sequence), EVENT.c.identity, facts)
        return {row["identity"]: row["sequence"] for row in rows}

    def target(self, number: int) -> Target | None:
        """The claim or sighting of this number, to be judged."""
        for where, kind, words in (
            (CLAIM, TargetKind.CLAIM, CLAIM.c.text),
            (SIGHTING, TargetKind.SIGHTING, SIGHTING.c.url),
        ):
            row = self.connection.execute(
                sa.select(where.c.fact, where.c.item, words).where(where.c.number == number)
            ).first()
            if row is not None:
                return Target(kind, row[0], row[1], row[2] or "")
        return None

    def kind_of_event(self, number: int) -> str | None:
        """The kind of the fact of this number; ``None`` where there is no such number."""
        return self.connection.scalar(sa.select(EVENT.c.kind).where(EVENT.c.sequence == number))

    def newest_judgement(self, target: str) -> Judgement | None:
        """The assessment of this target that none supersedes."""
        query = sa.select(ASSESSMENT).where(ASSESSMENT.c.target == target)
        row = self.connection.execute(query.order_by(ASSESSMENT.c.number.desc()).limit(1)).mappings().first()
        return None if row is None else _judgement(row)

    def identity_of(self, number: int) -> str | None:
        """The identity of the fact of this number."""
        return self.connection.scalar(sa.select(EVENT.c.identity).where(EVENT.c.sequence == number))

    def prints(self, algorithm: str, *, after: int = -1) -> Iterator[tuple[int, str, str, int | None]]:
        """Number, item, bits and quality of every fingerprint of this algorithm beyond a number, in order."""
        columns = (FINGERPRINT.c.number, FINGERPRINT.c.item, FINGERPRINT.c.bits, FINGERPRINT.c.quality)
        query = sa.select(*columns).where(FINGERPRINT.c.algorithm == algorithm, FINGERPRINT.c.number > after)
        for row in self.connection.execute(query.order_by(FINGERPRINT.c.number)):
            yield row[0], row[1], row[2], row[3]

    def prints_of(self, items: Sequence[str]) -> dict[str, list[Print]]:
        """Every fingerprint of these items."""
        found: dict[str, list[Print]] = defaultdict(list)
        for row in self._in(sa.select(FINGERPRINT), FINGERPRINT.c.item, items, order=FINGERPRINT.c.number):
            found[row["item"]].append(Print(row["number"], row["item"], row["algorithm"], row["bits"], row["quality"]))
        return found

    def dossiers(self, items: Sequence[str]) -> dict[str, Dossier]:
        """All that is known of these items, by item; items that are not held are absent."""
        summaries = self.held(items)
        wanted = list(summaries)
        judged: dict[str, list[Judgement]] = defaultdict(list)
        for row in self._in(sa.select(ASSESSMENT), ASSESSMENT.c.item, wanted, order=ASSESSMENT.c.number):
            judged[row["target"]].append(_judgement(row))
        taken = self._acquisitions(wanted)
        inspected = self._inspections(wanted)
        prints = self.prints_of(wanted)
        seen = self._sightings(wanted)
        stated = self._claims(wanted, judged)
        copies: dict[str, list[CopyHeld]] = defaultdict(list)
        for row in self._in(sa.select(COPY), COPY.c.item, wanted, order=COPY.c.number):
            copies[row["item"]].append(_pick(CopyHeld, row))
        return {
            item: Dossier(
                summary,
                taken[item],
                inspected[item],
                prints[item],
                seen[item],
                stated[item],
                judged[item],
                copies[item],
            )
            for item, summary in summaries.items()
        }

    def _acquisitions(self, items: Sequence[str]) -> dict[str, list[TakenIn]]:
        rows = self._in(sa.select(ACQUISITION), ACQUISITION.c.item, items, order=ACQUISITION.c.number)
        names = self._agents(r["source"] for r in rows)
        found: dict[str, list[TakenIn]] = defaultdict(list)
        for row in rows:
            found[row["item"]].append(_pick(TakenIn, row, source=names.get(row["source"], (None,))[0]))
        return found

    def _inspections(self, items: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in self._in(sa.select(INSPECTION), INSPECTION.c.item, items, order=INSPECTION.c.number):
            found[row["item"]].append({k: v for k, v in row.items() if k not in ("item", "fact", "actor")})
        return found

    def _sightings(self, items: Sequence[str]) -> dict[str, list[Seen]]:
        rows = self._in(sa.select(SIGHTING), SIGHTING.c.item, items, order=SIGHTING.c.number)
        names, accounts = self._agents(r["publisher"] for r in rows), self._accounts(r["account"] for r in rows)
        found: dict[str, list[Seen]] = defaultdict(list)
        for row in rows:
            publisher, kind = names.get(row["publisher"], (None, None))
            changed = {"publisher": publisher, "publisher_kind": kind, "account": accounts.get(row["account"])}
            found[row["item"]].append(_pick(Seen, row, **changed))
        return found

    def _claims(self, items: Sequence[str], judged: dict[str, list[Judgement]]) -> dict[str, list[Stated]]:
        rows = self._in(sa.select(CLAIM), CLAIM.c.item, items, order=CLAIM.c.number)
        names = self._agents(r["claimant"] for r in rows)
        accounts = self._accounts(r["claimant_account"] for r in rows)
        sightings = self.numbers([r["sighting"] for r in rows if r["sighting"]])
        found: dict[str, list[Stated]] = defaultdict(list)
        for row in rows:
            history = judged.get(row["fact"], [])
            changed = {
                "by": names.get(row["claimant"], (None,))[0],
                "by_account": accounts.get(row["claimant_account"]),
                "sighting": sightings.get(row["sighting"]),
                "status": history[-1].status if history else UNASSESSED,
                "assessments": history,
            }
            found[row["item"]].append(_pick(Stated, row, **changed))
        return found

    def _agents(self, entities: Iterator[str | None]) -> dict[str, tuple[str, str]]:
        wanted = sorted({e for e in entities if e})
        rows = self._in(sa.select(AGENT), AGENT.c.entity, wanted, order=AGENT.c.number)
        return {row["entity"]: (row["name"], row["kind"]) for row in rows}

    def _accounts(self, identities: Iterator[str | None]) -> dict[str, str]:
        wanted = sorted({i for i in identities if i})
        rows = self._in(sa.select(ACCOUNT), ACCOUNT.c.fact, wanted)
        return {row["fact"]: f"{row['platform']}:{row['handle']}" for row in rows}

    def _in(
        self,
        query: sa.Select[Any],
        column: sa.Column[Any],
        values: Sequence[str],
        *,
        order: sa.Column[Any] | None = None,
    ) -> list[sa.RowMapping]:
        found: list[sa.RowMapping] = []
        for start in range(0, len(values), CHUNK):
            part = query.where(column.in_(values[start : start + CHUNK]))
            found.extend(self.connection.execute(part if order is None else part.order_by(order)).mappings())
        return found


def _pick(kind: type[Answer], row: sa.RowMapping, **changed: Any) -> Answer:
    """Make an answer of a row: each field from ``changed``, else from the column of its name."""
    return kind(**{f.name: changed[f.name] if f.name in changed else row[f.name] for f in fields(kind)})


def summary(row: sa.RowMapping) -> Summary:
    """An item's row as its answer."""
    return _pick(Summary, row, number=row["first"], status=row["status"] or UNASSESSED)


def _judgement(row: sa.RowMapping) -> Judgement:
    return _pick(Judgement, row)

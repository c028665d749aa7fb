"""What keeps items from being deleted, as recorded: retentions that stores were asked for, and legal holds.

The law: whether something may be deleted is asked of now, whatever else was asked as of an earlier time.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from archiver.catalogue.answers import HoldHeld, RetentionHeld
from archiver.catalogue.damage import read_from
from archiver.catalogue.questions import pick
from archiver.catalogue.tables.protection import LegalHoldRow, RetentionRow
from archiver.catalogue.tables.row import table
from archiver.facts.values import parse_instant
from archiver.facts.vocabulary import HoldState
from storage.protection import Mode, Protection, Retention

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions

RETENTION, LEGAL_HOLD = table(RetentionRow), table(LegalHoldRow)


def retentions_of(questions: Questions, items: Sequence[str]) -> dict[str, list[RetentionHeld]]:
    """The retentions of these items that stand at the place that is asked about, one a store, ended ones too."""
    found: dict[str, list[RetentionHeld]] = defaultdict(list)
    query = sa.select(RETENTION).where(questions.stands(RETENTION))
    for row in questions.rows(query, RETENTION.c.item, items, order=RETENTION.c.number):
        found[row["item"]].append(pick(RetentionHeld, row))
    return found


def holds_of(questions: Questions, items: Sequence[str]) -> dict[str, list[HoldHeld]]:
    """The legal holds on these items that stand at the place that is asked about, one a store."""
    found: dict[str, list[HoldHeld]] = defaultdict(list)
    query = sa.select(LEGAL_HOLD).where(questions.stands(LEGAL_HOLD), LEGAL_HOLD.c.state == HoldState.SET)
    for row in questions.rows(query, LEGAL_HOLD.c.item, items, order=LEGAL_HOLD.c.number):
        found[row["item"]].append(pick(HoldHeld, row))
    return found


@dataclass(frozen=True, slots=True)
class InForce:
    """What forbids deleting one item at a moment: retentions that have not ended, and legal holds."""

    retentions: list[RetentionHeld]
    legal_holds: list[HoldHeld]

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values: until when, where, on whose authority."""
        return asdict(self)


def in_force(questions: Questions, items: Sequence[str], *, moment: str) -> dict[str, InForce]:
    """What forbids deleting each of these items now, wherever the horizon is; ``moment`` is an ``Instant``."""
    now = questions.now()
    retained, held = retentions_of(now, items), holds_of(now, items)
    return {
        item: InForce([each for each in retained.get(item, ()) if each.retain_until > moment], held.get(item, []))
        for item in items
    }


def holds_in_force(questions: Questions, item: str) -> list[HoldHeld]:
    """The legal holds that forbid deleting an item now, whether or not a store enforces them."""
    return in_force(questions, [item], moment="")[item].legal_holds


def retentions_in_force(questions: Questions, item: str, *, moment: str) -> list[RetentionHeld]:
    """The retentions of an item that have not ended at a moment (``Instant``)."""
    return in_force(questions, [item], moment=moment)[item].retentions


def promised(questions: Questions, items: Sequence[str], *, moment: str) -> dict[str, dict[str, Protection]]:
    """What stores promised and must still keep at a moment (``Instant``): by item, and by the store's URL.

    A hold that no store enforces is no promise of a store.
    """
    found: defaultdict[str, dict[str, Protection]] = defaultdict(dict)
    now = questions.now()
    for item, retentions in retentions_of(now, items).items():
        for each in retentions:
            if each.retain_until > moment:
                with read_from(f"retention {each.number}"):
                    kept = Retention(Mode(each.mode), parse_instant(each.retain_until))
                found[item][each.store] = Protection(kept)
    for item, holds in holds_of(now, items).items():
        for held in holds:
            if held.enforced:
                other = found[item].get(held.store, Protection())
                found[item][held.store] = Protection(other.retention, legal_hold=True)
    return dict(found)

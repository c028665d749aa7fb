"""Rows as facts, made inside the transaction that records them.

A row that was recorded once says nothing new when it is handed in again, whatever was decided since: a flag that a
person lifted, a label that was raised, a case that an item was taken out of stay as they are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from archiver.catalogue.history import ever_stated
from archiver.errors import InputRefused
from archiver.facts.claim import Claim
from archiver.facts.handling import CaseItem, Sensitivity, Sharing, Tag
from archiver.facts.sighting import Reachability

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact
    from archiver.facts.sighting import Sighting
    from archiver.manifest.checks import Checked
    from archiver.manifest.row import Row
    from archiver.manifest.targets import Targets
    from archiver.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Said:
    """What a row says, as facts.

    Attributes:
        provenance: what is said of where it comes from, reposts and surroundings settled.
        claims: what is stated about it.
        once: what is said once and not again: how it is handled, whether it could still be seen.
    """

    provenance: Provenance
    claims: list[Fact] = field(default_factory=list)
    once: list[Fact] = field(default_factory=list)


class Statements:
    """Makes facts of the rows of one manifest.

    Args:
        archive: where they go.
        targets: what the rows point to; the sightings of those rows are remembered.
    """

    def __init__(self, archive: Archive, targets: Targets) -> None:
        self._archive = archive
        self._targets = targets
        self._recorded: dict[int, str] = {}

    def of(self, checked: Checked, item: str | None, context: str | None) -> Said:
        """The facts of a row, beside those of its file.

        Raises:
            InputRefused: the row above that it repeats was not taken in.
        """
        row = checked.row
        repost = checked.repost_of
        if isinstance(repost, int):
            if repost not in self._recorded:
                raise InputRefused(
                    f"column repost_of: row {repost}, which it repeats, was not taken in",
                    hint="put that row right; the same command again takes in what is left",
                )
            repost = self._recorded[repost]
        provenance = replace(row.provenance, repost_of=repost, context=context, claims=())
        sighting = provenance.sighting(item, self._archive.now)
        if sighting is not None:
            wanted, addresses = self._targets.named(row.number, sighting.url, sighting.canonical)
            if wanted or addresses:
                self._recorded[row.number] = sighting.identity()
        said = Said(provenance)
        if item is not None:
            said.claims.extend(_claims(row, provenance, item, sighting))
            said.once.extend(self._handling(checked, item))
        if sighting is not None and row.availability is not None:
            said.once.append(
                Reachability(
                    sighting=sighting.identity(),
                    item=item,
                    availability=row.availability,
                    observed=sighting.observed,
                    by=provenance.collector,
                )
            )
        return said

    def _handling(self, checked: Checked, item: str) -> list[Fact]:
        row = checked.row
        by = row.by or row.provenance.collector or self._archive.actor
        made: list[Fact] = [Sensitivity(item=item, flag=flag, by=by, basis=row.flags_basis or "") for flag in row.flags]
        if row.tlp is not None:
            made.append(Sharing(item=item, tlp=row.tlp, by=by, basis=row.tlp_basis or ""))
        if checked.case is not None:
            made.append(CaseItem(item=item, case=checked.case, by=by))
        made += [Tag(item=item, scheme=term.scheme, code=term.code, by=by) for term in row.tags]
        return made


def _claims(row: Row, provenance: Provenance, item: str, sighting: Sighting | None) -> list[Fact]:
    agent, account = provenance.agent(), provenance.seen_on()
    return [
        Claim(
            item=item,
            text=each.text,
            kind=each.kind,
            value=each.value,
            manner=each.manner,
            claimant=agent.subject() if agent else None,
            claimant_account=account.identity() if account else None,
            sighting=sighting.identity() if sighting else None,
            url=provenance.url,
        )
        for each in row.claims
    ]


def not_said_before(facts: Sequence[tuple[Fact, bool]], questions: Questions) -> list[Fact]:
    """Those of these facts whose statement was never made on their matter; each once.

    Args:
        facts: with whether the moment of looking, where a fact has one, was stated by the row: where it was only that
            of the command, it makes no statement a new one.
        questions: to the open transaction.
    """
    matters: dict[str, set[str]] = defaultdict(set)
    for fact, _ in facts:
        matters[fact.kind_of_fact].add(fact.matter() or "")
    before = {kind: ever_stated(questions, kind, sorted(on)) for kind, on in matters.items()}
    new = []
    for fact, looked in facts:
        left_out = () if looked else ("observed",)
        history = before[fact.kind_of_fact].setdefault(fact.matter() or "", [])
        statement = _without(fact.statement(), left_out)
        if statement not in [_without(each, left_out) for each in history]:
            new.append(fact)
            history.append(fact.statement())
    return new


def _without(statement: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name not in names}

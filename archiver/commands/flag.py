"""``archiver flag``: care is owed, or no longer; with whom an item may be shared. Always by somebody, on some basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import InputRefused, UsageError
from archiver.facts.fact import matter_of
from archiver.facts.handling import Sensitivity, Sharing
from archiver.facts.vocabulary import FlagState, SensitivityFlag, TrafficLight
from archiver.provenance import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact


@dataclass(frozen=True, slots=True)
class Flagged:
    """What was said of an item: each statement's number, and whether it is new."""

    item: str
    set: list[str]
    lifted: list[str]
    tlp: str | None
    by: str
    numbers: list[int]
    added: int


def flag(
    archive: Archive,
    item: str,
    *,
    sensitivity: Sequence[SensitivityFlag] = (),
    lift: Sequence[SensitivityFlag] = (),
    tlp: TrafficLight | None = None,
    by: str,
    basis: str,
) -> Flagged:
    """Set or lift flags of an item, and label with whom it may be shared.

    Raises:
        InputRefused: no such item, or a flag to be lifted is not set on it.
        UsageError: nothing is said, or by nobody, or on no basis.
    """
    if not by.strip() or not basis.strip():
        raise UsageError("a flag needs a person and a basis", hint="say who says so (--by NAME) and why (--basis TEXT)")
    if not (sensitivity or lift or tlp):
        raise UsageError("nothing is said of the item", hint="say --sensitivity, --lift or --tlp")
    if set(sensitivity) & set(lift):
        raise UsageError("the same flag cannot be set and lifted at once")
    held = archive.resolve(item)
    facts: list[Fact] = [
        checked(Sensitivity, "basis", item=held, flag=each, state=state, by=by, basis=basis)
        for state, flags in ((FlagState.FLAGGED, sensitivity), (FlagState.LIFTED, lift))
        for each in flags
    ]
    if tlp is not None:
        facts.append(checked(Sharing, "basis", item=held, tlp=tlp, by=by, basis=basis))

    def build(questions: Questions) -> list[Fact]:
        standing = questions.standing("sensitivity", [matter_of(held, each) for each in lift])
        missing = [each for each in lift if matter_of(held, each) not in standing]
        if missing:
            raise InputRefused(
                f"the item does not bear the flag {', '.join(missing)}",
                hint="`archiver show` tells whose it is: a copy's flag is lifted on that copy",
            )
        return facts

    recorded = archive.record(build)
    return Flagged(
        item=held,
        set=[str(each) for each in sensitivity],
        lifted=[str(each) for each in lift],
        tlp=str(tlp) if tlp else None,
        by=by.strip(),
        numbers=[recorded.numbers[fact.identity()] for fact in facts],
        added=len(recorded.new),
    )

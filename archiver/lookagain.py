"""Looking at held items again: their bytes read and verified, inspected in a bounded child, and what is new kept.

The law: what is recorded is what the log does not say yet, a batch in one transaction, and before the next batch is
begun; so whoever is killed in between goes on where the log ends. An item that was withdrawn meanwhile is told, and
costs the others of its batch nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver.catalogue.withdrawals import tombstones_of
from archiver.errors import AnswerIsNo, InspectionError, withdrawn
from archiver.inspection.appearance import appearance, framed
from archiver.inspection.facts import fingerprints, inner_fingerprints
from archiver.originals import spooled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.mirror import Recorded
    from archiver.catalogue.questions import Questions
    from archiver.errors import ArchiverError
    from archiver.facts.fact import Fact
    from archiver.inspection.appearance import Appearance
    from archiver.inspection.inspector import Inspector
    from archiver.inspection.report import Report
    from archiver.inspection.wanted import Wanted
    from archiver.spool import Spool

BATCH = 64
"""Items that are recorded together."""


@dataclass(frozen=True, slots=True)
class Looked:
    """One item that was looked at again.

    Attributes:
        item: which.
        report: what was found; none where there is an error.
        facts: what is to be recorded.
        appearance: its local features, where they were asked for.
        error: why there is nothing.
    """

    item: str
    report: Report | None = None
    facts: Sequence[Fact] = ()
    appearance: Appearance | None = None
    error: ArchiverError | None = None


def look_again(
    archive: Archive, inspector: Inspector, spool: Spool, item: str, wanted: Wanted, *, features: bool
) -> Looked:
    """Read an item and inspect it; its fingerprints as facts. What is wrong with it is in the answer.

    Args:
        archive: whose.
        inspector: looks at it.
        spool: where the private copy lies.
        item: which.
        wanted: what to find out.
        features: look for local features, too; ``wanted`` asks for the grey picture then.

    Raises:
        StoreError: the store does not answer.
        SpoolError: there is no room for a private copy.
    """
    try:
        received = spooled(archive, item, spool)
    except AnswerIsNo as error:
        return Looked(item, error=error)
    try:
        report = inspector.inspect(received.path, wanted)
    except InspectionError as error:
        return Looked(item, error=error)
    finally:
        received.discard()
    seen = appearance(report) if features else None
    inner = seen.inner if seen else framed(report)
    return Looked(item, report, (*fingerprints(report, item), *inner_fingerprints(inner, item)), seen)


def keep(archive: Archive, looked: Sequence[Looked]) -> tuple[list[Looked], Recorded | None]:
    """Record the facts and publish the features; the same again, with an error where an item is held no longer.

    Raises:
        CatalogueError, LogError, StoreError: nothing further can be recorded.
    """
    gone: dict[str, ArchiverError] = {}

    def build(questions: Questions) -> list[Fact]:
        stones = tombstones_of(questions, [each.item for each in looked])
        gone.update({item: withdrawn(item, stone.told()) for item, stone in stones.items()})
        return [fact for each in looked if each.item not in gone for fact in each.facts]

    recorded = archive.record(build) if any(each.facts for each in looked) else None
    kept = [replace(each, error=gone[each.item], facts=()) if each.item in gone else each for each in looked]
    seen = [
        (each.item, each.appearance.features, each.appearance.samples)
        for each in kept
        if each.appearance and each.error is None
    ]
    if seen:
        archive.features.add(seen)
    return kept, recorded

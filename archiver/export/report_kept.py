"""How an item is kept, in the report: what forbids its deletion, and the chain of its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.export import event_file
from archiver.export.apart import WITHHELD
from archiver.export.markup import Html, content, listed, said, table, tag
from archiver.export.material import numbers_in
from archiver.facts.vocabulary import Profile
from archiver.render import moment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.export.markup import Content
    from archiver.export.material import Material
    from archiver.export.report_log import Log
    from archiver.known import Known

_MODES = {
    "governance": "only somebody with a special right can delete it earlier",
    "compliance": "nobody can delete it earlier",
}
"""What the modes of Amazon S3 Object Lock mean, which other stores copy."""


def custody(known: Known, material: Material, log: Log) -> Html:
    """What forbids its deletion, then every event that is told of it."""
    numbers = sorted(set(numbers_in(known.dossier)) & material.recordings.keys())
    rows = []
    for number in numbers:
        recording = material.recordings[number]
        actor = (
            said(recording.actor) if recording.actor not in (None, WITHHELD) else tag("span", WITHHELD, class_="none")
        )
        doubt = (", ", tag("a", "in doubt", href="#keys")) if log.in_doubt(number) else None
        link = event_link(number, log)
        rows.append((f"#{number}", moment(recording.recorded), recording.kind, actor, recording.tool, (link, doubt)))
    more = "Events about it that are superseded, taken back or not told above lie beside these in data/events/."
    return content(
        (
            tag("h4", "What forbids its deletion"),
            listed(_protection(known, material.profile or Profile.COURT)),
            tag("h4", "What was recorded of it, event by event"),
            table(("", "Recorded", "What", "By", "With", "Event"), rows),
            tag("p", more, class_="small"),
        )
    )


def event_link(number: int, log: Log) -> Html:
    """A link to the file of an event: whether it is open or sealed."""
    return tag("a", "open" if number in log.opened else "sealed", href=f"events/{event_file.name(number)}")


def _protection(known: Known, profile: Profile) -> Iterator[Content]:
    dossier = known.dossier
    if profile is not Profile.COURT:
        yield "Whether a legal hold or a retention forbids it is withheld here."
        return
    for hold in dossier.legal_holds:
        yield (
            f"#{hold.number}: a legal hold since {moment(hold.recorded)}, set by ",
            said(hold.by),
            " on the authority of ",
            said(hold.authority),
            (", because: ", said(hold.reason)) if hold.reason else None,
            ". The store ",
            said(hold.store),
            " keeps the copy from being deleted by anybody."
            if hold.enforced
            else " does not enforce it: it binds the archive, and whoever reads this.",
        )
    for kept in dossier.retentions:
        yield (
            f"#{kept.number}: a retention until {moment(kept.retain_until)}, set by ",
            said(kept.by),
            (" on the authority of ", said(kept.authority)) if kept.authority else None,
            ". The store ",
            said(kept.store),
            f" said itself that it keeps the copy until then ({kept.mode}: {_MODES.get(kept.mode, 'as it says')}).",
        )
    if not dossier.legal_holds and not dossier.retentions:
        yield "No legal hold and no retention is recorded, or each was released."


def unprotected(known: Known) -> Iterator[Content]:
    """What is not proved of how it is kept."""
    loose = [hold.number for hold in known.dossier.legal_holds if not hold.enforced]
    if loose:
        told = ", ".join(f"#{number}" for number in loose)
        yield f"That nobody can delete it in spite of the legal hold {told}: no store enforces that one."
    if known.dossier.retentions:
        yield "That a store keeps it until the end of a retention: that is the store's own word, written down."

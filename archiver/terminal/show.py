"""``archiver show``, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.errors import ItemWithdrawn, UsageError
from archiver.render import moment, printable, short, size
from archiver.terminal import style
from archiver.terminal.chronicle import event_line
from archiver.terminal.dossier import (
    care_line,
    care_lines,
    claim_lines,
    disagreement_lines,
    history_lines,
    origin_lines,
    relation_lines,
    sighting_lines,
)
from archiver.terminal.erased import tombstone_lines
from archiver.terminal.inspected import finding_lines, inspection_lines
from archiver.terminal.options import as_json, as_of, history, told_as_of
from archiver.terminal.program import tell
from archiver.terminal.receipts import NOT_ENFORCED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.catalogue.answers import Dossier, TakenIn
    from archiver.catalogue.withdrawals import Tombstone
    from archiver.known import Known
    from archiver.terminal.program import Session


@click.command("show")
@click.argument("item", metavar="ITEM")
@as_of
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "json", "jsonld"]),
    help="How: as text (the default), as JSON, or as JSON-LD (W3C PROV, schema.org).",
)
@history
@as_json
@click.pass_obj
def command(session: Session, item: str, as_of: str | None, shape: str | None, history: bool, as_json: bool) -> None:
    """Everything that is known of ITEM (its SHA-256, or the beginning of it), now or as of an earlier time."""
    from archiver.commands.show import show  # noqa: PLC0415 - loads the catalogue, which --help does without

    if as_json and shape not in (None, "json"):
        raise UsageError(f"--json is --format json, and not --format {shape}", hint="say one of the two")
    if history and shape == "jsonld":
        raise UsageError("--history is not told as JSON-LD", hint="say --json: the statements stand under history")
    archive = session.open()
    try:
        shown = show(archive, item, as_of=as_of, jsonld=shape == "jsonld", history=history)
    except ItemWithdrawn as error:
        from archiver.epitaphs import tombstone  # noqa: PLC0415 - hardly ever needed

        _show_tombstone(tombstone(archive, error.item), in_words=not as_json and shape in (None, "text"))
        archive.close()
        return
    archive.close()
    then = told_as_of(archive, aloud=not (as_json or shape in ("json", "jsonld")))
    if shown.jsonld is not None:
        tell(shown.jsonld)
    elif as_json or shape == "json":
        tell(shown.to_json() | then)
    else:
        for line in _lines(shown.known):
            click.echo(line)
        for line in _part("History: every event about it", (event_line(each) for each in shown.history or ())):
            click.echo(line)


def _show_tombstone(stone: Tombstone, *, in_words: bool) -> None:
    if not in_words:
        tell(stone.to_json())
        return
    click.echo(f"item {stone.item}")
    for line in tombstone_lines(stone):
        click.echo(line)


def _lines(known: Known) -> Iterator[str]:
    dossier = known.dossier
    care = care_line(dossier)
    if care:
        yield care
        yield from (f"  {line}" for line in care_lines(dossier))
    yield f"item {dossier.item}"
    yield f"status: {style.status(dossier.status)}" + ("" if dossier.assessments else " (nobody has judged it)")
    yield from (f"  {line}" for line in history_lines(dossier.assessments))
    yield from _part("Kept from being deleted", _protection(dossier))
    yield from _part("Where it comes from", origin_lines(known))
    yield from _part("Sightings", sighting_lines(known))
    yield from _part("Claims", claim_lines(known) if dossier.claims else iter(["no claim is recorded"]))
    yield from _part("Claims that do not agree", disagreement_lines(known))
    yield from _part("Related items", relation_lines(known))
    yield from _part("Cases and tags", _filed(dossier))
    found = finding_lines(dossier.findings) if dossier.inspection else iter(())
    yield from _part("Findings in the file (what was seen, never who did what)", found)
    yield from _part("What the file says of itself (as found; nobody has verified it)", _file(dossier))
    yield from _part("How it came in", _custody(dossier))


def _part(title: str, lines: Iterator[str]) -> Iterator[str]:
    told = [f"  {line}" for line in lines]
    if told:
        yield ""
        yield style.heading(title)
        yield from told


def _filed(dossier: Dossier) -> Iterator[str]:
    for case in dossier.cases:
        note = f": {printable(case.note)}" if case.note else ""
        yield f"case #{case.number} {printable(case.title)} ({case.state}){note}"
    for tag in dossier.tags:
        label = f" ({printable(tag.label)})" if tag.label else ""
        yield f"tag {printable(tag.scheme)}:{printable(tag.code)}{label}"


def _file(dossier: Dossier) -> Iterator[str]:
    for inspection in dossier.inspections[-1:]:
        yield from inspection_lines(inspection)
    for print_ in dossier.fingerprints:
        yield print_.algorithm
        yield f"  {print_.bits}" + (f" quality {print_.quality}" if print_.quality is not None else "")


def _protection(dossier: Dossier) -> Iterator[str]:
    for hold in dossier.legal_holds:
        where = printable(hold.store)
        told = f"enforced by {where}" if hold.enforced else style.care(NOT_ENFORCED) + f" ({where})"
        yield f"legal hold #{hold.number}: {told}"
        why = f", because: {printable(hold.reason)}" if hold.reason else ""
        since = f"set by {printable(hold.by)}, {moment(hold.recorded)}"
        yield f"  {since}, on the authority of {printable(hold.authority)}{why}"
    for kept in dossier.retentions:
        authority = f", on the authority of {printable(kept.authority)}" if kept.authority else ""
        yield f"retention #{kept.number}: {kept.mode} until {moment(kept.retain_until)}, in {printable(kept.store)}"
        yield f"  set by {printable(kept.by)}{authority}"


def _custody(dossier: Dossier) -> Iterator[str]:
    for taken in dossier.acquisitions:
        yield from _acquisition(taken)
    for copy in dossier.copies:
        where = printable(copy.store)
        yield f"copy #{copy.number}: {size(copy.size)} in {where}, {copy.check}, {moment(copy.stored)}"
        yield f"  {copy.name}"
    for check in dossier.checks:
        yield f"last read and found whole #{check.number}: {moment(check.started)} in {printable(check.store)}"
    for failure in dossier.failures:
        yield f"copy found {failure.fault} #{failure.number}: {moment(failure.observed)} in {printable(failure.store)}"
    for repair in dossier.repairs:
        kept = "; what was found there is kept" if repair.set_aside else ""
        yield f"copy repaired #{repair.number}: {moment(repair.repaired)} in {printable(repair.store)}{kept}"
    for left in dossier.disclosures:
        what = "with its bytes" if left.bytes_included else "as a record"
        to = f" to {printable(left.recipient)}" if left.recipient else ""
        why = f", because: {printable(left.reason)}" if left.reason else ""
        yield f"disclosed #{left.number}: {what} ({left.profile}){to}, {moment(left.disclosed)}{why}"
        yield f"  record sha256 {short(left.record)}…"


def _acquisition(taken: TakenIn) -> Iterator[str]:
    who = printable(taken.actor)
    yield f"acquisition #{taken.number}: {moment(taken.taken_in)} (clock: {taken.clock}), recorded by {who}"
    for name in ("source", "url", "collector", "file_name", "path", "host", "note"):
        value = getattr(taken, name)
        if value:
            yield f"  {name.replace('_', ' ')}: {printable(value)}"

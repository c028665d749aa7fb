"""``archiver show``, in words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from archiver.render import moment, printable, size
from archiver.terminal.dossier import claim_lines, judgement_line, sighting_lines
from archiver.terminal.options import as_json
from archiver.terminal.program import tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.catalogue.answers import Dossier, TakenIn
    from archiver.terminal.program import Session


@click.command("show")
@click.argument("item", metavar="ITEM")
@as_json
@click.pass_obj
def command(session: Session, item: str, as_json: bool) -> None:
    """Everything that is known of ITEM (its SHA-256, or the beginning of it)."""
    from archiver.commands.show import show  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    dossier = show(archive, item)
    archive.close()
    if as_json:
        tell(dossier.to_json())
    else:
        for line in _lines(dossier):
            click.echo(line)


def _lines(dossier: Dossier) -> Iterator[str]:
    summary = dossier.summary
    yield f"item {summary.item}"
    yield f"status: {dossier.status}" + ("" if dossier.assessments else " (nobody has judged it)")
    for judgement in reversed(dossier.assessments):
        yield f"  {judgement_line(judgement, newest=judgement is dossier.assessments[-1])}"
    when, basis = dossier.first_seen
    if when and basis:
        yield f"first {basis}: {printable(when)}"
    yield ""
    yield "Sightings"
    yield from (f"  {line}" for line in sighting_lines(dossier))
    yield ""
    yield "Claims"
    yield from (f"  {line}" for line in claim_lines(dossier)) if dossier.claims else ("  no claim is recorded",)
    yield ""
    yield "What the file says of itself (as found; nobody has verified it)"
    for inspection in dossier.inspections[-1:]:
        yield from (f"  {line}" for line in _inspection(inspection))
    for print_ in dossier.fingerprints:
        yield f"  {print_.algorithm}"
        yield f"    {print_.bits}" + (f" quality {print_.quality}" if print_.quality is not None else "")
    yield ""
    yield "How it came in"
    for taken in dossier.acquisitions:
        yield from (f"  {line}" for line in _acquisition(taken))
    for copy in dossier.copies:
        where = printable(copy.store)
        yield f"  copy #{copy.number}: {size(copy.size)} in {where}, {copy.check}, {moment(copy.stored)}"
        yield f"    {copy.name}"


def _inspection(found: dict[str, Any]) -> Iterator[str]:
    shape = f", {found['width']}×{found['height']} pixels as coded" if found["width"] else ""
    yield f"{found['media_type']}{shape}, decode: {found['decode']}"
    if found["detail"]:
        yield f"detail: {printable(found['detail'])}"
    if found["captured"]:
        offset = "" if re.search(r"[+-]\d\d:\d\d$", found["captured"]) else " (the file states no offset)"
        yield f"captured: {printable(found['captured'])}{offset}"
    for name in ("camera", "orientation", "frames"):
        if found[name] is not None and (name != "frames" or found[name] > 1):
            yield f"{name}: {printable(str(found[name]))}"
    if found["latitude"] is not None and found["longitude"] is not None:
        above = f", altitude {found['altitude']:g} m" if found["altitude"] is not None else ""
        yield f"place: {found['latitude']:.6f}, {found['longitude']:.6f}{above}"
    for group, tags in found["embedded"].items():
        if not tags:
            continue
        yield f"{printable(group)}: {len(tags)} tags (all of them with --json)"
    yield f"seen by {printable(found['inspector'])}"


def _acquisition(taken: TakenIn) -> Iterator[str]:
    who = printable(taken.actor)
    yield f"acquisition #{taken.number}: {moment(taken.taken_in)} (clock: {taken.clock}), recorded by {who}"
    for name in ("source", "url", "collector", "file_name", "path", "host", "note"):
        value = getattr(taken, name)
        if value:
            yield f"  {name.replace('_', ' ')}: {printable(value)}"

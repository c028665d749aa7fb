"""``archiver case``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.render import counted, moment, printable, short
from archiver.terminal import style
from archiver.terminal.chronicle import event_line
from archiver.terminal.dossier import care_line, origins_told
from archiver.terminal.options import as_json, as_of, history, told_as_of
from archiver.terminal.program import say, show, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.catalogue.cases import CaseHeld
    from archiver.terminal.program import Session


@click.group("case")
def command() -> None:
    """Cases: what items are gathered for, on whose mandate, led by whom."""


_mandate = click.option("--mandate", metavar="TEXT", help="On whose behalf and for what.")
_lead = click.option("--lead", metavar="NAME", help="Who leads it.")
_members = click.option("--member", "members", multiple=True, metavar="NAME", help="Who works on it; repeatable.")
_retention = click.option("--retention", metavar="WHEN", help="Until when its material is kept (EDTF).")


@command.command("new")
@click.argument("title", metavar="TITLE")
@_mandate
@_lead
@_members
@_retention
@as_json
@click.pass_obj
def new(
    session: Session,
    title: str,
    mandate: str | None,
    lead: str | None,
    members: tuple[str, ...],
    retention: str | None,
    as_json: bool,
) -> None:
    """Open a case; it is named by its TITLE from then on, or by its number."""
    from archiver.commands.case_new import case_new  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open_or_make()
    made = case_new(archive, title, mandate=mandate, lead=lead, members=members, retention=retention)
    archive.close()
    _told(made, as_json=as_json)


@command.command("edit")
@click.argument("case", metavar="CASE")
@_mandate
@_lead
@_members
@_retention
@as_json
@click.pass_obj
def edit(
    session: Session,
    case: str,
    mandate: str | None,
    lead: str | None,
    members: tuple[str, ...],
    retention: str | None,
    as_json: bool,
) -> None:
    """Say something anew of CASE; what is not named stays as it is, and what was said stays in the history."""
    from archiver.commands.case_edit import case_edit  # noqa: PLC0415 - loads the catalogue, which --help does without

    said = {"mandate": mandate, "lead": lead, "members": members or None, "retention": retention}
    archive = session.open()
    edited = case_edit(archive, case, **{name: value for name, value in said.items() if value is not None})
    archive.close()
    _told(edited, as_json=as_json)


@command.command("close")
@click.argument("case", metavar="CASE")
@click.option("--reason", metavar="TEXT", help="Why.")
@click.option("--reopen", is_flag=True, help="Open it again instead.")
@as_json
@click.pass_obj
def close(session: Session, case: str, reason: str | None, reopen: bool, as_json: bool) -> None:
    """Close CASE: nothing more is added to it. What is in it stays."""
    from archiver.commands.case_edit import case_edit  # noqa: PLC0415 - loads the catalogue, which --help does without
    from archiver.facts.vocabulary import CaseState  # noqa: PLC0415 - as above

    archive = session.open()
    closed = case_edit(archive, case, state=CaseState.OPEN if reopen else CaseState.CLOSED, reason=reason)
    archive.close()
    _told(closed, as_json=as_json)


@command.command("add")
@click.argument("case", metavar="CASE")
@click.argument("items", nargs=-1, required=True, metavar="ITEM…")
@click.option("--by", metavar="NAME", help="Who adds them.")
@click.option("--note", metavar="TEXT", help="Why.")
@click.option("--remove", is_flag=True, help="Take them out instead; that they were in it stays in the history.")
@as_json
@click.pass_obj
def add(
    session: Session, case: str, items: tuple[str, ...], by: str | None, note: str | None, remove: bool, as_json: bool
) -> None:
    """Put items into CASE. An item may be in many cases."""
    from archiver.commands.case_add import case_add  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    filed = case_add(archive, case, items, by=by, note=note, remove=remove)
    archive.close()
    if as_json:
        tell(asdict(filed))
        return
    verb = "taken out of" if filed.removed else "in"
    again = "" if filed.added else " (as recorded already)"
    click.echo(f"{counted(len(filed.items), 'item')} {verb} case {printable(filed.title)}{again}")


@command.command("show")
@click.argument("case", metavar="CASE")
@as_of
@history
@as_json
@click.pass_obj
def show_(session: Session, case: str, as_of: str | None, history: bool, as_json: bool) -> None:
    """CASE and what is in it."""
    from archiver.commands.case_show import case_show  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    found = case_show(archive, case, as_of=as_of, history=history)
    archive.close()
    then = told_as_of(archive, aloud=not as_json)
    if as_json:
        tell(found.to_json() | then)
        return
    for line in _lines(found.case):
        show(line)
    for each in found.items:
        care = care_line(each.dossier)
        told = f"{short(each.dossier.item)}  {style.status(each.dossier.status)}, {origins_told(each)}"
        show(f"  {care} {told}" if care else f"  {told}")
    for stone in found.withdrawn:
        show(f"  {short(stone.item)}  {printable(stone.told())}")
    for event in found.history or ():
        show(f"  {event_line(event)}")


@command.command("list")
@as_of
@as_json
@click.pass_obj
def list_(session: Session, as_of: str | None, as_json: bool) -> None:
    """The cases."""
    from archiver.commands.case_show import case_list  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    cases = case_list(archive, as_of=as_of)
    archive.close()
    then = told_as_of(archive, aloud=not as_json)
    for case in cases:
        if as_json:
            tell(asdict(case) | then)
        else:
            lead = f", led by {printable(case.lead)}" if case.lead else ""
            show(style.fitted(f"case #{case.number} {printable(case.title)} ({case.state}){lead}: {_count(case)}"))
    if not as_json:
        say(counted(len(cases), "case"))


def _told(case: CaseHeld, *, as_json: bool) -> None:
    if as_json:
        tell(asdict(case))
        return
    for line in _lines(case):
        click.echo(line)


def _lines(case: CaseHeld) -> Iterator[str]:
    yield f"case #{case.number} {printable(case.title)} ({case.state}): {_count(case)}"
    told = {
        "mandate": case.mandate,
        "lead": case.lead,
        "members": ", ".join(case.members),
        "kept until": case.retention,
        "reason": case.reason,
    }
    for name, value in told.items():
        if value:
            yield f"  {name}: {printable(value)}"
    yield f"  said last: {moment(case.recorded)}"


def _count(case: CaseHeld) -> str:
    return counted(case.items, "item")

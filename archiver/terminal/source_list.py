"""``archiver source list``, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import SourceKind
from archiver.render import counted, printable
from archiver.terminal import style
from archiver.terminal.options import as_json, as_of, choice, told_as_of
from archiver.terminal.program import say, show, tell

if TYPE_CHECKING:
    from archiver.catalogue.sources import Entry
    from archiver.terminal.program import Session

_WIDEST_KIND = 12


@click.command("list")
@click.option(
    "--kind", type=choice(SourceKind), metavar="KIND", help=f"Only agents of this kind: {', '.join(SourceKind)}."
)
@click.option("--text", metavar="WORDS", help="Only sources of which a name holds this.")
@as_of
@as_json
@click.pass_obj
def command(session: Session, kind: str | None, text: str | None, as_of: str | None, as_json: bool) -> None:
    """Which agents and accounts are known, by name; one line (or one JSON object) each."""
    from archiver.commands.source_list import source_list  # noqa: PLC0415 - loads the catalogue

    archive = session.open()
    found = source_list(archive, kind=SourceKind(kind) if kind else None, text=text, as_of=as_of)
    archive.close()
    then = told_as_of(archive, aloud=not as_json)
    widest = max((len(_kind(entry)) for entry in found), default=0)
    for entry in found:
        if as_json:
            tell(entry.to_json() | then)
        else:
            show(style.fitted(_line(entry, max(widest, _WIDEST_KIND))))
    if not as_json:
        say(counted(len(found), "source"))


def _kind(entry: Entry) -> str:
    return "account" if entry.type == "account" else entry.kind or "unknown"


def _line(entry: Entry, width: int) -> str:
    what = f" ({entry.agent_type})" if entry.agent_type else ""
    others = f", also {printable(', '.join(entry.others))}" if entry.others else ""
    return f"{_kind(entry):<{width}}  {printable(entry.name)}{what}{others}"

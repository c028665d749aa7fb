"""``archiver source affiliate``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import AffiliationKind
from archiver.render import printable
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("affiliate")
@click.argument("subject", metavar="SUBJECT")
@click.option("--with", "organisation", required=True, metavar="NAME", help="For whom it is said to act: an agent.")
@click.option("--kind", required=True, type=choice(AffiliationKind), help="In which way.")
@click.option("--basis", required=True, metavar="TEXT", help="What the assertion rests on; with --retract: why.")
@click.option("--by", required=True, metavar="WHO", help="Who asserts it.")
@click.option("--valid", metavar="WHEN", help="Since when and until when (EDTF: 2022-02/..); with --retract: which.")
@click.option("--url", metavar="URL", help="Where it is asserted.")
@click.option("--retract", is_flag=True, help="WHO takes back that same assertion.")
@as_json
@click.pass_obj
def command(
    session: Session,
    subject: str,
    organisation: str,
    kind: str,
    basis: str,
    by: str,
    valid: str | None,
    url: str | None,
    retract: bool,
    as_json: bool,
) -> None:
    """Record that somebody asserts that SUBJECT, an agent or an account PLATFORM:HANDLE, acts for another.

    An account that is not known yet is recorded too. The assertion can be judged: `archiver assess affiliation:N`.
    """
    from archiver.commands.source_affiliate import source_affiliate  # noqa: PLC0415 - loads the catalogue

    archive = session.open()
    said = source_affiliate(
        archive,
        subject,
        organisation=organisation,
        kind=AffiliationKind(kind),
        basis=basis,
        by=by,
        valid=valid,
        url=url,
        retract=retract,
    )
    archive.close()
    if as_json:
        tell(asdict(said))
        return
    if said.account_added:
        say(f"the account {printable(said.source)} was not known: recorded it too")
    done = "recorded" if said.added else "already recorded"
    what = f"{printable(said.source)} is {AffiliationKind(said.kind).before_name()} {printable(said.organisation)}"
    when = f" ({printable(said.valid)})" if said.valid else ""
    says = "takes back that" if said.retracted else "asserts that"
    if said.superseded is not None and not said.retracted:
        say(f"it supersedes #{said.superseded}, which {printable(said.by)} asserted for the same period")
    if said.beside:
        periods = ", ".join(printable(period or "no period") for period in said.beside)
        say(f"{printable(said.by)} asserts the same for other periods too, which stand beside it: {periods}")
    click.echo(f"affiliation #{said.number} {done}: {printable(said.by)} {says} {what}{when}")

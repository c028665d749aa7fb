"""``archiver export``, in words."""

from __future__ import annotations

from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import Profile
from archiver.render import counted, printable, short
from archiver.terminal.options import as_json, as_of, choice
from archiver.terminal.program import say, show, tell
from archiver.terminal.stamped import asked_line

if TYPE_CHECKING:
    from archiver.terminal.program import Session

SOME_FAILED = 3


@click.command("export")
@click.argument("items", nargs=-1, required=True, metavar="ITEM|case:TITLE…")
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="DIR|FILE.zip",
    help="The folder or the ZIP file to make; it must not be there yet.",
)
@click.option(
    "--profile",
    type=choice(Profile),
    default=str(Profile.PUBLIC),
    show_default=True,
    help="For whom: a court gets all, others what may be shown to them.",
)
@click.option("--recipient", metavar="NAME", help="Who gets it; kept with the record of the disclosure.")
@click.option("--reason", metavar="TEXT", help="Why; kept as well.")
@click.option("--records-only", is_flag=True, help="What is known, without the originals.")
@click.option("--acknowledge-sensitive", is_flag=True, help="The flags were read: originals of flagged items may go.")
@click.option(
    "--name-recorders",
    is_flag=True,
    help="Outside a court: whoever gets it may see who recorded each fact, so signed events go along opened.",
)
@click.option("--stamp", is_flag=True, help="Have the log, and then the bundle's list of files, stamped (RFC 3161).")
@as_of
@as_json
@click.pass_obj
def command(
    session: Session,
    items: tuple[str, ...],
    output: str,
    profile: str,
    recipient: str | None,
    reason: str | None,
    records_only: bool,
    acknowledge_sensitive: bool,
    name_recorders: bool,
    stamp: bool,
    as_of: str | None,
    as_json: bool,
) -> int:
    """Write items for somebody, as a bundle that a stranger can check.

    It holds originals, verified on the way, what is known of them, and the signed events that say so.
    It is a bag (BagIt) and a crate (RO-Crate). The record is written as JSON and as JSON-LD (W3C PROV, schema.org).
    VERIFY.md says how it is checked; verify.sh does, with bash, coreutils and openssl alone. What may not go to whom is
    refused or withheld, and said. That it left is recorded first. Time stamps of the log go along where there are any.
    """
    from archiver.commands.export import export  # noqa: PLC0415 - loads the catalogue, which --help does without
    from archiver.inspectors import for_many  # noqa: PLC0415 - as above
    from archiver.stamping import Outcome  # noqa: PLC0415 - as above

    archive = session.open()
    done = export(
        archive,
        items,
        Path(output),
        profile=Profile(profile),
        inspector=partial(for_many, limits=archive.settings.limits),
        recipient=recipient,
        reason=reason,
        records_only=records_only,
        acknowledge_sensitive=acknowledge_sensitive,
        as_of=as_of,
        name_recorders=name_recorders,
        stamp=stamp,
    )
    archive.close()
    code = SOME_FAILED if any(asked.outcome is Outcome.FAILED for asked in done.stamps) else 0
    if as_json:
        tell(asdict(done))
        return code
    for left in done.items:
        original = left.original or ("no original" if not left.original_withheld else "original withheld")
        show(f"{short(left.item)} {printable(original)} (disclosed #{left.disclosure})")
        for reason_told in left.original_withheld:
            show(f"  {printable(reason_told)}")
    for gone in done.withdrawn:
        show(f"{short(gone.item)} withdrawn: its tombstone alone (disclosed #{gone.disclosure})")
    stones = f" and {counted(len(done.withdrawn), 'tombstone')}" if done.withdrawn else ""
    say(f"wrote {counted(len(done.items), 'item')}{stones} to {printable(done.path)} for: {done.profile}")
    sealed = f", {done.sealed} of them sealed" if done.sealed else ""
    say(f"{counted(done.events, 'signed event')} of the log's first {done.checkpoint} went along{sealed}")
    if done.unstamped:
        say(f"no time stamp that went along covers {counted(done.unstamped, 'event')} (docs: bundle, --stamp)")
    for asked in done.stamps:
        say(asked_line(asked))
    say(f"the signed list of files has the SHA-256 {done.manifest}")
    say(f"tell them on another way, by telephone or in print, the key's fingerprint: {done.key}")
    return code

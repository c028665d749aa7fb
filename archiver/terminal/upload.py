"""``archiver upload``, in words."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import SourceKind
from archiver.render import counted, printable, short
from archiver.terminal.options import as_json, choice, radius
from archiver.terminal.program import nobody_listens, say, tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archiver.commands.upload import Receipt
    from archiver.terminal.program import Session

SOME_FAILED = 3


@click.command("upload")
@click.argument("paths", nargs=-1, required=True, metavar="PATH…")
@click.option("--source", metavar="NAME", help="Who published it, or gave it.")
@click.option(
    "--source-kind",
    type=choice(SourceKind),
    metavar="KIND",
    help=f"What kind of source that is: {', '.join(SourceKind)}.",
)
@click.option("--account", metavar="PLATFORM:HANDLE", help="The account it was seen on.")
@click.option("--url", metavar="URL", help="Where it was seen, exactly.")
@click.option(
    "--published",
    metavar="WHEN",
    help="When it was published there, as stated: 2024-12-27, 2024-12-27T14:05:00+09:00, 2024-12~ (EDTF).",
)
@click.option("--caption", metavar="TEXT", help="The words beside it.")
@click.option("--claim", "claims", multiple=True, metavar="TEXT", help="What the source states about it; repeatable.")
@click.option("--collector", metavar="NAME", help="Who collected it.")
@click.option("--note", metavar="TEXT", help="Your own words about how you came by it.")
@click.option("--any-type", is_flag=True, help="Take in what is neither picture nor video, too.")
@click.option("--jobs", type=click.IntRange(1, 256), metavar="N", help="Files taken in at once (default: one a core).")
@radius
@as_json
@click.pass_obj
def command(
    session: Session,
    paths: tuple[str, ...],
    source: str | None,
    source_kind: str | None,
    account: str | None,
    url: str | None,
    published: str | None,
    caption: str | None,
    claims: tuple[str, ...],
    collector: str | None,
    note: str | None,
    any_type: bool,
    jobs: int | None,
    radius: int,
    as_json: bool,
) -> int:
    """Take pictures in, with what is known of where they come from.

    PATH is a file, a folder (with all folders in it; hidden files are skipped, and said), or - for standard input.
    What is said here is said of every file. The same command again finishes what was left, and records nothing twice.
    """
    from archiver.commands.upload import upload  # noqa: PLC0415 - loads what uploading needs, which --help does without
    from archiver.inspectors import for_many  # noqa: PLC0415 - as above
    from archiver.provenance import Provenance  # noqa: PLC0415 - as above

    archive = session.open_or_make()
    provenance = Provenance(
        source=source,
        source_kind=SourceKind(source_kind) if source_kind else None,
        account=account,
        url=url,
        published=published,
        caption=caption,
        claims=claims,
        collector=collector,
        note=note,
    )
    receipts = upload(
        archive,
        paths,
        provenance,
        inspector=partial(for_many, limits=archive.settings.limits),
        any_type=any_type,
        radius=radius,
        jobs=jobs,
    )
    counts: Counter[str] = Counter()
    try:
        with _progress() as advance:
            for receipt in receipts:
                counts[receipt.status] += 1
                counts["sightings"] += receipt.sighting_added
                advance(receipt)
                try:
                    if as_json and receipt.status != "skipped":
                        tell(receipt.to_json())
                    else:
                        _show(receipt)
                except BrokenPipeError:  # archiving is the job, and telling of it comes second
                    nobody_listens()
    finally:
        archive.close()
        say(_summary(counts))
    return SOME_FAILED if counts["failed"] else 0


def _show(receipt: Receipt) -> None:
    path = printable(receipt.path)
    match receipt.status:
        case "skipped":
            say(f"skipped      {path} ({receipt.error})")
        case "failed":
            say(f"failed       {path}: {printable(receipt.error)}")
            if receipt.hint:
                say(f"             hint: {printable(receipt.hint)}")
        case _:
            click.echo(f"{receipt.status:<12} {short(receipt.item or '')}  {path}{_details(receipt)}")
            for match in receipt.lookalikes[:3]:
                turned = "" if match.orientation == "upright" else f", {match.orientation}"
                far = f", {match.distance} bits apart" if match.level == "look" else ""
                click.echo(f"             looks like {short(match.item)} (same {match.level}{far}{turned})")
            if len(receipt.lookalikes) > 3:  # noqa: PLR2004 - a receipt is short; `find` tells all
                click.echo(f"             and {counted(len(receipt.lookalikes) - 3, 'more look-alike')}")


def _details(receipt: Receipt) -> str:
    told = [receipt.media_type or "unknown type"]
    if receipt.width and receipt.height:
        told.append(f"{receipt.width}×{receipt.height}")
    if receipt.decode != "ok":
        told.append(receipt.decode or "not inspected")
    if receipt.sighting_added:
        told.append("sighting added")
    return f"  [{', '.join(told)}]"


def _summary(counts: Counter[str]) -> str:
    told = [f"{counts['archived']:,} archived", f"{counts['already-held']:,} already held"]
    told += [f"{counts[name]:,} {name}" for name in ("failed", "skipped") if counts[name]]
    return ", ".join(told) + f"; {counted(counts['sightings'], 'sighting')} added"


@contextmanager
def _progress() -> Iterator[Callable[[Receipt], None]]:
    """A progress line on a terminal; silence elsewhere."""
    if not sys.stderr.isatty() or sys.stdout.isatty():
        yield lambda _receipt: None
        return
    from rich.console import Console  # noqa: PLC0415 - only where it draws
    from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn  # noqa: PLC0415 - as above

    columns = (SpinnerColumn(), TextColumn("{task.description}"), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("taking in", total=None)

        def advance(receipt: Receipt) -> None:
            progress.update(task, advance=1, description=f"taken in {printable(receipt.path)[-50:]}")

        yield advance

"""``archiver upload``, in words."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import SourceKind, TimeBasis
from archiver.render import printable
from archiver.settings import SETTINGS
from archiver.terminal.options import as_json, jobs, radius, safekeeping, where_seen
from archiver.terminal.program import nobody_listens, say, tell
from archiver.terminal.progress import progress
from archiver.terminal.receipts import NOT_ENFORCED, rehearsal_summary, show_receipt, summary
from archiver.terminal.stamped import asked_line
from storage.protection import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archiver.manifest.manifest import Manifest
    from archiver.provenance import Provenance
    from archiver.receipt import Receipt
    from archiver.terminal.program import Session

SOME_FAILED = 3


@click.command("upload")
@click.argument("paths", nargs=-1, metavar="PATH…")
@click.option(
    "--manifest",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Instead of paths: a .csv or .jsonl with one row a file (see `archiver manifest template`).",
)
@click.option("--dry-run", is_flag=True, help="Check every row of the manifest and its file, and change nothing.")
@where_seen
@click.option("--claim", "claims", multiple=True, metavar="TEXT", help="What the source states about it; repeatable.")
@click.option("--collector", metavar="NAME", help="Who collected it.")
@click.option("--note", metavar="TEXT", help="Your own words about how you came by it.")
@click.option("--any-type", is_flag=True, help="Take in what is neither picture nor video, too.")
@click.option("--pixel-digest", is_flag=True, help="Digest the pixels of every picture (a full decode each).")
@click.option("--fast", is_flag=True, help="Leave local features for later (`archiver fingerprints build`).")
@safekeeping
@click.option("--stamp", is_flag=True, help="At the end, have the log stamped (see `archiver stamp`).")
@jobs
@radius
@as_json
@click.pass_obj
def command(
    session: Session,
    paths: tuple[str, ...],
    manifest: Path | None,
    dry_run: bool,
    source: str | None,
    source_kind: str | None,
    account: str | None,
    channel: str | None,
    url: str | None,
    canonical: str | None,
    published: str | None,
    published_basis: str | None,
    caption: str | None,
    language: str | None,
    claims: tuple[str, ...],
    collector: str | None,
    note: str | None,
    any_type: bool,
    pixel_digest: bool,
    fast: bool,
    retain_until: str | None,
    retention_mode: str | None,
    legal_hold: bool,
    authority: str | None,
    stamp: bool,
    jobs: int | None,
    radius: int,
    as_json: bool,
) -> int:
    """Take pictures in, with what is known of where they come from.

    PATH is a file, a folder (with all folders in it; hidden files are skipped, and said), or - for standard input.
    What is said here is said of every file; with a manifest, where a row leaves a column empty.
    The same command again finishes what was left, and records nothing twice.
    """
    from archiver.commands.upload import upload  # noqa: PLC0415 - loads what uploading needs, which --help does without
    from archiver.inspectors import for_many, trusted  # noqa: PLC0415 - as above
    from archiver.manifest.manifest import Manifest  # noqa: PLC0415 - as above
    from archiver.provenance import Provenance  # noqa: PLC0415 - as above
    from archiver.safekeeping import asked_of_upload  # noqa: PLC0415 - as above
    from archiver.stamping import chosen, stamped_where_possible  # noqa: PLC0415 - as above

    handed = _handed(paths, manifest, dry_run=dry_run)
    provenance = Provenance(
        source=source,
        source_kind=SourceKind(source_kind) if source_kind else None,
        account=account,
        channel=channel,
        url=url,
        canonical=canonical,
        published=published,
        published_basis=TimeBasis(published_basis) if published_basis else None,
        caption=caption,
        language=language,
        claims=claims,
        collector=collector,
        note=note,
    )
    if dry_run and isinstance(handed, Manifest):
        return _rehearsed(session, handed, provenance, any_type=any_type, as_json=as_json)
    archive = session.open_or_make()
    if stamp:
        chosen(archive)
    kept = asked_of_upload(
        archive,
        retain_until=retain_until,
        mode=Mode(retention_mode) if retention_mode else None,
        legal_hold=legal_hold,
        authority=authority,
    )
    receipts = upload(
        archive,
        handed,
        provenance,
        inspector=partial(for_many, limits=archive.settings.limits, trust=trusted(archive)),
        any_type=any_type,
        pixel_digest=pixel_digest,
        fast=fast,
        radius=radius,
        jobs=jobs,
        safekeeping=kept,
    )
    if kept is not None and kept.legal_hold and not kept.enforced:
        say(f"legal hold: {NOT_ENFORCED}")
    try:
        code = _told(receipts, partial(_count, handed), doing="taking in", as_json=as_json)
        if stamp or archive.settings.stamps.on_upload:
            for asked in stamped_where_possible(archive):
                say(asked_line(asked))
    finally:
        archive.close()
    return code


def _handed(paths: tuple[str, ...], manifest: Path | None, *, dry_run: bool) -> tuple[str, ...] | Manifest:
    from archiver.manifest.manifest import Manifest  # noqa: PLC0415 - only where one is read

    if manifest is None:
        if not paths:
            raise click.UsageError("Missing argument 'PATH…', or --manifest FILE.")
        if dry_run:
            raise click.UsageError("--dry-run checks a manifest: give --manifest FILE.")
        return paths
    if paths:
        raise click.UsageError("Give paths or a manifest, not both.")
    return Manifest.open(manifest)


def _rehearsed(session: Session, manifest: Manifest, provenance: Provenance, *, any_type: bool, as_json: bool) -> int:
    from archiver.clock import SystemClock  # noqa: PLC0415 - only where a manifest is rehearsed
    from archiver.facts.values import instant  # noqa: PLC0415 - as above
    from archiver.manifest.rehearsal import rehearse  # noqa: PLC0415 - as above

    archive = session.open() if (session.home / SETTINGS).exists() else None
    if archive is None:
        say(f"there is no archive in {printable(str(session.home))} yet; the upload itself would make it")
    moment = instant(SystemClock().now())
    receipts = rehearse(archive, manifest, provenance, moment=moment, any_type=any_type)
    code = _told(receipts, lambda: manifest.count, doing="checking", as_json=as_json, total=rehearsal_summary)
    say("this was a dry run: nothing was changed")
    return code


def _told(
    receipts: Iterator[Receipt],
    count: Callable[[], int],
    *,
    doing: str,
    as_json: bool,
    total: Callable[[Counter[str]], str] = summary,
) -> int:
    """Show each receipt as it comes, and at the end what became of all of them."""
    counts: Counter[str] = Counter()
    try:
        with progress(doing, count) as advance:
            for receipt in receipts:
                counts[receipt.status] += 1
                counts["sightings"] += receipt.sighting_added
                advance(counts.total() - counts["sightings"] - counts["skipped"], None)
                try:
                    if as_json and receipt.status != "skipped":
                        tell(receipt.to_json())
                    else:
                        show_receipt(receipt)
                except OSError:  # nobody reads, or there is no room: archiving is the job, telling of it comes second
                    nobody_listens()
    finally:
        if counts.total():
            say(total(counts))
    return SOME_FAILED if counts["failed"] else 0


def _count(handed: tuple[str, ...] | Manifest) -> int:
    from archiver.manifest.manifest import Manifest  # noqa: PLC0415 - only where a bar is drawn
    from archiver.walk import Input, walk  # noqa: PLC0415 - as above

    if isinstance(handed, Manifest):
        return handed.count
    return sum(isinstance(found, Input) for found in walk(handed))

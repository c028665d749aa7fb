"""``archiver duplicates``, in words."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from archiver.render import counted, printable, short
from archiver.terminal import style
from archiver.terminal.dossier import care_line
from archiver.terminal.options import as_json, drawing, limit
from archiver.terminal.program import say, show, tell

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.commands.duplicates import Answer, Cluster, Shown
    from archiver.drawing import Drawing
    from archiver.terminal.program import Session


@click.command("duplicates")
@click.option(
    "--radius",
    type=int,
    default=31,  # archiver.duplicates.RADIUS, which would load numpy here; a test compares them
    show_default=True,
    metavar="N",
    help="Within how many bits of 256 of its cluster's medoid every member is.",
)
@click.option(
    "--min-size", type=int, default=2, show_default=True, metavar="N", help="Items of a cluster at the least."
)
@click.option(
    "--suggest", is_flag=True, help="Record the pairs that nothing is recorded of, for `review` to ask about."
)
@drawing("--sheets", "Draw a contact sheet of each cluster into DIR.")
@limit(100, "Clusters shown, largest first")
@as_json
@click.pass_obj
def command(
    session: Session, radius: int, min_size: int, limit: int, suggest: bool, drawing: Drawing | None, as_json: bool
) -> None:
    """What the archive holds more than once: clusters of items that look alike.

    Every member is within the radius of the medoid, the item in the middle of its cluster; pairs that were rejected
    stay apart. Blank pictures are in no cluster, because they all look alike; the largest sets of them are named.
    """
    from archiver.commands.duplicates import duplicates  # noqa: PLC0415 - loads numpy, which --help does without
    from archiver.inspectors import for_many  # noqa: PLC0415 - as above

    archive = session.open()
    answer = duplicates(
        archive,
        radius=radius,
        least=min_size,
        limit=limit,
        suggest=suggest,
        drawing=drawing,
        inspector=partial(for_many, limits=archive.settings.limits),
    )
    for cluster in answer.clusters:
        if as_json:
            tell(cluster.to_json())
            continue
        for line in _lines(cluster):
            show(line)
    archive.close()
    for line in _told(answer, suggest=suggest):
        say(line)


def _lines(cluster: Cluster) -> Iterator[str]:
    hot = ", a hot one: its pairs were not compared one by one" if cluster.hot else ""
    beside = f", beside {counted(cluster.beside, 'look')} of other clusters" if cluster.beside else ""
    yield style.heading(f"{counted(cluster.total, 'item')} within {cluster.radius} bits of the first{beside}{hot}")
    for member in (cluster.medoid, *cluster.members):
        yield f"  {_line(member)}"
    left = cluster.total - 1 - len(cluster.members)
    if cluster.sheet:
        yield f"  drawn: {printable(cluster.sheet)}"
    if left:
        yield f"  … and {counted(left, 'more item')}"


def _line(shown: Shown) -> str:
    dossier = shown.known.dossier
    care, summary = care_line(dossier), dossier.summary
    pixels = f", same pixels as {short(shown.same_pixels)}" if shown.same_pixels else ""
    shape = f", {summary.width}×{summary.height}" if summary.width else ""
    when, basis = shown.known.first_seen
    first = f", first {basis} {printable(when)}" if when else ""
    name = f", {printable(summary.file_name)}" if summary.file_name else ""
    quality = f", quality {shown.member.quality}"
    line = (
        f"{short(summary.item)}  {shown.member.distance:>2} bits{quality}{pixels}{shape}, {dossier.status}{first}{name}"
    )
    return f"{care} {line}" if care else line


def _told(answer: Answer, *, suggest: bool) -> Iterator[str]:
    shown = f", of which the largest {len(answer.clusters)}" if len(answer.clusters) < answer.total else ""
    yield f"{counted(answer.total, 'cluster')}{shown}; {counted(answer.compared, 'item')} compared with one another"
    if answer.flat:
        yield f"{counted(answer.flat, 'item')} not compared: blank or too flat, such pictures all look alike"
    for count, item in answer.named:
        yield f"  {count:,} of them have one fingerprint: {short(item)} and others"
    if suggest:
        yield f"{counted(answer.suggested, 'pair')} suggested: `archiver review` asks about them"

"""``archiver compare``, in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from archiver.fingerprint.algorithm import matches_by_look
from archiver.render import printable, short, size
from archiver.terminal import style
from archiver.terminal.dossier import brackets, relation_line
from archiver.terminal.options import as_json, radius
from archiver.terminal.program import say, tell

if TYPE_CHECKING:
    from archiver.commands.compare import Compared
    from archiver.comparison import Comparison, Party
    from archiver.terminal.program import Session

NOT_ALIKE = 1


@click.command("compare")
@click.argument("one", metavar="A")
@click.argument("other", metavar="B")
@click.option("--picture", metavar="PNG", help="Draw both, the matching box and points, and what differs, into PNG.")
@click.option("--overwrite", is_flag=True, help="Replace PNG if it exists.")
@click.option("--show-sensitive", is_flag=True, help="Draw what care is owed to as it is; it is blurred otherwise.")
@radius
@as_json
@click.pass_obj
def command(
    session: Session,
    one: str,
    other: str,
    picture: str | None,
    overwrite: bool,
    show_sensitive: bool,
    radius: int,
    as_json: bool,
) -> int:
    """Are A and B the same picture, and what changed between them? Looking changes nothing.

    Each is a file, - for standard input (one of the two), or an item that is held. The answer is what the bytes, the
    pixels, the fingerprints and confirmed points show: `consistent with`, never more. It exits with 0 where the two are
    alike, and with 1 where nothing shows that they are.
    """
    from archiver.inspectors import for_one, trusted  # noqa: PLC0415 - loads what a look needs, which --help does without

    archive = session.open()
    inspector = for_one(archive.settings.limits, trusted(archive))
    from archiver.commands.compare import compare  # noqa: PLC0415 - after the inspector, which must be made before numpy is loaded

    found = compare(
        archive,
        one,
        other,
        inspector=inspector,
        radius=radius,
        picture=Path(picture) if picture is not None else None,
        overwrite=overwrite,
        show_sensitive=show_sensitive,
    )
    archive.close()
    if as_json:
        tell(found.to_json())
    else:
        _show(found)
    return 0 if found.comparison.alike else NOT_ALIKE


def _show(found: Compared) -> None:
    comparison = found.comparison
    for name, party in (("A", comparison.one), ("B", comparison.other)):
        click.echo(_party(name, party))
    for line in comparison.kinship.in_words():
        click.echo(style.heading(line) if line is comparison.kinship.in_words()[0] else line)
    for change in comparison.kinship.changes:
        click.echo(f"  {change.kind}: {change.words('A', 'B')}")
    for decision in comparison.decided:
        click.echo(f"persons decided of A and B: {relation_line(decision, 'B')}")
    click.echo(_shown_by(comparison))
    differing = [row for row in comparison.table if row.differs]
    if differing:
        click.echo("what differs between the files:")
    for row in differing:
        click.echo(f"  {printable(row.name)}: {printable(row.one)} (A), {printable(row.other)} (B)")
    for note in comparison.notes:
        say(printable(note))
    if found.picture is not None:
        blurred = ", with what is sensitive blurred (--show-sensitive shows it)" if found.blurred else ""
        say(f"drew {printable(found.picture)}{blurred}")


def _party(name: str, party: Party) -> str:
    care = brackets(party.care.to_json())
    shape = f"{_shape(party)}, " if party.upright else ""
    held = "held" if party.held else "not held"
    told = (
        f"{name}  {short(party.digest)}  {party.report.media_type or 'unknown type'}, {shape}{size(party.size)}, {held}"
    )
    shown = party.name if not party.digest.startswith(party.name) else ""
    told = f"{told}  {printable(shown)}" if shown else told
    return f"{care} {told}" if care else told


def _shape(party: Party) -> str:
    """Width and height as it is meant to be seen, which all boxes are in; and what is stored, where that is turned."""
    width, height = party.upright or (0, 0)
    report = party.report
    told = f"{width:,}×{height:,}"
    if report.orientation in {None, 1}:
        return told
    return f"{told} upright (stored as {report.width:,}×{report.height:,}, orientation {report.orientation})"


def _too_flat(party: Party) -> bool:
    return party.report.look is not None and not matches_by_look(party.report.look.quality)


def _shown_by(comparison: Comparison) -> str:
    same_bytes = comparison.one.digest == comparison.other.digest
    parts = [f"bytes {'equal' if same_bytes else 'differ'}"]
    if comparison.one.report.pixels and comparison.other.report.pixels:
        parts.append(f"pixels {'equal' if comparison.kinship.level in {'bytes', 'pixels'} else 'differ'}")
    if any(_too_flat(party) for party in (comparison.one, comparison.other)):
        parts.append("looks not compared")
    elif comparison.distance is not None:
        turned = "" if comparison.orientation == "upright" else f" ({comparison.orientation})"
        alike = "alike" if comparison.by_look else "not alike"
        parts.append(f"looks {comparison.distance} of 256 bits apart{turned}, {alike} (radius {comparison.radius})")
    if comparison.verified is not None:
        parts.append(f"{comparison.verified.inliers} of {comparison.verified.matched} matched points confirmed")
    elif comparison.comparable and not same_bytes:
        parts.append("no points confirmed")
    return "shown by: " + "; ".join(parts)

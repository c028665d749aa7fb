"""``archiver find``, in words."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from archiver.fingerprint.raster import upright_size
from archiver.render import counted, moment, printable, short
from archiver.terminal.dossier import (
    care_line,
    claim_lines,
    disagreement_lines,
    history_lines,
    origins_told,
    reason_lines,
    relation_line,
    sighting_lines,
)
from archiver.terminal.options import as_json, as_of, drawing, jobs, limit, radius, told_as_of
from archiver.terminal.program import say, show, tell
from archiver.terminal.progress import progress
from archiver.terminal.receipts import listed_told

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.found import Found, Matched
    from archiver.likeness.relation import Kinship
    from archiver.terminal.program import Session

SOME_FAILED = 3


@click.command("find")
@click.argument("query", metavar="[IMAGE|ITEM]", required=False)
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Instead of one picture: every file of a folder, an answer each.",
)
@click.option("--deep", is_flag=True, help="Look for parts in any case (otherwise: where nothing else is found).")
@click.option("--fast", is_flag=True, help="Never look for parts.")
@drawing("--picture", "Draw the query beside each match, and what changed, into DIR.")
@radius
@limit(20, "Matches shown")
@as_of
@jobs
@as_json
@click.pass_obj
def command(
    session: Session,
    /,
    query: str | None,
    folder: Path | None,
    deep: bool,
    fast: bool,
    jobs: int | None,
    as_json: bool,
    **asked: Any,
) -> int:
    """Have we this picture already: the same bytes, the same pixels, the same look, or a part of it?

    IMAGE is a file or - for standard input; ITEM is an item that is held. The answer says who published each match, who
    claims what, and who verified it on what basis. Looking changes nothing.
    """
    if (query is None) == (folder is None):
        raise click.UsageError("Give one IMAGE or ITEM, or --folder DIR.")
    if deep and fast:
        raise click.UsageError("Give --deep or --fast, not both.")
    archive = session.open()
    asked["depth"] = "deep" if deep else "fast" if fast else "as needed"
    if folder is not None:
        return _every(archive, folder, jobs, as_json=as_json, **asked)
    from archiver.inspectors import for_one, trusted  # noqa: PLC0415 - loads what a look-up needs, which --help does without

    inspector = for_one(archive.settings.limits, trusted(archive))
    from archiver.commands.find import find  # noqa: PLC0415 - after the inspector, which must be made before numpy is loaded

    found = find(archive, query or "", inspector=inspector, **_how(**asked))
    archive.close()
    then = told_as_of(archive, aloud=not as_json)
    if as_json:
        tell(found.to_json() | then)
    else:
        _show(found)
        if _by_look(found):
            say(found.chance_told())
        _show_rates([found], found.radius)
    return 0


def _how(*, depth: str, **asked: Any) -> dict[str, Any]:
    """The options in the program's own terms."""
    from archiver.finding import Depth  # noqa: PLC0415 - loads what a look-up needs, which --help does without

    return {**asked, "depth": Depth(depth)}


def _every(archive: Archive, folder: Path, jobs: int | None, *, as_json: bool, **asked: Any) -> int:
    """One answer a file; the exit code."""
    from archiver.commands.find_folder import find_folder  # noqa: PLC0415 - loads what this needs, which --help does without
    from archiver.inspectors import for_many, trusted  # noqa: PLC0415 - as above
    from archiver.walk import Input, walk  # noqa: PLC0415 - as above

    looking = partial(for_many, limits=archive.settings.limits, trust=trusted(archive))
    answers = find_folder(archive, folder, inspector=looking, jobs=jobs, **_how(**asked))
    failed = done = 0
    told: list[Found] = []
    with progress("looking up", lambda: sum(isinstance(each, Input) for each in walk((str(folder),)))) as advance:
        for answer in answers:
            advance(done := done + 1, None)
            failed += answer.failed
            if answer.found is None:
                what = "failed" if answer.failed else "skipped"
                say(f"{what:<8} {printable(answer.path)}: {printable(answer.error)}")
                if as_json and answer.failed:
                    tell({"path": answer.path, "error": answer.error})
            elif as_json:
                tell({"path": answer.path, **answer.found.to_json()})
            else:
                show(f"{printable(answer.path)}:")
                _show(answer.found, indent="  ")
                told.append(answer.found)
    _show_rates(told, asked["radius"])
    if not done:
        say(f"there is no file in {printable(str(folder))}")
    archive.close()
    told_as_of(archive, aloud=not as_json)
    return SOME_FAILED if failed else 0


def _show_rates(answers: list[Found], radius: int) -> None:
    """How often a match by look or in part is chance; once, however many matches there are."""
    from archiver.fingerprint.part_rates import PART_MEASURED  # noqa: PLC0415 - loaded by now
    from archiver.found import rates  # noqa: PLC0415 - as above

    matches = [each.match for found in answers for each in found.matches]
    looks = [match for match in matches if match.level == "look"]
    for rate in rates("look", radius) if looks else ():
        say(rate.told(framed=any(match.frame or match.held_frame for match in looks)))
    for part in PART_MEASURED if any(match.level == "part" for match in matches) else ():
        say(part.told())


def _show(found: Found, indent: str = "") -> None:
    if found.note:
        say(f"{indent}{printable(found.note)}")
    if found.withdrawn:
        show(f"{indent}these very bytes were {printable(found.withdrawn.told())}")
    if not found.matches:
        show(f"{indent}not held: no match among {counted(found.searched, 'item')}")
    for each in found.matches:
        _show_match(each, indent, found.query)
    for line in found.listed:
        show(f"{indent}{listed_told(line, held=bool(found.matches))}")
    more = found.total - len(found.matches)
    if more:
        say(f"{indent}{counted(more, 'more match', 'more matches')}: raise --limit to see them")
    if found.matches or found.in_part is not None:
        part = "" if found.in_part is None else f", {found.in_part:,} in part"
        say(
            f"{indent}searched {counted(found.searched, 'item')}, {found.comparable:,} of them by look "
            f"(radius {found.radius}){part}"
        )


def _show_match(matched: Matched, indent: str, query: str) -> None:
    match, known = matched.match, matched.known
    dossier = known.dossier
    care = care_line(dossier)
    told = f"same {match.level:<6} {short(match.item)}  {', '.join((*match.details(), dossier.status))}"
    show(f"{indent}{care} {told}" if care else f"{indent}{told}")
    summary = dossier.summary
    width, height = upright_size(summary.width, summary.height, summary.orientation)
    shape = f"{width:,}×{height:,}, " if width and height else ""
    lines = [f"{summary.media_type}, {shape}taken in {moment(summary.taken_in)}"]
    lines += [printable(line) for line in relation_lines(matched.kinship, short(match.item))]
    lines += [relation_line(each, "the query") for each in matched.decided(query)]
    if matched.picture:
        lines.append(f"drawn: {printable(matched.picture)}")
    lines += history_lines(dossier.assessments)
    if known.origins.sightings:
        lines.append(origins_told(known))
    lines += [*reason_lines(known), *sighting_lines(known), *claim_lines(known), *disagreement_lines(known)]
    for line in lines:
        show(f"{indent}  {line}")


def relation_lines(kinship: Kinship, other: str) -> list[str]:
    """How the query is related to an item, as far as it is known without reading the item again."""
    if kinship.level == "bytes":
        return []
    note = kinship.note_about("the query", other)
    told = [*kinship.in_words("the query", other), *(each.words("the query", other) for each in kinship.changes)]
    return [*told, *([note] if note else [])]


def _by_look(found: Found) -> bool:
    return any(each.match.level == "look" for each in found.matches)

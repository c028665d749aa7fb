"""``archiver list``, in words."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import click

from archiver.errors import UsageError
from archiver.facts.findings import FindingCode, Weight
from archiver.facts.vocabulary import AssessmentStatus, SensitivityFlag
from archiver.render import counted, moment, printable, short
from archiver.terminal import style
from archiver.terminal.dossier import care_line
from archiver.terminal.options import as_json, as_of, choice, limit, told_as_of
from archiver.terminal.program import say, show, tell
from archiver.terminal.receipts import NOT_ENFORCED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.archive import Archive
    from archiver.commands.list import Listed
    from archiver.known import Known
    from archiver.terminal.program import Session

INDENT = "    "
SORTS = ("taken-in", "published", "captured", "size")
"""As ``archiver.catalogue.listing.Sort``, which would load the catalogue here; a test compares them."""

PROTECTED = ("legal-hold", "retention", "any")

CSV_COLUMNS = (
    *("sensitivity", "tlp", "item", "status", "media_type", "width", "height", "size", "taken_in", "file_name"),
    *("captured", "camera", "latitude", "longitude", "first_seen", "first_seen_basis", "sightings"),
    *("independent_origins", "sources", "claims", "cases", "tags"),
)


@click.command("list")
@click.option("--status", type=choice(AssessmentStatus), help="Where the verification of the item stands.")
@click.option("--source", metavar="NAME", help="Publisher, giver or claimant; or an account PLATFORM:HANDLE.")
@click.option("--affiliation", metavar="NAME", help="From sources that are said to act for this one, or itself.")
@click.option("--text", multiple=True, metavar="WORDS", help="All these words occur in what is said of it (Kurs*).")
@click.option("--claim", multiple=True, metavar="WORDS", help="All these words occur in claims about it.")
@click.option("--caption", multiple=True, metavar="WORDS", help="All these words occur in captions of it.")
@click.option("--since", metavar="WHEN", help="Taken in then or later (2026-11-23, 2026-11-23T14:00; UTC unless said).")
@click.option("--until", metavar="WHEN", help="Taken in then or earlier; a day means its end.")
@click.option("--published", metavar="WHEN", help="Published then, as far as stated (EDTF: 2024-12, 2024-12-26/..).")
@click.option("--captured", metavar="WHEN", help="Taken then, by the file's own word (EDTF).")
@click.option("--case", metavar="CASE", help="In this case, by title or number.")
@click.option("--tag", metavar="SCHEME:CODE", help="With this tag; SCHEME: for any tag of a scheme.")
@click.option(
    "--sensitivity",
    type=click.Choice([*map(str, SensitivityFlag), "any"]),
    metavar="FLAG",
    help=f"With this flag: {', '.join(SensitivityFlag)}; any.",
)
@click.option(
    "--protected",
    type=click.Choice(PROTECTED),
    help="That nobody may delete now: under a legal hold, under a retention that has not ended; or any of the two.",
)
@click.option("--type", "media_type", metavar="TYPE", help="Of this media type: image/jpeg; jpeg; image for all.")
@click.option("--camera", metavar="TEXT", help="Taken with a camera of this name, or part of a name.")
@click.option(
    "--finding",
    type=click.Choice([*map(str, Weight), *map(str, FindingCode)]),
    metavar="WHAT",
    help="Found in the file itself: a code (docs: inspection), or all that weighs so much: grave, notable, slight.",
)
@click.option("--box", metavar="S,W,N,E", help="Taken within these degrees, by the file's own word.")
@click.option("--country", metavar="XX", help="Taken in this country (ISO 3166-1), by its position and one map.")
@click.option(
    "--sort", type=click.Choice(SORTS), default="taken-in", show_default=True, help="Newest or largest first."
)
@click.option("--reverse", is_flag=True, help="Oldest or smallest first.")
@click.option(
    "--withdrawn", is_flag=True, help="Instead: the tombstones of what was withdrawn, in the order of the log."
)
@click.option("--after", metavar="ITEM", help="Continue behind this item: the last one of the page before.")
@limit(50, "Items shown")
@as_of
@click.option("--csv", "as_csv", is_flag=True, help="Answer with CSV (RFC 4180) on standard output.")
@as_json
@click.pass_obj
def command(
    session: Session,
    /,
    sort: str,
    reverse: bool,
    after: str | None,
    limit: int,
    as_of: str | None,
    as_csv: bool,
    as_json: bool,
    withdrawn: bool,
    **filters: str | tuple[str, ...] | None,
) -> None:
    """Which items are held, newest first; one line (or one JSON object) each. Several filters all have to hold."""
    from archiver.catalogue.listing import Sort  # noqa: PLC0415 - loads the catalogue, which --help does without
    from archiver.commands.list import Asked  # noqa: PLC0415 - as above
    from archiver.commands.list import list as listed  # noqa: PLC0415 - as above

    if as_csv and as_json:
        raise UsageError("--csv and --json are two answers", hint="say one of the two")
    archive = session.open()
    if withdrawn:
        _refuse_with_withdrawn(as_csv, as_of, after, *filters.values())
        _show_tombstones(archive, as_json=as_json)
        return
    wanted = Asked(**filters)  # type: ignore[arg-type] # the options above are its fields, by name
    answer = listed(archive, wanted, sort=Sort(sort), reverse=reverse, after=after, limit=limit, as_of=as_of)
    archive.close()
    then = told_as_of(archive, aloud=not as_json)
    if as_csv:
        _show_csv(answer.items)
    for known in () if as_csv else answer.items:
        if as_json:
            tell(_json(known) | _protected_json(answer, known) | then)
        else:
            for line in (*_lines(known), *_protected_lines(answer, known)):
                show(line)
    more = len(answer.items) == limit and answer.total > len(answer.items)
    if more and not answer.items:
        return
    if more or answer.at_least:
        count = ("more than " if answer.at_least else "") + counted(answer.total, "item")
        last = short(answer.items[-1].dossier.item) if answer.items else ""
        say(f"{len(answer.items):,} of {count}: go on with --after {last}, or raise --limit")
    elif not as_json:
        say(counted(len(answer.items), "item"))


def _refuse_with_withdrawn(*asked: object) -> None:
    if any(asked):
        raise UsageError("--withdrawn lists tombstones, which nothing else is asked of", hint="say it alone")


def _show_tombstones(archive: Archive, *, as_json: bool) -> None:
    from archiver.epitaphs import every_tombstone  # noqa: PLC0415 - loads the catalogue, which --help does without

    for stone in every_tombstone(archive):
        if as_json:
            tell(stone.to_json())
        else:
            show(f"{short(stone.item)}  {printable(stone.told())}")
    archive.close()


def _json(known: Known) -> dict[str, object]:
    whole = known.to_json()
    names = ("acquisitions", "inspections", "fingerprints", "copies")
    kept = {name: value for name, value in whole.items() if name not in names}
    return kept | {"findings": known.dossier.named_findings}


def _protected_json(answer: Listed, known: Known) -> dict[str, object]:
    kept = answer.protections.get(known.dossier.item)
    return {} if kept is None else {"protected": kept.to_json()}


def _protected_lines(answer: Listed, known: Known) -> Iterator[str]:
    """What forbids deleting an item: a line for each store that keeps it, and for each legal hold."""
    kept = answer.protections.get(known.dossier.item)
    if kept is None:
        return
    for hold in kept.legal_holds:
        enforced = "" if hold.enforced else f" ({NOT_ENFORCED})"
        reason = f": {printable(hold.reason)}" if hold.reason else ""
        authority = f"by {printable(hold.by)} on the authority of {printable(hold.authority)}{reason}"
        yield f"{INDENT}legal hold{enforced} since {moment(hold.recorded)}, {authority}"
    for each in kept.retentions:
        authority = f" on the authority of {printable(each.authority)}" if each.authority else ""
        until = f"until {moment(each.retain_until)} in {printable(each.store)}"
        yield f"{INDENT}{each.mode} {until}, by {printable(each.by)}{authority}"


def _lines(known: Known) -> list[str]:
    """One line; where a terminal is too narrow for it behind the care that is owed, care has its own line before it."""
    dossier = known.dossier
    summary = dossier.summary
    shape = f"{summary.width}×{summary.height}" if summary.width else "-"
    kind = (summary.media_type or "unknown").removeprefix("image/")
    name = printable(summary.file_name or "")
    care = care_line(dossier)
    fixed = f"{short(summary.item)}  {summary.taken_in[:10]}  "
    status = f"{dossier.status:<18}"
    rest = f"  {kind:<5} {shape:>9}  {_from_whom(known) or 'source unknown'}{'  ' + name if name else ''}"
    told = fixed + style.status(dossier.status) + " " * (len(status) - len(dossier.status))
    before = len(fixed) + len(status)
    beside = before + len(care_text(known)) + 1
    if not care:
        return [told + style.fitted(rest, before=before)]
    if style.fitted(rest, before=beside) == rest:
        return [f"{care} {told}{rest}"]
    return [care, told + style.fitted(rest, before=before)]


def care_text(known: Known) -> str:
    """What comes before anything else, without colours."""
    care = known.dossier.care()
    return f"[{', '.join([*care['sensitivity'], *([care['tlp']] if care['tlp'] else [])])}]"


def _from_whom(known: Known) -> str:
    names = {seen.publisher or seen.account for seen in known.dossier.sightings} - {None}
    return printable(", ".join(sorted(str(name) for name in names)))


def _show_csv(items: list[Known]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, CSV_COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in _record(known).items()} for known in items)
    click.echo(text.getvalue(), nl=False)


def _record(known: Known) -> dict[str, object]:
    dossier = known.dossier
    whole = known.to_json()
    inspection = dossier.inspections[-1] if dossier.inspections else {}
    names = ("item", "status", "media_type", "width", "height", "size", "taken_in", "file_name")
    return {
        "sensitivity": "; ".join(whole["sensitivity"]),
        "tlp": whole["tlp"],
        **{name: whole[name] for name in (*names, "first_seen", "first_seen_basis")},
        **{name: inspection.get(name) for name in ("captured", "camera", "latitude", "longitude")},
        "sightings": len(known.origins.sightings),
        "independent_origins": known.origins.independent,
        "sources": _from_whom(known),
        "claims": "; ".join(stated.text for stated in dossier.claims),
        "cases": "; ".join(case.title for case in dossier.cases),
        "tags": "; ".join(f"{tag.scheme}:{tag.code}" for tag in dossier.tags),
    }


def _harmless(value: object) -> object:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV Injection), and no terminal for a command."""
    if not isinstance(value, str):
        return value
    text = printable(value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text

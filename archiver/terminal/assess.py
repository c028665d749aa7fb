"""``archiver assess``, in words."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from archiver.facts.vocabulary import (
    AssessmentStatus,
    Confidence,
    Credibility,
    DigitalSourceType,
    MediaManipulationRating,
    Reliability,
)
from archiver.render import printable, short
from archiver.terminal.options import as_json, choice
from archiver.terminal.program import tell

if TYPE_CHECKING:
    from archiver.terminal.program import Session


@click.command("assess")
@click.argument("target", metavar="TARGET")
@click.option("--status", required=True, type=choice(AssessmentStatus), help="Where the verification stands.")
@click.option("--by", default="", metavar="NAME", help="The person who judges; needed.")
@click.option("--basis", default="", metavar="TEXT", help="What the judgement rests on; needed.")
@click.option("--method", "methods", multiple=True, metavar="M", help="How it was reached; repeatable.")
@click.option("--reliability", type=choice(Reliability), help="Of the source (Admiralty code); empty unless judged.")
@click.option(
    "--credibility", type=choice(Credibility), help="Of the information (Admiralty code); empty unless judged."
)
@click.option("--confidence", type=choice(Confidence), help="Of the judgement.")
@click.option(
    "--rating",
    type=choice(MediaManipulationRating),
    metavar="RATING",
    help=f"Of a sighting, how the picture was used there (schema.org): {', '.join(MediaManipulationRating)}.",
)
@click.option(
    "--digital-source-type",
    type=choice(DigitalSourceType),
    metavar="TYPE",
    help=f"Of an item, how it was made (IPTC): {', '.join(DigitalSourceType)}.",
)
@as_json
@click.pass_obj
def command(
    session: Session,
    target: str,
    status: str,
    by: str,
    basis: str,
    methods: tuple[str, ...],
    reliability: str | None,
    credibility: str | None,
    confidence: str | None,
    rating: str | None,
    digital_source_type: str | None,
    as_json: bool,
) -> None:
    """Record a named person's judgement of TARGET: an item, claim:N, sighting:N, affiliation:N or source:NAME.

    It supersedes the judgement before it, which stays in the history. Nothing is verified without a person and a basis.
    """
    from archiver.commands.assess import assess  # noqa: PLC0415 - loads the catalogue, which --help does without

    archive = session.open()
    assessed = assess(
        archive,
        target,
        status=AssessmentStatus(status),
        by=by,
        basis=basis,
        methods=methods,
        reliability=Reliability(reliability) if reliability else None,
        credibility=Credibility(credibility) if credibility else None,
        confidence=Confidence(confidence) if confidence else None,
        manipulation=MediaManipulationRating(rating) if rating else None,
        digital_source_type=DigitalSourceType(digital_source_type) if digital_source_type else None,
    )
    archive.close()
    if as_json:
        tell(asdict(assessed))
        return
    number = "".join(filter(str.isdigit, target))
    match assessed.target_kind:
        case "item":
            what = f"item {short(assessed.item or '')}"
        case "source":
            what = f"source {printable(assessed.label)}"
        case kind:
            what = f"{kind} #{number}"
    history = f", superseding #{assessed.superseded}" if assessed.superseded is not None else ""
    done = "recorded" if assessed.added else "already recorded"
    waits = " (awaits a second assessor)" if assessed.counts_as != assessed.status else ""
    said = f"{what} is {assessed.status}{waits}, says {printable(assessed.by)}{history}"
    click.echo(f"assessment #{assessed.number} {done}: {said}")

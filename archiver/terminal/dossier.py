"""Sightings, claims and judgements, in words: the same wherever an item is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.render import moment, printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.catalogue.answers import Dossier, Judgement, Seen, Stated


def sighting_lines(dossier: Dossier) -> Iterator[str]:
    """Where it was seen."""
    if not dossier.sightings:
        yield "no sighting is recorded"
    for seen in dossier.sightings:
        yield f"seen #{seen.number}: {_when(seen)}, observed {moment(seen.observed)}"
        if seen.publisher:
            kind = "" if seen.publisher_kind in (None, "unknown") else f" ({seen.publisher_kind})"
            yield f"  published by {printable(seen.publisher)}{kind}"
        if seen.account:
            yield f"  on {printable(seen.account)}"
        if seen.url:
            yield f"  at {printable(seen.url)}"
        if seen.caption:
            yield f"  caption: “{printable(seen.caption)}”"


def _when(seen: Seen) -> str:
    if not seen.published:
        return "time of publication unknown"
    basis = "" if seen.published_basis == "unknown" else f" ({seen.published_basis})"
    return f"{printable(seen.published)}{basis}"


def claim_lines(dossier: Dossier) -> Iterator[str]:
    """What is claimed, by whom, and what came of it."""
    for stated in dossier.claims:
        yield f"claim #{stated.number} by {_claimant(stated)}: “{printable(stated.text)}”"
        if stated.assessments:
            for judgement in reversed(stated.assessments):
                yield f"  {judgement_line(judgement, newest=judgement is stated.assessments[-1])}"
        else:
            yield "  unverified: nobody has judged it"


def _claimant(stated: Stated) -> str:
    if stated.by:
        return printable(stated.by) + (f" ({printable(stated.by_account)})" if stated.by_account else "")
    return printable(stated.by_account) if stated.by_account else "an unknown claimant"


def judgement_line(judgement: Judgement, *, newest: bool) -> str:
    """Who judged, how and on what basis."""
    grades = [
        *([f"reliability {judgement.reliability}"] if judgement.reliability else []),
        *([f"credibility {judgement.credibility}"] if judgement.credibility else []),
        *([f"{judgement.confidence} confidence"] if judgement.confidence else []),
        *([f"method: {printable(', '.join(judgement.methods))}"] if judgement.methods else []),
    ]
    told = f" ({'; '.join(grades)})" if grades else ""
    status = judgement.status if newest else f"superseded: {judgement.status}"
    who = f"by {printable(judgement.assessor)}, {moment(judgement.assessed)}"
    return f"{status} {who}{told}, because: {printable(judgement.basis)}"

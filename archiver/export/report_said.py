"""What people said of an item, in the report: sightings, claims, and what was judged of either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.export.markup import Html, content, listed, quoted, said, table, tag
from archiver.render import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archiver.catalogue.said import Judgement, Stated
    from archiver.disagreements import Disagreement
    from archiver.export.markup import Content
    from archiver.known import Known


def sightings(known: Known) -> Html:
    """Where it was seen, by whom, when; nothing where no sighting is told."""
    counted = known.origins
    told: list[Content] = []
    if counted.sightings:
        told.append(f"Sightings that count, of it and of its confirmed copies: {len(counted.sightings)}. ")
        told.append(f"Independent origins known: {counted.independent}. ")
    told += counted.findings
    rows = [
        (
            f"#{seen.number}",
            (f"{seen.published} ({seen.published_basis})" if seen.published else "not stated"),
            moment(seen.observed),
            said(seen.publisher or seen.account),
            (said(seen.url), tag("p", quoted(seen.caption), class_="small") if seen.caption else None),
            (seen.status, f"; {seen.availability}" if seen.availability else ""),
        )
        for seen in known.dossier.sightings
    ]
    shown = table(("", "Published, as stated", "Observed", "By", "Where, and its caption", "Status"), rows)
    judged = [
        (f"Sighting #{seen.number}", judgements(seen.assessments))
        for seen in known.dossier.sightings
        if seen.assessments
    ]
    return content((tag("p", told) if told else None, shown, judged)) if rows else Html("")


def claims(known: Known) -> Html:
    """Who claims what of it, how claims stand to one another, and which do not agree."""
    return content([_claim(claim) for claim in known.dossier.claims] + [_disagree(known)])


def _claim(claim: Stated) -> Html:
    value = ", ".join(f"{name}: {held}" for name, held in sorted((claim.value or {}).items()))
    links = [
        (
            f"{link.relation}{' (by it)' if link.passive else ''} claim #{link.claim}: ",
            quoted(link.text),
            (", claimed by ", said(link.claimant)) if link.claimant else None,
        )
        if link.text
        else f"{link.relation}: a claim about another item, which is withheld"
        for link in claim.links
    ]
    return content(
        (
            tag("h4", f"#{claim.number} ", quoted(claim.text)),
            tag(
                "p",
                f"{claim.kind}, claimed by ",
                said(claim.by or claim.by_account),
                f". Status: {claim.status}. ",
                value,
                class_="small",
            ),
            listed(links),
            judgements(claim.assessments),
        )
    )


def _disagree(known: Known) -> Html | None:
    if not known.disagreements:
        return None
    told = [
        (
            said(each.why),
            listed(
                (f"#{number}, ", said(who), ": ", quoted(text), f" ({status})")
                for number, text, who, status in _stated(each)
            ),
        )
        for each in known.disagreements
    ]
    return tag("div", tag("strong", "Claims that do not agree"), listed(told), class_="care")


def _stated(each: Disagreement) -> Iterator[tuple[int, str, str | None, str]]:
    """Each of the claims; who made them may be withheld."""
    who = each.claimants or (None,) * len(each.claims)
    yield from zip(each.claims, each.texts, who, each.statuses, strict=True)


def judgements(judged: Iterable[Judgement]) -> Html:
    """Who judged what, and on what basis; nothing where nobody did."""
    rows = [
        (
            f"#{each.number}",
            moment(each.assessed),
            tag("strong", each.status),
            said(each.assessor),
            (
                said(each.basis),
                tag("p", "Methods: ", ", ".join(each.methods), class_="small") if each.methods else None,
            ),
            "waits for a second person" if each.awaits_second else "",
        )
        for each in judged
    ]
    return table(("", "When", "Judged", "By", "On what basis", ""), rows)

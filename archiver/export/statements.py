"""What is stated about items: sightings, claims, judgements, relations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.export.vocabulary import IPTC, SCHEMA, decimal, moment, reference, stated, worded
from archiver.facts.vocabulary import ClaimRelation, RelationState, RelationType

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.answers import Related
    from archiver.catalogue.said import Judgement, Linked, Seen, Stated
    from archiver.export.graph import Graph

_LINKS = {
    ClaimRelation.SUPPORTS: "archiver__supports",
    ClaimRelation.CONTRADICTS: "archiver__contradicts",
    ClaimRelation.REFINES: "archiver__refines",
    ClaimRelation.SAME_AS: "archiver__saysTheSameAs",
}


def say_sighting(graph: Graph, seen: Seen) -> None:
    """Say where a picture was seen: a published work that carries it, and is not the picture."""
    account, publisher = (graph.source(each) for each in (seen.account_fact, seen.publisher_entity))
    above = graph.numbered(seen.repost_of)
    said = graph.fact(
        seen.number,
        ("prov:Entity", "schema:CreativeWork", "archiver:Sighting"),
        schema__associatedMedia=graph.item(seen.item) if seen.item else None,
        schema__url=[seen.url, seen.canonical],
        archiver__canonicalUrl=seen.canonical,
        archiver__channel=seen.channel,
        archiver__account=account,
        schema__publisher=publisher,
        prov__wasAttributedTo=[publisher, account],
        schema__datePublished=stated(seen.published),
        archiver__publishedBasis=seen.published_basis if seen.published else None,
        archiver__publishedNotBefore=moment(seen.earliest),
        archiver__publishedNotAfter=moment(seen.latest),
        schema__text=worded(seen.caption, seen.language),
        schema__isBasedOn=above,
        prov__wasQuotedFrom=above,
        archiver__context=graph.item(seen.context) if seen.context else None,
        archiver__observedAt=moment(seen.observed),
        archiver__observer=graph.person(seen.observer),
        archiver__note=seen.note,
        archiver__availability=seen.availability,
        archiver__status=seen.status,
    )
    for look in seen.looks:
        graph.fact(
            look.number,
            ("prov:Activity", "archiver:Reachability"),
            prov__used=said,
            prov__endedAtTime=moment(look.observed),
            prov__wasAssociatedWith=graph.person(look.by),
            archiver__availability=look.availability,
            archiver__note=look.note,
        )
    say_reviews(graph, said, seen.assessments)


def say_claim(graph: Graph, item: str, claim: Stated) -> None:
    """Say what somebody claims; that makes it a claim, and no fact."""
    account, claimant = (graph.source(each) for each in (claim.account_fact, claim.claimant_entity))
    said = graph.fact(
        claim.number,
        ("prov:Entity", "schema:Claim"),
        schema__text=claim.text,
        schema__author=claimant or account,
        archiver__account=account,
        prov__wasAttributedTo=[claimant, account],
        schema__about=graph.item(item),
        schema__appearance=graph.numbered(claim.sighting),
        schema__url=claim.url,
        archiver__claimKind=claim.kind,
        archiver__manner=claim.manner,
        archiver__status=claim.status,
        schema__additionalProperty=[
            graph.part(
                claim.number,
                f"value:{n}",
                "schema:PropertyValue",
                schema__name=name,
                schema__value=decimal(value) if isinstance(value, float) else value,
            )
            for n, (name, value) in enumerate(sorted((claim.value or {}).items()))
        ],
    )
    for link in claim.links:
        _say_link(graph, said, link)
    say_reviews(graph, said, claim.assessments, reviewed=claim.text)


def _say_link(graph: Graph, claim: dict[str, str], link: Linked) -> None:
    if not link.item:  # of an item of which nothing may be told
        graph.fact(link.number, ("prov:Entity", "archiver:ClaimLink"), archiver__relation=link.relation)
        return
    other = graph.say(
        graph.names.fact(link.claim),
        ("prov:Entity", "schema:Claim"),
        archiver__number=link.claim,
        schema__text=link.text,
        schema__about=graph.item(link.item),
    )
    first, second = (other, claim) if link.passive else (claim, other)
    graph.say(first["@id"], **{_LINKS[ClaimRelation(link.relation)]: second})
    graph.fact(
        link.number,
        ("prov:Entity", "archiver:ClaimLink"),
        archiver__relation=link.relation,
        archiver__links=[claim, other],
        archiver__basis=link.basis,
        prov__wasAttributedTo=graph.person(link.by),
    )


def say_reviews(
    graph: Graph, target: dict[str, str], history: Sequence[Judgement], *, reviewed: str | None = None
) -> None:
    """Say who judged a thing, the whole history of it; only the last one stands."""
    before: dict[str, str] | None = None
    for judgement in history:
        kinds = ["prov:Entity", "schema:Review", "archiver:Assessment"]
        if judgement.target_kind == "claim":
            kinds.append("schema:ClaimReview")
        if judgement.manipulation:
            kinds.append("schema:MediaReview")
        assessor = graph.person(judgement.assessor)
        before = graph.fact(
            judgement.number,
            kinds,
            schema__itemReviewed=target,
            schema__claimReviewed=reviewed,
            schema__author=assessor,
            prov__wasAttributedTo=assessor,
            schema__dateCreated=moment(judgement.assessed),
            schema__reviewBody=judgement.basis,
            schema__reviewRating=graph.part(
                judgement.number, "rating", "schema:Rating", schema__alternateName=judgement.status
            ),
            schema__mediaAuthenticityCategory=_term(SCHEMA, judgement.manipulation),
            schema__digitalSourceType=_term(IPTC, judgement.digital_source_type),
            archiver__status=judgement.status,
            archiver__countsAs=judgement.counts_as,
            archiver__method=judgement.methods,
            archiver__reliability=judgement.reliability,
            archiver__credibility=judgement.credibility,
            archiver__confidence=judgement.confidence,
            archiver__stands=judgement is history[-1],
            archiver__seconds=before if judgement.seconds and judgement.seconds == judgement.supersedes else None,
            prov__wasRevisionOf=before if judgement.supersedes else None,
        )


def say_relation(graph: Graph, item: str, related: Related) -> None:
    """Say how somebody finds two items to be related; only what a person confirmed is asserted."""
    if not related.item:  # one of which nothing may be told
        said = {"archiver__relation": related.type.removeprefix("prov:"), "archiver__relationState": related.state}
        graph.fact(related.number, ("prov:Entity", "archiver:Relation"), **said)
        return
    one, other = graph.item(item), graph.item(related.item)
    if related.direction == "source-of-it":
        one, other = other, one
    confirmed = related.state == RelationState.CONFIRMED
    if confirmed and related.type == RelationType.DERIVED_FROM:
        graph.say(one["@id"], prov__wasDerivedFrom=other)
    if confirmed and related.type == RelationType.ALTERNATE_OF:
        graph.say(min(one["@id"], other["@id"]), prov__alternateOf=reference(max(one["@id"], other["@id"])))
    directed = related.type == RelationType.DERIVED_FROM
    graph.fact(
        related.number,
        ("prov:Entity", "archiver:Relation"),
        archiver__relation=related.type.removeprefix("prov:"),
        archiver__relationState=related.state,
        archiver__links=None if directed else [one, other],
        archiver__derived=one if directed else None,
        archiver__source=other if directed else None,
        archiver__action=related.action,
        archiver__basis=related.basis,
        prov__wasAttributedTo=graph.person(related.by, "prov:Agent"),
    )


def _term(namespace: str, code: str | None) -> dict[str, str] | None:
    return None if code is None else reference(namespace + code)

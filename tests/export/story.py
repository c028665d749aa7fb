"""A story to be exported: an agency's picture, what an account makes of it, who claims and who judges what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archiver.facts.claim import ClaimLink
from archiver.facts.handling import Case, CaseItem, Tag, case_identity
from archiver.facts.relation import Relation
from archiver.facts.sighting import Reachability, Sighting
from archiver.facts.source import Affiliation, account_identity, agent_identity
from archiver.facts.vocabulary import (
    Action,
    AffiliationKind,
    Availability,
    ClaimRelation,
    RelationState,
    RelationType,
    SourceType,
    TimeBasis,
)
from tests import drawing

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact
    from tests.archive.desk import Desk

EXIF: dict[int, dict[int, Any]] = {
    0: {0x010F: "Maker", 0x0110: "Model 1", 0x013B: "A. Photographer"},
    0x8769: {0x9003: "2024:12:26 09:30:00"},
    0x8825: {1: "N", 2: (51.0, 30.0, 0.0), 3: "E", 4: (36.0, 15.0, 0.0)},
}
HOSTILE = 'javascript:alert("x") <urn:y> {"@id": "urn:z"}'
"""An address as nobody should write one, and some do."""


@dataclass(frozen=True)
class Story:
    """What was told, by item (their SHA-256) and by number."""

    desk: Desk
    agency: str
    repost: str
    other: str
    numbers: dict[str, int]


def record(desk: Desk, *facts: Fact | Callable[[Questions], Fact]) -> list[int]:
    """Record facts that no command of this test's concern makes; their numbers."""
    archive = desk.archive()
    made: list[Fact] = []

    def build(questions: Questions) -> list[Fact]:
        made[:] = [fact(questions) if callable(fact) else fact for fact in facts]
        return made

    recorded = archive.record(build)
    archive.close()
    return [recorded.numbers[fact.identity()] for fact in made]


def copies(one: str, other: str, state: RelationState) -> Relation:
    """A relation: two items are the same picture."""
    return Relation(
        item=one, other=other, type=RelationType.ALTERNATE_OF, state=state, by="D. Editor", basis="compared"
    )


def tell(desk: Desk) -> Story:
    """Tell the story."""
    agency = desk.take(
        *("soldier.jpg", drawing.jpeg(drawing.photo(1), exif=EXIF), "--source", "Yonhap"),
        *(
            "--source-kind",
            "news-agency",
            "--url",
            "https://news.example/1",
            "--published",
            "2024-12-27T14:05:00+09:00",
        ),
        *("--caption", "A captured soldier", "--claim", "1,000 were killed", "--collector", "Ada", "--note", "by hand"),
    )
    plain = desk.take("repost.jpg", drawing.jpeg(drawing.photo(1), quality=40))
    other = desk.take("other.png", drawing.png(drawing.photo(2)), "--account", "x:somebody", "--published", "2025")
    first = desk.show(agency)
    seen, claim = first["sightings"][0]["number"], first["claims"][0]["number"]
    rival = desk("claim", agency, "More than 3,000 were killed", "--by", "Kyiv", "--kind", "event", "--json").json
    desk("upload", "--account", "telegram:frontline_watch", desk.file("again.jpg", b"no picture"), "--any-type")
    account = account_identity("telegram", "frontline_watch")

    def fact(number: int) -> Callable[[Questions], str]:
        return lambda questions: questions.identity_of(number) or ""

    numbers = record(
        desk,
        lambda questions: Sighting(
            item=plain,
            url=HOSTILE,
            account=account,
            published="2024-12-28",
            published_basis=TimeBasis.PLATFORM_STATED,
            caption="“Полонений” \u202e\n",
            language="uk",
            repost_of=fact(seen)(questions),
            observed="2024-12-29T00:00:00.000000Z",
            observer="Ada",
        ),
        lambda questions: ClaimLink(
            item=agency,
            claim=fact(claim)(questions),
            relation=ClaimRelation.CONTRADICTS,
            other=fact(rival["number"])(questions),
            by="D. Editor",
            basis="the numbers differ",
        ),
        Relation(
            item=plain,
            other=agency,
            type=RelationType.DERIVED_FROM,
            action=Action.TRANSCODED,
            state=RelationState.CONFIRMED,
            by="D. Editor",
            basis="the same scratches",
        ),
        Relation(
            item=other,
            other=agency,
            type=RelationType.ALTERNATE_OF,
            state=RelationState.SUGGESTED,
            by="archiver",
            basis="looks alike",
        ),
        Affiliation(
            source_type=SourceType.ACCOUNT,
            source=account,
            kind=AffiliationKind.POLITICALLY_ALIGNED,
            organisation=agent_identity("Kyiv"),
            basis="says so itself",
            asserted_by="A. Researcher",
        ),
        Case(title="Kursk"),
        CaseItem(item=plain, case=case_identity("Kursk"), note="an internal remark"),
        Tag(item=agency, scheme="iptc", code="16000000", label="conflict"),
    )
    judged = ("--by", "D. Editor", "--basis", "the place was found")
    desk("assess", f"claim:{claim}", "--status", "in-progress", *judged)
    desk("assess", f"claim:{claim}", "--status", "partially-verified", *judged, "--method", "geolocation")
    desk("assess", f"claim:{rival['number']}", "--status", "unverified", "--credibility", "6", *judged)
    desk("assess", f"sighting:{numbers[0]}", "--status", "refuted", "--rating", "DecontextualizedContent", *judged)
    desk("assess", agency, "--status", "verified", "--digital-source-type", "digitalCapture", *judged)
    record(
        desk,
        lambda questions: Reachability(
            sighting=fact(numbers[0])(questions),
            item=plain,
            availability=Availability.REMOVED_BY_AUTHOR,
            observed="2025-01-02T00:00:00.000000Z",
            by="Ada",
        ),
    )
    names = ("repost", "link", "derived", "suggested", "affiliation", "case", "case-item", "tag")
    told = dict(zip(names, numbers, strict=True)) | {"seen": seen, "claim": claim, "rival": rival["number"]}
    return Story(desk, agency, plain, other, told)

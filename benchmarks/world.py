"""What is recorded in the catalogue of a million items: drawn by a fixed seed, fact by fact, in the order of a log.

The facts are made without validation, as what is read from a log that was verified might be; those that others point
to bear their real identities, the others a short-worked one.
"""

from __future__ import annotations

import hashlib
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from archiver.facts.acquisition import Acquisition, Copy
from archiver.facts.assessment import Assessment
from archiver.facts.claim import Claim, ClaimLink
from archiver.facts.handling import Case, CaseItem, Sensitivity, Sharing, Tag, case_identity
from archiver.facts.inspection import Fingerprint, Inspection
from archiver.facts.relation import Relation
from archiver.facts.sighting import Reachability, Sighting
from archiver.facts.source import Account, AccountProfile, Affiliation, Agent, Alias, Merge
from archiver.facts.vocabulary import (
    AffiliationKind,
    AgentType,
    AssessmentStatus,
    Availability,
    ClaimKind,
    ClaimRelation,
    CopyCheck,
    DecodeStatus,
    RelationState,
    RelationType,
    SensitivityFlag,
    SourceKind,
    SourceType,
    TargetKind,
    TimeBasis,
    TrafficLight,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from random import Random

    from archiver.facts.fact import Fact

AGENTS, ACCOUNTS, CASES, CAMERAS, VOCABULARY = 2000, 3000, 200, 300, 40_000
HOT = 3
"""Accounts 0 to 2 are hot: the first two stand beside every tenth item, the last one beside the oldest tenth."""
CROWDED_SIGHTINGS, FLOODED_SIGHTINGS = 200, 1000
LATELY = 1000
"""How far back a repost reaches, in sightings."""

PLATFORM = "telegram"
BIG_CASE = "Case 0"
MOMENT = "2026-11-23T14:53:53.123456Z"

_LETTERS = "etaoinshrdlu"
Numbered = tuple[str, "Fact"]


def item(number: int) -> str:
    """The item of this number, in the order in which they were taken in."""
    return hashlib.sha256(b"item %d" % number).hexdigest()


def word(rank: int) -> str:
    """The word of this rank: 0 is the commonest. All have three letters and more."""
    found, rest = "", rank + len(_LETTERS) ** 2
    while rest:
        rest, letter = divmod(rest, len(_LETTERS))
        found += _LETTERS[letter]
    return found


def crowded(items: int) -> int:
    """The item with many sightings and reposts."""
    return items // 2


def flooded(items: int) -> int:
    """The item with as many sightings as any could have."""
    return items // 2 + 1


def agent_name(number: int) -> str:
    """The name of an agent."""
    return f"Agency {number}"


def handle(number: int) -> str:
    """The handle of an account."""
    return f"channel_{number}"


class World:
    """All the facts; ``random`` is drawn from in their order, so the same seed makes the same world."""

    def __init__(self, random: Random, items: int) -> None:
        self.random, self.items = random, items
        self._made = 0
        self._words = [word(rank) for rank in range(VOCABULARY)]
        self._word_weights = _zipf(VOCABULARY)
        self._source_weights = {count: _zipf(count) for count in (AGENTS, ACCOUNTS, CAMERAS)}
        self._agents = [Agent(name=agent_name(n)).subject() for n in range(AGENTS)]
        self._accounts = [Account(platform=PLATFORM, handle=handle(n)).identity() for n in range(ACCOUNTS)]
        self._cold = self._accounts[HOT:] + self._accounts[:HOT]
        self._cases = [case_identity(f"Case {n}") for n in range(CASES)]
        self._claims: list[str] = []
        self._seen: list[str] = []

    def facts(self) -> Iterator[Numbered]:
        """Every fact with its identity: sources and cases, then item by item."""
        yield from self._sources()
        for number in range(self.items):
            yield from self._item(number)
        yield from self._many(item(crowded(self.items)), CROWDED_SIGHTINGS)
        yield from self._many(item(flooded(self.items)), FLOODED_SIGHTINGS)

    def _new(self, of: type[Fact], **values: Any) -> Numbered:
        self._made += 1
        return hashlib.sha256(b"fact %d" % self._made).hexdigest(), of.model_construct(None, **values)

    def _one(self, of: Sequence[str]) -> str:
        """One of them, as unevenly as words."""
        return self.random.choices(of, cum_weights=self._source_weights[len(of)])[0]

    def _text(self, least: int, most: int) -> str:
        drawn = self.random.choices(self._words, cum_weights=self._word_weights, k=self.random.randint(least, most))
        common = [self._words[rank] for rank, share in ((0, 0.9), (1, 0.6)) if self.random.random() < share]
        return " ".join((*common, *drawn))

    def _sources(self) -> Iterator[Numbered]:
        kinds, chance = list(SourceKind), self.random
        for number in range(AGENTS):
            yield self._new(Agent, name=agent_name(number), kind=chance.choice(kinds), type=AgentType.ORGANISATION)
        for number, identity in enumerate(self._accounts):
            yield identity, Account(platform=PLATFORM, handle=handle(number))
            if number % 10 == 0:
                shown = {"platform": PLATFORM, "platform_id": str(number // 20), "observed": MOMENT}
                yield self._new(AccountProfile, account=identity, **shown)
        for number in range(AGENTS):
            which = SourceType.ACCOUNT if number % 2 else SourceType.AGENT
            yield self._new(
                Affiliation,
                source_type=which,
                source=self._accounts[number] if number % 2 else self._agents[number],
                kind=chance.choice(list(AffiliationKind)),
                organisation=self._agents[chance.randrange(AGENTS // 20)],
                basis=self._text(4, 8),
                asserted_by="An analyst",
            )
            if (number + 1) % 40 == 0:  # some have another name, or are one with another
                yield self._new(Alias, agent=self._agents[number], name=f"The {number}")
                merged = {"agent": self._agents[number], "into": self._agents[number - 1]}
                yield self._new(Merge, **merged, by="An analyst", basis="the same address")
        for number in range(CASES):
            yield self._new(Case, title=f"Case {number}", lead="An editor")

    def _item(self, number: int) -> Iterator[Numbered]:
        name = item(number)
        source = self._one(self._agents) if self._happens(0.1) else None
        path = f"IMG_{number:07}.jpg"
        values = {"size": self.random.randint(50_000, 9_000_000), "file_name": path, "path": f"/pictures/{path}"}
        yield self._new(Acquisition, item=name, taken_in=MOMENT, source=source, host="desk", **values)
        yield self._inspection(name)
        if number % 10 == 0:
            yield self._new(Fingerprint, item=name, algorithm="pdq", bits=name, quality=90)
            place = {"store": "file:store", "name": name, "check": CopyCheck.HASHED_WHILE_WRITTEN}
            yield self._new(Copy, item=name, size=values["size"], stored=MOMENT, **place)
        yield from self._seen_at(name, number)
        yield from self._said(name, number)
        yield from self._handled(name)

    def _inspection(self, name: str) -> Numbered:
        random = self.random
        day = f"{random.randint(2015, 2026)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"
        camera = random.choices(range(CAMERAS), cum_weights=self._source_weights[CAMERAS])[0]
        place: dict[str, float] = {}
        if self._happens(0.3):
            place = {"latitude": random.uniform(-60, 70), "longitude": random.uniform(-180, 180)}
        return self._new(
            Inspection,
            item=name,
            media_type="image/png" if self._happens(0.2) else "image/jpeg",
            width=4000,
            height=3000,
            decode=DecodeStatus.OK,
            camera=f"Maker Model {camera}",
            captured=f"{day}T14:05:00",
            embedded={"Image": {"Make": "Maker", "Model": f"Model {camera}"}, "EXIF": {"DateTime": day, "ISO": "100"}},
            inspector="benchmark",
            **place,
        )

    def _sighting(self, name: str, account: str | None, publisher: str | None, above: str | None) -> Numbered:
        month = self.random.randint(1, 12)
        made = self._new(
            Sighting,
            item=name,
            url=f"https://example.org/{self._made}",
            account=account,
            publisher=publisher,
            published=f"2025-{month:02}-{self.random.randint(1, 28):02}",
            published_basis=TimeBasis.PLATFORM_STATED,
            caption=self._text(6, 14),
            language="en",
            repost_of=above,
            observed=MOMENT,
        )
        self._seen.append(made[0])
        return made

    def _seen_at(self, name: str, number: int) -> Iterator[Numbered]:
        hot = [which for which in range(HOT - 1) if number % 10 == 3 * (which + 1)]
        hot += [HOT - 1] if number < self.items // 10 else []
        accounts: list[str | None] = [self._accounts[which] for which in hot]
        if self._happens(0.9):
            accounts.append(self._one(self._cold))
        for account in accounts:
            above = self.random.choice(self._seen[-LATELY:]) if self._seen and self._happens(0.05) else None
            publisher = self._one(self._agents) if self._happens(0.3) else None
            identity, fact = self._sighting(name, account, publisher, above)
            yield identity, fact
            if self._happens(0.02):
                looked = {"sighting": identity, "item": name, "availability": Availability.LIVE}
                yield self._new(Reachability, observed=MOMENT, **looked)

    def _said(self, name: str, number: int) -> Iterator[Numbered]:
        """A quarter bears a claim; some claims contradict another one, and some items and claims are judged."""
        random = self.random
        if self._happens(0.25):
            value = {"casualties": random.randint(1, 5000)} if self._happens(0.3) else None
            kind = random.choice(list(ClaimKind))
            claim = self._new(
                Claim, item=name, text=self._text(5, 10), kind=kind, value=value, claimant=self._one(self._agents)
            )
            yield claim
            if self._claims and self._happens(0.04):
                other = random.choice(self._claims)
                yield self._new(ClaimLink, item=name, claim=claim[0], other=other, relation=ClaimRelation.CONTRADICTS)
            self._claims.append(claim[0])
            if self._happens(0.2):
                yield self._judged(name, TargetKind.CLAIM, claim[0])
        if self._happens(0.08):
            yield self._judged(name, TargetKind.ITEM, name)
        if number and self._happens(0.02):
            other = item(random.randrange(number))
            state = RelationState.SUGGESTED if self._happens(0.5) else RelationState.CONFIRMED
            pair = {"item": name, "other": other, "type": RelationType.ALTERNATE_OF}
            yield self._new(Relation, **pair, state=state, by="An analyst", basis="the same look")

    def _judged(self, name: str, kind: TargetKind, target: str) -> Numbered:
        status = self.random.choice(list(AssessmentStatus))
        told = {"assessor": "An editor", "basis": self._text(4, 8), "assessed": MOMENT}
        return self._new(Assessment, item=name, target_kind=kind, target=target, status=status, **told)

    def _handled(self, name: str) -> Iterator[Numbered]:
        said = {"by": "An editor", "basis": "seen"}
        if self._happens(0.03):
            yield self._new(Sensitivity, item=name, flag=self.random.choice(list(SensitivityFlag)), **said)
        if self._happens(0.02):
            yield self._new(Sharing, item=name, tlp=self.random.choice(list(TrafficLight)), **said)
        if self._happens(0.1):
            yield self._new(Tag, item=name, scheme="own", code=f"code-{self.random.randrange(50)}")
        if self._happens(0.06):
            case = self._cases[0] if self._happens(0.5) else self.random.choice(self._cases)
            yield self._new(CaseItem, item=name, case=case)

    def _many(self, name: str, count: int) -> Iterator[Numbered]:
        """Many sightings of one item; two of three repeat an earlier one, so that the tree is deep and wide."""
        own: list[str] = []
        for _ in range(count):
            above = self.random.choice(own) if own and self._happens(0.66) else None
            publisher = self._one(self._agents) if self._happens(0.3) else None
            identity, fact = self._sighting(name, self._one(self._cold), publisher, above)
            own.append(identity)
            yield identity, fact

    def _happens(self, share: float) -> bool:
        return self.random.random() < share


def _zipf(count: int) -> list[float]:
    """Cumulated weights by rank, after Zipf and Mandelbrot."""
    return list(accumulate(1 / (rank + 2.7) for rank in range(count)))

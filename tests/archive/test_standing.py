"""What stands at every place of the log: chains never fork or cycle, the past answers as it did, a rebuild the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from archiver.archive import Archive
from archiver.catalogue.cases import every_case
from archiver.catalogue.profiles import profiles
from archiver.catalogue.sources import every_source
from archiver.clock import SystemClock
from archiver.facts.acquisition import Acquisition
from archiver.facts.assessment import Assessment
from archiver.facts.claim import Claim, ClaimLink
from archiver.facts.handling import Case, CaseItem, Sensitivity, Sharing, Tag, case_identity
from archiver.facts.relation import Relation
from archiver.facts.sighting import Reachability, Sighting
from archiver.facts.source import Account, AccountProfile, Affiliation, Agent, Alias, Merge
from archiver.facts.vocabulary import (
    AffiliationKind,
    AssessmentStatus,
    Availability,
    CaseState,
    ClaimRelation,
    FlagState,
    RelationState,
    RelationType,
    SensitivityFlag,
    SourceType,
    State,
    TargetKind,
    TrafficLight,
)
from archiver.known import known
from archiver.refill import refill
from tests.archive.desk import run

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact

NOW = "2026-11-23T14:53:53.123456Z"
ITEMS = ["a" * 64, "b" * 64, "c" * 64]
AGENTS = [Agent(name=name) for name in ("Yonhap", "Kyiv Desk", "Monitor")]
ACCOUNTS = [Account(platform="telegram", handle=handle) for handle in ("one", "two")]
SIGHTINGS = [
    Sighting(item=ITEMS[0], account=ACCOUNTS[0].identity(), published="2024-12-27", observed=NOW),
    Sighting(item=ITEMS[1], publisher=AGENTS[0].subject(), observed=NOW),
]
SIGHTINGS.append(
    Sighting(item=ITEMS[2], account=ACCOUNTS[1].identity(), repost_of=SIGHTINGS[0].identity(), observed=NOW)
)
CLAIMS = [
    Claim(item=item, text=text, value={"casualties": number})
    for item, text, number in ((ITEMS[0], "over 1,000", 1000), (ITEMS[0], "over 3,000", 3000), (ITEMS[1], "few", 10))
]
GROUND: list[Fact] = [
    *(Acquisition(item=item, size=1, taken_in=NOW) for item in ITEMS),
    *AGENTS,
    *ACCOUNTS,
    *SIGHTINGS,
    *CLAIMS,
    Case(title="The case"),
]
WORDS = st.sampled_from(["one", "two"])
STATES = st.sampled_from(State)
ITEM = st.sampled_from(ITEMS)
AGENT = st.sampled_from([agent.subject() for agent in AGENTS])
PAIR = st.permutations(ITEMS).map(lambda items: items[:2])
STATEMENTS: st.SearchStrategy[Fact] = st.one_of(
    st.builds(Agent, name=st.sampled_from(["Yonhap", "Monitor"]), note=WORDS),
    st.builds(Alias, agent=AGENT, name=WORDS, state=STATES),
    st.builds(
        Merge,
        agent=st.just(AGENTS[1].subject()),
        into=st.sampled_from([AGENTS[0].subject(), AGENTS[2].subject()]),
        by=WORDS,
        basis=WORDS,
        state=STATES,
    ),
    st.builds(
        AccountProfile,
        account=st.sampled_from([account.identity() for account in ACCOUNTS]),
        platform=st.just("telegram"),
        platform_id=WORDS,
        observed=st.just(NOW),
    ),
    st.builds(
        Affiliation,
        source_type=st.just(SourceType.ACCOUNT),
        source=st.sampled_from([account.identity() for account in ACCOUNTS]),
        kind=st.sampled_from(AffiliationKind),
        organisation=AGENT,
        basis=WORDS,
        asserted_by=WORDS,
        state=STATES,
    ),
    st.builds(
        Assessment,
        item=st.just(ITEMS[0]),
        target_kind=st.just(TargetKind.ITEM),
        target=st.just(ITEMS[0]),
        status=st.sampled_from(AssessmentStatus),
        assessor=WORDS,
        basis=WORDS,
        assessed=st.just(NOW),
    ),
    st.builds(
        ClaimLink,
        item=st.just(ITEMS[0]),
        claim=st.just(CLAIMS[0].identity()),
        relation=st.sampled_from(ClaimRelation),
        other=st.sampled_from([CLAIMS[1].identity(), CLAIMS[2].identity()]),
        basis=WORDS,
        state=STATES,
    ),
    st.builds(
        lambda pair, kind, state, word: Relation(
            item=pair[0], other=pair[1], type=kind, state=state, by=word, basis=word
        ),
        PAIR,
        st.sampled_from(RelationType),
        st.sampled_from(RelationState),
        WORDS,
    ),
    st.builds(
        Reachability,
        sighting=st.just(SIGHTINGS[0].identity()),
        item=st.just(ITEMS[0]),
        availability=st.sampled_from(Availability),
        observed=st.just(NOW),
        note=WORDS,
    ),
    st.builds(
        Sensitivity,
        item=ITEM,
        flag=st.sampled_from(SensitivityFlag),
        state=st.sampled_from(FlagState),
        by=WORDS,
        basis=WORDS,
    ),
    st.builds(Sharing, item=ITEM, tlp=st.sampled_from(TrafficLight), by=WORDS, basis=WORDS),
    st.builds(Case, title=st.just("The case"), lead=WORDS, state=st.sampled_from(CaseState)),
    st.builds(CaseItem, item=ITEM, case=st.just(case_identity("The case")), note=WORDS, state=STATES),
    st.builds(Tag, item=ITEM, scheme=st.just("own"), code=WORDS, label=WORDS, state=STATES),
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("standing")


CARE = ("sensitivity", "tlp", "flags", "sharing", "care_of_others")
"""What is of now, whatever the question is as of."""


def answers(questions: Questions) -> dict[str, Any]:
    """The answer to every question about what stood; care is of now."""
    return {
        "items": {
            item: {name: value for name, value in each.to_json().items() if name not in CARE}
            for item, each in known(questions, ITEMS).items()
        },
        "sources": [profile.to_json() for profile in profiles(questions, every_source(questions))],
        "cases": [str(case) for case in every_case(questions)],
    }


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(STATEMENTS, min_size=1, max_size=3), min_size=1, max_size=6), place=st.uuids())
def test_the_past_answers_as_it_did_and_a_rebuild_answers_the_same(
    room: Path, batches: list[list[Fact]], place: object
) -> None:
    home = room / str(place)
    if home.exists():  # the same example once more: a fresh archive all the same
        home = room / f"{place}-{len(list(room.iterdir()))}"
    assert run("--archive", home, "init").code == 0
    archive = Archive(home, actor="Test Desk", clock=SystemClock())
    archive.record(lambda _: GROUND)
    told: dict[int, dict[str, Any]] = {}
    for batch in batches:
        size = archive.record(lambda _, facts=batch: facts).size  # type: ignore[misc] # bound now
        with archive.asking() as questions:
            told[size] = answers(questions)

    with archive.asking() as questions:
        now = answers(questions)
        assert {size: answers(questions.at(size - 1)) for size in told} == told
        assert answers(questions.at(10**9)) == now
        for kind in {fact.kind_of_fact for batch in batches for fact in batch}:
            chains_are_lines(questions, kind)
    refill(archive)
    with archive.asking() as questions:
        assert answers(questions) == now
        assert {size: answers(questions.at(size - 1)) for size in told} == told
    archive.close()


def chains_are_lines(questions: Questions, kind: str) -> None:
    """On each matter there is one first statement, one that stands, and every other is superseded exactly once."""
    rows = questions.connection.exec_driver_sql(
        f"SELECT on_matter, fact, number, until, {'supersedes' if kind != 'reachability' else 'NULL'} "  # noqa: S608 - a test's own constants
        f"FROM {TABLES.get(kind, kind.replace('-', '_'))} ORDER BY number"
    ).all()
    by_matter: dict[str, list[Any]] = {}
    for row in rows:
        by_matter.setdefault(row[0], []).append(row)
    for chain in by_matter.values():
        assert [row[3] for row in chain] == [*(row[2] for row in chain[1:]), None]
        if kind != "reachability":
            assert [row[4] for row in chain] == [None, *(row[1] for row in chain[:-1])]


TABLES = {"case": "case_file"}

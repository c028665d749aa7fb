"""The record in the words of the standards: other people's programs read it, offline, and find what we know in it."""

from __future__ import annotations

import json
import re
import socket
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from prov.model import ProvDerivation, ProvDocument
from rdflib import Dataset

from tests.export.story import HOSTILE, Story

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [
    pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning"),  # rdflib of itself
    pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated:DeprecationWarning"),
]

PREFIXES = """
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX schema: <https://schema.org/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX archiver: <urn:archiver:vocabulary#>
"""


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Iterator[None]:
    """No reader may ask the network for anything, a context least of all."""
    if "postgres" in request.node.nodeid:  # the catalogue itself is on a socket
        yield
        return

    def refused(*_: object) -> None:
        raise AssertionError("somebody asked the network")

    monkeypatch.setattr(socket.socket, "connect", refused)
    monkeypatch.setattr(socket, "getaddrinfo", refused)
    yield


def shown(story: Story, item: str, *words: str) -> str:
    return story.desk("show", item, "--format", "jsonld", *words).out


def read(text: str) -> Dataset:
    graph = Dataset()
    graph.parse(data=text, format="json-ld")
    return graph


def ask(graph: Dataset, question: str) -> list[tuple[Any, ...]]:
    rows: Any = graph.query(PREFIXES + question)
    return sorted(tuple(None if value is None else value.toPython() for value in row) for row in rows)


def test_who_published_it_first_is_found_over_all_confirmed_copies(story: Story) -> None:
    graph = read(shown(story, story.repost))

    (first,) = ask(
        graph,
        """SELECT ?name ?when WHERE { ?sighting schema:publisher|archiver:account ?who ; schema:datePublished ?when ;
        archiver:publishedNotAfter ?last . ?who schema:name ?name } ORDER BY ?last LIMIT 1""",
    )

    assert first[0] == "Yonhap"
    assert str(first[1]) == "2024-12-27T14:05:00+09:00"
    named = ask(
        graph,
        f"""SELECT ?name WHERE {{ <urn:sha256:{story.repost}> archiver:earliestKnownSighting ?s .
        ?s schema:publisher ?who . ?who schema:name ?name }}""",
    )
    assert named == [("Yonhap",)]
    assert ask(graph, "SELECT ?n WHERE { ?item archiver:independentOrigins ?n }") == [(1,)]
    assert ask(
        graph, "SELECT ?r ?o WHERE { ?a schema:isBasedOn ?b . ?a archiver:number ?r . ?b archiver:number ?o }"
    ) == [(story.numbers["repost"], story.numbers["seen"])]


def test_who_claims_what_and_what_contradicts(story: Story) -> None:
    graph = read(shown(story, story.agency))

    claims = ask(
        graph, "SELECT ?text ?who WHERE { ?c a schema:Claim ; schema:text ?text ; schema:author/schema:name ?who }"
    )

    assert claims == [("1,000 were killed", "Yonhap"), ("More than 3,000 were killed", "Kyiv")]
    against = ask(
        graph, "SELECT ?n ?m WHERE { ?a archiver:contradicts ?b . ?a archiver:number ?n . ?b archiver:number ?m }"
    )
    assert (story.numbers["claim"], story.numbers["rival"]) in against
    (appears,) = ask(graph, "SELECT ?n WHERE { ?c schema:appearance ?s . ?s archiver:number ?n }")
    assert appears == (story.numbers["seen"],)


def test_who_judged_a_claim_how_on_what_basis_and_what_stands_now(story: Story) -> None:
    graph = read(shown(story, story.agency))

    reviews = ask(
        graph,
        """SELECT ?status ?stands ?who ?basis WHERE { ?r a schema:ClaimReview ; schema:author/schema:name ?who ;
        schema:itemReviewed/schema:text "1,000 were killed" ; schema:reviewBody ?basis ; archiver:stands ?stands ;
        schema:reviewRating/schema:alternateName ?status }""",
    )

    basis = "the place was found"
    assert reviews == [("in-progress", False, "D. Editor", basis), ("partially-verified", True, "D. Editor", basis)]
    assert len(ask(graph, "SELECT ?a WHERE { ?a prov:wasRevisionOf ?b . ?a archiver:method 'geolocation' }")) == 1
    assert ask(graph, "SELECT ?digit WHERE { ?r archiver:credibility ?digit }") == [("6",)]
    assert ask(graph, "SELECT ?letter WHERE { ?r archiver:reliability ?letter }") == []


def test_how_a_picture_was_used_is_a_media_review_and_how_it_was_made_an_iptc_code(story: Story) -> None:
    graph = read(shown(story, story.repost))

    (used,) = ask(graph, "SELECT ?how ?n WHERE { ?r a schema:MediaReview ; schema:mediaAuthenticityCategory ?how ; "
                  "schema:itemReviewed/archiver:number ?n }")  # fmt: skip

    assert used == ("https://schema.org/DecontextualizedContent", story.numbers["repost"])
    made = ask(read(shown(story, story.agency)), "SELECT ?code WHERE { ?r schema:digitalSourceType ?code }")
    assert made == [("http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture",)]


def test_only_a_confirmed_relation_is_asserted(story: Story) -> None:
    derivations = "SELECT ?a ?b WHERE { ?a prov:wasDerivedFrom ?b . ?a schema:sha256 ?x }"
    alternates = "SELECT ?a ?b WHERE { ?a prov:alternateOf ?b }"

    confirmed, suggested = read(shown(story, story.agency)), read(shown(story, story.other))

    assert ask(confirmed, derivations) == [(f"urn:sha256:{story.repost}", f"urn:sha256:{story.agency}")]
    assert ask(suggested, derivations) == ask(suggested, alternates) == []
    state = "SELECT ?state WHERE { ?r a archiver:Relation ; archiver:relationState ?state }"
    assert ask(suggested, state) == [("suggested",)]


def test_an_account_is_not_whoever_is_said_to_operate_it(story: Story) -> None:
    graph = read(shown(story, story.repost))

    accounts = ask(graph, "SELECT ?handle WHERE { ?a a foaf:OnlineAccount ; foaf:accountName ?handle }")
    tied = ask(
        graph,
        """SELECT ?one ?kind ?other ?by WHERE { ?a a archiver:Affiliation ; archiver:affiliationKind ?kind ;
        archiver:affiliated/schema:name ?one ; archiver:organisation/schema:name ?other ;
        prov:wasAttributedTo/schema:name ?by }""",
    )

    assert accounts == [("frontline_watch",)]
    assert tied == [("telegram:frontline_watch", "politically-aligned", "Kyiv", "A. Researcher")]
    assert ask(graph, "SELECT ?a WHERE { ?a a foaf:OnlineAccount . ?a a prov:Organization }") == []


def test_how_the_bytes_came_in_is_an_activity_with_its_agents(story: Story) -> None:
    graph = read(shown(story, story.agency))

    (came,) = ask(
        graph,
        f"""SELECT ?who ?collector ?tool ?path WHERE {{ <urn:sha256:{story.agency}> prov:wasGeneratedBy ?a .
        ?a prov:wasAssociatedWith/schema:name ?who ; archiver:collector/schema:name ?collector ; archiver:path ?path ;
        archiver:recordedWith/schema:name ?tool . ?a archiver:recordedBy/schema:name ?who }}""",
    )

    assert came[:2] == ("Test Desk", "Ada")
    assert came[2].startswith("archiver ")
    assert len(ask(graph, "SELECT ?a WHERE { ?a prov:endedAtTime ?t ; a archiver:Acquisition }")) == 1


def test_every_fact_says_who_recorded_it_and_when(story: Story) -> None:
    for item in (story.agency, story.repost, story.other):
        graph = read(shown(story, item))
        without = """SELECT ?n WHERE { ?f archiver:number ?n .
        FILTER NOT EXISTS { ?f archiver:recordedAt ?t ; archiver:recordedBy/schema:name ?who } }"""
        assert ask(graph, without) == []
        assert len(ask(graph, "SELECT ?n WHERE { ?f archiver:number ?n }")) > 5


def test_what_strangers_wrote_is_only_ever_a_string(story: Story) -> None:
    text = shown(story, story.repost)

    graph = read(text)

    assert ask(graph, "SELECT ?u WHERE { ?s schema:url ?u . ?s schema:isBasedOn ?x }") == [(HOSTILE,)]
    names = {key for thing in json.loads(text)["@graph"] for key in thing}
    assert all(name.startswith("@") or name.partition(":")[0] in json.loads(text)["@context"] for name in names)
    assert "\u202e" not in text
    assert ask(graph, "SELECT (LANG(?c) AS ?l) WHERE { ?s schema:text ?c ; schema:isBasedOn ?x }") == [("uk",)]
    assert {str(s).partition(":")[0] for s in graph.subjects()} == {"urn"}


def test_the_same_archive_always_tells_the_same_to_the_letter(story: Story) -> None:
    before = [shown(story, item) for item in (story.agency, story.repost)]

    story.desk("rebuild")

    assert [shown(story, item) for item in (story.agency, story.repost)] == before


def test_what_was_known_then_can_be_asked_for(story: Story) -> None:
    graph = read(shown(story, story.agency, "--as-of", f"#{story.numbers['rival']}"))

    assert ask(graph, "SELECT ?r WHERE { ?r a schema:ClaimReview }") == []
    assert ask(graph, "SELECT ?when WHERE { ?item archiver:asOf ?when }") == [(f"#{story.numbers['rival']}",)]


def test_the_prov_package_reads_it_whole(told: Story) -> None:
    content = shown(told, told.repost)

    document = ProvDocument.deserialize(content=content, format="rdf", rdf_format="json-ld")

    derived = {tuple(name.localpart for name in each.args[:2]) for each in document.get_records(ProvDerivation)}
    assert (told.repost, told.agency) in derived
    assert (told.agency, told.repost) not in derived
    kinds = {record.get_type().localpart for record in document.get_records()}
    assert kinds >= {"Entity", "Activity", "Agent", "Derivation", "Generation", "Association", "Attribution", "Usage"}
    again = ProvDocument.deserialize(content=document.serialize(format="json"), format="json")
    assert again == document


def test_json_is_one_of_the_formats_and_never_two_at_once(told: Story) -> None:
    show = told.desk

    assert show("show", told.agency, "--format", "json").json == show("show", told.agency, "--json").json
    assert show("show", told.agency, "--format", "text").out == show("show", told.agency).out
    show("show", told.agency, "--json", "--format", "jsonld", code=2)
    show("show", told.agency, "--format", "xml", code=2)


def test_every_term_of_our_own_is_documented() -> None:
    root = Path(__file__).parents[2]
    code = "".join(path.read_text(encoding="utf-8") for path in (root / "archiver" / "export").glob("*.py"))
    page = (root / "docs" / "standards.md").read_text(encoding="utf-8")

    terms = set(re.findall(r"archiver(?:__|:)([A-Za-z]\w+)", code)) - {"vocabulary"}

    assert len(terms) > 50
    assert sorted(term for term in terms if not re.search(rf"[`:]{term}[`(]?", page)) == []

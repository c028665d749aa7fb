"""Claims and judgements: nothing is verified unless a named person says so, and no judgement is ever lost."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

GRADES = ("reliability", "credibility", "confidence")


@pytest.fixture
def item(on_catalogue: Desk) -> str:
    return on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)), "--claim", "He is a soldier")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--by", "B. Check"),
        ("--basis", "looked at it"),
        ("--by", "  ", "--basis", "looked at it"),
        ("--by", "B. Check", "--basis", " "),
        ("--by", "B. Check", "--basis", "x", "--reliability", "G"),
        ("--by", "B. Check", "--basis", "x", "--credibility", "0"),
        ("--by", "B. Check", "--basis", "x", "--confidence", "certain"),
    ],
)
def test_nothing_is_verified_without_a_person_and_a_basis(furnished: Desk, words: tuple[str, ...]) -> None:
    item = furnished("list", "--json").lines[0]["item"]
    before = furnished.counts()

    furnished("assess", item, "--status", "verified", *words, code=2)

    assert furnished.counts() == before
    assert furnished.show(item)["status"] == "unverified"


def test_what_nobody_has_judged_is_shown_as_unverified_with_no_grade_at_all(on_catalogue: Desk, item: str) -> None:
    shown = on_catalogue.show(item)

    assert (shown["status"], shown["assessments"]) == ("unverified", [])
    assert (shown["claims"][0]["status"], shown["claims"][0]["assessments"]) == ("unverified", [])
    assert "status: unverified (nobody has judged it)" in on_catalogue("show", item).out


def test_grades_are_empty_unless_somebody_gave_them(on_catalogue: Desk, item: str) -> None:
    words = ("assess", item, "--status", "verified", "--by", "B. Check", "--basis", "geolocated")
    on_catalogue(*words)
    on_catalogue(*words, "--reliability", "F", "--credibility", "6", "--confidence", "low", "--method", "geolocation")

    bare, graded = on_catalogue.show(item)["assessments"]

    assert [bare[name] for name in GRADES] == [None, None, None]
    assert bare["methods"] == []
    assert [graded[name] for name in GRADES] == ["F", "6", "low"]
    assert graded["methods"] == ["geolocation"]


def test_a_new_judgement_supersedes_and_the_history_stays(on_catalogue: Desk, item: str) -> None:
    for status, by in (("in-progress", "A. First"), ("verified", "B. Second"), ("refuted", "A. First")):
        answer = on_catalogue("assess", item, "--status", status, "--by", by, "--basis", f"{by} looked", "--json").json
        assert answer["added"]

    shown = on_catalogue.show(item)

    assert shown["status"] == "refuted"
    history = shown["assessments"]
    assert [each["status"] for each in history] == ["in-progress", "verified", "refuted"]
    assert history[0]["supersedes"] is None
    assert len({each["supersedes"] for each in history}) == 3
    assert on_catalogue("list", "--json", "--status", "refuted").json["item"] == item
    assert on_catalogue("list", "--json", "--status", "verified").lines == []
    assert "superseded: verified by B. Second" in on_catalogue("show", item).out


def test_the_same_judgement_again_adds_nothing_but_after_another_one_it_is_a_new_one(
    on_catalogue: Desk, item: str
) -> None:
    verified = ("assess", item, "--status", "verified", "--by", "B. Check", "--basis", "geolocated", "--json")
    first = on_catalogue(*verified).json
    before = on_catalogue.counts()

    again = on_catalogue(*verified).json

    assert (again["added"], again["number"], on_catalogue.counts()) == (False, first["number"], before)
    on_catalogue("assess", item, "--status", "refuted", "--by", "B. Check", "--basis", "it was a mistake")
    back = on_catalogue(*verified).json
    assert back["added"]
    assert [each["status"] for each in on_catalogue.show(item)["assessments"]] == ["verified", "refuted", "verified"]


def test_a_claim_is_judged_by_its_number_and_the_item_stays_unjudged(on_catalogue: Desk, item: str) -> None:
    (claim,) = on_catalogue.show(item)["claims"]

    on_catalogue("assess", f"claim:{claim['number']}", "--status", "refuted", "--by", "B. Check", "--basis", "his name")

    shown = on_catalogue.show(item)
    assert shown["status"] == "unverified"
    assert (shown["claims"][0]["status"], shown["claims"][0]["assessments"][0]["assessor"]) == ("refuted", "B. Check")


def test_claims_may_contradict_one_another_and_all_are_kept_with_their_claimants(on_catalogue: Desk, item: str) -> None:
    on_catalogue("claim", item, "He is a civilian", "--by", "His family", "--kind", "identity")
    on_catalogue("claim", item, "He is a civilian", "--by", "A neighbour", "--kind", "identity")
    again = on_catalogue("claim", item, "He is a civilian", "--by", "A neighbour", "--kind", "identity", "--json").json

    assert not again["added"]
    claims = on_catalogue.show(item)["claims"]
    assert [(claim["text"], claim["by"]) for claim in claims] == [
        ("He is a soldier", None),
        ("He is a civilian", "His family"),
        ("He is a civilian", "A neighbour"),
    ]
    assert claims[2]["number"] == again["number"]


def test_digits_that_are_a_claim_and_begin_an_item_are_never_guessed_at(local: Desk) -> None:
    item = local.take("a.bin", beginning("1000"), "--any-type")
    judged = ("--by", "B. Check", "--basis", "looked at it")
    local("assess", "1000", "--status", "refuted", *judged)  # no claim has this number: it can only be the item
    assert local.show(item)["status"] == "refuted"
    local("claim", item, "He is a soldier", "--by", "An analyst")
    number = f"{local.show(item)['claims'][0]['number']:04d}"
    other = local.take("b.bin", beginning(number), "--any-type")

    refused = local("assess", number, "--status", "refuted", *judged, code=2)

    assert f"claim:{number}" in refused.err
    local("assess", f"claim:{number}", "--status", "inconclusive", *judged)
    local("assess", other[:16], "--status", "verified", *judged)
    assert local.show(item)["claims"][0]["status"] == "inconclusive"
    assert local.show(other)["status"] == "verified"


def beginning(digits: str) -> bytes:
    """Bytes whose SHA-256 begins with these digits."""
    return next(c for n in range(10**6) if sha256(c := b"%d\0" % n).hexdigest().startswith(digits))


def test_a_number_that_is_no_claim_is_refused(local: Desk) -> None:
    local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    for number in ("claim:0", "claim:999", "7"):
        local("assess", number, "--status", "refuted", "--by", "B. Check", "--basis", "looked at it", code=3)


@pytest.mark.parametrize(
    "again",
    [
        " IDA  Ⅳ ",
        "I\u200bda IV",
        "Ida\u00a0IV",
        "Ida IV\u2060",
        "\uff29\uff44\uff41 IV",
        "Ida\u3164 IV",
        "I\u00add\ufe0fa iv",
    ],
    ids=ascii,
)
def test_a_second_assessor_is_somebody_whose_name_looks_different(local: Desk, again: str) -> None:
    settings = local.home / "archive.toml"
    settings.write_text(settings.read_text().replace("two_person_rule = false", "two_person_rule = true"))
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    verified = ("assess", item, "--status", "verified", "--basis", "geolocated", "--json")
    first = local(*verified, "--by", "Ida IV").json
    assert local(*verified, "--by", again).json["counts_as"] == "in-progress"
    second = local(*verified, "--by", "Ida V").json
    assert second["counts_as"] == "verified"
    seconded = second["superseded"]
    text = local("show", item, "--history").out
    assert f", #{seconded}) by Ida V" in text
    assert "superseded: verified (awaited a second assessor)" in text
    assert f"[seconds #{seconded}, supersedes #{seconded}]" in text
    assert f"awaited a second assessor, superseded by #{seconded}" in text
    assert first["number"] < seconded < second["number"]

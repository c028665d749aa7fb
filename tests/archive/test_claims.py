"""Claims: in words and in values, by whoever states them; what contradicts is told wherever either picture is shown."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from tests import drawing

if TYPE_CHECKING:
    from tests.archive.conftest import Once
    from tests.archive.desk import Desk

PICTURE = drawing.jpeg(drawing.photo(1))


@pytest.fixture
def item(on_catalogue: Desk) -> str:
    return on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)))


@pytest.fixture
def other(on_catalogue: Desk) -> str:
    return on_catalogue.take("b.jpg", drawing.jpeg(drawing.photo(2)))


def claim(desk: Desk, item: str, text: str, *words: object, by: str = "Seoul") -> dict[str, Any]:
    claimed: dict[str, Any] = desk("claim", item, text, "--by", by, *words, "--json").json
    return claimed


def links(desk: Desk, item: str, place: int = 0) -> list[tuple[str, bool, int, str | None]]:
    found = desk.show(item)["claims"][place]["links"]
    return [(link["relation"], link["passive"], link["claim"], link["by"]) for link in found]


def head(desk: Desk) -> str:
    return f"#{desk.counts()['events'] - 1}"


def test_a_claim_is_told_with_its_value_its_manner_its_account_and_its_sighting(on_catalogue: Desk, item: str) -> None:
    seen = on_catalogue("sight", item, "--url", "https://example.org/1", "--json").json["number"]
    words = ("--account", "x:watch", "--kind", "event", "--manner", "implied", "--sighting", seen)
    values = ("--value", "casualties=1000", "--value", "share=0.25", "--value", "side=DPRK", "--value", "unit=007")

    told = claim(on_catalogue, item, "They lost 1,000", *words, *values, "--url", "https://example.org/1")

    (shown,) = on_catalogue.show(item)["claims"]
    expected = {
        "number": told["number"],
        "by": "Seoul",
        "by_account": "x:watch",
        "kind": "event",
        "manner": "implied",
        "sighting": seen,
        "url": "https://example.org/1",
        "value": {"casualties": 1000, "share": 0.25, "side": "DPRK", "unit": "007"},
    }
    assert {name: shown[name] for name in expected} == expected
    assert isinstance(shown["value"]["casualties"], int)
    assert "value: " in on_catalogue("show", item).out
    again = claim(on_catalogue, item, "They lost 1,000", *words, *values, "--url", "https://example.org/1")
    assert (again["added"], again["number"]) == (False, told["number"])


NUMBERS = {
    "0": 0,
    "-5": -5,
    "1000": 1000,
    "3.50": 3.5,
    "1e3": 1000,
    "-0.0": 0,
    "9007199254740991": 9007199254740991,
    **{text: text for text in ("007", "+38", "1,000", "nan", "inf", "1e999", "٣", "a=b")},
}


def test_numbers_are_numbers_and_what_merely_looks_like_one_keeps_its_digits(local: Desk) -> None:
    item = local.take("a.jpg", PICTURE)

    for text in NUMBERS:
        claim(local, item, f"So many: {text}", "--value", f"count={text}")

    def kept() -> dict[str, tuple[type, object]]:
        values = [(each["text"], each["value"]["count"]) for each in local.show(item)["claims"]]
        return {text.removeprefix("So many: "): (type(value), value) for text, value in values}

    expected = {text: (type(value), value) for text, value in NUMBERS.items()}
    assert kept() == expected
    local.root()
    local("rebuild")
    assert kept() == expected


def test_an_account_states_something_though_nobody_knows_who_operates_it(on_catalogue: Desk, item: str) -> None:
    told = on_catalogue("claim", item, "A soldier", "--account", "x:watch", "--json").json

    (shown,) = on_catalogue.show(item)["claims"]
    assert (shown["by"], shown["by_account"], told["by"]) == (None, "x:watch", None)
    assert "claim #" + str(told["number"]) + " by x:watch" in on_catalogue("show", item).out


def test_a_contradiction_is_told_wherever_either_picture_is_shown_or_found(
    on_catalogue: Desk, item: str, other: str
) -> None:
    one = claim(on_catalogue, item, "1,000 casualties", by="Seoul")
    before = head(on_catalogue)
    two = claim(
        on_catalogue, other, "3,000 casualties", "--contradicts", one["number"], "--basis", "same day", by="Kyiv"
    )

    assert links(on_catalogue, item) == [("contradicts", False, two["number"], None)]
    assert links(on_catalogue, other) == [("contradicts", False, one["number"], None)]
    for shown in (item, other):
        (found,) = on_catalogue.show(shown)["disagreements"]
        assert (found["claims"], found["linked"]) == ([one["number"], two["number"]], True)
        assert "same day" in found["why"]
        for told in (on_catalogue("show", shown).out, on_catalogue("find", shown).out):
            assert f"contradiction: #{one['number']} Seoul: “1,000 casualties”" in told
            assert f"against #{two['number']} Kyiv: “3,000 casualties”" in told
        assert on_catalogue.find(shown)["matches"][0]["disagreements"] == [found]
    then = on_catalogue("show", item, "--as-of", before, "--json").json
    assert (then["claims"][0]["links"], then["disagreements"]) == ([], [])


def test_values_of_one_kind_that_differ_are_told_and_nobody_is_said_to_have_linked_them(
    on_catalogue: Desk, item: str
) -> None:
    claim(on_catalogue, item, "1,000 casualties", "--kind", "event", "--value", "casualties=1000", by="Seoul")
    claim(on_catalogue, item, "3,000 casualties", "--kind", "event", "--value", "casualties=3000", by="Kyiv")
    claim(on_catalogue, item, "1,000 indeed", "--kind", "event", "--value", "casualties=1000.0", by="Tokyo")

    found = on_catalogue.show(item)["disagreements"]

    (differing,) = found
    numbers = [stated["number"] for stated in on_catalogue.show(item)["claims"]]
    assert (differing["linked"], differing["name"], differing["claims"]) == (False, "casualties", numbers)
    one, two, three = numbers
    assert differing["values"] == [{"value": 1000, "claims": [one, three]}, {"value": 3000, "claims": [two]}]
    told = f"differing values: casualties: 1000 (#{one} Seoul, #{three} Tokyo), 3000 (#{two} Kyiv)"
    assert told in on_catalogue("show", item).out


def test_claims_about_a_confirmed_copy_are_about_the_same_picture(on_catalogue: Desk, item: str, other: str) -> None:
    claim(on_catalogue, item, "1,000", "--value", "casualties=1000", by="Seoul")
    claim(on_catalogue, other, "3,000", "--value", "casualties=3000", by="Kyiv")
    assert on_catalogue.show(item)["disagreements"] == []

    on_catalogue("relate", item, other, "--type", "prov:alternateOf", "--by", "Ida", "--basis", "compared")

    (found,) = on_catalogue.show(item)["disagreements"]
    assert [stated["value"] for stated in found["values"]] == [1000, 3000]
    assert on_catalogue.show(other)["disagreements"] == [found]


def test_a_withdrawn_claim_states_no_value_any_more_and_what_became_of_a_linked_one_is_told(
    on_catalogue: Desk, item: str, other: str
) -> None:
    one = claim(on_catalogue, item, "1,000", "--value", "casualties=1000", by="Seoul")["number"]
    two = claim(on_catalogue, item, "3,000", "--value", "casualties=3000", by="Kyiv")["number"]
    far = claim(on_catalogue, other, "None at all", "--contradicts", one, by="Moscow")["number"]
    judged = ("--by", "Ada", "--basis", "its author says so")
    on_catalogue("assess", f"claim:{two}", "--status", "refuted", *judged)
    assert f"3000 (#{two} Kyiv, refuted)" in on_catalogue("show", item).out

    for number in (two, far):
        on_catalogue("assess", f"claim:{number}", "--status", "withdrawn", *judged)

    (found,) = on_catalogue.show(item)["disagreements"]
    assert (found["claims"], found["statuses"]) == ([one, far], ["unverified", "withdrawn"])
    assert f"against #{far} Moscow, withdrawn: “None at all”" in on_catalogue("show", item).out
    assert on_catalogue.show(item)["claims"][0]["links"][0]["status"] == "withdrawn"


def test_numbers_are_compared_with_numbers_and_fifty_claims_are_told_in_one_line(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    for value in ("many", "1,000", 1000):
        claim(local, item, f"{value} fell", "--value", f"casualties={value}")
    (found,) = local.show(item)["disagreements"]
    assert [stated["value"] for stated in found["values"]] == ["many", "1,000"]

    rows = "".join(f"{item},{number} fell,casualties={number}\n" for number in range(50))
    table = local.file("m.csv", f"item,claim,claim_value\n{rows}".encode())
    local("upload", "--manifest", table)

    told = [line for line in local("show", item).out.splitlines() if "differing values" in line]
    assert len(told) == 2
    assert len(local.show(item)["disagreements"][1]["values"]) == 51


@pytest.mark.parametrize(
    "digits", ["9007199254740992", "-9007199254740992", "123456789012345678901234567890", "1" * 5000]
)
def test_a_whole_number_that_cannot_be_kept_exactly_is_refused(local: Desk, digits: str) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    before = local.counts()

    refused = local("claim", item, "So many", "--by", "Seoul", "--value", f"casualties={digits}", code=2)

    assert "--value casualties" in refused.err
    assert "hint" in refused.err
    assert local.counts() == before


@pytest.mark.parametrize("word", ["nan", "1e999", "1,000", "007", "1 000"])
def test_what_merely_looks_like_a_number_is_said_to_be_kept_as_a_word(local: Desk, word: str) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)))

    told = local("claim", item, "So many", "--by", "Seoul", "--value", f"count={word}", "--value", "side=DPRK")

    assert "--value count is kept as a word" in told.err
    assert "side" not in told.err


def test_a_link_is_read_from_either_end_and_taken_back_with_its_history(on_catalogue: Desk, item: str) -> None:
    one = claim(on_catalogue, item, "A soldier of the XI Corps", by="Seoul")["number"]
    two = claim(on_catalogue, item, "A soldier", by="Kyiv")["number"]

    first = on_catalogue("link", one, "refines", two, "--by", "Ada", "--basis", "the same and more", "--json").json
    before = head(on_catalogue)

    assert first["added"]
    assert links(on_catalogue, item) == [("refines", False, two, "Ada")]
    assert links(on_catalogue, item, 1) == [("refines", True, one, "Ada")]
    assert "is refined by claim" in on_catalogue("show", item).out
    again = on_catalogue("link", f"claim:{one}", "refines", f"#{two}", "--by", "Ada", "--basis", "the same and more")
    assert "already recorded" in again.out
    on_catalogue("link", two, "refines", one, "--by", "Ada", "--retract", code=3)

    on_catalogue("link", one, "refines", two, "--by", "Ben", "--basis", "another man", "--retract")

    assert links(on_catalogue, item) == links(on_catalogue, item, 1) == []
    then = on_catalogue("show", item, "--as-of", before, "--json").json
    assert then["claims"][0]["links"][0]["number"] == first["number"]
    on_catalogue("link", one, "refines", two, "--by", "Ben", "--retract", code=3)
    assert on_catalogue("link", one, "refines", two, "--by", "Ada", "--json").json["added"]


@pytest.mark.parametrize("relation", ["contradicts", "same-as"])
def test_what_holds_both_ways_is_one_link_whichever_end_is_named_first(
    on_catalogue: Desk, item: str, other: str, relation: str
) -> None:
    one = claim(on_catalogue, item, "A soldier", by="Seoul")["number"]
    two = claim(on_catalogue, other, "A civilian", by="Kyiv")["number"]
    first = on_catalogue("link", one, relation, two, "--by", "Ada", "--json").json

    again = on_catalogue("link", two, relation, one, "--by", "Ada", "--json").json

    assert (again["added"], again["number"]) == (False, first["number"])
    on_catalogue("link", two, relation, one, "--by", "Ben", "--retract")
    assert links(on_catalogue, item) == links(on_catalogue, other) == []


def test_a_claim_said_again_with_its_links_leaves_the_finding_of_others_alone(on_catalogue: Desk, item: str) -> None:
    one = claim(on_catalogue, item, "A soldier", by="Seoul")["number"]
    words = ("A civilian", "--contradicts", one, "--supports", one)
    claim(on_catalogue, item, *words, by="Kyiv")
    two = claim(on_catalogue, item, *words, by="Kyiv")["number"]
    on_catalogue("link", two, "contradicts", one, "--by", "Ada", "--basis", "he cannot be both")
    before = on_catalogue.counts()

    told = claim(on_catalogue, item, *words, by="Kyiv")

    assert on_catalogue.counts() == before
    assert (told["added"], len(told["links"])) == (False, 2)
    assert ("contradicts", False, two, "Ada") in links(on_catalogue, item)


def test_a_claim_is_carried_by_a_sighting_of_its_own_picture_or_of_one_that_was_never_held(
    on_catalogue: Desk, item: str, other: str
) -> None:
    elsewhere = on_catalogue("sight", other, "--url", "https://example.org/2", "--json").json["number"]
    gone = on_catalogue("sight", "--url", "https://example.org/gone", "--json").json["number"]

    refused = on_catalogue("claim", item, "A soldier", "--by", "Seoul", "--sighting", elsewhere, code=3)
    told = claim(on_catalogue, item, "A soldier", "--sighting", gone)

    assert other[:12] in refused.err
    assert told["sighting"] == gone


def _claimed(desk: Desk) -> None:
    item = desk.take("a.jpg", PICTURE)
    for text in ("First", "Second"):
        claim(desk, item, text)


@pytest.fixture
def claimed(made_once: Once, warm: None) -> Desk:
    return made_once("sqlite", _claimed)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("claim", "ITEM", "A soldier"), 2),
        (("claim", "ITEM", " ", "--by", "Seoul"), 2),
        (("claim", "ITEM", "A soldier", "--by", " "), 2),
        (("claim", "ITEM", "A soldier", "--account", "watch"), 2),
        (("claim", "abcdef", "A soldier", "--by", "Seoul"), 3),
        (("claim", "ITEM", "A soldier", "--by", "Seoul", "--kind", "rumour"), 2),
        (("claim", "ITEM", "A soldier", "--by", "Seoul", "--manner", "shouted"), 2),
        (("claim", "ITEM", "A soldier", "--by", "Seoul", "--value", "1000"), 2),
        (("claim", "ITEM", "A soldier", "--by", "Seoul", "--value", "=1000"), 2),
        (("claim", "ITEM", "A soldier", "--by", "Seoul", "--value", "count="), 2),
        (("claim", "ITEM", "A soldier", "--by", "Seoul", "--value", "count=1", "--value", "count=2"), 2),
        (("claim", "ITEM", "A soldier", "--by", "Seoul", "--sighting", "9999"), 3),
        (("claim", "ITEM", "A soldier", "--by", "Seoul", "--supports", "9999"), 3),
        (("claim", "ITEM", "A soldier", "--by", "Seoul", "--supports", "x"), 3),
        (("claim", "ITEM", "A soldier", "--by", "Seoul", "--basis", "why"), 2),
        (("claim", "ITEM", "First", "--by", "Seoul", "--contradicts", "ONE"), 2),
        (("link", "ONE", "contradicts", "ONE", "--by", "Ada"), 2),
        (("link", "ONE", "contradicts", "9999", "--by", "Ada"), 3),
        (("link", "ONE", "denies", "TWO", "--by", "Ada"), 2),
        (("link", "ONE", "contradicts", "TWO"), 2),
        (("link", "ONE", "contradicts", "TWO", "--by", " "), 2),
        (("link", "ONE", "contradicts", "TWO", "--by", "Ada", "--retract"), 3),
        (("link", "ITEM", "contradicts", "TWO", "--by", "Ada"), 3),
    ],
    ids=str,
)
def test_what_cannot_be_so_is_refused_and_nothing_is_recorded(claimed: Desk, words: tuple[str, ...], code: int) -> None:
    item = sha256(PICTURE).hexdigest()
    one, two = (str(each["number"]) for each in claimed.show(item)["claims"])
    before = claimed.counts()
    meant = {"ITEM": item, "ONE": one, "TWO": two}

    answer = claimed(*[meant.get(word, word) for word in words], code=code)

    assert answer.err
    assert claimed.counts() == before

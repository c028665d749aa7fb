"""Sources: one source whatever it is called, every correction with its history, nothing that cannot be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests import drawing
from tests.archive.sourcing import WHY, origins, profile, published

if TYPE_CHECKING:
    from tests.archive.conftest import Once
    from tests.archive.desk import Desk

TIED = ("--kind", "employed-by", "--basis", "b", "--by", "Ada")


def names(desk: Desk, *words: object) -> list[str]:
    return [line["name"] for line in desk("source", "list", "--json", *words).lines]


def test_a_source_is_found_by_its_name_in_any_case_and_by_every_alias(on_catalogue: Desk) -> None:
    words = ("--kind", "news-agency", "--type", "organisation", "--country", "kr", "--note", "Seoul")
    on_catalogue("source", "add", "Yonhap", *words, "--url", "https://yna.example", "--alias", "연합뉴스")

    for called in ("Yonhap", "YONHAP", " yonhap ", "연합뉴스"):
        shown = profile(on_catalogue, called)
        assert (shown["name"], shown["kind"], shown["agent_type"]) == ("Yonhap", "news-agency", "organisation")
        assert shown["aliases"] == ["연합뉴스"]
    (record,) = profile(on_catalogue, "Yonhap")["records"]
    assert (record["country"], record["url"], record["note"]) == ("KR", "https://yna.example", "Seoul")
    assert "also called: 연합뉴스" in on_catalogue("source", "show", "Yonhap").out


def test_what_is_said_under_an_alias_or_another_case_goes_to_the_source_that_is_known(on_catalogue: Desk) -> None:
    on_catalogue("source", "add", "Yonhap", "--alias", "연합뉴스")
    on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)), "--source", "연합뉴스")
    item = on_catalogue.take("b.jpg", drawing.jpeg(drawing.photo(2)), "--source", "yonhap", "--account", "X:Watch")
    on_catalogue("sight", item, "--account", "x:@watch", "--url", "https://x.example/1")
    on_catalogue("claim", item, "A soldier", "--by", "YONHAP", "--account", "x:WATCH")

    assert names(on_catalogue) == ["x:Watch", "Yonhap"]
    assert (profile(on_catalogue, "Yonhap")["sightings"], profile(on_catalogue, "Yonhap")["claims"]) == (2, 1)
    assert (profile(on_catalogue, "x:watch")["sightings"], profile(on_catalogue, "x:watch")["claims"]) == (2, 1)
    assert len(on_catalogue("list", "--source", "연합뉴스", "--json").lines) == 2


def test_a_correction_supersedes_and_what_was_said_before_is_told_and_was_known_then(on_catalogue: Desk) -> None:
    on_catalogue("source", "add", "Watch", "--kind", "ngo", "--note", "as its page says", "--country", "UA")
    place = on_catalogue.counts()["events"] - 1

    edited = on_catalogue("source", "edit", "Watch", "--kind", "partisan-monitoring-account", "--json").json
    on_catalogue("source", "edit", "Watch", "--clear", "country", "--type", "group")

    now, then = profile(on_catalogue, "Watch"), profile(on_catalogue, "Watch", "--as-of", f"#{place}")
    assert (now["kind"], then["kind"]) == ("partisan-monitoring-account", "ngo")
    assert (now["records"][0]["note"], now["records"][0]["country"]) == ("as its page says", None)
    assert [(said["said"], said["kind"], said["country"]) for said in now["history"]] == [
        ("agent", "ngo", "UA"),
        ("agent", "partisan-monitoring-account", "UA"),
    ]
    assert then["history"] == []
    assert len(edited["added"]) == 1
    assert "What was said before" in on_catalogue("source", "show", "Watch").out
    again = on_catalogue("source", "edit", "Watch", "--type", "group", "--json").json
    assert again["added"] == []


def test_two_records_that_are_merged_are_one_source_under_either_name(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "Yonhap", "YNA")
    assert origins(on_catalogue, item) == (2, [])
    on_catalogue("source", "edit", "YNA", "--country", "KR")
    place = on_catalogue.counts()["events"] - 1

    on_catalogue("source", "edit", "Yonhap", "--merge", "YNA", *WHY)

    for called in ("Yonhap", "YNA"):
        shown = profile(on_catalogue, called)
        assert (shown["name"], shown["aliases"], shown["sightings"]) == ("Yonhap", ["YNA"], 2)
        assert {record["name"] for record in shown["records"]} == {"Yonhap", "YNA"}
        (merge,) = shown["merges"]
        assert (merge["agent"], merge["into"], merge["by"], merge["basis"]) == ("YNA", "Yonhap", "Ada", "one house")
        assert [line["item"] for line in on_catalogue("list", "--source", called, "--json").lines] == [item]
    assert {seen["publisher"] for seen in on_catalogue.show(item)["sightings"]} == {"Yonhap"}
    assert {seen["publisher"] for seen in on_catalogue.find(item)["matches"][0]["sightings"]} == {"Yonhap"}
    count, reasons = origins(on_catalogue, item)
    assert count == 1
    assert "are both of Yonhap" in reasons[0]
    assert names(on_catalogue) == ["Yonhap"]
    assert names(on_catalogue, "--as-of", f"#{place}") == ["YNA", "Yonhap"]
    assert profile(on_catalogue, "YNA", "--as-of", f"#{place}")["sightings"] == 1


def test_a_merge_can_be_undone_and_both_records_are_as_they_were(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "Yonhap", "YNA")
    on_catalogue("source", "edit", "Yonhap", "--merge", "YNA", *WHY)

    on_catalogue("source", "edit", "Yonhap", "--separate", "YNA", "--by", "Ben", "--basis", "two houses after all")

    assert names(on_catalogue) == ["YNA", "Yonhap"]
    assert origins(on_catalogue, item) == (2, [])
    assert [seen["publisher"] for seen in on_catalogue.show(item)["sightings"]] == ["Yonhap", "YNA"]
    history = profile(on_catalogue, "YNA")["history"]
    assert [(said["said"], said["state"], said["by"]) for said in history if said["said"] == "merge"] == [
        ("merge", "stated", "Ada"),
        ("merge", "retracted", "Ben"),
    ]
    on_catalogue("source", "edit", "Yonhap", "--merge", "YNA", *WHY)
    assert names(on_catalogue) == ["Yonhap"]


def test_merges_follow_one_another_and_never_in_a_circle(on_catalogue: Desk) -> None:
    for name in ("One", "Two", "Three"):
        on_catalogue("source", "add", name)
    on_catalogue("source", "edit", "Two", "--merge", "One", *WHY)
    on_catalogue("source", "edit", "Three", "--merge", "Two", *WHY)
    before = on_catalogue.counts()

    for into, other in (("One", "Three"), ("One", "Two"), ("Two", "Two"), ("Three", "One"), ("Two", "Three")):
        on_catalogue("source", "edit", into, "--merge", other, *WHY, code=3)
    on_catalogue("source", "edit", "Three", "--separate", "One", *WHY, code=3)

    assert on_catalogue.counts() == before
    assert names(on_catalogue) == ["Three"]
    assert profile(on_catalogue, "One")["aliases"] == ["One", "Two"]
    on_catalogue("source", "edit", "Two", "--separate", "One", *WHY)
    assert names(on_catalogue) == ["One", "Three"]


def test_an_alias_is_taken_back_and_stays_in_the_history(on_catalogue: Desk) -> None:
    on_catalogue("source", "add", "Watch", "--alias", "The Watch")
    place = on_catalogue.counts()["events"] - 1

    on_catalogue("source", "edit", "Watch", "--drop-alias", "the watch", "--by", "Ada")

    on_catalogue("source", "show", "The Watch", code=3)
    assert profile(on_catalogue, "The Watch", "--as-of", f"#{place}")["name"] == "Watch"
    assert [said["state"] for said in profile(on_catalogue, "Watch")["history"]] == ["stated", "retracted"]


def test_two_handles_with_one_number_of_the_platform_are_one_account(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "telegram:old_name", "telegram:new_name")
    assert origins(on_catalogue, item)[0] == 2
    on_catalogue("source", "account", "telegram:old_name", "--platform-id", "77", "--display-name", "Watch")
    place = on_catalogue.counts()["events"] - 1

    answer = on_catalogue("source", "account", "telegram:new_name", "--platform-id", "77", "--json").json

    assert answer["same_as"] == ["telegram:old_name"]
    assert origins(on_catalogue, item)[0] == 1
    for called in ("telegram:old_name", "telegram:@NEW_NAME"):
        shown = profile(on_catalogue, called)
        assert shown["sightings"] == 2
        assert {handle["handle"] for handle in shown["handles"]} == {"telegram:old_name", "telegram:new_name"}
        assert len(on_catalogue("list", "--source", called, "--json").lines) == 1
    assert names(on_catalogue) == ["telegram:new_name"]
    assert profile(on_catalogue, "telegram:old_name", "--as-of", f"#{place}")["sightings"] == 1
    on_catalogue("source", "account", "x:new_name", "--platform-id", "77")
    assert names(on_catalogue) == ["telegram:new_name", "x:new_name"]


def test_what_a_platform_shows_keeps_what_is_not_said_anew_and_a_taken_over_handle_is_told(on_catalogue: Desk) -> None:
    on_catalogue(
        "source", "account", "x:watch", "--platform-id", "7", "--url", "https://x.example/watch", "--by", "Ada"
    )
    on_catalogue("source", "account", "x:watch", "--display-name", "The Watch")

    (handle,) = profile(on_catalogue, "x:watch")["handles"]
    assert (handle["platform_id"], handle["display_name"], handle["by"]) == ("7", "The Watch", None)
    before = on_catalogue.counts()
    assert not on_catalogue("source", "account", "x:watch", "--platform-id", "7", "--json").json["added"]
    assert on_catalogue.counts() == before

    answer = on_catalogue("source", "account", "x:watch", "--platform-id", "8")

    assert "its number was 7 before" in answer.err
    history = profile(on_catalogue, "x:watch")["history"]
    assert [said["platform_id"] for said in history] == ["7", "7"]


def test_a_source_is_judged_with_letters_that_are_empty_unless_somebody_gave_them(on_catalogue: Desk) -> None:
    on_catalogue("source", "add", "Watch")
    assert profile(on_catalogue, "Watch")["assessments"] == []
    assert "reliability" not in on_catalogue("source", "show", "Watch").out

    judged = ("--status", "inconclusive", "--by", "B. Check", "--basis", "no record", "--reliability", "F")
    on_catalogue("assess", "source:watch", *judged)

    shown = profile(on_catalogue, "Watch")
    assert (shown["status"], shown["assessments"][0]["reliability"]) == ("inconclusive", "F")
    assert "reliability F" in on_catalogue("source", "show", "Watch").out


def test_the_list_is_by_name_and_narrowed_by_kind_and_words(on_catalogue: Desk) -> None:
    on_catalogue("source", "add", "Yonhap", "--kind", "news-agency", "--alias", "연합뉴스")
    on_catalogue("source", "add", "an ngo", "--kind", "ngo")
    on_catalogue("source", "account", "telegram:watch")

    assert names(on_catalogue) == ["an ngo", "telegram:watch", "Yonhap"]
    assert names(on_catalogue, "--kind", "ngo") == ["an ngo"]
    assert names(on_catalogue, "--text", "연합") == ["Yonhap"]
    assert names(on_catalogue, "--text", "WATCH") == ["telegram:watch"]
    assert "news-agency   Yonhap, also 연합뉴스" in on_catalogue("source", "list").out


def _three(desk: Desk) -> None:
    desk("source", "add", "Kyiv")
    desk("source", "add", "Yonhap", "--alias", "Y")
    desk("source", "account", "x:watch")


@pytest.fixture
def three(made_once: Once, warm: None) -> Desk:
    return made_once("sqlite", _three)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("add", "yonhap"), 3),
        (("add", "Y"), 3),
        (("add", "New", "--alias", "Yonhap"), 3),
        (("add", "x:watch"), 3),
        (("add", " "), 2),
        (("add", "New", "--country", "KOR"), 2),
        (("add", "New", "--kind", "friend"), 2),
        (("edit", "Nobody", "--kind", "ngo"), 3),
        (("edit", "x:watch", "--kind", "ngo"), 3),
        (("edit", "Yonhap"), 2),
        (("edit", "Yonhap", "--by", "Ada"), 2),
        (("edit", "Yonhap", "--kind", "ngo", "--basis", "x"), 2),
        (("edit", "Yonhap", "--merge", "Kyiv"), 2),
        (("edit", "Yonhap", "--merge", "Kyiv", "--by", "Ada"), 2),
        (("edit", "Yonhap", "--merge", "Nobody", *WHY), 3),
        (("edit", "Yonhap", "--merge", "x:watch", *WHY), 3),
        (("edit", "Yonhap", "--merge", "Yonhap", *WHY), 3),
        (("edit", "Yonhap", "--separate", "Kyiv", *WHY), 3),
        (("edit", "Yonhap", "--alias", "Kyiv"), 3),
        (("edit", "Yonhap", "--alias", "YONHAP"), 3),
        (("edit", "Yonhap", "--drop-alias", "Kyiv"), 3),
        (("edit", "Yonhap", "--url", "x", "--clear", "url"), 2),
        (("account", "watch"), 2),
        (("account", "https://x.example/watch"), 2),
        (("account", "x:watch", "--by", "Ada"), 2),
        (("affiliate", "Nobody", "--with", "Kyiv", *TIED), 3),
        (("affiliate", "x:watch", "--with", "Nobody", *TIED), 3),
        (("affiliate", "x:watch", "--with", "x:watch", *TIED), 3),
        (("affiliate", "Kyiv", "--with", "Kyiv", *TIED), 3),
        (("affiliate", "Kyiv", "--with", "Yonhap", "--kind", "employed-by", "--basis", " ", "--by", "Ada"), 2),
        (("affiliate", "Kyiv", "--with", "Yonhap", "--kind", "married-to", "--basis", "b", "--by", "Ada"), 2),
        (("affiliate", "Kyiv", "--with", "Yonhap", "--kind", "employed-by", "--basis", "b"), 2),
        (("affiliate", "Kyiv", "--with", "Yonhap", *TIED, "--valid", "yesterday"), 2),
        (("affiliate", "Kyiv", "--with", "Yonhap", *TIED, "--valid", "2024", "--retract"), 3),
        (("affiliate", "Kyiv", "--with", "Yonhap", *TIED, "--valid", "2024?..", "--retract"), 2),
        (("affiliate", "Kyiv", "--with", "Yonhap", *TIED, "--url", "https://x.example", "--retract"), 2),
        (("affiliate", "Kyiv", "--with", "Yonhap", *TIED, "--retract"), 3),
        (("show", "Nobody"), 3),
        (("show", "Yonhap", "--as-of", "#0"), 3),
        (("show", "Yonhap", "--as-of", "yesterday"), 2),
        (("list", "--kind", "friend"), 2),
        (("rename", "Yonhap"), 2),
    ],
    ids=str,
)
def test_what_cannot_be_so_is_refused_and_nothing_is_recorded(three: Desk, words: tuple[str, ...], code: int) -> None:
    before = three.counts()

    answer = three("source", *words, code=code)

    assert answer.err
    assert three.counts() == before


def test_a_sighting_without_a_file_is_found_by_its_source(on_catalogue: Desk) -> None:
    item = on_catalogue.take(
        "a.png", drawing.png(drawing.photo(1)), "--account", "x:watch", "--url", "https://x.example/1"
    )
    gone = on_catalogue("sight", "--url", "https://x.example/gone", "--account", "x:watch", "--published", "2024-12-19")
    number = on_catalogue("source", "show", "x:watch", "--json").json["newest_sightings"][0]["number"]
    assert f"#{number}" in gone.out
    text = on_catalogue("source", "show", "x:watch").out
    assert f"#{number} published 2024-12-19, at https://x.example/gone, never held" in text
    assert f"at https://x.example/1, item {item[:12]}" in text
    then = on_catalogue("source", "show", "x:watch", "--as-of", f"#{number - 1}", "--json").json
    assert [seen["item"] for seen in then["newest_sightings"]] == [item]
    for post in range(22):
        on_catalogue("sight", "--url", f"https://x.example/gone/{post}", "--account", "x:watch")
    newest = on_catalogue("source", "show", "x:watch", "--json").json["newest_sightings"]
    assert [seen["url"] for seen in newest] == [f"https://x.example/gone/{post}" for post in range(21, 1, -1)]
    assert "and 4 older ones" in on_catalogue("source", "show", "x:watch").out

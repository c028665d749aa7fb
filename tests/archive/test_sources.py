"""Sources: one source whatever it is called, every correction with its history, nothing that cannot be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

TIED = ("--kind", "employed-by", "--basis", "b", "--by", "Ada")
WHY = ("--by", "Ada", "--basis", "one house")


def profile(desk: Desk, name: str, *words: object) -> dict[str, Any]:
    shown: dict[str, Any] = desk("source", "show", name, *words, "--json").json
    return shown


def names(desk: Desk, *words: object) -> list[str]:
    return [line["name"] for line in desk("source", "list", "--json", *words).lines]


def origins(desk: Desk, item: str) -> tuple[int, list[str]]:
    counted = desk.show(item)["origins"]
    return counted["independent"], [reason for origin in counted["origins"] for reason in origin["reasons"]]


def published(desk: Desk, *sources: str) -> str:
    """A picture that each of these published."""
    item = desk.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    for number, source in enumerate(sources):
        where = ("--account", source) if ":" in source else ("--source", source)
        desk("sight", item, *where, "--url", f"https://example.org/{number}", "--published", f"2024-12-2{number}")
    return item


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


def affiliate(desk: Desk, subject: str, *words: str, by: str = "Ada", code: int = 0) -> None:
    basis = ("--basis", "its profile says so", "--by", by)
    desk(
        "source", "affiliate", subject, "--with", "The Army", "--kind", "officially-operated", *basis, *words, code=code
    )


def test_sources_that_are_said_to_act_for_one_are_one_origin_and_the_reason_is_told(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "telegram:one", "x:two")
    on_catalogue("source", "add", "The Army", "--kind", "armed-force")
    place = on_catalogue.counts()["events"] - 1
    affiliate(on_catalogue, "telegram:one")
    affiliate(on_catalogue, "x:two", "--valid", "2022/..")

    count, reasons = origins(on_catalogue, item)

    assert count == 1
    assert "telegram:one is officially operated by The Army, says Ada" in reasons[0]
    told = on_catalogue("show", item).out
    assert "2 sightings, 1 independent origin" in told
    assert "2 sightings, 1 independent origin" in on_catalogue("find", item).out
    assert "2 sightings, 2 independent origins" in on_catalogue("show", item, "--as-of", f"#{place}").out
    army = profile(on_catalogue, "The Army")
    assert {each["source"] for each in army["affiliates"]} == {"telegram:one", "x:two"}
    (tie,) = profile(on_catalogue, "x:two")["affiliations"]
    assert (tie["organisation"], tie["valid"], tie["asserted_by"], tie["status"]) == (
        *("The Army", "2022/..", "Ada"),
        "unverified",
    )
    assert [line["item"] for line in on_catalogue("list", "--affiliation", "The Army", "--json").lines] == [item]


@pytest.mark.parametrize("verdict", ["refuted", "withdrawn"])
def test_an_affiliation_that_is_refuted_ties_nothing_together_any_more(on_catalogue: Desk, verdict: str) -> None:
    item = published(on_catalogue, "telegram:one", "x:two")
    on_catalogue("source", "add", "The Army")
    for subject in ("telegram:one", "x:two"):
        affiliate(on_catalogue, subject)
    (tie,) = profile(on_catalogue, "x:two")["affiliations"]
    place = on_catalogue.counts()["events"] - 1

    judged = ("--by", "B. Check", "--basis", "the profile was forged")
    on_catalogue("assess", f"affiliation:{tie['number']}", "--status", verdict, *judged)

    assert origins(on_catalogue, item)[0] == 2
    assert "1 independent origin" in on_catalogue("show", item, "--as-of", f"#{place}").out
    (told,) = profile(on_catalogue, "x:two")["affiliations"]
    assert (told["status"], told["assessments"][0]["assessor"]) == (verdict, "B. Check")


def test_what_was_asserted_is_taken_back_by_whoever_asserted_it_and_by_nobody_else(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "telegram:one", "x:two")
    on_catalogue("source", "add", "The Army")
    affiliate(on_catalogue, "telegram:one")
    affiliate(on_catalogue, "x:two")
    affiliate(on_catalogue, "x:two", by="Ben")

    affiliate(on_catalogue, "x:two", "--retract", by="Carl", code=3)
    affiliate(on_catalogue, "x:two", "--retract")
    assert origins(on_catalogue, item)[0] == 1  # Ben still asserts it
    affiliate(on_catalogue, "x:two", "--retract", by="Ben")

    assert origins(on_catalogue, item)[0] == 2
    shown = profile(on_catalogue, "x:two")
    assert shown["affiliations"] == []
    assert [(said["state"], said["asserted_by"]) for said in shown["history"]] == [
        *(("stated", "Ada"), ("stated", "Ben")),
        *(("retracted", "Ada"), ("retracted", "Ben")),
    ]
    affiliate(on_catalogue, "x:two", "--retract", code=3)


def test_an_affiliation_outside_its_dates_ties_nothing_together(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "telegram:one", "x:two")
    on_catalogue("source", "add", "The Army")
    affiliate(on_catalogue, "telegram:one", "--valid", "2020/2023")
    affiliate(on_catalogue, "x:two")
    assert origins(on_catalogue, item)[0] == 2

    affiliate(on_catalogue, "telegram:one", "--valid", "2020/2025")

    assert origins(on_catalogue, item)[0] == 1


def test_what_one_asserts_for_two_periods_stands_for_both_and_is_taken_back_one_by_one(on_catalogue: Desk) -> None:
    on_catalogue("source", "add", "The Army")

    def periods() -> list[str | None]:
        return [each["valid"] for each in profile(on_catalogue, "x:two")["affiliations"]]

    said = ("x:two", "--with", "The Army", "--kind", "officially-operated", "--by", "Ada", "--basis")
    first = on_catalogue("source", "affiliate", *said, "b", "--valid", "2020/2021", "--json").json
    second = on_catalogue("source", "affiliate", *said, "b", "--valid", "2023/..")
    on_catalogue("source", "affiliate", *said, "b")

    assert periods() == ["2020/2021", "2023/..", None]
    assert first["superseded"] is None
    assert "asserts the same for other periods too, which stand beside it: 2020/2021" in second.err
    again = on_catalogue("source", "affiliate", *said, "another page", "--valid", "2020/2021")
    assert f"it supersedes #{first['number']}" in again.err
    assert periods() == ["2023/..", None, "2020/2021"]

    refused = on_catalogue("source", "affiliate", *said, "b", "--retract", code=2)
    assert "2020/2021 (#" in refused.err
    assert "2023/.. (#" in refused.err
    on_catalogue("source", "affiliate", *said, "b", "--retract", "--valid", "2022", code=3)
    on_catalogue("source", "affiliate", *said, "b", "--retract", "--valid", "2020/2021")
    assert periods() == ["2023/..", None]
    on_catalogue("source", "affiliate", *said, "b", "--retract", "--valid", "none")
    assert periods() == ["2023/.."]
    on_catalogue("source", "affiliate", *said, "b", "--retract")
    assert periods() == []
    root = on_catalogue.root()
    on_catalogue("rebuild")
    assert (periods(), on_catalogue.root()) == ([], root)


@pytest.mark.parametrize(("valid", "count"), [("2020/2021", 2), ("2024/..", 1)])
def test_an_affiliation_ties_by_any_of_the_periods_that_one_asserts(local: Desk, valid: str, count: int) -> None:
    item = published(local, "telegram:one", "x:two")
    local("source", "add", "The Army")
    affiliate(local, "x:two")
    affiliate(local, "telegram:one", "--valid", valid)

    affiliate(local, "telegram:one", "--valid", "2018/2019")

    assert origins(local, item)[0] == count


def test_affiliations_are_followed_over_others_and_through_merged_records(on_catalogue: Desk) -> None:
    item = published(on_catalogue, "telegram:one", "The Ministry")
    for name in ("Press Office", "Press Bureau"):
        on_catalogue("source", "add", name)
    said = ("--kind", "employed-by", "--basis", "its imprint", "--by", "Ada")
    on_catalogue("source", "affiliate", "telegram:one", "--with", "Press Bureau", *said)
    on_catalogue("source", "affiliate", "Press Office", "--with", "The Ministry", *said)
    assert origins(on_catalogue, item)[0] == 2

    on_catalogue("source", "edit", "Press Office", "--merge", "Press Bureau", *WHY)

    count, (reason,) = origins(on_catalogue, item)
    assert count == 1
    assert "Press Office is employed by The Ministry" in reason


def test_an_account_that_is_not_known_is_recorded_with_its_affiliation_and_said(local: Desk) -> None:
    local("source", "add", "The Army")
    words = ("--with", "The Army", "--kind", "self-declared", "--basis", "its profile", "--by", "Ada")

    first = local("source", "affiliate", "x:new", *words)

    assert "the account x:new was not known" in first.err
    assert "was not known" not in local("source", "affiliate", "x:new", *words).err
    assert "already recorded" in local("source", "affiliate", "x:new", *words).out


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
def test_what_cannot_be_so_is_refused_and_nothing_is_recorded(local: Desk, words: tuple[str, ...], code: int) -> None:
    local("source", "add", "Kyiv")
    local("source", "add", "Yonhap", "--alias", "Y")
    local("source", "account", "x:watch")
    before = local.counts()

    answer = local("source", *words, code=code)

    assert answer.err
    assert local.counts() == before


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

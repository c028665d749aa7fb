"""Care comes first: flags before anything else, for every copy, by somebody, on a basis. Cases and tags."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from archiver.terminal import style
from archiver.terminal.dossier import brackets
from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

BY = ("--by", "Ida", "--basis", "Third Geneva Convention, article 13")
POW = ("--sensitivity", "prisoner-of-war")


@pytest.fixture
def captive(on_catalogue: Desk) -> tuple[Desk, str]:
    return on_catalogue, on_catalogue.take("a.png", drawing.png(drawing.photo(1)), "--source", "Yonhap")


def test_a_flag_is_told_before_anything_else_wherever_the_item_is(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    desk("flag", item, *POW, "--tlp", "TLP:AMBER", *BY)

    for words in (("list",), ("find", desk.files / "a.png"), ("show", item)):
        assert desk(*words).out.startswith("[prisoner-of-war, TLP:AMBER]"), words
        told = desk(*words, "--json").lines[0]
        told = told["matches"][0] if words[0] == "find" else told
        assert list(told)[:2] == ["sensitivity", "tlp"]
        assert (told["sensitivity"], told["tlp"]) == (["prisoner-of-war"], "TLP:AMBER")
    assert desk("list", "--csv").out.splitlines()[1].startswith("prisoner-of-war,TLP:AMBER,")
    assert "says Ida" in desk("show", item).out


def test_a_label_that_sets_no_limit_is_told_and_not_painted_as_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(style, "coloured", lambda: True)

    assert brackets({"sensitivity": [], "tlp": "TLP:CLEAR"}) == "[TLP:CLEAR]"
    for care in ({"sensitivity": [], "tlp": "TLP:GREEN"}, {"sensitivity": ["detainee"], "tlp": "TLP:CLEAR"}):
        assert brackets(care).startswith("\x1b[1;31m[")


def test_a_flag_holds_for_every_confirmed_copy_and_the_strictest_label_wins(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    copy = desk.take("b.jpg", drawing.jpeg(drawing.photo(1), quality=50))
    desk("flag", item, *POW, "--tlp", "TLP:RED", *BY)
    desk("flag", copy, "--tlp", "TLP:GREEN", *BY)
    assert desk.show(copy)["sensitivity"] == []

    desk("relate", copy, item, "--confirm", "--by", "Ida", "--basis", "the same")

    shown = desk.show(copy)
    assert (shown["sensitivity"], shown["tlp"]) == (["prisoner-of-war"], "TLP:RED")
    assert shown["flags"][0]["of"] == item
    listed = desk("list", "--sensitivity", "prisoner-of-war", "--json").lines
    assert {line["item"] for line in listed} == {item, copy}
    desk("flag", copy, "--lift", "prisoner-of-war", *BY, code=3)  # it is the other one's: lifted there
    desk("flag", item, "--lift", "prisoner-of-war", "--by", "Bo", "--basis", "an actor in a film")
    assert desk.show(copy)["sensitivity"] == []
    assert desk("list", "--sensitivity", "any", "--json").lines == []


def test_care_is_of_now_whatever_the_question_is_as_of(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    later = desk.take("later.png", drawing.png(drawing.photo(3)))
    before = f"#{desk.counts()['events'] - 1}"
    first = f"#{desk.show(item)['number']}"

    def told(*as_of: str) -> list[object]:
        shown = desk("show", item, *as_of, "--json").json
        (match,) = desk.find(desk.files / "a.png", *as_of)["matches"]
        listed = desk("list", "--sensitivity", "prisoner-of-war", *as_of, "--json").lines
        return [shown["sensitivity"], shown["tlp"], match["sensitivity"], [line["item"] for line in listed]]

    for each in (item, later):
        desk("flag", each, *POW, "--tlp", "TLP:RED", *BY)
    assert told("--as-of", before) == [list(POW[1:]), "TLP:RED", list(POW[1:]), [later, item]]
    assert told("--as-of", first) == [list(POW[1:]), "TLP:RED", list(POW[1:]), [item]]
    desk("flag", item, "--lift", "prisoner-of-war", "--by", "Bo", "--basis", "a film")
    assert told("--as-of", f"#{desk.counts()['events'] - 2}") == [[], "TLP:RED", [], [later]]
    desk("flag", item, *POW, *BY)  # said again after it was lifted: a statement of its own
    assert told("--as-of", before) == told()


def test_a_flag_holds_for_what_shows_the_surroundings_of_the_picture(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    copy = desk.take("b.jpg", drawing.jpeg(drawing.photo(1), quality=50))
    page = desk.take("page.png", drawing.png(drawing.photo(4)))
    around = desk.take("around.png", drawing.png(drawing.photo(5)))
    desk("sight", copy, "--url", "https://example.org/1", "--context", page)
    desk("sight", page, "--url", "https://example.org/2", "--context", around)
    desk("relate", copy, item, "--confirm", "--by", "Ida", "--basis", "the same")
    assert desk.show(page)["sensitivity"] == []

    desk("flag", item, *POW, "--tlp", "TLP:AMBER", *BY)

    for each in (page, around):
        shown = desk.show(each)
        assert (shown["sensitivity"], shown["tlp"]) == (["prisoner-of-war"], "TLP:AMBER")
        assert [flag["of"] for flag in shown["flags"]] == [item]
        assert f"of item {item[:12]}, which it shows" in desk("show", each).out
        assert "prisoner-of-war" in desk("get", each, "-o", "-", code=3).err
        assert "prisoner-of-war" in desk("export", each, "-o", desk.files / "out", code=3).err
    listed = desk("list", "--sensitivity", "any", "--json").lines
    assert {line["item"] for line in listed} == {item, copy, page, around}
    assert len(listed) == 4
    desk("flag", page, *POW, *BY)  # and of its own: told once
    assert len(desk("list", "--sensitivity", "prisoner-of-war", "--json").lines) == 4
    desk("flag", page, "--lift", "prisoner-of-war", *BY)
    desk("flag", item, "--lift", "prisoner-of-war", "--by", "Bo", "--basis", "an actor in a film")
    assert desk.show(around)["sensitivity"] == []


def test_a_flag_is_told_wherever_another_item_names_the_flagged_one(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    desk("sight", item, "--url", "https://example.org/0", "--account", "x:one", "--published", "2024")
    seen = desk.show(item)["sightings"][-1]["number"]
    other = desk.take("b.png", drawing.png(drawing.photo(2)), "--account", "x:two")
    desk("sight", other, "--url", "https://example.org/1", "--repost-of", f"#{seen}", "--context", item)
    claim = desk("claim", item, "He is Kim", "--by", "Seoul", "--json").json["number"]
    desk("claim", other, "He is not", "--by", "Kyiv", "--contradicts", claim, "--basis", "x")
    desk("relate", other, item, "--type", "not-related", "--by", "Ida", "--basis", "another man")
    assert f"[prisoner-of-war] {item[:12]}" not in desk("show", other).out
    desk("flag", item, *POW, *BY)

    told = desk("show", other).out

    flagged = f"[prisoner-of-war] {item[:12]}"
    for words in ("surroundings are kept as item", ", item", ", of item", "not related to"):
        assert f"{words} {flagged}" in told, words
    assert told.count(item[:12]) == told.count(flagged)
    assert desk.show(other)["care_of_others"] == {item: {"sensitivity": ["prisoner-of-war"], "tlp": None}}
    assert f", of item {flagged}" in desk("find", desk.files / "b.png").out


def test_flags_of_a_page_say_nothing_of_what_it_shows(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    page = desk.take("page.png", drawing.png(drawing.photo(4)))
    desk("sight", item, "--url", "https://example.org/1", "--context", page)

    desk("flag", page, *POW, *BY)

    assert desk.show(item)["sensitivity"] == []


def test_a_flag_needs_a_person_a_basis_and_something_to_say(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    for words in ((*POW,), (*POW, "--by", "Ida"), (*POW, "--basis", "x"), BY, (*POW, "--lift", POW[1], *BY)):
        desk("flag", item, *words, code=2)
    desk("flag", item, "--sensitivity", "secret", *BY, code=2)
    desk("flag", "ffff", *POW, *BY, code=3)
    assert "sensitivities" not in desk.counts()


def test_a_case_gathers_items_and_keeps_its_history(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    other = desk.take("b.jpg", drawing.jpeg(drawing.photo(2)))
    said = ("--mandate", "for the desk", "--lead", "Ida", "--member", "Bo", "--member", "Cy", "--retention", "2034")
    made = desk("case", "new", "Kursk", *said, "--json").json
    desk("case", "new", "Second")
    desk("case", "add", "kursk", item, other)
    desk("case", "add", f"#{made['number']}", item, "--json")
    desk("case", "add", "Second", item, "--note", "the same man")

    shown = desk("case", "show", "KURSK", "--json").json
    assert [each["item"] for each in shown["items"]] == [item, other]
    assert (shown["lead"], shown["members"], shown["retention"]) == ("Ida", ["Bo", "Cy"], "2034")
    assert [case["title"] for case in desk.show(item)["cases"]] == ["Kursk", "Second"]
    assert {line["item"] for line in desk("list", "--case", "Kursk", "--json").lines} == {item, other}

    before = desk.counts()["events"] - 1
    desk("case", "add", "Kursk", other, "--remove")
    desk("case", "edit", "Kursk", "--lead", "Bo")
    desk("case", "close", "Kursk", "--reason", "published")
    assert [line["item"] for line in desk("list", "--case", "Kursk", "--json").lines] == [item]
    closed = desk("case", "show", str(made["number"]), "--json").json
    assert (closed["state"], closed["lead"], closed["mandate"]) == ("closed", "Bo", "for the desk")
    then = desk("case", "show", "Kursk", "--as-of", f"#{before}", "--json").json
    assert (then["state"], then["lead"], len(then["items"])) == ("open", "Ida", 2)
    desk("case", "add", "Kursk", other, code=3)
    desk("case", "close", "Kursk", "--reopen")
    desk("case", "add", "Kursk", other)
    assert [(c["title"], c["items"]) for c in desk("case", "list", "--json").lines] == [("Second", 1), ("Kursk", 2)]


def test_what_is_no_case_is_refused(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    desk("case", "new", "Kursk")
    desk("case", "new", "kursk", code=3)
    desk("case", "new", "  ", code=2)
    desk("case", "new", "Other", "--retention", "soon", code=2)
    desk("case", "add", "None", item, code=3)
    desk("case", "add", "Kursk", "ffff", code=3)
    desk("case", "add", "Kursk", item, "--remove", code=3)
    desk("case", "show", "99", code=3)
    desk("case", "edit", "None", "--lead", "Ida", code=3)


def test_tags_are_found_by_scheme_and_code_and_taken_off_with_history(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    other = desk.take("b.jpg", drawing.jpeg(drawing.photo(2)))
    desk("tag", item, "own:Drone", "iptc:16000000", "--by", "Ida")
    desk("tag", other, "own:drone page", "--label", "a page with a drone")

    def tagged(tag: str) -> set[str]:
        return {line["item"] for line in desk("list", "--tag", tag, "--json").lines}

    assert tagged("own:drone") == {item}
    assert tagged("own:") == {item, other}
    assert tagged("iptc:16000000") == {item}
    assert tagged("iptc:1") == set()
    assert desk("tag", item, "own:Drone", "--by", "Ida", "--json").json["added"] == 0
    last = desk.counts()["events"] - 1
    desk("tag", item, "own:Drone", "--remove")
    assert tagged("own:drone") == set()
    then = desk("list", "--tag", "own:drone", "--as-of", f"#{last}", "--json").lines
    assert [line["item"] for line in then] == [item]
    desk("tag", item, "own:other", "--remove", code=3)
    desk("tag", item, "drone", code=2)
    desk("tag", item, "own:", code=2)


def test_the_rule_of_two_persons_waits_for_the_second(captive: tuple[Desk, str]) -> None:
    desk, item = captive
    settings = desk.home / "archive.toml"
    settings.write_text(settings.read_text().replace("two_person_rule = false", "two_person_rule = true"))
    verified = ("assess", item, "--status", "verified", "--basis", "geolocated")

    first = desk(*verified, "--by", "Ida", "--json").json
    assert (first["status"], first["counts_as"]) == ("verified", "in-progress")
    assert desk.show(item)["status"] == "in-progress"
    assert "awaits a second assessor" in desk("show", item).out
    desk(*verified, "--by", " IDA ", "--json")  # the same person once more is no second one
    assert desk.show(item)["status"] == "in-progress"

    second = desk(*verified, "--by", "Bo", "--json").json
    assert second["counts_as"] == "verified"
    assert desk.show(item)["status"] == "verified"
    assert [line["item"] for line in desk("list", "--status", "verified", "--json").lines] == [item]
    desk("assess", item, "--status", "refuted", "--by", "Bo", "--basis", "an older picture")
    assert desk(*verified, "--by", "Bo", "--json").json["counts_as"] == "in-progress"
    settings.write_text(settings.read_text().replace("two_person_rule = true", "two_person_rule = false"))
    assert desk.show(item)["status"] == "in-progress"  # what the judgement meant does not change with a setting
    assert json.loads(desk("rebuild", "--json").out)["events"] == desk.counts()["events"]
    assert desk.show(item)["status"] == "in-progress"

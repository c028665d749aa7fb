"""What was once said is told, whatever stands now: lifted, rejected, taken out, seconded, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests import drawing

if TYPE_CHECKING:
    from tests.archive.desk import Desk

BY = ("--by", "Ida", "--basis", "Third Geneva Convention, article 13")


def told(events: list[dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [event for event in events if event["kind"] == kind]


def two(desk: Desk) -> tuple[str, str]:
    one = desk.take("a.png", drawing.png(drawing.photo(1)), "--source", "Yonhap", "--claim", "He is alive")
    return one, desk.take("b.png", drawing.png(drawing.photo(2)), "--claim", "He is dead")


def test_what_was_lifted_relabelled_and_rejected_is_in_the_history_with_what_replaced_it(on_catalogue: Desk) -> None:
    item, other = two(on_catalogue)
    on_catalogue("flag", item, "--sensitivity", "prisoner-of-war", "--tlp", "TLP:AMBER", *BY)
    on_catalogue("flag", item, "--lift", "prisoner-of-war", "--by", "Bo", "--basis", "an actor")
    on_catalogue("flag", item, "--tlp", "TLP:GREEN", "--by", "Bo", "--basis", "published")
    on_catalogue("relate", other, item, "--type", "prov:alternateOf", "--by", "Ida", "--basis", "the same man")
    on_catalogue("relate", item, other, "--reject", "--by", "Bo", "--basis", "another man")
    theirs = on_catalogue.show(other)["claims"][0]["number"]
    mine = on_catalogue.show(item)["claims"][0]["number"]
    on_catalogue("link", theirs, "contradicts", mine, "--by", "Ida")

    assert "history" not in on_catalogue.show(item)
    history = on_catalogue("show", item, "--history", "--json").json["history"]
    numbers = [event["number"] for event in history]
    assert numbers == sorted(set(numbers))
    flagged, lifted = told(history, "sensitivity")
    assert (flagged["statement"]["state"], lifted["statement"]["state"]) == ("flagged", "lifted")
    assert (flagged["superseded_by"], lifted["supersedes"]) == (lifted["number"], flagged["number"])
    assert [each["statement"]["tlp"] for each in told(history, "sharing")] == ["TLP:AMBER", "TLP:GREEN"]
    assert [each["statement"]["state"] for each in told(history, "relation")] == ["confirmed", "rejected"]
    (link,) = told(history, "claim-link")
    assert link["named"][link["statement"]["other"]] == mine
    assert {each["actor"] for each in history} == {"Test Desk"}
    theirs_too = on_catalogue("show", other, "--history", "--json").json["history"]
    assert [each["number"] for each in told(theirs_too, "relation")] == [
        each["number"] for each in told(history, "relation")
    ]

    text = on_catalogue("show", item, "--history").out
    assert text.startswith("[TLP:")
    line = next(line for line in text.splitlines() if f"#{flagged['number']} " in line and "sensitivity" in line)
    assert "prisoner-of-war" in line
    assert "by Ida" in line
    assert f"superseded by #{lifted['number']}" in line
    assert "source Yonhap" in text
    then = on_catalogue("show", item, "--history", "--as-of", f"#{lifted['number'] - 1}", "--json").json["history"]
    assert max(each["number"] for each in then) < lifted["number"]


def test_every_event_about_an_item_is_in_its_history_and_a_terminal_is_steered_by_none(furnished: Desk) -> None:
    for known in furnished("list", "--json").lines:
        kinds = {event["kind"] for event in furnished("show", known["item"], "--history", "--json").json["history"]}
        assert {"acquisition", "copy", "inspection", "fingerprint"} <= kinds
    furnished("tag", known["item"], "own:x", "--label", "\x1b[2J")
    assert "\x1b" not in furnished("show", known["item"], "--history").out
    furnished("show", known["item"], "--history", "--format", "jsonld", code=2)


def test_a_case_tells_who_came_and_went_and_why_it_was_closed(on_catalogue: Desk) -> None:
    item, other = two(on_catalogue)
    on_catalogue("case", "new", "Kursk", "--lead", "Ida")
    on_catalogue("case", "add", "Kursk", item, other, "--by", "Ida")
    on_catalogue("case", "add", "Kursk", other, "--remove", "--by", "Bo", "--note", "another battle")
    on_catalogue("case", "close", "Kursk", "--reason", "published")
    assert "already" in on_catalogue("case", "close", "Kursk", code=3).err
    on_catalogue("case", "close", "Kursk", "--reason", "forgotten", code=3)
    on_catalogue("case", "close", "Kursk", "--reason", "published")  # the same words again are no refusal
    on_catalogue("case", "add", "Kursk", item, "--remove", code=3)
    shown = on_catalogue("case", "show", "Kursk", "--history", "--json").json
    assert shown["reason"] == "published"
    assert [each["statement"]["state"] for each in told(shown["history"], "case")] == ["open", "closed"]
    gone = told(shown["history"], "case-item")[-1]
    assert (gone["statement"]["state"], gone["statement"]["note"]) == ("retracted", "another battle")
    assert gone["supersedes"] == told(shown["history"], "case-item")[1]["number"]
    assert "history" not in on_catalogue("case", "show", "Kursk", "--json").json
    on_catalogue("case", "close", "Kursk", "--reopen")
    on_catalogue("case", "add", "Kursk", item, "--remove")
    text = on_catalogue("case", "show", "Kursk", "--history").out
    assert "reason published" in text
    assert "note another battle" in text


HUGE = "9223372036854775808"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list", "--limit", HUGE * 2), 2),
        (("review", "--limit", HUGE), 2),
        (("find", "ITEM", "--limit", HUGE), 2),
        (("case", "show", HUGE), 3),
        (("case", "show", "9" * 5000), 3),
        (("list", "--case", HUGE), 3),
        (("case", "add", HUGE, "ITEM"), 3),
        (("case", "close", f"case:{HUGE}"), 3),
        (("export", f"case:{HUGE}", "-o", "OUT", "--profile", "court", "--recipient", "R", "--reason", "W"), 3),
        (("show", "ITEM", "--as-of", f"#{HUGE}"), 2),
        (("assess", f"claim:{HUGE}", "--status", "refuted", "--by", "Ida", "--basis", "seen"), 3),
    ],
    ids=lambda value: " ".join(value)[:40] if isinstance(value, tuple) else str(value),
)
def test_no_number_is_too_large_for_a_plain_refusal(on_catalogue: Desk, words: tuple[str, ...], code: int) -> None:
    item = on_catalogue.take("a.png", drawing.png(drawing.photo(1)))
    meant = [{"ITEM": item, "OUT": str(on_catalogue.files / "out")}.get(word, word) for word in words]
    refused = on_catalogue(*meant, "--json", code=code)
    assert refused.json["exit_code"] == code

"""Suggested pairs: asked once, decided by a person, and never asked again; copies count only when confirmed."""

from __future__ import annotations

import os
import pty
import sys
from typing import TYPE_CHECKING

import pytest

from tests import drawing
from tests.archive.desk import PROJECT

if TYPE_CHECKING:
    from tests.archive.desk import Desk

BY = ("--by", "Ida", "--basis", "compared side by side")


@pytest.fixture
def alike(on_catalogue: Desk) -> tuple[Desk, list[str]]:
    """Three files of one picture, each seen elsewhere, in the order of their coming."""
    picture = drawing.photo(1)
    said = [
        ("a.png", drawing.png(picture), ("--source", "Yonhap", "--published", "2024-12-27")),
        ("b.jpg", drawing.jpeg(picture, quality=60), ("--account", "telegram:one", "--published", "2024-12-28")),
        ("c.jpg", drawing.jpeg(picture, quality=30), ("--account", "x:two", "--published", "2024-12-29")),
    ]
    return on_catalogue, [on_catalogue.take(name, content, *words) for name, content, words in said]


def waiting(desk: Desk) -> list[tuple[str, str]]:
    pairs = desk("review", "--json").lines
    return [(pair["item"]["item"], pair["other"]["item"]) for pair in pairs]


def test_an_upload_suggests_what_it_found_alike_and_a_repetition_suggests_nothing_more(
    alike: tuple[Desk, list[str]],
) -> None:
    desk, (a, b, c) = alike
    assert {frozenset(pair) for pair in waiting(desk)} == {frozenset(p) for p in ((a, b), (a, c), (b, c))}
    before = desk.counts()

    desk.upload(desk.files)

    assert desk.counts()["relations"] == before["relations"] == 3


def test_wherever_the_two_are_found_alike_again_it_is_told_what_a_person_decided_of_them(
    alike: tuple[Desk, list[str]],
) -> None:
    desk, (a, b, c) = alike
    desk("relate", b, a, "--reject", *BY)
    desk("relate", c, a, "--confirm", *BY)
    told = "rejected: that it is the same picture as"

    for query in (b, desk.files / "b.jpg"):
        decided = {each["item"]: each["decided"] for each in desk.find(query)["matches"]}
        ((one,), none) = decided[a], decided[c]
        assert (one["item"], one["state"], one["by"], one["basis"], none) == (b, "rejected", BY[1], BY[3], [])
    assert f"{told} the query, says Ida" in desk("find", b).out
    compared = desk("compare", desk.files / "b.jpg", a, "--json").json
    assert [(each["item"], each["state"]) for each in compared["decided"]] == [(a, "rejected")]
    assert f"persons decided of A and B: {told} B, says Ida" in desk("compare", b, a).out
    assert f"{told} {a[:12]}, says Ida" in desk("upload", desk.files / "b.jpg").out
    (receipt,) = desk.upload(desk.files / "c.jpg")
    states = {each["item"]: [decision["state"] for decision in each["decided"]] for each in receipt["lookalikes"]}
    assert states == {a: ["confirmed"], b: []}


def test_what_a_person_decided_is_never_suggested_again(alike: tuple[Desk, list[str]]) -> None:
    desk, (a, b, c) = alike
    desk("relate", b, a, "--reject", *BY)
    desk("relate", c, a, "--confirm", *BY)
    assert [frozenset(pair) for pair in waiting(desk)] == [frozenset((b, c))]

    desk.upload(desk.files)
    desk.take("once-more.jpg", drawing.jpeg(drawing.photo(1), quality=31))

    decided = {frozenset((a, b)), frozenset((a, c))}
    assert not decided & {frozenset(pair) for pair in waiting(desk)}
    states = {frozenset((a, r["item"])): r["state"] for r in desk.show(a)["relations"]}
    assert states[frozenset((a, b))] == "rejected"
    assert states[frozenset((a, c))] == "confirmed"


def test_copies_count_only_when_they_are_confirmed_and_no_longer_when_that_is_taken_back(
    alike: tuple[Desk, list[str]],
) -> None:
    desk, (a, b, c) = alike
    assert desk.show(a)["origins"]["sightings"] == 1

    desk("relate", a, b, "--type", "prov:alternateOf", *BY)
    desk("relate", b, c, "--confirm", *BY)
    shown = desk.show(a)
    assert set(shown["copies_confirmed"]) == {b, c}  # along a chain of confirmed pairs
    assert (shown["origins"]["sightings"], shown["origins"]["independent"]) == (3, 3)

    desk("relate", b, c, "--type", "not-related", "--by", "Bo", "--basis", "another page of the same notebook")
    shown = desk.show(a)
    assert shown["copies_confirmed"] == [b]
    assert shown["origins"]["sightings"] == 2


def test_a_confirmed_derivation_is_no_origin_of_its_own(alike: tuple[Desk, list[str]]) -> None:
    desk, (a, b, _) = alike
    said = desk("relate", b, a, "--type", "prov:wasDerivedFrom", "--action", "c2pa.transcoded", *BY).out

    assert "is derived from" in said
    for item, direction in ((a, "source-of-it"), (b, "derived-from-it")):
        shown = desk.show(item)
        assert shown["origins"]["independent"] == 1
        assert "is derived from that of" in str(shown["origins"]["origins"])
        related = next(r for r in shown["relations"] if r["state"] == "confirmed")
        assert (related["direction"], related["action"]) == (direction, "c2pa.transcoded")
    assert "2 sightings over 2 confirmed copies, 1 independent origin" in desk("show", a).out


def test_all_that_derives_from_a_picture_that_was_seen_nowhere_is_one_origin(on_catalogue: Desk) -> None:
    source = on_catalogue.take("source.png", drawing.png(drawing.photo(1)))
    one = on_catalogue.take("one.jpg", drawing.jpeg(drawing.photo(2)), "--account", "x:one", "--published", "2024")
    two = on_catalogue.take("two.jpg", drawing.jpeg(drawing.photo(3)), "--account", "x:two", "--published", "2024")
    for item in (one, two):
        on_catalogue("relate", item, source, "--type", "prov:wasDerivedFrom", *BY)

    for item in (source, one, two):
        origins = on_catalogue.show(item)["origins"]
        assert (origins["sightings"], origins["independent"]) == (2, 1)
        assert f"are both derived from item {source[:12]}" in origins["origins"][0]["reasons"][0]

    on_catalogue("sight", source, "--account", "x:author", "--published", "2023")
    origins = on_catalogue.show(one)["origins"]
    assert (origins["sightings"], origins["independent"]) == (3, 1)
    assert "is derived from that of" in origins["origins"][0]["reasons"][0]


def test_a_derivation_leads_through_what_was_seen_nowhere_to_what_was_seen(on_catalogue: Desk) -> None:
    source = on_catalogue.take("source.png", drawing.png(drawing.photo(1)), "--account", "x:author")
    between = on_catalogue.take("between.png", drawing.png(drawing.photo(2)))
    last = on_catalogue.take("last.png", drawing.png(drawing.photo(3)), "--account", "x:last")
    on_catalogue("relate", last, between, "--type", "prov:wasDerivedFrom", *BY)
    on_catalogue("relate", between, source, "--type", "prov:wasDerivedFrom", *BY)

    assert on_catalogue.show(last)["origins"]["independent"] == 1


def test_what_was_rejected_is_told_as_what_is_not_so(local: Desk) -> None:
    a, b = (local.take(f"{n}.png", drawing.png(drawing.photo(n))) for n in (1, 2))
    said = {
        "prov:alternateOf": ("the same picture as", "the same picture as"),
        "not-related": ("not related to", "not related to"),
        "prov:wasDerivedFrom": ("derived from", "source of"),
    }
    for relation, words in said.items():
        local("relate", a, b, "--type", relation, "--reject", *BY)

        for item, other, how in ((a, b, words[0]), (b, a, words[1])):
            assert f"rejected: that it is {how} {other[:12]}, says Ida" in local("show", item).out


def test_nothing_was_done_to_make_one_of_another_that_it_is_not_related_to(local: Desk) -> None:
    a, b = (local.take(f"{n}.png", drawing.png(drawing.photo(n))) for n in (1, 2))
    cropped = ("--action", "c2pa.cropped", *BY)

    assert "--action" in local("relate", a, b, "--type", "not-related", *cropped, code=2).err
    local("relate", a, b, "--type", "not-related", *BY)
    local("relate", a, b, "--confirm", *cropped, code=2)

    assert [related["action"] for related in local.show(a)["relations"]] == [None]


def test_two_copies_that_a_person_says_are_not_related_are_told_with_every_relation_that_says_otherwise(
    alike: tuple[Desk, list[str]],
) -> None:
    desk, (a, b, c) = alike
    chain = [
        desk("relate", one, two, "--type", "prov:alternateOf", *BY, "--json").json["number"]
        for one, two in ((a, b), (b, c))
    ]
    assert desk.show(a)["conflicts"] == []

    apart = desk("relate", a, c, "--type", "not-related", "--by", "Bo", "--basis", "other shadows", "--json").json

    for item in (a, b, c):
        shown = desk.show(item)
        assert len(shown["copies_confirmed"]) == 2
        (found,) = shown["conflicts"]
        assert (found["relation"], sorted(found["against"])) == (apart["number"], chain)
        assert ({found["item"], found["other"]}, found["by"], found["basis"]) == ({a, c}, "Bo", "other shadows")
        told = desk("show", item).out
        assert f"says Bo (#{apart['number']}), and " in told
        assert "make them copies of one picture" in told
    desk("relate", b, c, "--reject", *BY)
    assert desk.show(a)["conflicts"] == []


def test_a_decision_needs_two_items_a_person_a_basis_and_something_to_decide(alike: tuple[Desk, list[str]]) -> None:
    desk, (a, b, c) = alike
    other = desk.take("other.jpg", drawing.jpeg(drawing.photo(9)))
    desk("relate", a, b, "--confirm", code=2)
    desk("relate", a, b, "--confirm", "--by", "Ida", "--basis", " ", code=2)
    desk("relate", a, b, *BY, code=2)
    desk("relate", a, b, "--confirm", "--reject", *BY, code=2)
    desk("relate", a, a, "--type", "not-related", *BY, code=2)
    desk("relate", a, other, "--confirm", *BY, code=3)
    desk("relate", a, "ffff", "--confirm", *BY, code=3)
    assert {r["state"] for r in desk.show(c)["relations"]} == {"suggested"}


def test_the_same_decision_again_adds_nothing(alike: tuple[Desk, list[str]]) -> None:
    desk, (a, b, _) = alike
    assert desk("relate", a, b, "--confirm", *BY, "--json").json["added"]
    assert not desk("relate", b, a, "--confirm", *BY, "--json").json["added"]


def test_a_pair_reads_as_it_was_before_the_decision_as_of_then(alike: tuple[Desk, list[str]]) -> None:
    desk, (a, b, _) = alike
    last = desk.counts()["events"] - 1
    desk("relate", a, b, "--confirm", *BY)

    then = desk("show", a, "--as-of", f"#{last}", "--json").json
    assert then["copies_confirmed"] == []
    assert {r["state"] for r in then["relations"]} == {"suggested"}
    assert desk.show(a)["copies_confirmed"] == [b]


def test_on_a_terminal_each_pair_is_asked_about_and_recorded_at_once(local: Desk) -> None:
    items = [local.take(f"{q}.jpg", drawing.jpeg(drawing.photo(1), quality=q)) for q in (90, 60, 30)]
    code, said = typed(local, ["review", "--by", "Ida"], ["r", "not the same", "c", "same scratches", "q"])

    assert code == 0, said
    assert "1 of 3" in said
    assert "looks" not in said
    states = sorted(r["state"] for item in items for r in local.show(item)["relations"])
    assert states == ["confirmed"] * 2 + ["rejected"] * 2 + ["suggested"] * 2
    assert "1 pair waiting" in local("review", "--list").err


def typed(desk: Desk, words: list[str], answers: list[str]) -> tuple[int, str]:
    """Run a command on a terminal of its own, and type the answers."""
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(PROJECT)
        os.execv(  # noqa: S606 - no shell is wanted
            sys.executable, [sys.executable, "-m", "cli", "--archive", str(desk.home), *words]
        )
    said = b""
    for answer in answers:
        while not said.rstrip().endswith(b":"):
            said += os.read(terminal, 4096)
        os.write(terminal, answer.encode() + b"\n")
        said += b"\n"
    try:
        while more := os.read(terminal, 4096):
            said += more
    except OSError:
        pass  # Linux ends a terminal whose last process has gone with EIO
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    return os.waitstatus_to_exitcode(status), said.decode()

"""``inspect --held``: a newer inspector over what is held. What it sees is added, what was seen before stays."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from archiver import inspectors
from archiver.commands import inspect_held
from archiver.facts.inspection import Inspection
from archiver.inspection import inspector
from tests import drawing
from tests.archive.desk import finished
from tests.archive.processes import killed

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.archive import Archive
    from tests.archive.desk import Desk

OLD = "archiver 0.0.1, Pillow 1.0"
HELD = ("inspect", "--held", "--json")


@pytest.fixture
def old(local: Desk, monkeypatch: pytest.MonkeyPatch) -> tuple[Desk, list[str]]:
    """An archive whose three items an earlier inspector looked at; the items in the order of their coming."""
    with monkeypatch.context() as earlier:
        earlier.setattr(inspector, "_versions", lambda: OLD)
        items = [local.take(f"{seed}.png", drawing.jpeg(drawing.photo(seed))) for seed in range(3)]
    return local, items


def seen_by(desk: Desk, item: str) -> list[str]:
    return [each["inspector"] for each in desk.show(item)["inspections"]]


def observe(desk: Desk, item: str, *codes: str) -> int:
    """Have it recorded that an inspection of another day found these; the number of that."""
    seen = desk.show(item)["inspections"][-1]
    findings = [{"code": code, "detail": f"seen: {code}", "offset": 5} for code in codes]
    values = {"item": item, "findings": findings, "inspector": "another day"}
    fact = Inspection.model_validate(values | {name: seen[name] for name in ("media_type", "decode")})
    with closing(desk.archive()) as archive:
        return archive.record(lambda _: [fact]).numbers[fact.identity()]


def test_what_an_earlier_inspector_saw_is_looked_at_again_once_and_stays_in_the_history(
    old: tuple[Desk, list[str]],
) -> None:
    desk, items = old
    before = desk.counts()

    lines = desk(*HELD, "--outdated").lines
    counts = desk.counts()

    assert [(line["item"], line["status"]) for line in lines] == [(item, "recorded") for item in items]
    assert counts["inspections"] == before["inspections"] + 3
    assert counts["events"] == before["events"] + 3  # the fingerprints are the same, and recorded once
    for item in items:
        first, second = seen_by(desk, item)
        assert (first, second) == (OLD, inspector._versions())
    assert desk(*HELD, "--outdated").lines == []
    assert {line["status"] for line in desk(*HELD).lines} == {"unchanged"}
    assert desk.counts() == counts
    history = desk("show", items[0], "--json", "--history").json["history"]
    assert [event["kind"] for event in history].count("inspection") == 2
    desk.root()


@pytest.mark.parametrize("step", ["recording", "committed"])
def test_killed_it_is_finished_by_the_same_command(old: tuple[Desk, list[str]], step: str) -> None:
    desk, items = old

    killed(desk, *HELD, "--outdated", "--jobs", "1", at=step)
    desk(*HELD, "--outdated")

    assert {len(seen_by(desk, item)) for item in items} == {2}
    root = desk.root()
    assert desk("rebuild", "--json").json["root"] == root


def test_how_far_it_got_is_what_is_in_the_log(old: tuple[Desk, list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    desk, items = old
    monkeypatch.setattr(inspect_held, "BATCH", 1)
    looking = partial(inspectors.for_many, limits=desk_limits(desk))
    with closing(desk.archive()) as archive:
        steps = inspect_held.inspect_held(archive, inspector=looking, outdated=True)
        done = next(steps)
        del steps  # as a kill would end it: nothing more is done

    assert (done.seen, done.items) == (1, 3)
    assert [line["item"] for line in desk(*HELD, "--outdated").lines] == items[1:]


def desk_limits(desk: Desk) -> Any:
    with closing(desk.archive()) as archive:
        return archive.settings.limits


def test_only_the_items_that_are_named_or_of_the_case_are_looked_at(old: tuple[Desk, list[str]]) -> None:
    desk, items = old
    desk("case", "new", "Kursk")
    desk("case", "add", "Kursk", items[2])

    assert [line["item"] for line in desk(*HELD, items[1][:12]).lines] == [items[1]]
    assert [line["item"] for line in desk(*HELD, "--case", "Kursk").lines] == [items[2]]
    assert [line["item"] for line in desk(*HELD, "--outdated").lines] == [items[0]]
    desk(*HELD, "--case", "Nowhere", code=3)


def test_new_findings_and_those_that_are_gone_are_told_and_the_list_follows_what_stands(
    on_catalogue: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = on_catalogue
    with monkeypatch.context() as earlier:
        earlier.setattr(inspector, "_versions", lambda: OLD)
        item = desk.take("named.png", drawing.jpeg(drawing.photo(1)))
        desk.take("plain.jpg", drawing.jpeg(drawing.photo(2)))
    number = observe(desk, item, "polyglot")

    def found(what: str, *words: str) -> list[str]:
        return [line["item"] for line in desk("list", "--json", "--finding", what, *words).lines]

    assert (found("polyglot"), found("grave"), found("type-mismatch")) == ([item], [item], [])
    words = desk("inspect", "--held", item)
    assert words.out == f"{item[:12]}  new notable: type-mismatch; gone grave: polyglot\n"
    assert "1 recorded" in words.err
    assert (found("polyglot"), found("grave"), found("type-mismatch")) == ([], [], [item])
    assert found("polyglot", "--as-of", f"event:{number}") == [item]
    assert found("type-mismatch", "--as-of", f"event:{number}") == []
    assert found("type-mismatch", "--type", "jpeg") == [item]
    assert found("notable", "--reverse") == [item]
    desk.root()


def test_missing_and_altered_originals_are_told_and_stop_no_other(old: tuple[Desk, list[str]]) -> None:
    desk, items = old
    desk.alter(desk.object_of(items[0]), lambda _: None)
    desk.alter(desk.object_of(items[1]), lambda data: data[:-1] + b"x")

    answer = desk(*HELD, code=1)

    assert [(line["item"], line["status"]) for line in answer.lines] == [
        (items[0], "failed"),
        (items[1], "failed"),
        (items[2], "recorded"),
    ]
    assert all(line["error"] for line in answer.lines[:2])
    assert "2 failed" in answer.err


def test_what_was_withdrawn_and_what_was_never_held_is_told(old: tuple[Desk, list[str]]) -> None:
    desk, items = old
    desk("withdraw", items[0], "--authority", "A court", "--reason", "Article 17", "--yes")

    named = desk(*HELD, items[0], items[1], "feedfeedfeed", code=3)
    every = desk(*HELD)

    assert [line["status"] for line in named.lines] == ["failed", "failed", "recorded"]
    assert "withdrawn" in named.lines[0]["error"]
    assert "no item begins with" in named.lines[1]["error"]
    assert [line["item"] for line in every.lines] == items[1:]
    assert "1 item withdrawn: their bytes are held no longer" in every.err
    desk.root()


def test_an_inspection_that_a_limit_stopped_takes_the_place_of_none_that_came_further(
    old: tuple[Desk, list[str]], tmp_path: Path
) -> None:
    desk, items = old
    path = desk.home / "archive.toml"
    path.write_text(path.read_text().replace("largest_picture = 200000000", "largest_picture = 1000"))

    # A process of its own: the warm one of the tests has the limits that it was started with.
    (answer,) = finished(desk.start(*HELD, items[0]), code=3)

    assert "came further, and stays" in answer.lines[0]["error"]
    assert seen_by(desk, items[0]) == [OLD]
    assert tmp_path in desk.home.parents


def test_what_has_no_features_gets_them(local: Desk) -> None:
    item = local.take("fast.jpg", drawing.jpeg(drawing.photo(1)), "--fast")

    local(*HELD)

    def missing(archive: Archive) -> list[str]:
        archive.features.refresh(whole=True)
        return list(archive.features.missing([item]))

    with closing(local.archive()) as archive:
        assert missing(archive) == []

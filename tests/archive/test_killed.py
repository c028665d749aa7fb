"""A command that is killed at any step is repeated without harm: nothing lost, nothing twice, the same tree."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from archiver.facts.vocabulary import SourceKind
from tests import drawing
from tests.archive.conftest import place
from tests.archive.desk import finished
from tests.archive.stopping import STEPS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Answer, Desk

PICTURES = 3
SAID = ("--source", "Yonhap", "--source-kind", str(SourceKind.NEWS_AGENCY), "--claim", "He is a soldier")
ONCE = {"items": PICTURES, "agents": 1, "sightings": PICTURES, "claims": PICTURES}
ONCE |= {"acquisitions": PICTURES, "inspections": PICTURES, "fingerprints": PICTURES, "copies": PICTURES}
ONCE |= {"events": 1 + 6 * PICTURES}


def hand_in(desk: Desk) -> Path:
    for seed in range(PICTURES):
        desk.file(f"in/{seed}.jpg", drawing.jpeg(drawing.photo(seed)))
    return desk.files / "in"


def stopped(desk: Desk, step: str, number: signal.Signals, code: int) -> Answer:
    driver = ("-m", "tests.archive.stopping", step, number.name)
    words = ("upload", "--json", "--jobs", "2", hand_in(desk), *SAID)
    (answer,) = finished(desk.start(*words, driver=driver), code=code)
    return answer


def complete(desk: Desk) -> None:
    """The same command once more, and everything is there once."""
    receipts = desk.upload("--jobs", "2", desk.files / "in", *SAID)
    assert {receipt["status"] for receipt in receipts} <= {"archived", "already-held"}
    assert len({receipt["item"] for receipt in receipts}) == PICTURES
    counts = desk.counts()
    assert {name: counts[name] for name in ONCE} == ONCE
    root = desk.root()
    assert desk("rebuild", "--json").json["root"] == root
    assert desk.root() == root
    assert not list((desk.home / "spool").glob("spool-*"))
    verified = desk("verify", "--json").json
    assert (verified["items"], verified["notes"]) == (PICTURES, [])


@pytest.mark.parametrize("step", ["stored:3", *STEPS])
def test_an_upload_killed_at_any_step_is_finished_by_the_same_command(local: Desk, step: str) -> None:
    stopped(local, step, signal.SIGKILL, -signal.SIGKILL)

    complete(local)


@pytest.mark.server
@pytest.mark.parametrize("step", ["stored:2", "recording", "published"])
def test_it_is_so_on_servers_too(request: pytest.FixtureRequest, tmp_path: Path, warm: None, step: str) -> None:
    desk = place(request, ("seaweedfs", "postgres"), tmp_path).make()

    stopped(desk, step, signal.SIGKILL, -signal.SIGKILL)

    complete(desk)


@pytest.mark.parametrize("step", ["stored", "recording"])
def test_killed_before_the_commit_nothing_is_recorded_and_what_lies_in_the_store_is_a_loose_end(
    local: Desk, step: str
) -> None:
    stopped(local, step, signal.SIGKILL, -signal.SIGKILL)

    assert local.counts()["events"] == 0
    assert local.batches() == []
    verified = local("verify", "--json", code=1).json
    assert [fault["code"] for fault in verified["faults"]] == ["nothing-checked"]
    assert {note["code"] for note in verified["notes"]} <= {"loose-end"}
    assert len(verified["notes"]) == len(list(local.open_store().names("objects/")))


def test_killed_after_the_commit_the_next_command_that_records_publishes_first(on_catalogue: Desk) -> None:
    stopped(on_catalogue, "committed", signal.SIGKILL, -signal.SIGKILL)
    assert on_catalogue("status", "--json").json["unpublished"] == 1
    item = on_catalogue("list", "--json").lines[0]["item"]

    on_catalogue("claim", item, "He is a soldier indeed", "--by", "An analyst")

    assert on_catalogue("status", "--json").json["unpublished"] == 0
    assert len(on_catalogue.batches()) == 2
    on_catalogue.root()


def test_a_rebuild_publishes_what_was_committed_before_it_throws_the_catalogue_away(on_catalogue: Desk) -> None:
    stopped(on_catalogue, "committed", signal.SIGKILL, -signal.SIGKILL)
    before = [on_catalogue.show(line["item"]) for line in on_catalogue("list", "--json").lines]
    events = on_catalogue.counts()["events"]
    assert before

    rebuilt = on_catalogue("rebuild", "--json").json

    assert (rebuilt["events"], rebuilt["kept"]) == (events, None)
    assert [on_catalogue.show(line["item"]) for line in on_catalogue("list", "--json").lines] == before
    complete(on_catalogue)


def test_what_is_committed_and_not_published_is_noted_by_verify_and_no_fault_where_something_is_published(
    local: Desk,
) -> None:
    local.take("before.jpg", drawing.jpeg(drawing.photo(99)))
    stopped(local, "committed", signal.SIGKILL, -signal.SIGKILL)

    verified = local("verify", "--json").json

    assert verified["intact"]
    assert "unpublished" in {note["code"] for note in verified["notes"]}


@pytest.mark.parametrize("step", ["received:2", "stored", "recording", "noted"])
def test_interrupted_the_command_ends_with_130_and_leaves_a_clean_archive(local: Desk, step: str) -> None:
    answer = stopped(local, step, signal.SIGINT, 130)

    assert "interrupted: what has a receipt is safe" in answer.err
    assert "Traceback" not in answer.err
    assert not list((local.home / "spool").glob("spool-*"))
    assert not list((local.home / "store/.incoming").iterdir())
    for receipt in answer.lines:
        assert local.show(receipt["item"])["item"] == receipt["item"]
    complete(local)

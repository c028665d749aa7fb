"""Writers at once: nothing is lost, nothing is recorded twice, and the log never forks."""

from __future__ import annotations

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archiver.commands.assess import assess
from archiver.commands.claim import claim
from archiver.custody.batch import parse
from archiver.errors import LogError
from archiver.facts.vocabulary import AssessmentStatus
from archiver.logbook import published
from tests import drawing
from tests.archive.desk import finished

if TYPE_CHECKING:
    from tests.archive.desk import Desk

PICTURES = 6
WRITERS = 8


def sequence(desk: Desk) -> list[int]:
    """The numbers of the events as they are published."""
    return [e.envelope.sequence for _, data in published(desk.open_store()) for e in parse(data).events]


def test_two_processes_that_upload_the_same_folder_at_once_record_everything_once(desk: Desk) -> None:
    for seed in range(PICTURES):
        desk.file(f"in/{seed}.jpg", drawing.jpeg(drawing.photo(seed)))
    words = ("upload", "--json", desk.files / "in", "--source", "Yonhap", "--claim", "He is a soldier")

    answers = finished(desk.start(*words), desk.start(*words))

    receipts = [receipt for answer in answers for receipt in answer.lines]
    assert len(receipts) == 2 * PICTURES
    assert sorted(r["status"] for r in receipts) == PICTURES * ["already-held"] + PICTURES * ["archived"]
    counts = desk.counts()
    for kind in ("items", "acquisitions", "inspections", "fingerprints", "sightings", "claims"):
        assert counts[kind] == PICTURES, kind
    assert counts["agents"] == 1
    assert sequence(desk) == list(range(counts["events"]))
    root = desk.root()
    assert desk("rebuild", "--json").json["root"] == root


def test_many_threads_that_claim_at_once_make_one_contiguous_log(desk: Desk) -> None:
    item = desk.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    before = desk.counts()["events"]

    def state(writer: int) -> list[int]:
        archive = desk.archive()
        try:
            return [claim(archive, item, f"claim {n} of {writer}", by=f"writer {writer}").number for n in range(2)]
        finally:
            archive.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        numbers = [number for made in pool.map(state, range(WRITERS)) for number in made]

    assert len(set(numbers)) == 2 * WRITERS
    counts = desk.counts()
    assert (counts["claims"], counts["events"]) == (2 * WRITERS, before + 3 * WRITERS)
    assert sequence(desk) == list(range(counts["events"]))
    desk.root()


def test_many_processes_that_claim_at_once_make_one_contiguous_log(on_catalogue: Desk) -> None:
    item = on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)))

    finished(*(on_catalogue.start("claim", item, f"claim {n}", "--by", "An analyst") for n in range(3)))

    counts = on_catalogue.counts()
    assert (counts["claims"], counts["agents"]) == (3, 1)
    assert sequence(on_catalogue) == list(range(counts["events"]))
    on_catalogue.root()


def test_the_same_claim_by_many_at_once_is_one_fact(on_catalogue: Desk) -> None:
    item = on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)))

    def state(_: int) -> tuple[int, bool]:
        archive = on_catalogue.archive()
        try:
            made = claim(archive, item, "He is a soldier", by="An analyst")
            return made.number, made.added
        finally:
            archive.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        answers = list(pool.map(state, range(WRITERS)))

    assert len({number for number, _ in answers}) == 1
    assert sum(added for _, added in answers) == 1


def test_two_assessors_at_once_make_a_chain_and_never_a_fork(on_catalogue: Desk) -> None:
    item = on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    statuses = [AssessmentStatus.VERIFIED, AssessmentStatus.REFUTED, AssessmentStatus.INCONCLUSIVE]

    def judge(person: int) -> None:
        archive = on_catalogue.archive()
        try:
            for status in statuses:
                assess(archive, item, status=status, by=f"person {person}", basis="looked at it")
        finally:
            archive.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(judge, range(4)))

    chain = on_catalogue.show(item)["assessments"]
    assert len(chain) == 12
    superseded = [judgement["supersedes"] for judgement in chain]
    assert superseded[0] is None
    assert len(set(superseded)) == 12  # none is superseded twice
    on_catalogue.root()


@pytest.mark.attack("two-catalogues")
def test_a_second_catalogue_on_the_same_store_cannot_fork_the_log(on_store: Desk) -> None:
    item = on_store.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    other = second_catalogue(on_store)
    on_store("claim", item, "the first to write", "--by", "An analyst")

    refused = other("claim", item, "the second to write", "--by", "Another", code=6)

    assert "archiver rebuild" in refused.err
    assert other("rebuild", "--json").json["kept"] is None  # it was refused before anything was recorded
    other("claim", item, "the second to write", "--by", "Another")
    assert on_store("claim", item, "the first again", "--by", "An analyst", code=6).code == 6
    on_store("rebuild")
    on_store("claim", item, "the first again", "--by", "An analyst")
    assert [claim["text"] for claim in on_store.show(item)["claims"]] == [
        "the first to write",
        "the second to write",
        "the first again",
    ]
    assert sequence(on_store) == list(range(on_store.counts()["events"]))
    on_store.root()


def test_two_catalogues_that_commit_at_the_same_moment_publish_one_log_and_keep_what_lost(on_store: Desk) -> None:
    item = on_store.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    other = second_catalogue(on_store)
    archive = other.archive()
    archive.record(lambda _: [])  # it has looked: nothing is ahead of it
    on_store("claim", item, "the first to publish", "--by", "An analyst")

    with pytest.raises(LogError, match="another log grows in the store"):
        claim(archive, item, "the one that lost", by="Another")
    archive.close()

    other("claim", item, "not before it is settled", "--by", "Another", code=6)
    kept = other("rebuild", "--json").json["kept"]
    assert "the one that lost" in Path(kept).read_text(encoding="utf-8")
    assert [claim["text"] for claim in other.show(item)["claims"]] == ["the first to publish"]
    assert on_store.root() == other.root()


def second_catalogue(desk: Desk) -> Desk:
    """Another machine with the same key and store and a catalogue of its own."""
    store = desk.store if desk.server else f"file:{desk.home / 'store'}"
    other = replace(desk, home=desk.home.with_name("other-home"), store=store, catalogue="sqlite:catalogue.db")
    (other.home / "keys").mkdir(parents=True)
    shutil.copy(desk.home / "keys/signing.pem", other.home / "keys/signing.pem")
    return other.make()

"""A manifest's rows come in their order, whatever their number; killed or handed in again, nothing is done twice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from archiver.conveyor import LARGEST_BATCH, Load, convey
from archiver.facts.handling import Case, Sensitivity, Sharing
from archiver.facts.vocabulary import FlagState, SensitivityFlag, TrafficLight
from tests import drawing
from tests.archive.manifests import URL, photo, record, written
from tests.archive.processes import killed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.archive.desk import Desk


@pytest.mark.parametrize("batch", [1, 64])
def test_a_repost_finds_the_row_above_by_address_or_number_and_the_archive_by_number(
    local: Desk, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr("archiver.conveyor.LARGEST_BATCH", batch)
    local.take("before.jpg", drawing.jpeg(drawing.photo(9)), "--url", "https://example.org/before")
    (before,) = local.show(local("list", "--json").json["item"])["sightings"]
    said = [
        (URL, ""),
        ("https://example.org/2", "http://www.example.org/story/?utm_source=x"),
        ("https://example.org/3", "row:2"),
        ("https://example.org/4", f"#{before['number']}"),
        ("https://example.org/5", "https://example.org/before"),
        ("https://example.org/6", "row:7"),
        ("https://example.org/7", "https://example.org/8"),
        ("https://example.org/8", "https://example.org/8"),
        ("https://example.org/9", "row:8"),
        (URL, ""),
        ("https://example.org/10", URL),
        ("https://example.org/11", "row:11"),
    ]
    pictures = [photo(local, f"{place}.jpg", place) for place in range(len(said))]
    rows = written(local, *({"path": p, "url": u, "repost_of": r} for p, (u, r) in zip(pictures, said, strict=True)))

    receipts = local.upload("--manifest", rows, code=3)

    failed = {receipt["row"]: receipt["error"] for receipt in receipts if receipt["status"] == "failed"}
    assert set(failed) == {7, 8, 9, 10, 12}
    assert "several rows above have this address: row:2, row:11" in failed[12]
    assert "the row's own address" in failed[9]
    seen = {r["row"]: local.show(r["item"])["sightings"][-1] for r in receipts if r["status"] != "failed"}
    assert [seen[row]["repost_of"] for row in (3, 4, 5, 6)] == [seen[2]["number"]] * 2 + [before["number"]] * 2
    assert seen[13]["repost_of"] == seen[11]["number"]
    assert local("verify", "--json").json["notes"] == []


def full(desk: Desk) -> list[dict[str, str]]:
    """Rows that make a fact of every kind, some of them about one item."""
    desk.file("in/page.html", b"<html>as it was</html>")
    rows = []
    for place in range(6):
        number = str(place)
        rows.append(
            {
                "path": photo(desk, f"{place % 4}.jpg", place % 4),
                "url": f"https://example.org/{number}",
                "source": "Yonhap",
                "source_kind": "news-agency" if place == 0 else "",
                "published": "2024-12-27",
                "repost_of": "https://example.org/0" if place else "",
                "availability": "live",
                "context": "page.html",
                "claim": "He is a soldier",
                "claim_2": f"He was captured on day {number}",
                "case": "Captives",
                "tags": "own:captive; own:kursk",
                "sensitivity": "prisoner-of-war",
                "sensitivity_basis": f"as row {number} says",
                "tlp": "TLP:AMBER",
                "tlp_basis": f"as row {number} says",
            }
        )
    return rows


@pytest.mark.slow
@pytest.mark.parametrize("step", ["received:3", "stored:4", "recording", "committed", "noted", None])
def test_killed_anywhere_and_repeated_it_finishes_without_doubles(local: Desk, step: str | None) -> None:
    record(local, Case(title="Captives"))
    rows = written(local, *full(local))
    if step is not None:
        words = ("upload", "--json", "--jobs", "2", "--manifest", rows)
        killed(local, *words, at=step)
    else:
        local.upload("--manifest", rows)

    receipts = local.upload("--manifest", rows)
    counts = local.counts()
    again = local.upload("--manifest", rows)

    assert [receipt["row"] for receipt in receipts] == [2, 3, 4, 5, 6, 7]
    assert {receipt["status"] for receipt in again} == {"already-held"}
    assert not any(receipt["sighting_added"] for receipt in again)
    assert local.counts() == counts
    once = {"items": 5, "sightings": 6, "claims": 12, "agents": 1, "reachabilities": 6, "case-items": 4, "tags": 8}
    once |= {"sensitivities": 6, "sharings": 6, "acquisitions": 7, "copies": 5}
    assert {name: counts[name] for name in once} == once
    root = local.root()
    assert local("rebuild", "--json").json["root"] == root


def test_a_manifest_handed_in_again_undoes_nothing_that_was_decided_since(on_catalogue: Desk) -> None:
    record(on_catalogue, Case(title="Captives"))
    rows = written(on_catalogue, full(on_catalogue)[0])
    (receipt,) = on_catalogue.upload("--manifest", rows)
    item = receipt["item"]
    lifted = Sensitivity(
        item=item, flag=SensitivityFlag.PRISONER_OF_WAR, state=FlagState.LIFTED, by="B. Check", basis="an actor"
    )
    record(on_catalogue, lifted, Sharing(item=item, tlp=TrafficLight.RED, by="B. Check", basis="a source asks for it"))
    before = on_catalogue.counts()

    on_catalogue.upload("--manifest", rows)

    assert on_catalogue.counts() == before
    shown = on_catalogue.show(item)
    assert (shown["flags"], shown["sharing"]["tlp"]) == ([], "TLP:RED")


def test_many_rows_are_taken_in_in_their_order_across_transactions(local: Desk) -> None:
    names = [photo(local, f"{place}.jpg", place) for place in range(3)]
    lines = [
        json.dumps(
            {"path": names[n % 3], "url": f"{URL}/{n}", "account": "telegram:a", "repost_of": f"{URL}/0" if n else None}
        )
        for n in range(150)
    ]
    rows = local.file("in/rows.jsonl", "\n".join(lines).encode())

    receipts = local.upload("--manifest", rows)

    assert [receipt["row"] for receipt in receipts] == list(range(1, 151))
    assert len(local.batches()) > 2
    counts = local.counts()
    assert (counts["items"], counts["sightings"]) == (3, 150)
    origins = local.show(receipts[0]["item"])["origins"]
    assert origins["independent"] == 1
    assert origins["sightings"] == 150


def test_no_more_is_on_its_way_than_a_batch_whatever_is_handed_in() -> None:
    asked = 0

    def loads() -> Iterator[Load]:
        nonlocal asked
        for number in range(1000):
            asked += 1
            yield Load(str(number))

    ahead, done = [], 0
    for batch in convey(loads(), 8):
        ahead.append(asked - done)
        done += len(batch)

    assert (done, max(ahead)) == (1000, LARGEST_BATCH)

"""Manifests: every column reaches the archive, no bad row stops the others, and nothing is recorded twice."""

from __future__ import annotations

import csv
import hashlib
import json
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archiver.conveyor import LARGEST_BATCH, Load, convey
from archiver.facts.handling import Case, Sensitivity, Sharing
from archiver.facts.vocabulary import CaseState, FlagState, SensitivityFlag, TrafficLight
from archiver.manifest.columns import CLAIM_COLUMNS, COLUMNS
from tests import drawing
from tests.archive.desk import finished

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.fact import Fact
    from tests.archive.desk import Desk

URL = "https://example.org/story"


def photo(desk: Desk, name: str, seed: int) -> str:
    desk.file(f"in/{name}", drawing.jpeg(drawing.photo(seed)))
    return name


def written(desk: Desk, *rows: dict[str, str], name: str = "in/rows.csv") -> Path:
    names = list(dict.fromkeys(column for row in rows for column in row))
    path = desk.file(name, b"")
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, names)
        table.writeheader()
        table.writerows(rows)
    return path


def record(desk: Desk, *facts: Fact) -> None:
    archive = desk.archive()
    archive.record(lambda _questions: facts)
    archive.close()


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.mark.parametrize("layout", ["csv", "jsonl"])
def test_the_template_is_taken_in_as_it_stands(on_catalogue: Desk, layout: str) -> None:
    photo(on_catalogue, "photo.jpg", 1)
    photo(on_catalogue, "repost.jpg", 2)
    path = on_catalogue.file(f"in/rows.{layout}", on_catalogue("manifest", "template", "--format", layout).out.encode())

    first, second = on_catalogue.upload("--manifest", path)

    assert [first["status"], second["status"]] == ["archived", "archived"]
    shown, repost = on_catalogue.show(first["item"]), on_catalogue.show(second["item"])
    (sighting,) = shown["sightings"]
    assert (sighting["publisher"], sighting["publisher_kind"]) == ("Yonhap", "news-agency")
    assert (sighting["published"], sighting["published_basis"]) == ("2024-12-27T14:05+09:00", "page-stated")
    assert (sighting["language"], sighting["availability"]) == ("en", "live")
    assert sighting["observed"] == "2024-12-28T08:30:00.000000Z"
    assert repost["sightings"][0]["repost_of"] == sighting["number"]
    assert (repost["sightings"][0]["channel"], repost["sightings"][0]["account"]) == (
        "Frontline Watch",
        "telegram:frontline_watch",
    )
    assert repost["origins"]["independent"] == 1
    casualties, captured = shown["claims"]
    assert (casualties["value"], casualties["kind"], casualties["manner"]) == ({"casualties": 1000}, "event", "stated")
    assert (captured["value"], captured["kind"], captured["manner"]) == (None, "other", None)
    assert {flag["flag"]: flag["by"] for flag in shown["flags"]} == {"prisoner-of-war": "A. Researcher"}
    assert (shown["sharing"]["tlp"], shown["sharing"]["by"]) == ("TLP:AMBER", "A. Researcher")
    assert {(tag["scheme"], tag["code"]) for tag in shown["tags"]} == {("own", "captive"), ("own", "kursk")}
    on_catalogue.root()


def test_the_template_has_every_column_and_needs_no_archive(unmade: Desk) -> None:
    text = unmade("manifest", "template", "--json").json["template"]

    (header, *rows) = csv.reader(text.splitlines())
    assert set(COLUMNS) | set(CLAIM_COLUMNS) <= set(header)
    assert {len(row) for row in rows} == {len(header)}
    assert not unmade.home.exists()


def test_every_column_is_described_in_the_documentation() -> None:
    page = (Path(__file__).parents[2] / "docs" / "manifest.md").read_text(encoding="utf-8")

    for name, says in {**COLUMNS, **CLAIM_COLUMNS}.items():
        assert f"| `{name}` | {says}" in page, name


def test_a_context_is_archived_as_an_item_of_its_own_and_tied_to_the_sighting(local: Desk) -> None:
    page = "<html>안녕</html>".encode()
    local.file("in/saved pages/première.html", page)
    row = {"path": photo(local, "그림 1.jpg", 1), "url": URL, "context": "saved pages/première.html"}

    (receipt,) = local.upload("--manifest", written(local, row))

    digest = hashlib.sha256(page).hexdigest()
    assert (receipt["row"], receipt["context"]) == (2, digest)
    assert local.show(receipt["item"])["sightings"][0]["context"] == digest
    assert local.show(digest)["inspections"]
    assert local.counts()["items"] == 2


def test_a_row_with_an_item_adds_a_sighting_and_one_with_a_url_alone_needs_no_file(on_catalogue: Desk) -> None:
    item = on_catalogue.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    gone = {"url": "https://example.org/deleted", "account": "telegram:source", "availability": "removed-by-author"}
    rows = written(
        on_catalogue, gone | {"item": "", "repost_of": ""}, {"item": item[:12], "url": URL, "repost_of": gone["url"]}
    )

    recorded, held = on_catalogue.upload("--manifest", rows)

    assert (recorded["status"], recorded["item"], recorded["sighting_added"]) == ("recorded", None, True)
    assert (held["status"], held["item"], held["sighting_added"]) == ("already-held", item, True)
    origins = on_catalogue.show(item)["origins"]
    assert origins["independent"] == 1
    assert on_catalogue.counts()["items"] == 1
    assert on_catalogue("rebuild", "--json").json["root"] == on_catalogue.root()


def test_a_row_belongs_to_a_case_that_is_there_and_open(local: Desk) -> None:
    record(local, Case(title="Captives"), Case(title="Done", state=CaseState.CLOSED))
    name = photo(local, "a.jpg", 1)
    rows = written(local, *({"path": name, "case": case} for case in ("captives", "Done", "Captivse")))

    good, closed, missing = local.upload("--manifest", rows, code=3)

    assert [case["title"] for case in local.show(good["item"])["cases"]] == ["Captives"]
    assert "column case: the case 'Done' is closed" in closed["error"]
    assert "column case: there is no case 'Captivse'" in missing["error"]


def test_no_bad_row_stops_the_others_and_each_is_named_with_row_and_column(desk: Desk) -> None:
    good = photo(desk, "good.jpg", 1)
    desk.file("in/page.jpg", b"<html>not a picture</html>")
    rows = written(
        desk,
        {"path": "missing.jpg", "url": "", "published": ""},
        {"path": good, "url": URL, "published": "the day before"},
        {"path": "page.jpg", "url": "", "published": ""},
        {"path": "", "url": "", "published": "2024"},
        {"path": good, "url": URL, "published": "2024-12"},
    )
    with rows.open("a", encoding="utf-8") as file:
        file.write("too,few\n")

    receipts = desk.upload("--manifest", rows, code=3)

    failed = [(receipt["row"], receipt["error"]) for receipt in receipts if receipt["status"] == "failed"]
    assert [row for row, _ in failed] == [2, 3, 4, 5, 7]
    expected = (
        "column path: does not exist",
        "column published:",
        "column path: is text",
        "column path: is empty",
        "cells",
    )
    for (_, error), told in zip(failed, expected, strict=True):
        assert told in error
    assert all(receipt["hint"] for receipt in receipts if receipt["status"] == "failed")
    (taken,) = [receipt for receipt in receipts if receipt["status"] == "archived"]
    assert (taken["row"], taken["path"]) == (6, good)
    assert desk.counts()["sightings"] == 1
    assert desk("verify", "--json").json["notes"] == []


@pytest.mark.parametrize(
    ("content", "code", "told"),
    [
        (b"path,captoin\na.jpg,x\n", 3, "'captoin' is no column (did you mean 'caption'?)"),
        (b"path,path\na.jpg,a.jpg\n", 3, "there twice"),
        (b'path,caption\na.jpg,good\na.jpg,"not closed\n', 3, "row 3"),
        (b"path,caption\na.jpg,good\na.jpg,\xff\n", 3, "no UTF-8"),
        (b"", 3, "empty"),
        (b"path\n", 3, "no rows"),
    ],
)
def test_a_manifest_that_is_not_understood_stops_before_anything_is_done(
    unmade: Desk, content: bytes, code: int, told: str
) -> None:
    photo(unmade, "a.jpg", 1)
    path = unmade.file("in/rows.csv", content)

    for more in ((), ("--dry-run",)):
        answer = unmade("upload", "--json", "--manifest", path, *more, code=code)
        assert told in answer.json["error"]
        assert answer.json["hint"]

    assert not unmade.home.exists()


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--dry-run", "a.jpg"),
        ("--manifest", "rows.csv", "a.jpg"),
        ("--manifest", "missing.csv"),
        ("--manifest", "rows.txt"),
        ("--manifest", "folder.csv"),
    ],
)
def test_words_that_do_not_fit_together_are_usage(unmade: Desk, words: tuple[str, ...]) -> None:
    (unmade.files / "folder.csv").mkdir()

    unmade("upload", *(unmade.files / word if "." in word else word for word in words), code=2)

    assert not unmade.home.exists()


def test_options_hold_where_a_row_says_nothing(local: Desk) -> None:
    rows = written(
        local,
        {"path": photo(local, "a.jpg", 1), "source": "", "claim": ""},
        {"path": photo(local, "b.jpg", 2), "source": "Kyiv", "claim": "He is captured"},
    )
    words = ("--source", "Yonhap", "--source-kind", "news-agency", "--claim", "He is dead", "--collector", "Ada")

    shown = [local.show(receipt["item"]) for receipt in local.upload("--manifest", rows, *words)]

    publishers = [(each["sightings"][0]["publisher"], each["sightings"][0]["publisher_kind"]) for each in shown]
    assert publishers == [("Yonhap", "news-agency"), ("Kyiv", "unknown")]
    assert [each["claims"][0]["text"] for each in shown] == ["He is dead", "He is captured"]
    assert {each["acquisitions"][0]["collector"] for each in shown} == {"Ada"}


def test_a_source_is_of_one_kind_within_a_manifest_and_against_the_archive(on_catalogue: Desk) -> None:
    local = on_catalogue
    local.take("before.jpg", drawing.jpeg(drawing.photo(9)), "--source", "Yonhap", "--source-kind", "news-agency")
    name = photo(local, "a.jpg", 1)
    said = [("Kyiv", "ngo"), ("Kyiv", ""), ("Kyiv", "publisher"), ("Yonhap", "broadcaster"), ("Yonhap", "")]
    rows = written(local, *({"path": name, "source": source, "source_kind": kind} for source, kind in said))

    receipts = local.upload("--manifest", rows, code=3)

    assert [receipt["row"] for receipt in receipts if receipt["status"] == "failed"] == [4, 5]
    shown = local.show(receipts[0]["item"])
    kinds = {(seen["publisher"], seen["publisher_kind"]) for seen in shown["sightings"]}
    assert kinds == {("Kyiv", "ngo"), ("Yonhap", "news-agency")}
    assert local.counts()["agents"] == 2


def test_a_source_in_another_spelling_is_the_one_that_is_known_or_was_named_first(on_catalogue: Desk) -> None:
    on_catalogue.take("before.jpg", drawing.jpeg(drawing.photo(9)), "--source", "Yonhap")
    name = photo(on_catalogue, "a.jpg", 1)
    said = [("YONHAP", ""), ("Kyiv", "telegram:Front"), ("KYIV", "telegram:@front")]
    rows = written(on_catalogue, *({"path": name, "source": source, "account": account} for source, account in said))

    item = on_catalogue.upload("--manifest", rows)[0]["item"]

    seen = [(each["publisher"], each["account"]) for each in on_catalogue.show(item)["sightings"]]
    assert seen == [("Yonhap", None), ("Kyiv", "telegram:Front")]
    assert on_catalogue.counts()["agents"] == 2


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


def test_a_dry_run_checks_every_row_and_changes_nothing(local: Desk) -> None:
    held = local.take("held.jpg", drawing.jpeg(drawing.photo(9)))
    (local.files / "in").mkdir()
    (local.files / "in/again.jpg").write_bytes((local.files / "held.jpg").read_bytes())
    good = written(
        local,
        {"path": photo(local, "a.jpg", 1), "item": "", "url": URL, "repost_of": "", "context": ""},
        {"path": "again.jpg", "item": "", "url": "", "repost_of": URL, "context": "a.jpg"},
        {"path": "", "item": held[:8], "url": "", "repost_of": "row:2", "context": ""},
        {"path": "", "item": "", "url": "https://example.org/gone", "repost_of": "", "context": ""},
        {"path": "a.jpg", "item": "", "url": "", "repost_of": "", "context": ""},
    )
    bad = written(
        local,
        {"path": "nowhere.jpg", "case": "", "item": "", "context": ""},
        {"path": "a.jpg", "case": "None such", "item": "", "context": ""},
        {"path": "", "case": "", "item": "0" * 64, "context": ""},
        {"path": "a.jpg", "case": "", "item": "", "context": "nowhere.html"},
        {"path": ".", "case": "", "item": "", "context": ""},
        {"path": "rows.csv", "case": "", "item": "", "context": ""},
        name="in/bad.csv",
    )
    local("status")
    before = everything(local.home)

    fine = local("upload", "--json", "--dry-run", "--manifest", good)
    wrong = local("upload", "--json", "--dry-run", "--manifest", bad, code=3)
    told = local("upload", "--dry-run", "--manifest", bad, code=3)

    assert everything(local.home) == before
    would = ["would-archive", "would-add", "would-add", "would-record", "would-add"]
    assert [receipt["status"] for receipt in fine.lines] == would
    assert [receipt["row"] for receipt in fine.lines] == [2, 3, 4, 5, 6]
    assert "5 rows good (1 to archive, 3 held already, 1 without a file), 0 to be put right" in fine.err
    columns = ["path", "case", "item", "context", "path", "path"]
    for receipt, column in zip(wrong.lines, columns, strict=True):
        assert receipt["status"] == "failed"
        assert f"column {column}:" in receipt["error"]
    assert "row 7: rows.csv: column path: is text, not a picture" in told.err
    assert "this was a dry run: nothing was changed" in told.err


def test_a_dry_run_makes_no_archive(unmade: Desk) -> None:
    rows = written(unmade, {"path": photo(unmade, "a.jpg", 1), "item": ""}, {"path": "", "item": "abcdef"})

    answer = unmade("upload", "--json", "--dry-run", "--manifest", rows, code=3)

    assert [receipt["status"] for receipt in answer.lines] == ["would-archive", "failed"]
    assert not unmade.home.exists()
    assert "there is no archive" in answer.err


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
        driver = ("-m", "tests.archive.stopping", step, "SIGKILL")
        words = ("--actor", "Test Desk", "upload", "--json", "--jobs", "2", "--manifest", rows)
        finished(local.start(*words, driver=driver), code=-signal.SIGKILL)
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

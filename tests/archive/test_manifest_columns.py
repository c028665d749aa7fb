"""Manifests: every column reaches the archive, and is described where people look for it."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archiver.manifest.columns import CLAIM_COLUMNS, COLUMNS
from tests import drawing
from tests.archive.manifests import URL, photo, written

if TYPE_CHECKING:
    from tests.archive.desk import Desk


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

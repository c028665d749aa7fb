"""Findings and credentials outside the archive: a court gets them whole, others learn that they are there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from archiver.facts.findings import MEANINGS, FindingCode
from archiver.facts.inspection import Inspection
from tests import drawing
from tests.export.story import record

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

WHO = "Fedir Photographer"
CREDENTIALS = {
    "form": 1,
    "state": "read",
    "verdict": "Valid",
    "signature": "holds",
    "trust": "not-asked",
    "manifests": [{"signer": {"name": WHO}, "actions": [{"action": "c2pa.edited"}]}],
}


@pytest.fixture
def found(local: Desk) -> tuple[Desk, str]:
    """An item with findings and credentials, and with a file whose original could go along."""
    item = local.take("plain.jpg", drawing.jpeg(drawing.photo(1)))
    seen = local.show(item)["inspections"][0]
    values: dict[str, Any] = {
        name: seen[name] for name in ("media_type", "width", "height", "decode", "embedded", "inspector")
    }
    values |= {
        "item": item,
        "findings": [
            {"code": "polyglot", "detail": f"a ZIP archive of {WHO} <script>", "offset": 4711, "length": 12},
            {"code": "of-tomorrow", "detail": WHO},
        ],
        "places": {"EXIF": [{"offset": 6, "length": 9}], WHO: [{"offset": 7, "length": 9}]},
        "credentials": CREDENTIALS,
    }
    record(local, Inspection.model_validate(values))
    return local, item


def exported(desk: Desk, item: str, profile: str, *words: str) -> Path:
    out = desk.files / profile
    desk("export", item, "-o", out, "--profile", profile, *words)
    return out


@pytest.mark.parametrize("profile", ["partner", "public"])
def test_outside_a_court_a_finding_is_a_code_and_a_place_and_the_original_stays(
    found: tuple[Desk, str], profile: str
) -> None:
    out = exported(*found, profile, "--name-recorders")

    (told,) = json.loads((out / "data/record.json").read_text())["items"]
    meaning = MEANINGS[FindingCode.POLYGLOT]
    assert told["findings"][0] == {
        "code": "polyglot",
        "weight": "grave",
        "means": meaning.means,
        "does_not_mean": meaning.does_not_mean,
        "offset": 4711,
        "length": 12,
    }
    newest = told["inspections"][-1]
    assert newest["credentials"] == {name: CREDENTIALS[name] for name in CREDENTIALS if name != "manifests"}
    assert newest["places"] == {"EXIF": [{"offset": 6, "length": 9}]}
    assert not (out / "data/originals").exists()
    assert any("content credentials" in reason and "finding polyglot" in reason for reason in told["original_withheld"])
    for path in (each for each in out.rglob("*") if each.is_file()):
        assert WHO.encode() not in path.read_bytes(), path
    page = (out / "data/report.html").read_text()
    assert "At byte 4,711, 12 bytes." in page
    assert meaning.means in page


def test_a_court_gets_them_whole_in_record_graph_and_report(found: tuple[Desk, str]) -> None:
    out = exported(*found, "court")

    (told,) = json.loads((out / "data/record.json").read_text())["items"]
    assert WHO in told["findings"][0]["detail"]
    assert told["inspections"][-1]["credentials"] == CREDENTIALS
    graph = json.loads((out / "data/record.jsonld").read_text())["@graph"]
    first = next(each for each in graph if each.get("archiver:code") == "polyglot")
    inspection = next(each for each in graph if each["@id"] == first["prov:wasGeneratedBy"]["@id"])
    assert "archiver:Inspection" in inspection["@type"]
    assert inspection["archiver:findingCount"] == 2
    assert (first["archiver:weight"], first["archiver:offset"]) == ("grave", 4711)
    crate = json.loads((out / "data/ro-crate-metadata.json").read_text())["@graph"]
    (original,) = (each for each in crate if each.get("sha256") == found[1])
    assert "polyglot (grave)" in original["description"]
    page = (out / "data/report.html").read_text()
    assert f"<bdi>a ZIP archive of {WHO} &lt;script&gt;</bdi>" in page
    assert MEANINGS[FindingCode.POLYGLOT].does_not_mean in page
    assert "a newer one recorded it" in page

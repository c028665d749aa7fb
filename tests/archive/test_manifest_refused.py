"""No bad row of a manifest stops the others; what is not understood as a whole, or only tried, changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archiver.facts.handling import Case
from archiver.facts.vocabulary import CaseState
from tests import drawing
from tests.archive.manifests import URL, photo, record, written

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


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

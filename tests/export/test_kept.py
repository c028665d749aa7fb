"""What forbids an item's deletion, as a store with Object Lock said itself: told to a court, to nobody else."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import TYPE_CHECKING

import pytest

from tests.archive.locking import AUTHORITY, END, LATER, PICTURE, locked

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

__all__ = ["locked"]

pytestmark = pytest.mark.server


def exported(desk: Desk, item: str, profile: str) -> Path:
    out = desk.files / profile
    desk("export", item, "-o", out, "--profile", profile, "--recipient", "a court", "--reason", "trial 12")
    return out / "data"


def kept(page: str) -> str:
    """What the page says of deletion, without its markup."""
    return unescape(re.sub(r"<[^>]*>", "", page.partition("forbids its deletion")[2].partition("<h3")[0]))


def test_a_court_is_told_what_the_store_keeps_until_when_and_on_whose_word(locked: Desk) -> None:
    words = ("--retain-until", LATER, "--retention-mode", "governance", "--legal-hold", *AUTHORITY)
    (receipt,) = locked.upload(locked.file("a.jpg", PICTURE), *words)

    data = exported(locked, receipt["item"], "court")

    page = (data / "report.html").read_text()
    told = kept(page)
    assert f"a legal hold since {END[:2]}" in told
    assert AUTHORITY[1] in told
    assert "keeps the copy from being deleted by anybody." in told
    assert "does not enforce" not in told
    assert re.search(rf"a retention until {END[:10]}[^#]*, set by Test Desk", told)
    assert re.search(r"said itself that it keeps the copy until then \(governance: [^)]+\)\.", told)
    unproved = unescape(page).partition("What is not proved of this item")[2]
    assert "That a store keeps it until the end of a retention: that is the store's own word" in unproved
    assert "no store enforces that one" not in unproved
    record = json.loads((data / "record.json").read_text())
    assert END in json.dumps(record)


def test_nobody_else_is_told(locked: Desk) -> None:
    words = ("--retain-until", LATER, "--legal-hold", *AUTHORITY)
    (receipt,) = locked.upload(locked.file("a.jpg", PICTURE), *words)

    data = exported(locked, receipt["item"], "partner")

    assert "Whether a legal hold or a retention forbids it is withheld here." in (data / "report.html").read_text()
    for path in data.rglob("*"):
        if path.is_file():
            assert AUTHORITY[1].encode() not in path.read_bytes(), path
            assert END[:10].encode() not in path.read_bytes(), path

"""What of which kind of fact may be seen outside a court: every kind of fact there is, and every field of it."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from archiver.export.disclosed import GIVES_THE_SOURCE_AWAY, NOT_PUBLIC, OUTSIDE_COURT
from archiver.facts.kinds import KINDS
from tests.archive.conftest import furnished, furnished_once
from tests.archive.desk import run
from tests.export.stranger import verify

if TYPE_CHECKING:
    from tests.archive.desk import Desk

__all__ = ["furnished", "furnished_once"]

NEVER = {
    *("collector", "host", "path", "note", "file_modified", "observer", "reason", "recipient", "device"),
    *("latitude", "longitude", "altitude", "embedded", "store", "name", "context", "record"),
}
"""Who collected it, on which computer, from which folder, where it was taken, where copies lie, and who got it."""
SEALED = {
    *("copy", "disclosure", "agent", "account", "account-profile", "affiliation", "alias", "merge", "case"),
    *("case-item", "hash-list", "key-rotation", "key-retirement"),
    *("store", "retention", "legal-hold", "fixity-check", "fixity-failure", "repair", "withdrawal"),  # how it is kept
}
"""The kinds of which nothing is opened outside a court. What is in neither list is a kind that nobody decided on."""


@pytest.mark.parametrize("kind", KINDS)
def test_of_every_kind_somebody_decided_and_a_new_kind_is_sealed(kind: str) -> None:
    shown = OUTSIDE_COURT.get(kind, frozenset())

    assert shown <= set(KINDS[kind].model_fields)
    assert shown & NEVER == set()
    assert (kind in OUTSIDE_COURT) != (kind in SEALED), "somebody must decide on it: by default it is sealed"
    for more in (NOT_PUBLIC, GIVES_THE_SOURCE_AWAY):
        assert more.get(kind, frozenset()) <= shown


def test_no_kind_is_allowed_that_does_not_exist() -> None:
    assert set(OUTSIDE_COURT) <= set(KINDS)
    assert set(OUTSIDE_COURT) & SEALED == set()
    assert len(NEVER & {name for kind in KINDS.values() for name in kind.model_fields}) > 12  # none is misspelt away


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["court", "partner", "public"])
def test_an_archive_with_every_kind_of_fact_shows_what_is_allowed_and_all_of_it_verifies(
    furnished: Desk, profile: str
) -> None:
    items = [line["item"] for line in furnished("list", "--json").lines]
    out = furnished.files / "out"
    out.mkdir()
    for item in items:  # one by one: what may not go to somebody is refused
        words = ("-o", out / item, "--profile", profile, "--name-recorders", "--acknowledge-sensitive", "--json")
        answer = run("--archive", furnished.home, "export", item, *words)
        assert answer.code == (0 if (out / item).exists() else 3), answer.err
        if not answer.code:
            verify(out / item, "--key", answer.json["key"], code=0)

    assert list(out.iterdir())
    seen: dict[str, set[str]] = {}
    for path in out.glob("*/data/events/*.txt"):
        text = path.read_text()
        envelope = re.search("^envelope (.*)$", text, re.MULTILINE)
        if envelope is not None:
            kind = json.loads(envelope[1])["kind"]
            seen.setdefault(kind, set()).update(re.findall("^shown ([a-z_]+) ", text, re.MULTILINE))
    if profile == "court":
        assert seen.keys() >= {"acquisition", "inspection", "sighting", "claim", "assessment", "disclosure", "copy"}
        assert not any("\nhidden " in path.read_text() for path in out.glob("*/data/events/*.txt"))
        return
    assert seen.keys() >= {"acquisition", "inspection", "claim"}
    for kind, fields in seen.items():
        allowed = OUTSIDE_COURT[kind] - (NOT_PUBLIC.get(kind, frozenset()) if profile == "public" else frozenset())
        assert fields <= allowed, (kind, fields - allowed)

"""A legal hold is lifted in store and log by who answers for it; what nobody may delete until then is listed."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from archiver.facts.protection import Retention
from tests.archive.locking import AUTHORITY, END, PICTURE, YEAR, in_force, in_store, locked
from tests.archive.processes import killed

if TYPE_CHECKING:
    from tests.archive.desk import Desk

__all__ = ["locked"]


@pytest.mark.server
def test_a_legal_hold_is_set_and_released_with_authority_in_store_and_log(locked: Desk) -> None:
    item = locked.take("a.jpg", PICTURE)

    held = locked("hold", item, "--legal", *AUTHORITY, "--json").json
    assert (held["enforced"], held["legal_hold"], held["added"]) == (True, True, True)
    assert in_store(locked, locked.object_of(item))["hold"]
    assert not locked("hold", item, "--legal", *AUTHORITY, "--json").json["added"]
    released = locked("hold", item, "--release", *AUTHORITY, "--reason", "the case is closed", "--json").json

    assert (released["status"], released["legal_hold"]) == ("released", False)
    assert not in_store(locked, locked.object_of(item))["hold"]
    assert in_force(locked, item) == (0, 0)
    states = [
        (each["statement"]["state"], each["statement"].get("reason"))
        for each in locked("show", item, "--history", "--json").json["history"]
        if each["kind"] == "legal-hold"
    ]
    assert states == [("set", None), ("released", "the case is closed")]
    again = locked("hold", item, "--release", *AUTHORITY, "--reason", "again", "--json", code=3).json
    assert again["error"] == "no legal hold is on it"


def test_a_hold_is_released_wherever_the_store_was_when_it_was_set(on_catalogue: Desk) -> None:
    item = on_catalogue.take("a.jpg", PICTURE, "--legal-hold", *AUTHORITY)
    (on_catalogue.home / "store").rename(on_catalogue.home / "moved")
    settings = on_catalogue.home / "archive.toml"
    settings.write_text(settings.read_text().replace("file:store", "file:moved"))

    on_catalogue("hold", item, "--legal", *AUTHORITY)
    assert in_force(on_catalogue, item) == (2, 0)
    on_catalogue("hold", item, "--release", *AUTHORITY, "--reason", "over")

    assert in_force(on_catalogue, item) == (0, 0)
    root = on_catalogue.root()
    assert on_catalogue("rebuild", "--json").json["root"] == root
    assert in_force(on_catalogue, item) == (0, 0)


@pytest.mark.slow
@pytest.mark.server
@pytest.mark.parametrize(("step", "standing"), [("hold-recording", 1), ("hold-recorded", 0), ("releasing", 0)])
@pytest.mark.attack("hold-lifted")
def test_killed_while_a_hold_is_released_nothing_is_lifted_that_nobody_answers_for(
    locked: Desk, step: str, standing: int
) -> None:
    item = locked.take("a.jpg", PICTURE, "--legal-hold", *AUTHORITY)
    words = ("hold", item, "--release", *AUTHORITY, "--reason", "the case is closed")

    killed(locked, *words, at=step)

    assert in_store(locked, locked.object_of(item))["hold"], "the store still holds it"
    assert in_force(locked, item)[0] == standing
    locked(*words)
    assert not in_store(locked, locked.object_of(item))["hold"]
    assert locked.counts()["legal-holds"] == 2
    locked.root()


def test_list_tells_what_nobody_may_delete_now_until_when_and_on_whose_authority(furnished: Desk) -> None:
    """By a legal hold, by a retention that has not ended; not by one that has, nor by a hold that was released."""
    held, kept, free = (line["item"] for line in reversed(furnished("list", "--json").lines))
    store, ended = "s3://evidence/kept", f"{YEAR - 1}-01-01T00:00:00.000000Z"
    with closing(furnished.archive()) as archive:  # what a bucket with a lock answered, now and years ago
        said = {"by": "Ada", "store": store, "mode": "compliance"}
        both = ({"item": kept, "retain_until": END}, {"item": free, "retain_until": ended})
        archive.record(lambda _: [Retention.model_validate(said | each) for each in both])

    def protected(by: str, *words: str) -> list[str]:
        return [line["item"] for line in furnished("list", "--protected", by, "--json", *words).lines]

    assert protected("legal-hold") == [held]
    assert protected("retention") == [kept, held]  # the furnished archive has one on the first
    assert protected("any", "--reverse") == [held, kept]
    assert protected("any", "--case", "Kursk") == [held]
    assert protected("any", "--after", kept, "--sort", "size", "--limit", "1") in ([held], [])
    (line,) = furnished("list", "--protected", "legal-hold", "--json").lines
    (hold,) = line["protected"]["legal_holds"]
    assert (hold["authority"], hold["reason"], hold["enforced"]) == ("Prosecutor's letter 7", "wanted in court", False)
    (line, _) = furnished("list", "--protected", "any", "--json").lines
    (retention,) = line["protected"]["retentions"]
    assert (retention["mode"], retention["retain_until"], retention["store"]) == ("compliance", END, store)
    out = furnished("list", "--protected", "any").out
    assert "legal hold (recorded; this store cannot enforce it) since" in out
    assert "by Test Desk on the authority of Prosecutor's letter 7: wanted in court" in out
    assert f"compliance until {END[:10]} 00:00:00 UTC in {store}, by Ada" in out
    assert "protected" not in furnished("list", "--json").lines[0]

    furnished("hold", held, "--release", "--authority", "Letter 8", "--reason", "the case is over")

    assert protected("legal-hold") == []
    assert protected("legal-hold", "--as-of", f"event:{hold['number']}") == []  # asked of now, whatever was known then
    assert furnished("list", "--protected", "soon", code=2).err

"""What no store can keep is refused, or said to be recorded and no more; words that make no sense change nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from storage.guarantees import NOT_LOCKING
from tests import drawing
from tests.archive.locking import AUTHORITY, END, LATER, PICTURE, in_force, locked, overlooked, settle, unlocked

if TYPE_CHECKING:
    from tests.archive.desk import Desk
    from tests.servers.faults import ForgetfulProxy

__all__ = ["locked", "overlooked", "unlocked"]


@pytest.mark.parametrize("store", ["local", "unlocked"])
@pytest.mark.server
def test_a_store_without_a_lock_refuses_retention_and_stores_nothing(
    request: pytest.FixtureRequest, store: str
) -> None:
    desk: Desk = request.getfixturevalue(store)
    path = desk.file("a.jpg", PICTURE)
    assert desk("status", "--json").json["guarantees"]["object_lock"] in NOT_LOCKING

    refused = desk("upload", path, "--retain-until", LATER, code=4)

    assert "no Object Lock that holds; nothing was stored" in refused.err
    assert list(desk.open_store().names("objects/")) == []
    item = desk.take("a.jpg", PICTURE)
    desk("hold", item, "--until", LATER, "--legal", *AUTHORITY, code=4)
    assert in_force(desk, item) == (0, 0)


@pytest.mark.parametrize("store", ["local", "unlocked"])
@pytest.mark.server
def test_a_hold_that_no_store_enforces_is_recorded_and_says_so_wherever_it_is_told(
    request: pytest.FixtureRequest, store: str
) -> None:
    desk: Desk = request.getfixturevalue(store)
    told = "recorded; this store cannot enforce it"
    path = desk.file("a.jpg", PICTURE)

    uploaded = desk("upload", path, "--legal-hold", *AUTHORITY)
    assert told in uploaded.out
    assert told in uploaded.err
    item = desk("list", "--json").lines[0]["item"]
    assert told in desk("show", item).out
    assert desk.show(item)["legal_holds"][0]["enforced"] is False
    desk("hold", item, "--release", *AUTHORITY, "--reason", "a mistake")
    assert told in desk("hold", item, "--legal", "--authority", "a court").out
    assert desk("hold", item, "--legal", "--authority", "another court", "--json").json["enforced"] is False
    (receipt,) = desk.upload(path, "--legal-hold", "--authority", "a third court")
    assert receipt["legal_hold"] == {"enforced": False}
    assert in_force(desk, item) == (1, 0)


@pytest.mark.server
@pytest.mark.attack("server-forgets-lock")
def test_a_server_that_overlooks_the_lock_is_found_before_anything_is_stored(
    overlooked: tuple[Desk, ForgetfulProxy],
) -> None:
    desk, proxy = overlooked
    path = desk.file("a.jpg", PICTURE)

    assert desk("status", "--json").json["guarantees"]["object_lock"] == "not enforced"
    desk("upload", path, "--retain-until", LATER, code=4)
    assert list(desk.open_store().names("objects/")) == []
    item = desk.take("a.jpg", PICTURE)
    desk("hold", item, "--until", LATER, code=4)

    proxy.changes = False  # now the lock holds when it is tried, and the headers of a put are overlooked all the same
    another = desk.file("b.jpg", drawing.jpeg(drawing.photo(2)))
    lost = desk("upload", another, "--retain-until", LATER, code=4)
    assert "did not refuse, and says: no protection" in lost.err
    assert desk.counts()["items"] == 1, "it is not acknowledged"
    assert [note["code"] for note in desk("verify", "--json").json["notes"]] == ["loose-end"]
    proxy.puts = False
    (receipt,) = desk.upload(another, "--retain-until", LATER)
    assert receipt["retention"]["until"] == END


def test_the_settings_ask_a_directory_in_vain_and_nothing_is_recorded(local: Desk) -> None:
    item = local.take("a.jpg", PICTURE)
    events = local.counts()["events"]
    settle(local, "[retention]\ndays = 30")

    for words in (("upload", local.file("b.jpg", drawing.jpeg(drawing.photo(2)))), ("claim", item, "x", "--by", "y")):
        assert "Object Lock" in local(*words, code=4).err
    assert "nothing is taken in" in local("status").err
    assert local.counts()["events"] == events
    assert len(list(local.open_store().names("objects/"))) == 1
    assert local("verify", "--json").json["intact"]


@pytest.mark.parametrize(
    "text",
    [
        "[retention]",
        '[retention]\nmode = "soft"\ndays = 1',
        "[retention]\ndays = 1\nyears = 1",
        "[retention]\nyears = 101",
        "[retention]\ndays = 0",
        "[retention]\nmonths = 3",
        "retention = 3",
    ],
)
def test_settings_that_make_no_retention_are_refused(local: Desk, text: str) -> None:
    settings = local.home / "archive.toml"
    settings.write_text(f"{text}\n{settings.read_text()}" if text == "retention = 3" else settings.read_text() + text)

    refused = local("upload", local.file("a.jpg", PICTURE), code=2)
    assert "archive.toml" in refused.err
    assert not (local.home / "store/objects").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("--retain-until", "yesterday"),
        ("--retain-until", "2001-01-01"),
        ("--retain-until", "2036~"),
        ("--retain-until", "2036/2037"),
        ("--retain-until", "9999"),
        ("--retention-mode", "compliance"),
        ("--legal-hold",),
        ("--legal-hold", "--authority", " "),
        AUTHORITY,
    ],
    ids=" ".join,
)
def test_an_upload_that_asks_for_what_makes_no_sense_is_refused(local: Desk, words: tuple[str, ...]) -> None:
    assert local("upload", local.file("a.jpg", PICTURE), *words, code=2).err
    assert list(local.open_store().names("objects/")) == []


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--legal",),
        ("--release", *AUTHORITY),
        ("--release", "--reason", "over"),
        ("--legal", "--release", *AUTHORITY, "--reason", "over"),
        ("--until", "2001", *AUTHORITY),
        ("--until", LATER, "--reason", "why"),
        ("--retention-mode", "governance", "--legal", *AUTHORITY),
    ],
    ids=" ".join,
)
def test_a_hold_that_asks_for_what_makes_no_sense_is_refused(local: Desk, words: tuple[str, ...]) -> None:
    item = local.take("a.jpg", PICTURE)
    events = local.counts()["events"]

    assert local("hold", item, *words, code=2).err
    assert local.counts()["events"] == events


def test_nothing_is_held_where_one_of_the_words_names_nothing(local: Desk) -> None:
    item = local.take("a.jpg", PICTURE)
    local("case", "new", "Empty")

    for word in ("ffff", "case:Nowhere", "case:Empty"):
        local("hold", item, word, "--legal", *AUTHORITY, code=3)

    assert in_force(local, item) == (0, 0)

"""What a receipt says, and what is recorded once and never twice."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from tests import drawing
from tests.archive.furnishing import furnish

if TYPE_CHECKING:
    from tests.archive.desk import Desk

PROMISED = {
    "path": str,
    "item": str,
    "status": str,
    "sighting_added": bool,
    "media_type": str,
    "width": int,
    "height": int,
    "decode": str,
    "lookalikes": list,
}


def test_a_receipt_has_the_documented_fields_and_the_item_is_the_sha_256_of_the_bytes(desk: Desk) -> None:
    content = drawing.jpeg(drawing.photo(1))
    path = desk.file("a.jpg", content)

    (receipt,) = desk.upload(path, "--source", "Yonhap")

    assert {name: type(receipt[name]) for name in PROMISED} == PROMISED
    item = hashlib.sha256(content).hexdigest()
    expected = {
        "path": str(path),
        "item": item,
        "status": "archived",
        "sighting_added": True,
        "media_type": "image/jpeg",
        "width": drawing.SIZE[0],
        "height": drawing.SIZE[1],
        "decode": "ok",
        "lookalikes": [],
    }
    assert {name: receipt[name] for name in PROMISED} == expected
    assert desk.open_store().read(desk.object_of(item), limit=2**30) == content


def test_a_receipt_tells_the_flags_of_every_item_that_it_names(on_catalogue: Desk) -> None:
    desk = on_catalogue
    held = desk.take("a.jpg", drawing.jpeg(drawing.photo(1)))
    care = ("--sensitivity", "prisoner-of-war", "--by", "Ida", "--basis", "seen")
    desk("flag", held, *care)
    alike = desk.file("b.jpg", drawing.jpeg(drawing.photo(1), quality=50))

    (receipt,) = desk.upload(alike)
    (again,) = desk.upload(desk.files / "a.jpg")
    told = desk("upload", desk.files / "a.jpg", alike).out.splitlines()

    assert (receipt["sensitivity"], receipt["lookalikes"][0]["sensitivity"]) == ([], ["prisoner-of-war"])
    assert (again["status"], again["sensitivity"]) == ("already-held", ["prisoner-of-war"])
    assert again["lookalikes"][0]["sensitivity"] == []
    assert told[0].startswith(f"already-held {held[:12]} [prisoner-of-war]  ")
    assert f"looks like {held[:12]} [prisoner-of-war] (same look" in told[-1]


def test_a_failure_has_exactly_the_documented_fields(local: Desk) -> None:
    missing = local.files / "missing.jpg"

    (receipt,) = local.upload(missing, code=3)

    assert set(receipt) == {"path", "status", "error", "hint"}
    assert (receipt["path"], receipt["status"], receipt["error"]) == (str(missing), "failed", "does not exist")
    assert receipt["hint"]


def test_a_second_context_for_the_same_bytes_is_recorded_and_the_first_is_kept(desk: Desk) -> None:
    content = drawing.jpeg(drawing.photo(1))
    item = desk.take("first.jpg", content, "--source", "Yonhap", "--caption", "first")

    (second,) = desk.upload(desk.file("second.jpg", content), "--account", "x:reposter", "--caption", "second")

    assert (second["item"], second["status"], second["sighting_added"]) == (item, "already-held", True)
    shown = desk.show(item)
    assert [seen["caption"] for seen in shown["sightings"]] == ["first", "second"]
    assert [taken["file_name"] for taken in shown["acquisitions"]] == ["first.jpg", "second.jpg"]
    assert (shown["sightings"][0]["publisher"], shown["sightings"][1]["account"]) == ("Yonhap", "x:reposter")
    assert desk.counts()["items"] == 1
    assert len(desk.batches()) == 2
    desk.root()


def test_the_same_command_again_adds_no_event_at_all(desk: Desk) -> None:
    furnish(desk)
    before, root, published = desk.counts(), desk.root(), desk.batches()

    furnish(desk)

    assert desk.counts() == before
    assert (desk.root(), desk.batches()) == (root, published)


def test_a_repetition_says_that_everything_is_held_and_nothing_was_added(local: Desk) -> None:
    path = local.file("a.jpg", drawing.jpeg(drawing.photo(1)))
    words = (path, "--source", "Yonhap", "--claim", "He is a soldier")
    local.upload(*words)

    (again,) = local.upload(*words)

    assert (again["status"], again["sighting_added"], again["lookalikes"]) == ("already-held", False, [])


def test_a_statement_that_differs_in_one_word_is_a_fact_of_its_own(local: Desk) -> None:
    content = drawing.jpeg(drawing.photo(1))
    item = local.take("a.jpg", content, "--claim", "He is a soldier", "--note", "from a friend")

    local.take("a.jpg", content, "--claim", "He is a civilian", "--note", "from a friend")

    assert [claim["text"] for claim in local.show(item)["claims"]] == ["He is a soldier", "He is a civilian"]
    assert local.counts()["acquisitions"] == 1


def test_what_is_said_of_where_it_came_from_is_shown_as_it_was_said(local: Desk) -> None:
    item = furnish(local)[0]

    shown = local.show(item)

    (seen,), (taken,), claim = shown["sightings"], shown["acquisitions"], shown["claims"][0]
    assert (seen["publisher"], seen["publisher_kind"]) == ("Yonhap", "news-agency")
    assert (seen["url"], seen["caption"]) == ("https://example.org/1", "A captured soldier, Kursk")
    assert seen["published"] == "2024-12-27T14:05:00+09:00"
    assert shown["first_seen"] == "2024-12-27T14:05:00+09:00"
    assert (taken["source"], taken["actor"]) == ("Yonhap", "Test Desk")
    assert (claim["text"], claim["by"], claim["status"]) == ("He belongs to the XI Corps", "Yonhap", "unverified")
    assert claim["sighting"] == seen["number"]


def test_a_source_of_one_kind_is_never_recorded_as_another_in_passing(local: Desk) -> None:
    furnish(local)
    before = local.counts()

    path = local.file("new.jpg", drawing.jpeg(drawing.photo(9)))
    local("upload", path, "--source", "Yonhap", "--source-kind", "state-body", code=2)

    assert local.counts() == before


def test_what_is_malformed_is_refused_before_any_file_is_opened(local: Desk) -> None:
    path = local.file("a.jpg", drawing.jpeg(drawing.photo(1)))
    for words in (
        ("--published", "yesterday"),
        ("--published", "2024-02-30"),
        ("--account", "no colon"),
        ("--account", ":"),
        ("--source-kind", "news-agency"),
        ("--source", "  "),
        ("--claim", ""),
    ):
        local("upload", path, *words, code=2)
    assert local.counts()["events"] == 0
    assert list(local.open_store().names("objects/")) == []


def test_the_first_upload_makes_an_archive_and_says_where(unmade: Desk) -> None:
    answer = unmade("upload", unmade.file("a.jpg", drawing.jpeg(drawing.photo(1))))

    assert f"made a new archive in {unmade.home}" in answer.err
    assert unmade.counts()["items"] == 1


def test_the_same_bytes_twice_in_one_command_are_archived_once_and_held_once(local: Desk) -> None:
    content = drawing.jpeg(drawing.photo(1))
    local.file("in/1.jpg", content)
    local.file("in/2.jpg", content)

    receipts = local.upload(local.files / "in")

    assert [receipt["status"] for receipt in receipts] == ["archived", "already-held"]
    (item,) = {receipt["item"] for receipt in receipts}
    shown = local.show(item)
    assert [taken["file_name"] for taken in shown["acquisitions"]] == ["1.jpg", "2.jpg"]
    assert (len(shown["copies"]), len(shown["inspections"])) == (1, 1)


def test_names_that_share_their_first_digits_stay_apart_and_leading_zeros_are_kept(local: Desk) -> None:
    content = next(c for n in range(5000) if hashlib.sha256(c := b"a file %d\0" % n).hexdigest().startswith("00"))

    item = local.take("zero.bin", content, "--any-type")

    assert len(item) == 64
    assert item.startswith("00")
    assert local("list", "--json").json["item"] == item
    assert local.show(item[:12])["item"] == item
    assert item[:12] in local("list").out
    local.root()

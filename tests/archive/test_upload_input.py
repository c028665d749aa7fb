"""What is taken in and what is refused: no bad file stops the others, and nothing is passed over silently."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import drawing
from tests.archive.furnishing import EXIF

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.archive.desk import Desk

STEERING = "\x1b\x07\x9b\x85\r\u202e\u2066\u200b"
"""Escape, bell, C1, carriage return, and what reorders or hides text."""


def test_one_bad_file_never_stops_the_others_and_each_is_named(desk: Desk) -> None:
    whole = drawing.jpeg(drawing.photo(1))
    desk.file("in/1-good.jpg", whole)
    desk.file("in/2-empty.jpg", b"")
    desk.file("in/3-page.jpg", b"<html><body>Not found</body></html>")
    desk.file("in/4-good.png", drawing.png(drawing.photo(2)))
    desk.file("in/5-notes.bin", b"\0\1\2\3 neither picture nor text \xff")
    (desk.files / "in/6-gone.jpg").symlink_to(desk.files / "nowhere")
    desk.file("in/7-good.jpg", drawing.jpeg(drawing.photo(3)))

    receipts = desk.upload(desk.files / "in", code=3)

    told = {Path(receipt["path"]).name: receipt["status"] for receipt in receipts}
    assert told == {
        "1-good.jpg": "archived",
        "2-empty.jpg": "failed",
        "3-page.jpg": "failed",
        "4-good.png": "archived",
        "5-notes.bin": "failed",
        "6-gone.jpg": "failed",
        "7-good.jpg": "archived",
    }
    assert all(receipt["error"] and receipt["hint"] for receipt in receipts if receipt["status"] == "failed")
    assert desk.counts()["items"] == 3
    desk.root()


def test_text_and_empty_files_are_taken_in_when_asked_for(local: Desk) -> None:
    paths = [local.file("notes.txt", "what he said: 안녕".encode()), local.file("empty.jpg", b"")]

    receipts = local.upload(*paths, "--any-type")

    assert [receipt["status"] for receipt in receipts] == ["archived", "archived"]
    assert local.counts()["items"] == 2
    local.root()


@pytest.mark.parametrize(
    ("damage", "decode"),
    [
        (lambda whole: whole[: len(whole) // 2], {"truncated", "decoded-with-errors"}),
        (lambda whole: b"\0" * 16 + whole[16:], {"undecodable"}),
    ],
    ids=["cut in half", "head overwritten"],
)
def test_a_damaged_picture_is_kept_and_its_damage_is_a_recorded_fact(
    local: Desk, damage: Callable[[bytes], bytes], decode: set[str]
) -> None:
    damaged = damage(drawing.jpeg(drawing.photo(1)))

    (receipt,) = local.upload(local.file("damaged.jpg", damaged))

    assert receipt["status"] == "archived"
    assert receipt["decode"] in decode
    (inspection,) = local.show(receipt["item"])["inspections"]
    assert inspection["decode"] == receipt["decode"]
    local("get", receipt["item"], "-o", local.files / "out.jpg")
    assert (local.files / "out.jpg").read_bytes() == damaged


def test_folders_are_taken_in_with_all_folders_in_them_in_the_order_of_their_names(local: Desk) -> None:
    names = ["a/1.jpg", "a/b/2.jpg", "a/b/c/3.jpg", "a/d.jpg"]
    for seed, name in enumerate(names):
        local.file(name, drawing.jpeg(drawing.photo(seed)))

    receipts = local.upload(local.files / "a")

    assert [receipt["path"] for receipt in receipts] == [str(local.files / name) for name in names]


def test_hidden_files_links_to_folders_and_pipes_are_skipped_and_said(local: Desk) -> None:
    content = drawing.jpeg(drawing.photo(1))
    local.file("in/seen.jpg", content)
    local.file("in/.hidden.jpg", content)
    local.file("in/.folder/picture.jpg", content)
    local.file("elsewhere/other.jpg", content)
    (local.files / "in/linked").symlink_to(local.files / "elsewhere")
    os.mkfifo(local.files / "in/pipe.jpg")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(local.files / "in")  # a socket's name is short
        try:
            listener.bind("socket.jpg")
        finally:
            os.chdir(here)

        answer = local("upload", local.files / "in")

    skipped = [line for line in answer.err.splitlines() if line.startswith("skipped")]
    for name in (".hidden.jpg", ".folder", "linked", "pipe.jpg", "socket.jpg"):
        assert any(f"/{name} (" in line for line in skipped), name
    assert len(skipped) == 5
    assert "1 archived, 0 already held, 5 skipped" in answer.err


def test_a_pipe_or_a_socket_that_is_named_is_refused_and_never_waited_for(
    local: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(local.files / "pipe.jpg")
    monkeypatch.chdir(local.files)  # a socket's name is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.jpg")

        receipts = local.upload(local.files / "pipe.jpg", local.files / "socket.jpg", code=3)

    assert [receipt["error"] for receipt in receipts] == ["is no regular file"] * 2


def test_standard_input_is_taken_in(local: Desk) -> None:
    content = drawing.jpeg(drawing.photo(1))

    (receipt,) = local.upload("-", "--url", "https://example.org/x", stdin=content)

    assert (receipt["path"], receipt["status"]) == ("-", "archived")
    (taken,) = local.show(receipt["item"])["acquisitions"]
    assert (taken["file_name"], taken["path"]) == (None, None)


def test_standard_input_that_holds_nothing_or_is_named_twice_is_refused(local: Desk) -> None:
    (receipt,) = local.upload("-", code=3)

    assert (receipt["status"], receipt["error"]) == ("failed", "standard input holds nothing")
    assert (
        "standard input was named twice" in local("upload", "-", "-", code=2, stdin=drawing.png(drawing.photo(1))).err
    )
    assert local.counts()["events"] == 0


@pytest.mark.parametrize(
    "name",
    [
        b"undecodable-\xff\xfe.jpg",
        b"new\nline\ttab.jpg",
        b"escape-\x1b[31mred\x1b]0;title\x07.jpg",
        "right-to-left-\u202egpj.exe.jpg".encode(),
        b"c1-\xc2\x9b31m.jpg",
        b"back\\slash\\xff.jpg",
        "포로.jpg".encode(),
        b"-o.jpg",
    ],
    ids=["undecodable", "newline", "escape", "right-to-left", "c1", "backslash", "korean", "like-an-option"],
)
def test_no_file_name_reaches_the_terminal_raw_or_is_lost(local: Desk, name: bytes) -> None:
    local.file(f"in/{os.fsdecode(name)}", drawing.jpeg(drawing.photo(1)))

    item = local.upload(local.files / "in")[0]["item"]

    for answer in (
        local("upload", local.files / "in"),
        local("upload", "--json", local.files / "in"),
        local("show", item),
        local("show", item, "--json"),
        local("list"),
        local("list", "--json"),
    ):
        for text in (answer.out, answer.err):
            assert not set(text) & set(STEERING)
            assert "\t" not in text
        assert len(answer.out.splitlines()) == answer.out.count("\n")
    (receipt,) = local.upload(local.files / "in")
    escapes = {0xDC00 + byte: f"\\x{byte:02x}" for byte in range(0x80, 0x100)}
    told = f"{local.files / 'in'}/" + name.decode("utf-8", "surrogateescape").translate(escapes)
    assert receipt["path"] == told  # half a character would be refused by a strict reader of JSON
    written = local.show(item)["acquisitions"][0]["file_name"]
    assert written == name.decode("utf-8", "surrogateescape").translate({ord("\\"): "\\\\", **escapes})


def test_nothing_that_was_said_reaches_the_terminal_raw(local: Desk) -> None:
    item = local.take("a.jpg", drawing.jpeg(drawing.photo(1)), "--caption", f"x{STEERING}y", "--claim", f"x{STEERING}z")
    local("claim", item, f"c{STEERING}d", "--by", f"e{STEERING}f")
    local("assess", item, "--status", "refuted", "--by", f"g{STEERING}h", "--basis", f"i{STEERING}j")

    for words in (("show", item), ("list",), ("find", item)):
        answer = local(*words)
        assert not set(answer.out + answer.err) & set(STEERING)
    assert local.show(item)["sightings"][0]["caption"] == f"x{STEERING}y"


def test_a_capture_time_without_an_offset_is_never_given_one(local: Desk) -> None:
    with_offset = {**EXIF, 0x8769: {0x9003: "2024:12:26 09:30:00", 0x9011: "+02:00"}}

    bare = local.show(local.take("bare.jpg", drawing.jpeg(drawing.photo(1), exif=EXIF)))["inspections"][0]
    known = local.show(local.take("known.jpg", drawing.jpeg(drawing.photo(2), exif=with_offset)))["inspections"][0]

    assert bare["captured"] == "2024-12-26T09:30:00"
    assert known["captured"] == "2024-12-26T09:30:00+02:00"
    assert (bare["camera"], bare["embedded"]["EXIF"]["DateTimeOriginal"]) == ("Maker Model 1", "2024:12:26 09:30:00")


def test_a_stated_time_of_publication_keeps_its_offset_and_is_shown_without_being_moved(on_catalogue: Desk) -> None:
    stated = ["2024-12-27T14:05:00+09:00", "2024-12-27T14:05", "2024-12~", "2024-12-26/.."]
    items = [
        on_catalogue.take(f"{seed}.jpg", drawing.jpeg(drawing.photo(seed)), "--published", when)
        for seed, when in enumerate(stated)
    ]

    on_catalogue("rebuild")

    assert [on_catalogue.show(item)["sightings"][0]["published"] for item in items] == stated
    line = next(line for line in on_catalogue("show", items[1]).out.splitlines() if "seen #" in line)
    assert "2024-12-27T14:05," in line  # nobody's UTC


def test_a_file_that_is_too_large_is_refused_whatever_it_claims(local: Desk) -> None:
    settings = local.home / "archive.toml"
    settings.write_text(settings.read_text().replace("largest_file = 5368709120", "largest_file = 5000"))
    big = local.file("big.jpg", drawing.jpeg(drawing.photo(1)))

    refused = local.upload(big, "-", code=3, stdin=big.read_bytes())

    assert all("the limit is 5,000" in receipt["error"] for receipt in refused)
    assert local.counts()["events"] == 0

"""Every hostile file is archived, inspected or bounded for a recorded reason; the innocent file behind it is untouched.

All of them are taken in by one upload, each followed by an innocent picture of its own; the tests look at what came of
it. What a file cost is what the operating system accounts for its child.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from archiver.inspection import launch
from archiver.inspection.inspector import ForkingInspector
from tests import drawing
from tests.archive.desk import Desk
from tests.zoo.animals import ANIMALS, release

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 4
"""Of CPU time that one inspection may use, by the archive's settings."""
SPACE = 1250 << 20
"""Bytes that no inspection needs. The largest picture that is decoded takes some 1,000 MiB, with what its child shares
with the process that it was forked from; the limit is 2 GiB."""

_STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_BOUNDED = {
    b"pixels-just-over-our-bound.png": "14143 x 14142 pixels are more than 200000000",
    b"pixels-far-over-our-bound.png": "2147483647 x 2147483647 pixels are more than 200000000",
    b"pixels-far-over-our-bound.jpg": "65500 x 65500 pixels are more than 200000000",
    b"pixels-far-over-our-bound.gif": "65535 x 65535 pixels are more than 200000000",
    b"pixels-far-over-our-bound.bmp": "2147483647 x 2147483647 pixels are more than 200000000",
    b"pixels-far-over-our-bound.tif": "2147483647 x 2147483647 pixels are more than 200000000",
    b"pixels-far-over-our-bound.webp": "16384 x 16384 pixels are more than 200000000",
    b"scans-by-the-thousand.jpg": f"more than {SECONDS} s of CPU time",
}
"""What is not decoded because of a bound, and which."""


@dataclass(frozen=True)
class Zoo:
    """What came of the upload.

    Attributes:
        desk: the archive.
        receipts: by file name.
        accounts: what the system accounted for the child that looked at a file, by item.
        said: what the upload said, to the letter.
    """

    desk: Desk
    receipts: dict[bytes, dict[str, Any]]
    accounts: dict[str, dict[str, Any]]
    said: str


def innocent(number: int) -> tuple[bytes, bytes]:
    """The picture that comes behind a hostile file: its name and its content."""
    name = list(ANIMALS)[number][:200] + b"~ innocent.jpg"
    return name, drawing.jpeg(drawing.photo(number, (96, 72)))


@pytest.fixture(scope="module")
def zoo(tmp_path_factory: pytest.TempPathFactory) -> Zoo:
    root = tmp_path_factory.mktemp("zoo")
    folder = root / "files"
    folder.mkdir()
    release(folder)
    for number in range(len(ANIMALS)):
        name, content = innocent(number)
        (folder / os.fsdecode(name)).write_bytes(content)
    with pytest.MonkeyPatch.context() as patch:
        for setting in [each for each in os.environ if each.startswith(("AWS_", "ARCHIVER_", "PG"))]:
            patch.delenv(setting)
        patch.chdir(root)
        patch.setattr(launch, "_SERVER", "tests.zoo.accounted")
        desk = Desk(root / "home", "file:store", "sqlite:catalogue.db", folder).make()
        settings = desk.home / "archive.toml"
        settings.write_text(re.sub(r"(?m)^cpu_seconds = .*$", f"cpu_seconds = {SECONDS}", settings.read_text()))
        answer = desk("upload", "--json", "--any-type", "--fast", folder)
    accounts = [json.loads(line) for line in (root / "accounts").read_text().splitlines()]
    return Zoo(
        desk,
        {_name(receipt["path"], folder): receipt for receipt in answer.lines},
        {account["item"]: account for account in accounts},
        answer.out + answer.err,
    )


def _name(path: str, folder: Path) -> bytes:
    """The name in a receipt as bytes: what is no text there is written out, a backslash doubled."""
    text = path.removeprefix(f"{folder}/")
    return re.sub(r"\\x([0-9a-f]{2})", lambda match: chr(0xDC00 + int(match[1], 16)), text).encode(
        errors="surrogateescape"
    )


def test_every_file_is_archived_to_the_byte(zoo: Zoo) -> None:
    stored = zoo.desk.open_store()
    assert zoo.receipts.keys() >= ANIMALS.keys()
    for name, make in ANIMALS.items():
        receipt = zoo.receipts[name]
        content = make()
        assert (name, receipt["status"]) == (name, "archived")
        assert receipt["item"] == hashlib.sha256(content).hexdigest()
        assert stored.read(zoo.desk.object_of(receipt["item"]), limit=2**30) == content
    assert zoo.desk.root()


def test_the_file_behind_is_untouched(zoo: Zoo, tmp_path: Path) -> None:
    listed = zoo.desk("fingerprints", "export", "--with-items", "--format", "jsonl").lines
    bits = {line["item"]: line["bits"] for line in listed}
    alone = ForkingInspector()
    for number in range(len(ANIMALS)):
        name, content = innocent(number)
        receipt = zoo.receipts[name]
        (tmp_path / "alone").write_bytes(content)
        look = alone.inspect(tmp_path / "alone").look
        assert look is not None
        assert (receipt["status"], receipt["decode"], receipt["width"]) == ("archived", "ok", 96)
        assert (name, bits[receipt["item"]]) == (name, look.bits)


def test_what_is_not_read_has_its_reason(zoo: Zoo) -> None:
    for name in ANIMALS:
        item = zoo.receipts[name]["item"]
        assert (name, zoo.accounts[item]["crashed"]) == (name, None)
        inspections = zoo.desk.show(item)["inspections"]
        if not inspections:
            assert (name, zoo.receipts[name]["media_type"]) == (b"comments-that-split-in-many-ways.jpg", None)
            continue
        decode, detail = inspections[0]["decode"], inspections[0]["detail"] or ""
        assert "unread" not in inspections[0]["embedded"], name  # there a parser of ours gave up all of it
        assert (name, decode == "ok") == (name, not detail)
        assert (name, decode == "refused-limits") == (name, name in _BOUNDED)
        assert (name, detail if name in _BOUNDED else "") == (name, _BOUNDED.get(name, ""))


def test_no_file_costs_more_than_its_limits_as_the_system_accounts_them(zoo: Zoo) -> None:
    assert zoo.accounts.keys() >= {receipt["item"] for receipt in zoo.receipts.values()}
    named = {receipt["item"]: name for name, receipt in zoo.receipts.items()}
    for item, account in zoo.accounts.items():
        assert account["seconds"] <= SECONDS + 1.5, named[item]  # the kernel looks once a second
        assert account["bytes"] <= SPACE, named[item]


def test_nothing_that_is_said_of_them_steers_a_terminal(zoo: Zoo) -> None:
    named = [name for name in ANIMALS if name.startswith((b"name", b"-rf", b"escapes"))]
    again = zoo.desk("upload", "--fast", *(zoo.desk.files / os.fsdecode(name) for name in named))
    told = [zoo.said, zoo.desk("list").out, again.out, again.err]
    told += [zoo.desk("show", zoo.receipts[name]["item"]).out for name in named]
    for text in told:
        found = _STEERING.search(text)
        assert found is None, text[max(0, found.start() - 100) : found.start() + 100]

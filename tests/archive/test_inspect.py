"""``inspect FILE…``: what an upload would record, of files that nobody takes in, and nothing is written anywhere."""

from __future__ import annotations

import json
import os
import re
import tempfile
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest

from archiver.facts.findings import MEANINGS, FindingCode
from archiver.settings import Settings
from tests import drawing
from tests.archive.desk import run
from tests.inspection import composed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Answer, Desk

EXIF: dict[int, dict[int, Any]] = {
    0: {0x010F: "Mak\x1b[31mer", 0x0110: "Model 1"},
    0x8769: {0x9003: "2024:12:26 09:30:00"},
}


@pytest.fixture(autouse=True)
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where private copies lie meanwhile."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def tree(folder: Path) -> dict[str, tuple[int, int, str]]:
    """Every file and folder below; of files size, time of change, and digest."""
    found = {}
    for path in sorted(folder.rglob("*")):
        about = path.lstat()
        content = path.read_bytes() if path.is_file() else None
        told = (0, 0, "") if content is None else (len(content), about.st_mtime_ns, sha256(content).hexdigest())
        found[str(path)] = told
    return found


def inspect(*words: object, code: int = 0, stdin: bytes = b"") -> Answer:
    answer = run("inspect", *words, stdin=stdin)
    assert answer.code == code, answer
    return answer


def test_without_any_archive_a_file_is_told_whole_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = drawing.jpeg(drawing.photo(1), exif=EXIF)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(content)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    before = tree(tmp_path)

    told = inspect(tmp_path / "in" / "a.jpg", "--json").json
    words = inspect(tmp_path / "in" / "a.jpg")

    assert tree(tmp_path) == before
    assert (told["status"], told["item"], told["size"]) == ("inspected", sha256(content).hexdigest(), len(content))
    assert (told["media_type"], told["width"], told["height"], told["decode"]) == ("image/jpeg", 360, 270, "ok")
    assert told["embedded"]["EXIF"]["DateTimeOriginal"] == "2024:12:26 09:30:00"
    assert {each["algorithm"].split(":")[0] for each in told["fingerprints"]} == {"phash-2"}
    assert told["inspector"].startswith("archiver ")
    assert "\x1b" not in words.out
    assert "Make: Mak\\x1b[31mer" in words.out
    assert words.err == ""


def test_it_tells_what_an_upload_records_and_leaves_an_archive_as_it_is(local: Desk, temporary: Path) -> None:
    path = local.file("named.png", drawing.jpeg(drawing.photo(1), exif=EXIF))
    item = local.take("named.png", path.read_bytes())
    before = tree(local.home)

    told = local("inspect", path, "--json").json

    assert tree(local.home) == before
    assert list(temporary.iterdir()) == []
    shown = local.show(item)
    (recorded,) = shown["inspections"]
    assert told["findings"] == shown["findings"]
    assert told["fingerprints"] == [{"region": None, **each} for each in shown["fingerprints"]]
    same = recorded.keys() - {"number", "recorded", "findings"}
    assert {name: told[name] for name in same} == {name: recorded[name] for name in same}


def test_a_folder_is_walked_as_an_upload_does_and_one_bad_file_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "in" / "deeper").mkdir(parents=True)
    (tmp_path / "in" / "b.png").write_bytes(drawing.png(drawing.photo(2)))
    (tmp_path / "in" / "deeper" / "a.txt").write_bytes(b"no picture")
    (tmp_path / "in" / ".hidden").write_bytes(b"x")
    os.mkfifo(tmp_path / "in" / "pipe")

    answer = inspect(tmp_path / "in", tmp_path / "nowhere", "--json", "--jobs", 2, code=3)

    told = {line["path"].rpartition("/")[2]: line for line in answer.lines}
    assert [line["path"].rpartition("/")[2] for line in answer.lines] == ["b.png", "a.txt", "nowhere"]
    assert told["nowhere"] == {
        "path": str(tmp_path / "nowhere"),
        "status": "failed",
        "error": "does not exist",
        "hint": "check the path",
    }
    assert (told["a.txt"]["status"], told["a.txt"]["decode"]) == ("inspected", "undecodable")
    assert "skipped" in answer.err
    assert ".hidden" in answer.err
    assert "a named pipe" in answer.err


def test_what_is_remarkable_is_told_with_what_it_means_and_changes_no_exit_code(tmp_path: Path) -> None:
    path = tmp_path / "named.png"
    path.write_bytes(drawing.jpeg(drawing.photo(1), exif={0x8769: {0x9003: "2099:01:01 00:00:00"}, 0: {0x0110: "M"}}))

    findings = inspect(path, "--json").json["findings"]
    words = inspect(path).out

    codes = [each["code"] for each in findings]
    for code in (FindingCode.CAPTURED_AFTER_INTAKE, FindingCode.TYPE_MISMATCH):
        told = findings[codes.index(code)]
        meaning = MEANINGS[code]
        assert (told["weight"], told["means"]) == (meaning.weight, meaning.means)
        assert told["does_not_mean"] == meaning.does_not_mean
        assert f"{meaning.weight} {code}: {told['detail'][:30]}" in words
        assert meaning.means in words
        assert meaning.does_not_mean in words
    assert codes.index(FindingCode.CAPTURED_AFTER_INTAKE) < codes.index(FindingCode.TYPE_MISMATCH)


IN_EXIF = b"Exif\x00\x00II*\x00\x08\x00\x00\x00"


def placed(path: Path, content: bytes) -> dict[str, str]:
    """What is told of each group that stands in the file, up to the place of its first block."""
    path.write_bytes(content)
    told = re.findall(r"^  ([A-Z]\w+): ([^\n]*?), at byte", inspect(path).out, re.MULTILINE)
    return {group: words for group, words in told if not words.endswith((" tag", " tags"))}


def test_nothing_is_told_of_a_block_only_where_none_of_its_parts_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    position: dict[int, dict[int, Any]] = {
        0: {0x0110: "M"},
        0x8825: {1: "N", 2: (51.0, 30.0, 0.0), 3: "E", 4: (36.0, 15.0, 0.0)},
    }
    nothing = "a block that nothing is told of"

    assert placed(path, drawing.jpeg(drawing.photo(1), exif=position)) == {"EXIF": "told under Image, GPS"}
    assert placed(path, composed.whole_jpeg()) == {
        "MakerNote": "told under EXIF",
        "Photoshop": "told under IPTC, Thumbnail",
        "C2PA": nothing,
    }
    assert placed(path, composed.whole_webp()) == {
        "MakerNote": "told under EXIF",
        "C2PA": "told under content credentials",
    }
    preview = composed.segment(0xE0, b"JFXX\x00\x10" + composed.THUMBNAIL)
    empty = composed.segment(0xE1, IN_EXIF + bytes(6))
    assert placed(path, composed.jpeg(preview, empty)) == {"EXIF": nothing}  # that thumbnail is not of it


def test_standard_input_is_inspected_and_a_finding_needs_a_name(tmp_path: Path) -> None:
    told = inspect("-", "--json", stdin=drawing.jpeg(drawing.photo(1))).json

    assert (told["path"], told["media_type"]) == ("-", "image/jpeg")
    assert FindingCode.TYPE_MISMATCH not in {each["code"] for each in told["findings"] or ()}
    refused = inspect("-", "--json", code=3).json
    assert (refused["status"], refused["error"]) == ("failed", "standard input holds nothing")
    assert "standard input was named twice" in inspect("-", "-", code=2, stdin=drawing.jpeg(drawing.photo(1))).err
    assert list(tmp_path.glob("temporary/*")) == []


@pytest.mark.parametrize("name", [b"line\nend.jpg", b"\x1b[2Jx.jpg", b"\xff\xfe.jpg", "\u202egpj.exe".encode()])
def test_no_name_steers_a_terminal_or_breaks_a_line(tmp_path: Path, name: bytes) -> None:
    path = os.fsencode(tmp_path) + b"/" + name
    with open(path, "wb") as file:  # noqa: PTH123 - a name of bytes
        file.write(drawing.jpeg(drawing.photo(1)))

    answer = inspect(os.fsdecode(path), "--json")
    words = inspect(os.fsdecode(path))

    assert len(answer.out.splitlines()) == 1
    assert json.loads(answer.out)["decode"] == "ok"
    for steering in ("\x1b", "\u202e", "\udcff"):
        assert steering not in answer.out + words.out
    assert words.out.splitlines()[0].startswith(str(tmp_path))


def test_the_limits_are_those_of_the_archive_that_is_there(local: Desk) -> None:
    settings = Settings.load(local.home)
    path = local.home / "archive.toml"
    assert settings.limits.largest_picture > 1000
    path.write_text(
        path.read_text().replace(f"largest_picture = {settings.limits.largest_picture}", "largest_picture = 1000")
    )
    picture = local.file("large.jpg", drawing.jpeg(drawing.photo(1)))

    assert local("inspect", picture, "--json").json["decode"] == "refused-limits"
    assert inspect(picture, "--json").json["decode"] == "ok"


@pytest.mark.parametrize("words", [[], ["x", "--outdated"], ["x", "--case", "Kursk"]])
def test_words_that_do_not_fit_together_are_refused(words: list[str]) -> None:
    assert run("inspect", *words).code == 2

"""The demonstration: it runs to its end, tells the truth, and its pictures are what it says they are."""

from __future__ import annotations

import io
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest
from PIL import Image, ImageChops, ImageStat

from archiver.fingerprint.algorithm import DEFAULT_RADIUS, QUALITY_BOUND
from archiver.fingerprint.perceptual import bits, distance, matrix, quality
from archiver.fingerprint.reduction import grey
from docs.demo import demo, drawing
from docs.demo.telling import Teller

if TYPE_CHECKING:
    from numpy import uint8
    from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]


class Pictures(NamedTuple):
    """The demonstration's files."""

    photo: bytes
    page: bytes
    repost: bytes


@pytest.fixture(scope="module")
def pictures() -> Pictures:
    page = drawing.notebook_page()
    return Pictures(drawing.captive_photo(), page, drawing.repost(page))


@pytest.mark.slow
def test_the_demonstration_runs_to_its_end_and_tells_the_whole_story_in_order(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "docs.demo.demo"],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path), "COLUMNS": "80", "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not list(tmp_path.iterdir())  # it leaves nothing behind
    told = ran.stdout
    told_in_order = [
        "$ archiver upload captive.jpg --source Yonhap --source-kind news-agency",
        "$ archiver upload notebook.png",
        "$ archiver find repost.jpg\nsame look",
        "$ archiver upload repost.jpg",
        "looks like",
        "killed or wounded' \\\n    --by 'President of Ukraine' --kind event",
        "is partially-verified, says Ida Example",
        "(exit code 2)",
        "status: unverified (nobody has judged it)",
        "intact: 3 items",
        "$ rm archive/catalogue.db",
        "rebuilt from the store",
        "letter for letter",
        "AMISS object-corrupt",
        "NOT INTACT: 1 finding",
        "(exit code 1)",
        "intact: 3 items",
        "Every step did as told",
    ]
    at = 0
    for words in told_in_order:
        assert words in told[at:], f"{words!r} is not told, or too early"
        at = told.index(words, at) + len(words)
    roots = re.findall(r"log root\s+([0-9a-f]{64})", told)
    assert len(roots) == 3
    assert len(set(roots)) == 1
    assert max(map(len, told.splitlines())) <= 80
    assert "\x1b" not in told  # no colour where there is no terminal


def test_the_pictures_are_the_same_bytes_every_time(pictures: Pictures) -> None:
    assert drawing.captive_photo() == pictures.photo
    assert drawing.notebook_page() == pictures.page
    assert drawing.repost(pictures.page) == pictures.repost


def test_the_pictures_are_rich_enough_to_be_told_apart_by_their_look(pictures: Pictures) -> None:
    reduced = [_reduced(each) for each in (*pictures, drawing.repost(pictures.photo))]
    photo, page, reposted_page, reposted_photo = map(bits, reduced)
    assert min(map(quality, reduced)) >= QUALITY_BOUND + 30
    assert distance(page, reposted_page) <= DEFAULT_RADIUS - 15
    assert distance(photo, reposted_photo) <= DEFAULT_RADIUS - 15
    assert min(distance(p, n) for p in (photo, reposted_photo) for n in (page, reposted_page)) >= 100


def test_the_repost_is_smaller_cropped_and_says_nothing_of_itself(pictures: Pictures) -> None:
    with Image.open(io.BytesIO(pictures.page)) as page, Image.open(io.BytesIO(pictures.repost)) as repost:
        assert repost.format == "JPEG"
        assert not repost.getexif()
        assert repost.width < page.width
        edges = (
            round(0.025 * page.width),
            round(0.015 * page.height),
            round(0.98 * page.width),
            round(0.97 * page.height),
        )
        assert _difference(repost, page.crop(edges)) < _difference(repost, page) / 2
    assert len(pictures.repost) < len(pictures.page) / 10


def test_the_photograph_says_in_its_metadata_that_it_is_a_stand_in(pictures: Pictures) -> None:
    with Image.open(io.BytesIO(pictures.photo)) as photo:
        assert str(photo.getexif()[0x010E]).startswith("STAND-IN")


def test_where_the_program_does_not_do_as_told_the_demonstration_fails_loudly_and_keeps_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "archive.toml").write_text("this is no setting\n")
    monkeypatch.setattr(tempfile, "mkdtemp", lambda **_named: str(tmp_path))
    monkeypatch.setattr(sys, "argv", ["demo"])
    assert demo.main() == 1
    said = capsys.readouterr()
    assert "did not do what the story says" in said.err
    assert "exits with 0, not 2" in said.err
    assert str(tmp_path) in said.out
    assert (tmp_path / "captive.jpg").exists()


def test_a_command_is_shown_as_a_shell_reads_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "50")
    words = ["printf", "%s|", "two words", "--option", "it’s 'quoted' $HOME", "--flag", "--last", "x" * 30]
    Teller().command(words)
    shown = capsys.readouterr().out.replace("$ ", "", 1)
    ran = subprocess.run(["/bin/sh", "-c", shown], capture_output=True, encoding="utf-8", check=True)
    assert ran.stdout.split("|")[:-1] == words[2:]


def _difference(repost: Image.Image, other: Image.Image) -> float:
    """The mean difference, in grey levels, at the repost's size."""
    sized = other.convert("L").resize(repost.size, Image.Resampling.LANCZOS)
    return ImageStat.Stat(ImageChops.difference(repost.convert("L"), sized)).mean[0]


def _reduced(content: bytes) -> NDArray[uint8]:
    picture = Image.open(io.BytesIO(content))
    return matrix(grey(picture))

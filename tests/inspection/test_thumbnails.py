"""The embedded thumbnail is held against the picture: something else, more of it, turned, or the same."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PIL import Image, ImageOps

from archiver.inspection.child import DONE, Outcome
from archiver.inspection.examine import examine
from archiver.inspection.sanity import check, thumbnail
from archiver.inspection.sanity.claims import Context
from archiver.inspection.testimony import read
from tests import drawing

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.inspection.report import Report

NOW = Context(datetime(2024, 6, 1, tzinfo=UTC))
SCENE = drawing.photo(7, (800, 600))
OTHER = drawing.photo(8, (800, 600))


def exif(embedded: bytes, orientation: int | None) -> bytes:
    """A TIFF structure of two directories, the second with a JPEG thumbnail (CIPA DC-008-2019, 4.5.5 and 4.6.2)."""
    first = [(0x0112, 3, orientation)] if orientation else []
    second = [(0x0103, 3, 6), (0x0201, 4, 0), (0x0202, 4, len(embedded))]
    after = 8 + 2 + 12 * len(first) + 4
    end = after + 2 + 12 * len(second) + 4
    written = b"II*\x00" + (8).to_bytes(4, "little")
    for entries, following in ((first, after), (second, 0)):
        written += len(entries).to_bytes(2, "little")
        for tag, kind, value in entries:
            written += tag.to_bytes(2, "little") + kind.to_bytes(2, "little") + (1).to_bytes(4, "little")
            written += (end if tag == 0x0201 else value).to_bytes(4, "little")
        written += following.to_bytes(4, "little")
    return b"Exif\x00\x00" + written + embedded


def small(image: Image.Image, size: tuple[int, int] = (160, 120)) -> bytes:
    return drawing.jpeg(image.resize(size), quality=70)


def report(tmp_path: Path, picture: Image.Image, embedded: bytes, orientation: int | None = None) -> Report:
    path = tmp_path / "picture.jpg"
    picture.save(path, "JPEG", quality=88, exif=exif(embedded, orientation))
    return read(Outcome(json.dumps(examine(path)).encode() + b"\n" + DONE, 0.1))


def told(found: Report) -> dict[str, str]:
    return {each["code"]: each["detail"] for each in thumbnail.findings(found)}


def letterboxed(image: Image.Image) -> bytes:
    framed = Image.new("RGB", (160, 120))
    framed.paste(image.resize((160, 90)), (0, 15))
    return drawing.jpeg(framed, quality=70)


def test_a_cameras_thumbnail_is_not_remarkable(tmp_path: Path) -> None:
    wide = drawing.photo(9, (960, 540))
    for picture, embedded in (
        (SCENE, small(SCENE)),
        (SCENE, small(SCENE, (80, 60))),
        (wide, small(wide)),  # squeezed
        (wide, letterboxed(wide)),
        (wide, small(wide.crop((120, 0, 840, 540)))),  # the middle of it
        (SCENE, small(SCENE.crop((40, 20, 780, 570)))),  # a little closer, and shifted
        (SCENE, small(ImageOps.autocontrast(SCENE.point(lambda level: level // 2 + 40)))),
    ):
        found = report(tmp_path, picture, embedded)
        assert found.thumbnail is not None
        assert told(found) == {}


def test_another_thumbnail_shows_something_else(tmp_path: Path) -> None:
    found = report(tmp_path, SCENE, small(OTHER))
    assert "do not show the same" in told(found)["thumbnail-differs"]
    (first, *_) = check.findings(found, NOW)
    assert first["code"] == "thumbnail-differs"


def test_a_thumbnail_of_before_the_cut_shows_more(tmp_path: Path) -> None:
    cut = SCENE.crop((200, 100, 680, 460))
    assert "shows more than the picture" in told(report(tmp_path, cut, small(SCENE)))["thumbnail-differs"]
    nearly = SCENE.crop((16, 12, 784, 588))
    assert told(report(tmp_path, nearly, small(SCENE))) == {}


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_thumbnail_that_is_turned_as_stated_or_not_at_all_is_not_remarkable(tmp_path: Path, orientation: int) -> None:
    lying = SCENE  # as coded; what is meant is SCENE turned by the orientation
    assert told(report(tmp_path, lying, small(lying), orientation)) == {}
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(drawing.jpeg(SCENE, exif={0: {0x0112: orientation}}))))
    size = (160, 120) if upright.width > upright.height else (120, 160)
    assert told(report(tmp_path, lying, small(upright, size), orientation)) == {}


def test_a_picture_that_was_turned_and_its_thumbnail_left(tmp_path: Path) -> None:
    turned = SCENE.transpose(Image.Transpose.ROTATE_270)
    detail = told(report(tmp_path, turned, small(SCENE), 1))["orientation-differs"]
    assert "turned by 90° clockwise" in detail


def test_what_cannot_be_compared_says_nothing(tmp_path: Path) -> None:
    assert told(report(tmp_path, SCENE, small(drawing.blank(90)))) == {}
    assert told(report(tmp_path, SCENE, b"\xff\xd8\xff\xe0 no thumbnail")) == {}
    whole = tmp_path / "picture.jpg"
    SCENE.save(whole, "JPEG", exif=exif(small(OTHER), None))
    whole.write_bytes(whole.read_bytes()[:-20_000])
    found = read(Outcome(json.dumps(examine(whole)).encode() + b"\n" + DONE, 0.1))
    assert found.decode == "truncated"
    assert told(found) == {}


def test_a_thumbnail_larger_than_any_is_not_decoded(tmp_path: Path) -> None:
    assert report(tmp_path, SCENE, drawing.jpeg(drawing.blank(9, (2000, 1000)), quality=20)).thumbnail is None
    found = report(tmp_path, SCENE, drawing.jpeg(SCENE.resize((400, 300)), quality=40)).thumbnail
    assert found is not None
    assert (found.width, found.height) == (160, 120)

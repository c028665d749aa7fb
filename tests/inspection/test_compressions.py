"""A picture that was compressed twice is told from one that was not, where it can be told at all."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from archiver.inspection.child import DONE, Outcome
from archiver.inspection.examine import examine
from archiver.inspection.sanity import compression, quality
from archiver.inspection.testimony import read
from archiver.inspection.wanted import Wanted
from tests import drawing

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.inspection.report import Report

SCENE = drawing.photo(3, (700, 520))


def report(tmp_path: Path, content: bytes) -> Report:
    path = tmp_path / "picture.jpg"
    path.write_bytes(content)
    found = examine(path, Wanted(compressions=True))
    return read(Outcome(json.dumps(found).encode() + b"\n" + DONE, 0.1))


def again(content: bytes, second: int) -> bytes:
    return drawing.jpeg(Image.open(io.BytesIO(content)).convert("RGB"), quality=second)


@pytest.mark.parametrize("once", [60, 75, 85, 92, 98])
def test_a_single_compression_is_not_remarkable(tmp_path: Path, once: int) -> None:
    found = report(tmp_path, drawing.jpeg(SCENE, quality=once))
    assert "compressed-again" not in {each["code"] for each in quality.findings(found)}


@pytest.mark.parametrize(("first", "second"), [(60, 75), (70, 85), (75, 90), (85, 95)])
def test_a_finer_second_compression_is_told(tmp_path: Path, first: int, second: int) -> None:
    found = report(tmp_path, again(drawing.jpeg(SCENE, quality=first), second))
    assert "compressed-again" in {each["code"] for each in quality.findings(found)}


def test_the_same_tables_again_cannot_be_told(tmp_path: Path) -> None:
    found = report(tmp_path, again(drawing.jpeg(SCENE, quality=85), 85))
    assert "compressed-again" not in {each["code"] for each in quality.findings(found)}


def test_too_few_blocks_and_flat_ones_say_nothing(tmp_path: Path) -> None:
    for picture in (drawing.photo(3, (200, 160)), drawing.blank(120, (700, 520))):
        found = report(tmp_path, again(drawing.jpeg(picture, quality=70), 90))
        assert found.jpeg is not None
        assert found.blocks is not None
        assert compression.bits(found.blocks.array(), found.jpeg.tables[0]) is None


def test_the_blocks_are_the_pictures_own_from_all_over_it(tmp_path: Path) -> None:
    wide = report(tmp_path, drawing.jpeg(drawing.photo(4, (1603, 405)))).blocks
    assert wide is not None
    assert (wide.width, wide.height) == (512, 400)
    image = Image.open(tmp_path / "picture.jpg")
    image.draft("L", image.size)
    assert wide.array()[:, :64].tobytes() == image.crop((0, 0, 64, 400)).tobytes()
    assert wide.array()[:, -64:].tobytes() == image.crop((1536, 0, 1600, 400)).tobytes()


def test_no_blocks_are_handed_out_unasked_or_of_other_formats(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(drawing.png(SCENE))
    (tmp_path / "a.jpg").write_bytes(drawing.jpeg(SCENE))
    assert "blocks" not in examine(tmp_path / "a.png", Wanted(compressions=True))
    assert "blocks" not in examine(tmp_path / "a.jpg")

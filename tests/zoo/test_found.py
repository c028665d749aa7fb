"""What fuzzing and the zoo found once stays mended."""

from __future__ import annotations

import io
import json
import struct
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from archiver.inspection import child, icc, pages
from archiver.inspection.blocks.walk import walk
from archiver.inspection.examine import examine
from archiver.inspection.limits import Limits
from archiver.inspection.media_type import MediaType
from archiver.inspection.sniff import sniff
from tests.inspection import composed
from tests.zoo import animals

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _within_limits(work: Callable[[], dict[str, Any]], seconds: int) -> dict[str, Any]:
    """What work in a child comes to that may use so many seconds of CPU time."""
    outcome = child.run(lambda: [work()], Limits(cpu_seconds=seconds))
    assert (outcome.refused, outcome.crashed) == (None, None)
    found: dict[str, Any] = json.loads(outcome.output.splitlines()[0])
    return found


def test_a_row_of_comments_is_read_once_whatever_follows_it() -> None:
    row = b"<!---->\n" * 40  # twenty-four took seconds, and each one more took twice as long
    assert _within_limits(lambda: {"media_type": sniff(row + b"x")}, 2) == {"media_type": None}
    assert sniff(b"<?xml version='1.0'?>\n" + row + b"<!DOCTYPE svg>\n<!-- > --><svg>") is MediaType.SVG


def test_a_description_that_ends_within_a_letter_is_read_up_to_there() -> None:
    whole = composed.profile("seen")
    odd = whole.replace(struct.pack(">I", 8) + struct.pack(">I", 28), struct.pack(">I", 7) + struct.pack(">I", 28))
    assert odd != whole
    assert icc.described(odd)[0]["description"] == "see"


def test_fill_bytes_are_passed_over_together() -> None:
    stray, fill = b"stray", b"\xff" * (32 << 20)  # one by one, the walk took half a second for each megabyte
    content = composed.jpeg(fill + composed.segment(0xFE, b"x"), stray + fill)

    def walked() -> dict[str, Any]:
        return {"strays": [[piece.offset, piece.length] for piece in walk(content, MediaType.JPEG).strays]}

    assert _within_limits(walked, 6) == {"strays": [[content.index(stray), len(stray)]]}


def test_the_directories_of_a_tiff_are_counted_once_each(tmp_path: Path) -> None:
    path = tmp_path / "chain.tif"
    path.write_bytes(animals.chain(100_000))  # Pillow compares each with all before it
    found = _within_limits(lambda: examine(path), 10)
    assert (found["decode"], found["frames"]) == ("ok", 100_000)


@pytest.mark.parametrize("options", [{}, {"big_tiff": True}])
def test_the_pictures_of_a_tiff_are_as_many_as_pillow_counts(options: dict[str, bool]) -> None:
    handle = io.BytesIO()
    sheets = [composed.picture((8, 8)) for _ in range(3)]
    sheets[0].save(handle, "TIFF", save_all=True, append_images=sheets[1:], **options)
    assert pages.count(handle) == getattr(Image.open(handle), "n_frames", 0) == 3


@pytest.mark.parametrize(
    ("content", "count"),
    [
        (animals.chain(3, circle=True), 3),
        (animals.chain(1, circle=True), 1),
        (animals.chain(3)[:-20], 3),
        (animals.chain(3)[:100], 1),
        (b"II*\x00", 1),
        (b"MM\x00+\x00\x08\x00\x00" + b"\xff" * 8, 1),
    ],
)
def test_a_chain_that_breaks_or_goes_in_a_circle_is_counted_as_far_as_it_goes(content: bytes, count: int) -> None:
    assert pages.count(io.BytesIO(content)) == count


def test_no_picture_is_lost_over_the_size_of_its_texts(tmp_path: Path) -> None:
    path = tmp_path / "texts.png"
    path.write_bytes(animals.many_texts(80))
    assert examine(path)["decode"] == "ok"

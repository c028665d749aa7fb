"""A camera's raw file is shown by the largest preview inside, and says so."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from archiver.fingerprint import perceptual
from archiver.fingerprint.reduction import UPRIGHT
from archiver.inspection.examine import examine
from archiver.inspection.media_type import PREVIEWED
from archiver.inspection.wanted import Wanted
from tests.inspection import raw_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.fingerprint.drawn import Drawn

UNDO = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}
"""The orientation whose turn undoes that of another."""


def look(found: dict[str, Any]) -> str:
    return perceptual.bits(perceptual.of_samples(bytes.fromhex(found["samples"])))


def small(drawn: Drawn) -> bytes:
    """A thumbnail that shows something else."""
    return drawn.jpeg(drawn.scene(160, 120, seed=5))


def test_every_raw_type_has_a_writer_here() -> None:
    assert set(raw_files.WRITERS) == {str(media_type) for media_type in PREVIEWED}


@pytest.mark.parametrize("write", [*raw_files.WRITERS.values(), raw_files.cr3_full], ids=lambda write: write.__name__)
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_largest_preview_is_shown_upright_and_its_place_is_told(
    write: Callable[..., bytes], orientation: int, tmp_path: Path, drawn: Drawn
) -> None:
    upright = drawn.scene(900, 700)
    stored = upright if orientation == 1 else upright.transpose(UPRIGHT[UNDO[orientation]])
    exif = Image.Exif()
    exif[0x0112] = orientation
    content = io.BytesIO()
    stored.save(content, "JPEG", **({"exif": exif} if write is raw_files.raf else {}))
    preview = content.getvalue()
    path = tmp_path / "raw"
    path.write_bytes(write(preview, small(drawn), orientation))

    found = examine(path, Wanted(pixel_digest=True))

    assert (found["decode"], found["detail"]) == ("ok", None)
    assert (found["width"], found["height"]) == stored.size
    assert found["orientation"] == orientation
    (finding,) = (each for each in found["findings"] if each["code"] == "preview-only")
    assert f"{stored.width} x {stored.height}" in finding["detail"]
    place = slice(finding["offset"], finding["offset"] + finding["length"])
    assert path.read_bytes()[place] == preview
    assert perceptual.distance(look(found), perceptual.bits(perceptual.matrix(upright.convert("L")))) <= 16
    assert "pixels" not in found  # it would be a digest of the preview


def test_the_type_is_told_and_the_size_of_the_raw_data(tmp_path: Path, drawn: Drawn) -> None:
    preview = drawn.jpeg(drawn.scene())
    for media_type, write in raw_files.WRITERS.items():
        (tmp_path / "raw").write_bytes(write(preview, small(drawn)))
        found = examine(tmp_path / "raw")
        assert found["media_type"] == media_type
        if write in {raw_files.arw, raw_files.nef, raw_files.cr2}:
            assert found["findings"][0]["detail"].endswith("; the raw data states 6000 x 4000")


def test_a_preview_that_ends_with_the_file_is_truncated(tmp_path: Path, drawn: Drawn) -> None:
    whole = raw_files.cr3_full(drawn.jpeg(drawn.scene()), small(drawn))
    (tmp_path / "raw").write_bytes(raw_files.rw2(drawn.jpeg(drawn.scene()), b"")[:-20_000])
    assert examine(tmp_path / "raw")["decode"] == "truncated"
    (tmp_path / "raw").write_bytes(whole[: len(whole) // 2])  # the boxes before the media still stand
    assert "preview-only" in {finding["code"] for finding in examine(tmp_path / "raw")["findings"]}


def test_raw_data_without_a_preview_is_undecodable_and_keeps_what_it_claims(tmp_path: Path) -> None:
    first = [
        *raw_files.camera(b"SONY"),
        (0xFE, 4, 1),
        (0x14A, 4, raw_files.Below(raw_files.strip(raw_files.LOSSLESS, 9, 9, 7))),
    ]
    (tmp_path / "raw").write_bytes(raw_files.tiff([first]))
    found = examine(tmp_path / "raw")
    assert (found["media_type"], found["decode"]) == ("image/x-sony-arw", "undecodable")
    assert "no preview" in found["detail"]
    assert found["camera"] == "SONY"


def test_directories_that_lead_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    whole = bytearray(raw_files.dng(raw_files.LOSSLESS, raw_files.LOSSLESS))
    (count,) = struct.unpack_from("<H", whole, 8)
    struct.pack_into("<I", whole, 8 + 2 + 12 * count, 8)
    (tmp_path / "raw").write_bytes(whole)
    assert examine(tmp_path / "raw")["decode"] == "undecodable"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.sampled_from(sorted(raw_files.WRITERS)),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_whatever_stands_in_the_structure_ends_as_a_finding(
    name: str, changes: list[tuple[int, int]], tmp_path: Path, drawn: Drawn
) -> None:
    preview = drawn.jpeg(drawn.scene(60, 40))
    whole = bytearray(raw_files.WRITERS[name](preview, preview[:-2]))
    for place, value in changes:
        whole[place] = value
    (tmp_path / "raw").write_bytes(whole)
    assert examine(tmp_path / "raw")["decode"] in {
        "ok",
        "decoded-with-errors",
        "truncated",
        "undecodable",
        "refused-limits",
    }

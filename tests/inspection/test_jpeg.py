"""How a JPEG was written is read from its header, bounded and believed strictly; its quality is libjpeg's scale."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from archiver.inspection.child import DONE, Outcome
from archiver.inspection.examine import examine
from archiver.inspection.jpeg import Jpeg, quality
from archiver.inspection.testimony import read
from tests import drawing

if TYPE_CHECKING:
    from pathlib import Path

TABLE = [16] * 64
GOOD: dict[str, Any] = {"tables": [TABLE, TABLE], "progressive": False, "subsampling": "4:2:0", "ducky": False}


def written(tmp_path: Path, **options: Any) -> dict[str, Any]:
    content = io.BytesIO()
    drawing.photo(1).save(content, **options)
    path = tmp_path / "picture"
    path.write_bytes(content.getvalue())
    return examine(path)


@pytest.mark.parametrize("wanted", [1, 10, 25, 49, 50, 51, 75, 90, 95, 99, 100])
def test_the_quality_that_a_file_was_saved_with_is_told_exactly(tmp_path: Path, wanted: int) -> None:
    found = written(tmp_path, format="JPEG", quality=wanted)["jpeg"]
    assert quality(found["tables"]) == (wanted, True)


def test_scans_and_subsampling_are_told(tmp_path: Path) -> None:
    for option, name in ((0, "4:4:4"), (1, "4:2:2"), (2, "4:2:0")):
        found = written(tmp_path, format="JPEG", subsampling=option, progressive=option == 1)["jpeg"]
        assert (found["subsampling"], found["progressive"]) == (name, option == 1)


def test_no_other_picture_says_it(tmp_path: Path) -> None:
    assert "jpeg" not in written(tmp_path, format="PNG")
    assert "jpeg" not in written(tmp_path, format="WEBP")


def test_tables_near_the_scale_are_estimated_and_tables_of_another_kind_have_no_quality(tmp_path: Path) -> None:
    tables = written(tmp_path, format="JPEG", quality=80)["jpeg"]["tables"]
    assert quality([[step + 1 if at == 3 else step for at, step in enumerate(table)] for table in tables]) == (
        80,
        False,
    )
    assert quality([[1 + 5 * (at % 7) for at in range(64)]]) is None
    assert quality([]) is None
    assert quality([[0] * 64]) is None


def read_back(jpeg: Any) -> Jpeg | None:
    output = json.dumps({"media_type": "image/jpeg", "decode": "ok", "jpeg": jpeg}).encode() + b"\n" + DONE
    return read(Outcome(output, 0.1)).jpeg


def test_what_a_child_says_of_it_is_believed_only_as_it_must_be() -> None:
    assert read_back(GOOD) == Jpeg((tuple(TABLE), tuple(TABLE)), progressive=False, subsampling="4:2:0")
    wrong: Any
    for wrong in (
        None,
        [],
        {**GOOD, "more": 1},
        {**GOOD, "tables": []},
        {**GOOD, "tables": [TABLE] * 5},
        {**GOOD, "tables": [TABLE[:-1]]},
        {**GOOD, "tables": [[*TABLE[:-1], 65_536]]},
        {**GOOD, "tables": [[*TABLE[:-1], -1]]},
        {**GOOD, "tables": [[*TABLE[:-1], True]]},
        {**GOOD, "tables": [[*TABLE[:-1], 1.5]]},
        {**GOOD, "tables": "16" * 64},
        {**GOOD, "progressive": 1},
        {**GOOD, "ducky": 1},
        {**GOOD, "subsampling": "4:2:1"},
        {**GOOD, "subsampling": ["4:2:0"]},
    ):
        assert read_back(wrong) is None

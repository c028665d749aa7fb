"""A colour profile that makes another picture of the pixels is a finding; usual ones are none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from PIL import ImageOps

from archiver.inspection.child import DONE, Outcome
from archiver.inspection.examine import examine
from archiver.inspection.sanity import profile
from archiver.inspection.testimony import read
from tests import drawing
from tests.fingerprint import profiles

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

SCENE = drawing.photo(7, (900, 700))


def told(tmp_path: Path, picture: Image.Image, form: str, content: bytes | None) -> list[tuple[str, str]]:
    path = tmp_path / "picture"
    picture.save(path, form, icc_profile=content)
    found = read(Outcome(json.dumps(examine(path)).encode() + b"\n" + DONE, 0.1))
    assert found.decode == "ok"
    return [(each["code"], each["detail"]) for each in profile.findings(found)]


@pytest.mark.parametrize("form", ["JPEG", "PNG"])
def test_a_negative_shown_as_a_picture_and_a_picture_shown_as_black_are_told(form: str, tmp_path: Path) -> None:
    inverting = profiles.rgb(profiles.SRGB, profiles.inverted)
    ((code, detail),) = told(tmp_path, ImageOps.invert(SCENE), form, inverting)
    assert code == "profile-differs"
    assert "of 256 bits apart" in detail
    assert "blank" not in detail
    ((_, black),) = told(tmp_path, SCENE, form, profiles.rgb(profiles.SRGB, lambda _: 0.0))
    assert black.endswith("what is shown is blank or nearly so")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(None, id="none"),
        pytest.param(profiles.rgb(profiles.SRGB, profiles.srgb_curve), id="sRGB"),
        pytest.param(profiles.rgb(profiles.PROPHOTO, profiles.gamma(1.8)), id="a wide gamut"),
        pytest.param(profiles.rgb(profiles.SRGB, profiles.gamma(1.0)), id="linear light"),
        pytest.param(b"no profile at all", id="broken"),
    ],
)
def test_usual_profiles_are_none(content: bytes | None, tmp_path: Path) -> None:
    assert told(tmp_path, SCENE, "PNG", content) == []


def test_a_blank_page_is_none(tmp_path: Path) -> None:
    blank = SCENE.resize((1, 1)).resize((900, 700))
    assert told(tmp_path, blank, "PNG", profiles.rgb(profiles.SRGB, profiles.inverted)) == []

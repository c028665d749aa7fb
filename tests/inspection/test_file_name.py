"""A name that says another format is a finding, and no customary name is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.inspection.file_name import ENDINGS, of_name
from archiver.inspection.media_type import MediaType


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("image/jpeg", "IMG_1.JPG"),
        ("image/jpeg", "a.jpeg"),
        ("image/jpeg", "a.jpe"),
        ("image/jpeg", "a.jfif"),
        ("image/heic", "a.heif"),
        ("image/heif", "a.HEIC"),
        ("image/tiff", "a.tif"),
        ("image/tiff", "a.tiff"),
        ("image/tiff", "DSC_1.NEF"),
        ("image/x-nikon-nef", "DSC_1.NEF"),
        ("image/tiff", "a.dng"),
        ("image/apng", "a.png"),
        ("video/quicktime", "a.mp4"),
        ("image/jpeg", "no ending"),
        ("image/jpeg", ".jpg"),
        ("image/jpeg", "photo.of.somebody"),
        (None, "a.txt"),
        (None, "a"),
    ],
)
def test_a_customary_name_is_no_finding(media_type: str | None, name: str) -> None:
    assert of_name(media_type, name) is None


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("image/png", "photo.jpg"),
        ("image/jpeg", "photo.HEIC"),
        ("image/webp", "photo.png"),
        ("image/jpeg", "invoice.pdf"),
        ("video/mp4", "photo.jpeg"),
        (None, "photo.jpg"),
        ("image/jpeg", "photo.cr2"),
    ],
)
def test_another_format_is_told(media_type: str | None, name: str) -> None:
    finding = of_name(media_type, name)
    assert finding is not None
    assert finding["code"] == "type-mismatch"
    assert name.rpartition(".")[2] in finding["detail"]
    assert (media_type or "neither") in finding["detail"]


def test_every_type_that_is_told_has_a_name_that_is_no_finding() -> None:
    assert set[MediaType]().union(*ENDINGS.values()) == set(MediaType)


@given(st.text(), st.sampled_from([None, *MediaType]))
def test_no_name_whatever_raises(name: str, media_type: MediaType | None) -> None:
    finding = of_name(media_type, name + ".jpg")
    assert (finding is None) == (media_type is MediaType.JPEG or not name)

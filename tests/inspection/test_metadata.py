"""Embedded metadata is kept raw and by group, and nothing is invented."""

from __future__ import annotations

import hashlib
import io
import json
from typing import TYPE_CHECKING, Any

import pillow_heif
import pytest
from PIL import Image, PngImagePlugin
from PIL.TiffImagePlugin import IFDRational

from archiver.inspection import metadata
from archiver.inspection.examine import examine

if TYPE_CHECKING:
    from pathlib import Path

EXIF, GPS = 0x8769, 0x8825


def exif(
    image: dict[int, Any] | None = None, sub: dict[int, Any] | None = None, gps: dict[int, Any] | None = None
) -> Image.Exif:
    block = Image.Exif()
    block.update(image or {})
    if sub:
        block.get_ifd(EXIF).update(sub)
    if gps:
        block.get_ifd(GPS).update(gps)
    return block


def said(folder: Path, block: Image.Exif, form: str = "JPEG", **options: Any) -> dict[str, Any]:
    path = folder / "picture"
    Image.new("RGB", (64, 48), (90, 80, 70)).save(path, form, exif=block, **options)
    return examine(path)


PLACE = {1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 36.0)}


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_every_format_gives_the_same_claims(form: str, tmp_path: Path) -> None:
    found = said(tmp_path, exif({0x10F: "Canon", 0x110: "Canon EOS 5D"}, {0x9003: "2024:12:27 14:05:00"}, PLACE), form)
    assert found["camera"] == "Canon EOS 5D"
    assert found["captured"] == "2024-12-27T14:05:00"
    assert found["latitude"] == pytest.approx(52.52)
    assert found["longitude"] == pytest.approx(13.41)
    assert found["metadata"]["Image"]["Make"] == "Canon"
    assert found["metadata"]["EXIF"]["DateTimeOriginal"] == "2024:12:27 14:05:00"


def test_a_tiff_is_read_in_place(tmp_path: Path) -> None:
    found = said(tmp_path, exif({0x10F: "Hasselblad", 0x110: "X1D"}), "TIFF")
    assert found["camera"] == "Hasselblad X1D"
    assert found["metadata"]["Image"]["ImageWidth"]["values"] == [64]


def test_heic_is_read_as_the_file_has_it_and_not_as_the_decoder_rewrites_it(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    block = exif({0x10F: "Apple", 0x110: "iPhone", 0x112: 6}).tobytes()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48))).save(path, exif=block)
    found = examine(path)
    assert found["camera"] == "Apple iPhone"
    assert found["metadata"]["Image"]["Orientation"]["values"] == [found["orientation"]]


def test_the_offset_and_the_fraction_are_kept_where_the_file_states_them(tmp_path: Path) -> None:
    found = said(tmp_path, exif(sub={0x9003: "2024:12:27 14:05:00", 0x9011: "+09:00", 0x9291: "042"}))
    assert found["captured"] == "2024-12-27T14:05:00.042+09:00"


@pytest.mark.parametrize("offset", ["", "Z", "+9", "+25:00", "UTC", "+09:99"])
def test_an_offset_that_is_none_is_never_invented(offset: str, tmp_path: Path) -> None:
    assert (
        said(tmp_path, exif(sub={0x9003: "2024:12:27 14:05:00", 0x9011: offset}))["captured"] == "2024-12-27T14:05:00"
    )


@pytest.mark.parametrize(
    "date", ["0000:00:00 00:00:00", "2023:02:29 10:00:00", "    :  :     :  :  ", "2024-12-27 14:05:00", "yesterday"]
)
def test_a_date_that_the_calendar_does_not_have_is_no_capture_time_and_stays_readable(
    date: str, tmp_path: Path
) -> None:
    found = said(tmp_path, exif(sub={0x9003: date}))
    assert found["captured"] is None
    assert found["metadata"]["EXIF"]["DateTimeOriginal"] == date


def test_the_time_of_the_last_change_is_no_capture_time(tmp_path: Path) -> None:
    assert said(tmp_path, exif({0x132: "2024:12:27 14:05:00"}))["captured"] is None


@pytest.mark.parametrize(
    ("ns", "ew", "north", "east"), [("N", "E", 1, 1), ("S", "E", -1, 1), ("N", "W", 1, -1), ("S", "W", -1, -1)]
)
def test_hemispheres_have_their_signs(ns: str, ew: str, north: int, east: int, tmp_path: Path) -> None:
    found = said(tmp_path, exif(gps={**PLACE, 1: ns, 3: ew}))
    assert found["latitude"] == pytest.approx(52.52 * north)
    assert found["longitude"] == pytest.approx(13.41 * east)


@pytest.mark.parametrize(
    "gps",
    [
        {2: (52.0, 31.0, 12.0), 4: (13.0, 24.0, 36.0)},
        {**PLACE, 1: "X", 3: "?"},
        {**PLACE, 2: (91.0, 0.0, 0.0), 4: (181.0, 0.0, 0.0)},
        {**PLACE, 2: (IFDRational(52, 0), 31.0, 12.0), 4: (13.0, IFDRational(1, 0), 36.0)},
    ],
)
def test_a_place_that_does_not_hold_is_no_place(gps: dict[int, Any], tmp_path: Path) -> None:
    found = said(tmp_path, exif(gps=gps))
    assert (found["latitude"], found["longitude"]) == (None, None)
    assert "GPSLatitude" in found["metadata"]["GPS"]


@pytest.mark.parametrize(("reference", "altitude"), [(b"\x00", 430.5), (b"\x01", -430.5)])
def test_below_the_sea_is_negative(reference: bytes, altitude: float, tmp_path: Path) -> None:
    assert said(tmp_path, exif(gps={5: reference, 6: 430.5}))["altitude"] == pytest.approx(altitude)


def test_rationals_keep_their_two_numbers(tmp_path: Path) -> None:
    found = said(tmp_path, exif(sub={0x829A: IFDRational(1, 125)}))
    assert found["metadata"]["EXIF"]["ExposureTime"] == {"text": "1/125", "values": ["1/125"]}


def test_the_maker_note_is_named_by_its_digest_and_the_user_comment_is_read(tmp_path: Path) -> None:
    note = bytes(range(256)) * 20
    found = said(tmp_path, exif(sub={0x927C: note, 0x9286: b"UNICODE\x00" + "Мариуполь".encode("utf-16-be")}))
    digest = hashlib.sha256(note).hexdigest()
    assert found["metadata"]["EXIF"]["MakerNote"] == {"bytes": len(note), "sha256": digest}
    assert found["metadata"]["EXIF"]["UserComment"] == "Мариуполь"


def test_text_that_is_no_text_survives(tmp_path: Path) -> None:
    block = exif({0x10E: "PLACEHOLDER", 0x13B: "ARTISTHERE"}).tobytes()
    block = block.replace(b"PLACEHOLDER", b"\xff\xfe\\captions").replace(b"ARTISTHERE", "Марія".encode())
    path = tmp_path / "picture"
    Image.new("RGB", (64, 48)).save(path, "JPEG", exif=block)
    groups = examine(path)["metadata"]
    assert groups["Image"]["ImageDescription"] == "\\xff\\xfe\\\\captions"
    assert groups["Image"]["Artist"] == "Марія"


def test_groups_never_overwrite_one_another(tmp_path: Path) -> None:
    groups = said(tmp_path, exif({0x132: "2020:01:01 00:00:00"}, {0x9003: "2019:01:01 00:00:00"}))["metadata"]
    assert groups["Image"]["DateTime"] == "2020:01:01 00:00:00"
    assert groups["EXIF"]["DateTimeOriginal"] == "2019:01:01 00:00:00"


def test_captions_beside_exif_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "picture"
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", "Жанна")
    text.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta/>")  # a prefix that nothing declares
    Image.new("RGB", (9, 9)).save(path, "PNG", pnginfo=text)
    groups = examine(path)["metadata"]
    assert groups["PNG"] == {"Author": "Жанна"}
    assert groups["XMP"]["packet"] == "<x:xmpmeta/>"


def test_iptc_captions_are_kept_by_record_number_and_name(tmp_path: Path) -> None:
    data = b"\x1c\x02\x78\x00\x07caption\x1c\x02\x19\x00\x01a\x1c\x02\x19\x00\x01b"
    resource = b"8BIM\x04\x04\x00\x00" + len(data).to_bytes(4, "big") + data + b"\x00" * (len(data) % 2)
    segment = b"Photoshop 3.0\x00" + resource
    content = io.BytesIO()
    Image.new("RGB", (64, 48)).save(content, "JPEG")
    jpeg = content.getvalue()
    path = tmp_path / "picture"
    path.write_bytes(jpeg[:2] + b"\xff\xed" + (len(segment) + 2).to_bytes(2, "big") + segment + jpeg[2:])
    assert examine(path)["metadata"]["IPTC"] == {
        "2:120 Caption/Abstract": ["caption"],
        "2:25 Keywords": ["a", "b"],
    }


def test_too_much_metadata_is_cut_with_a_mark() -> None:
    groups = {"Image": {f"Tag {number}": "x" * 3000 for number in range(500)}}
    fitted = metadata.fitted(groups)
    assert len(json.dumps(fitted)) <= metadata.MOST_BYTES * 1.1
    assert fitted["cut"]["tags"] + len(fitted["Image"]) == 500

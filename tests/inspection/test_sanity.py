"""What a file states is held against itself and against its moment: seen where it is there, silent where it nearly is.

Each rule has a statement that gives rise to it, and one next to it that does not.
"""

from __future__ import annotations

import struct
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.inspection.jpeg import Jpeg
from archiver.inspection.media_type import MediaType
from archiver.inspection.report import Report
from archiver.inspection.sanity import check
from archiver.inspection.sanity.claims import Context
from tests import drawing
from tests.inspection import composed
from tests.inspection.claimed import said

NOW = datetime(2024, 6, 1, 12, tzinfo=UTC)
CAMERA = Report(
    media_type="image/jpeg", width=4000, height=3000, orientation=1, decode="ok", camera="Canon EOS 5D",
    captured="2024-05-01T10:00:00",
)  # fmt: skip
BARE = Report(media_type="image/jpeg", width=900, height=700, decode="ok")


def found(report: Report, name: str | None = None, **groups: Any) -> dict[str, str]:
    """Findings by code, of a report with this metadata; a double underscore in a group's tags stands for a colon."""
    report = replace(report, metadata={**report.metadata, **groups})
    return {each["code"]: each["detail"] for each in check.findings(report, Context(NOW, name))}


def found_in(content: bytes) -> dict[str, str]:
    """Findings by code, of a JPEG as it is read."""
    report = Report(media_type=MediaType.JPEG, width=40, height=30, decode="ok", **said(content))
    return {each["code"]: each["detail"] for each in check.findings(report, Context(NOW))}


def clock(*parts: str) -> dict[str, Any]:
    return {"text": str(parts), "values": [part if "/" in part else f"{part}/1" for part in parts]}


@pytest.mark.parametrize(
    ("captured", "remarkable"),
    [
        ("2024-06-01T12:15:00+00:00", True),
        ("2024-06-01T12:05:00+00:00", False),  # clocks differ by minutes
        ("2024-06-01T14:15:00+02:00", True),
        ("2024-06-02T01:55:00", False),  # on the Line Islands, UTC+14, it is 02:00 on the next day
        ("2024-06-02T02:15:00", True),
        ("9999-12-31T23:59:59", False),  # no clock, but the end of the calendar
    ],
)
def test_a_capture_after_intake_is_told_only_where_no_zone_explains_it(captured: str, remarkable: bool) -> None:  # noqa: FBT001 - a table's column
    told = found(replace(CAMERA, captured=captured))
    assert ("captured-after-intake" in told) is remarkable
    assert not remarkable or captured in told["captured-after-intake"]


@pytest.mark.parametrize(
    ("captured", "date", "time", "remarkable"),
    [
        ("2024-05-01T10:00:00", "2024:05:01", ("4", "15", "12"), False),  # Nepal, UTC+5:45
        ("2024-05-01T10:00:00", "2024:05:01", ("2", "45", "0"), True),  # no zone is 7:15 ahead
        ("2024-05-01T10:00:00", "2024:04:29", ("10", "0", "0"), True),
        ("2024-05-01T10:00:00+02:00", "2024:05:01", ("8", "0", "2501/100"), False),
        ("2024-05-01T10:00:00+02:00", "2024:05:01", ("9", "0", "0"), True),
        ("2024-05-01T10:00:00+02:00", "2024:13:01", ("9", "0", "0"), False),  # no date
        ("2024-05-01T10:00:00+02:00", "2024:05:01", ("9", "0", "1/0"), False),  # no time
        ("2024-05-01T10:00:00+02:00", "2024:05:01", ("9", "0"), False),
    ],
)
def test_satellite_time_and_clock(captured: str, date: str, time: tuple[str, ...], remarkable: bool) -> None:  # noqa: FBT001 - a table's column
    told = found(replace(CAMERA, captured=captured), GPS={"GPSDate": date, "GPSTimeStamp": clock(*time)})
    assert ("gps-time-differs" in told) is remarkable


@pytest.mark.parametrize(
    ("groups", "remarkable"),
    [
        ({"XMP": {"photoshop:DateCreated": "2024-05-01T10:00:00"}}, False),
        ({"XMP": {"photoshop:DateCreated": "2024-05-01T10:00"}}, False),
        ({"XMP": {"photoshop:DateCreated": "2024-05-01"}}, False),
        ({"XMP": {"photoshop:DateCreated": "2024-05-03"}}, True),
        ({"XMP": {"photoshop:DateCreated": "2024-05-01T08:00:00Z"}}, False),  # taken at UTC+2
        ({"XMP": {"exif:DateTimeOriginal": "2024-05-01T08:07:00Z"}}, True),
        ({"XMP": {"exif:DateTimeOriginal": "2019-05-01T10:00:00"}}, True),
        ({"IPTC": {"2:55 Date Created": ["20240501"], "2:60 Time Created": ["100000+0200"]}}, False),
        ({"IPTC": {"2:55 Date Created": ["20240501"], "2:60 Time Created": ["100900+0200"]}}, True),
        ({"IPTC": {"2:55 Date Created": ["20240504"]}}, True),
        ({"IPTC": {"2:55 Date Created": ["0"], "2:60 Time Created": 7}}, False),
        ({"Image": {"DateTime": "2024:05:01 09:59:59"}}, False),
        ({"Image": {"DateTime": "2024:05:01 09:52:00"}}, True),  # changed before it was taken
        ({"Image": {"DateTime": "2024:05:09 10:00:00"}}, False),  # changed later, as pictures are
    ],
)
def test_times_in_several_blocks(groups: dict[str, Any], remarkable: bool) -> None:  # noqa: FBT001 - a table's column
    assert ("times-differ" in found(CAMERA, **groups)) is remarkable


def test_data_sets_of_iptc_are_asked_for_by_the_names_under_which_they_are_read() -> None:
    sets = {40: b"FBMD01000a", 55: b"20190501", 60: b"100000+0200", 65: b"darktable 4.6"}
    resource = composed.resource(0x0404, b"".join(composed.data_set(2, *each) for each in sets.items()))
    photoshop = composed.segment(0xED, b"Photoshop 3.0\x00" + resource)

    told = found_in(composed.jpeg(composed.segment(0xE1, b"Exif\x00\x00" + composed.exif()), photoshop))

    assert "IPTC 2:55 and 2:60 2019-05-01T10:00:00+0200" in told["times-differ"]
    assert "darktable 4.6 (IPTC 2:65)" in told["editing-software"]
    assert "FBMD" in told["platform-traces"]
    assert "metadata-stripped" not in found_in(composed.jpeg(photoshop))


def test_two_times_that_have_their_offsets_are_compared_as_instants() -> None:
    report = replace(CAMERA, captured="2024-05-01T10:00:00+02:00")
    assert "times-differ" not in found(report, XMP={"photoshop:DateCreated": "2024-05-01T08:00:00+00:00"})
    assert "times-differ" in found(report, XMP={"photoshop:DateCreated": "2024-05-01T09:00:00+00:00"})
    assert "times-differ" not in found(report, XMP={"photoshop:DateCreated": "2024-05-01T10:00:00Z"})  # as many write


@pytest.mark.parametrize(
    "firmware",
    ["16.4.1", "HDR+ 1.0.220943774z", "MediaTek Camera Application", "Ver.1.00 ", "G975FXXU3ASG8", "E990v1.1",
     "Digital Camera FinePix F40fd   Ver1.01", "BlackBerry 10.1.0.4633", "32.1.A.1.185_0_f500", "Gimpel camera"],
)  # fmt: skip
def test_firmware_edits_nothing(firmware: str) -> None:
    assert "editing-software" not in found(CAMERA, Image={"Software": firmware})


@pytest.mark.parametrize(
    "groups",
    [
        {"Image": {"Software": "Adobe Photoshop 7.0\\x00\\x00"}},
        {"Image": {"Software": "GIMP 2.10.32"}},
        {"Image": {"Software": "Windows Photo Editor 10.0.10011.16384"}},
        {"XMP": {"xmp:CreatorTool": "Adobe Photoshop Lightroom Classic 13.0 (Macintosh)"}},
        {"XMP": {"xmpMM:History[2]/stEvt:softwareAgent": "Adobe Photoshop 25.0"}},
        {"IPTC": {"2:65 Originating Program": ["darktable 4.6"]}},
        {"PNG": {"Software": "Paint.NET v3.5"}},
    ],
)
def test_programs_that_edit_are_named_with_their_place(groups: dict[str, Any]) -> None:
    told = found(CAMERA, **groups)["editing-software"]
    ((group, tags),) = groups.items()
    assert group in told or "EXIF Software" in told
    ((_, said),) = tags.items()
    assert (said[0] if isinstance(said, list) else said).removesuffix("\\x00\\x00") in told


def test_photoshops_own_segment_names_it() -> None:
    plain = Jpeg(((1,) * 64,), progressive=False, subsampling=None)
    assert "editing-software" not in found(replace(CAMERA, jpeg=plain))
    assert "Ducky" in found(replace(CAMERA, jpeg=replace(plain, ducky=True)))["editing-software"]


SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"


@pytest.mark.parametrize(
    ("groups", "remarkable"),
    [
        ({"XMP": {"Iptc4xmpExt:DigitalSourceType": SOURCE_TYPE + "trainedAlgorithmicMedia"}}, True),
        ({"XMP": {"Iptc4xmpExt:DigitalSourceType": SOURCE_TYPE + "digitalCapture"}}, False),
        ({"XMP": {"packet": f"<a b='{SOURCE_TYPE}compositeWithTrainedAlgorithmicMedia'/>"}}, True),
        ({"PNG": {"parameters": "a dog\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 1"}}, True),
        ({"PNG": {"parameters": "steps taken by the sampler"}}, False),
        ({"EXIF": {"UserComment": "a dog Steps: 20, Sampler: DPM++ 2M, Seed: 3"}}, True),
        ({"PNG": {"prompt": '{"3": {"class_type": "KSampler", "inputs": {}}}'}}, True),
        ({"PNG": {"prompt": "draw what you see"}}, False),
        ({"PNG": {"workflow": '{"last_node_id": 9, "nodes": []}'}}, True),
        ({"PNG": {"Software": "NovelAI"}}, True),
        ({"PNG": {"sd-metadata": "{}"}}, True),
        ({"XMP": {"photoshop:Credit": "Made with Google AI"}}, True),
        ({"XMP": {"photoshop:Credit": "Imagen AI news agency"}}, False),
    ],
)
def test_declarations_that_it_was_generated(groups: dict[str, Any], remarkable: bool) -> None:  # noqa: FBT001 - a table's column
    assert ("generated-declared" in found(CAMERA, **groups)) is remarkable


def test_stripped_is_what_states_nothing_in_a_format_that_would() -> None:
    assert "metadata-stripped" in found(BARE)
    assert "metadata-stripped" in found(BARE, ICC={"profile": {"bytes": 500}}, Image={"XResolution": clock("72/1")})
    for other in (
        replace(BARE, camera="Canon"),
        replace(BARE, captured="2024-05-01T10:00:00"),
        replace(BARE, latitude=0.0, longitude=0.0),
        replace(BARE, media_type="image/png"),
        replace(BARE, decode="undecodable"),
    ):
        assert "metadata-stripped" not in found(other)
    assert "metadata-stripped" not in found(BARE, XMP={"xmp:CreateDate": "2024"})
    assert "metadata-stripped" not in found(BARE, EXIF={"unread": "IndexError"})
    assert "metadata-stripped" not in found(BARE, unread={"error": "IndexError"})


UNREAL = {0x8769: {0x9003: "2024:02:30 10:00:00"}}
NOWHERE = {0x8825: {1: "N", 2: (4000.0, 0.0, 0.0), 3: "E", 4: (71.0, 0.0, 0.0)}}


@pytest.mark.parametrize("exif", [UNREAL, NOWHERE, {0x8769: {0x9004: "yesterday"}}])
def test_a_time_and_a_place_that_nobody_can_read_are_stated_all_the_same(exif: dict[int, dict[int, Any]]) -> None:
    content = drawing.jpeg(drawing.photo(1), exif=exif)
    content = content.replace(struct.pack(">II", 71, 1), struct.pack(">II", 71, 0))

    assert (said(content)["captured"], said(content)["latitude"], said(content)["longitude"]) == (None, None, None)
    assert "metadata-stripped" not in found_in(content)
    assert "metadata-stripped" in found_in(drawing.jpeg(drawing.photo(1), exif={0: {0x0128: 2}}))


@pytest.mark.parametrize(
    ("groups", "stated"),
    [
        ({"EXIF": {"DateTimeOriginal": "    :  :     :  :  "}}, False),  # EXIF's own way to say: not known
        ({"EXIF": {"DateTimeOriginal": "\\x00\\x00"}, "Image": {"Make": "  ", "Model": ""}}, False),
        ({"EXIF": {"DateTimeOriginal": "0000:00:00 00:00:00"}}, True),
        ({"EXIF": {"DateTimeDigitized": clock("7")}}, True),
        ({"Image": {"Model": {"hex": "00ff"}}}, True),
        ({"Thumbnail": {"Make": "Canon"}}, True),
        ({"GPS": {"GPSLatitude": clock("0/0", "0/0", "0/0")}}, True),
        ({"GPS": {"GPSLatitude": {"text": "[]", "values": []}}}, False),
        ({"GPS": {"GPSVersionID": clock("2", "3", "0", "0")}}, False),
        ({"XMP": {"exif:GPSLatitude": "50,27.0N"}}, True),
        ({"XMP": {"packet": {"bytes": 9}}, "XMP 2": {"tiff:Model": "Canon EOS 5D"}}, True),
        ({"XMP extended": {"Iptc4xmpExt:LocationShown[1]/Iptc4xmpExt:City": "Kursk"}}, True),
        ({"XMP": {"tiff:ModelTransform": "1", "dc:title[x-default]": "2024"}}, False),
        ({"IPTC": {"2:90 City": ["", "Kursk"]}}, True),
        ({"IPTC": {"2:90 City": [""], "2:120 Caption/Abstract": ["Kursk"]}}, False),
    ],
)
def test_what_a_tag_holds_is_stated_whatever_can_be_read_out_of_it(groups: dict[str, Any], stated: bool) -> None:  # noqa: FBT001 - a table's column
    assert ("metadata-stripped" not in found(BARE, **groups)) is stated


@pytest.mark.parametrize(
    ("width", "height", "told"),
    [
        (4000, 3000, set()),
        (4000, 3008, set()),  # rounded to whole blocks
        (3000, 4000, {"orientation-differs"}),  # turned, and the statement left
        (4000, 2250, {"size-differs"}),
        (0, 0, set()),
    ],
)
def test_the_stated_size(width: int, height: int, told: set[str]) -> None:
    size = {"ExifImageWidth": {"text": str(width), "values": [width]}, "ExifImageLength": clock(f"{height}/1")}
    assert found(CAMERA, EXIF=size).keys() & {"size-differs", "orientation-differs"} == told
    said = {"exif:PixelXDimension": str(width), "exif:PixelYDimension": str(height)}
    assert found(CAMERA, XMP=said).keys() & {"size-differs", "orientation-differs"} == told


def test_a_format_that_is_turned_by_its_container_may_be_stated_as_it_lies() -> None:
    size = {"ExifImageWidth": clock("3000"), "ExifImageLength": clock("4000")}
    assert "orientation-differs" not in found(replace(CAMERA, media_type="image/heic"), EXIF=size)
    assert "orientation-differs" in found(CAMERA, EXIF=size)


def test_two_orientations() -> None:
    assert "orientation-differs" in found(CAMERA, XMP={"tiff:Orientation": "6"})
    assert "orientation-differs" not in found(CAMERA, XMP={"tiff:Orientation": "1"})
    assert "orientation-differs" not in found(replace(CAMERA, orientation=None), XMP={"tiff:Orientation": "6"})


@pytest.mark.parametrize(
    ("name", "platform"),
    [
        ("IMG-20240101-WA0001.jpg", "WhatsApp"),
        ("IMG-20241301-WA0001.jpg", None),  # no thirteenth month
        ("IMG_20240101_120000.jpg", None),  # a camera's name
        ("WhatsApp Image 2024-01-01 at 12.00.00.jpeg", "WhatsApp"),
        ("photo_2024-01-01_12-00-00.jpg", "Telegram"),
        ("photo_2024-01-01.jpg", None),
        ("photo_12@01-02-2023_10-11-12.jpg", "Telegram"),
        ("signal-2024-01-01-12-00-00-123.jpg", "Signal"),
        ("signal-fire.jpg", None),
        ("123456789_1234567890_1234567890123456789_n.jpg", "Facebook or Instagram"),
        ("2024_05_01_n.jpg", None),
        ("EXMzT5bXYAIrSZO.jpg", "X (Twitter)"),
        ("EXMzT5bXYAIrSZO_large.jpg", "X (Twitter)"),
        ("AdobePhotoshop1.jpg", None),
        ("zXMzT5bXYAIrSZO.jpg", None),  # it would have been made in the future
        ("Screenshot_20240101-120000_Chrome.jpg", "a screenshot"),
        ("Screenshots of today.jpg", None),
        (None, None),
    ],
)
def test_names_are_consistent_with_platforms(name: str | None, platform: str | None) -> None:
    told = found(CAMERA, name).get("platform-traces")
    assert told is None if platform is None else told is not None and told.startswith(f"consistent with {platform}: ")


def test_what_stands_in_the_file_is_consistent_with_programs() -> None:
    assert "Facebook" in found(CAMERA, IPTC={"2:40 Special Instructions": ["FBMD01000a"]})["platform-traces"]
    assert "platform-traces" not in found(CAMERA, IPTC={"2:40 Special Instructions": ["not for use before noon"]})
    assert "gd" in found(CAMERA, Comment={"comment": "CREATOR: gd-jpeg v1.0 (using IJG JPEG v80)"})["platform-traces"]
    assert "FFmpeg" in found(CAMERA, Comment={"comment": "Lavc59.37.100"})["platform-traces"]
    assert "platform-traces" not in found(CAMERA, Comment={"comment": "Lavchester, in May"})


def test_a_size_counts_only_without_metadata_and_joins_the_name() -> None:
    sized = replace(BARE, width=1200, height=1600)
    assert "platform-traces" not in found(replace(sized, camera="Canon"))
    assert "platform-traces" not in found(replace(sized, height=1601))
    assert found(sized)["platform-traces"].startswith("consistent with WhatsApp: its longer side has 1600")
    every = check.findings(sized, Context(NOW, "IMG-20240101-WA0001.jpg"))
    (told,) = (each["detail"] for each in every if each["code"] == "platform-traces")
    assert "name" in told
    assert "1600" in told


def test_the_quality_is_told_as_far_as_the_tables_tell_it() -> None:
    flat = Jpeg(((1,) * 64, (1,) * 64), progressive=False, subsampling=None)
    assert "exactly those of quality 100" in found(replace(CAMERA, jpeg=flat))["jpeg-quality"]
    odd = Jpeg((tuple(1 + 5 * (at % 7) for at in range(64)),), progressive=False, subsampling=None)
    assert "jpeg-quality" not in found(replace(CAMERA, jpeg=odd))


def test_the_gravest_come_first_and_the_childs_are_among_them() -> None:
    said: Any = [
        {"code": "several-pictures", "detail": "2 pictures"},
        {"code": "polyglot", "detail": "a ZIP archive", "offset": 5, "length": 7},
    ]
    report = replace(BARE, captured="2030-01-01T00:00:00", findings=said)
    codes = [each["code"] for each in check.findings(report, Context(NOW, "IMG-20240101-WA0001.jpg"))]
    assert codes == ["polyglot", "captured-after-intake", "platform-traces", "several-pictures"]


TRICKY = ["2024:05:01 10:00:00", "1/0", "9999-12-31T23:59:59Z", "0001:01:01 00:00:00"]
VALUES = st.recursive(
    st.none()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(max_size=30)
    | st.sampled_from(TRICKY),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["text", "values"]), inner, max_size=2),
    max_leaves=6,
)
TAGS = {
    "Image": ["DateTime", "Software", "Make"],
    "EXIF": ["DateTimeOriginal", "ExifImageWidth", "ExifImageLength", "UserComment", "OffsetTime"],
    "GPS": ["GPSLatitude", "GPSDate", "GPSTimeStamp"],
    "Thumbnail": ["Orientation"],
    "XMP": ["photoshop:DateCreated", "tiff:Orientation", "packet", "xmpMM:History[1]/stEvt:softwareAgent"],
    "IPTC": ["2:55 Date Created", "2:60 Time Created", "2:40 Special Instructions"],
    "PNG": ["parameters", "prompt"],
    "Comment": ["comment"],
}


METADATA = {group: st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES)) for group, names in TAGS.items()}


@settings(max_examples=30)
@given(
    st.fixed_dictionaries(METADATA),
    st.sampled_from(["0001-01-01T00:00:00", "9999-12-31T23:59:59-14:00", "2024-05-01T10:00:00.5+02:00"]),
    st.text(max_size=40),
)
def test_nothing_that_a_file_states_makes_a_finding_fail(
    metadata: dict[str, dict[str, Any]], captured: str, name: str
) -> None:
    report = replace(CAMERA, metadata=metadata, captured=captured)
    assert all(each["detail"] for each in check.findings(report, Context(NOW, name)))

"""What metadata states of size and orientation, against the picture as it is coded; and whether it states anything."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from archiver.facts.findings import FindingCode
from archiver.inspection.media_type import MediaType
from archiver.inspection.sanity.claims import finding, plain, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.inspection import Finding
    from archiver.inspection.report import Report

CARRIERS: Final = frozenset(
    {MediaType.JPEG, MediaType.TIFF, MediaType.WEBP, MediaType.HEIC, MediaType.HEIF, MediaType.AVIF}
)
"""Formats in which cameras and phones write: a picture without a camera, a time and a place was handled since. PNG, GIF
and BMP hold drawings and screenshots, which never had them."""

_TURNED_BY_ITS_DECODER: Final = frozenset(
    {MediaType.HEIC, MediaType.HEIC_SEQUENCE, MediaType.HEIF, MediaType.HEIF_SEQUENCE, MediaType.AVIF}
)
"""Formats whose container turns the picture, so that its size is told upright, while EXIF states it as coded."""

_BLOCK: Final = 16
"""Pixels by which a size may differ that was rounded to whole blocks (ITU-T T.81, A.2.4, with colour halved)."""

_DIRECTORIES: Final = frozenset(
    {"Make", "Model", "DateTime", "DateTimeOriginal", "DateTimeDigitized", "GPSLatitude", "GPSLongitude", "GPSDate"}
)

STATING: Final = {
    **dict.fromkeys(("Image", "EXIF", "GPS", "Thumbnail"), _DIRECTORIES),
    "XMP": frozenset(
        {
            "tiff:Make", "tiff:Model", "exif:DateTimeOriginal", "exif:DateTimeDigitized", "xmp:CreateDate",
            "photoshop:DateCreated", "exif:GPSLatitude", "exif:GPSLongitude", "exif:GPSTimeStamp", "photoshop:City",
            "photoshop:State", "photoshop:Country", "Iptc4xmpCore:Location", "Iptc4xmpCore:CountryCode",
            "Iptc4xmpExt:LocationCreated", "Iptc4xmpExt:LocationShown",
        }
    ),
    "IPTC": frozenset(
        {
            "2:55 Date Created", "2:62 Digital Creation Date", "2:90 City", "2:92 Sublocation", "2:95 Province/State",
            "2:100 Country/Primary Location Code", "2:101 Country/Primary Location Name",
        }
    ),
}  # fmt: skip
"""Tags, by group, that state a camera, a time or a place: in EXIF's directories, in XMP packets, in IPTC's data sets.

A tag that is there was not stripped, also where nothing can be read out of it: a day that the calendar does not have,
a latitude that divides by zero."""

_DEEPER: Final = re.compile(r"\[|/(?=\w+:)| #")
"""Where the path of a property in XMP goes on into what the property holds."""

_SIZES: Final = (
    ("EXIF", "EXIF", "ExifImageWidth", "ExifImageLength"),
    ("XMP", "XMP", "exif:PixelXDimension", "exif:PixelYDimension"),
)


def findings(report: Report) -> Iterator[Finding]:
    """Size, orientation, and the lack of everything."""
    yield from _sizes(report)
    yield from _orientations(report)
    if stripped(report):
        yield finding(
            FindingCode.METADATA_STRIPPED, "neither camera nor capture time nor place is stated anywhere in the file"
        )


def _sizes(report: Report) -> Iterator[Finding]:
    for block, group, across, down in _SIZES:
        width, height = whole(report, group, across), whole(report, group, down)
        if not width or not height or not report.width or not report.height:
            continue
        if _near((width, height), (report.width, report.height)):
            continue
        if _near((height, width), (report.width, report.height)):
            if report.media_type in _TURNED_BY_ITS_DECODER:
                continue
            yield finding(
                FindingCode.ORIENTATION_DIFFERS,
                f"{block} states {width} x {height} pixels, and the picture has {report.width} x {report.height}: "
                "it was turned",
            )
        else:
            yield finding(
                FindingCode.SIZE_DIFFERS,
                f"{block} states {width} x {height} pixels, and the picture has {report.width} x {report.height}",
            )
        return


def _near(stated: tuple[int, int], coded: tuple[int, int]) -> bool:
    return all(abs(one - other) < _BLOCK for one, other in zip(stated, coded, strict=True))


def _orientations(report: Report) -> Iterator[Finding]:
    other = whole(report, "XMP", "tiff:Orientation")
    if other is not None and report.orientation is not None and other != report.orientation:
        yield finding(
            FindingCode.ORIENTATION_DIFFERS,
            f"EXIF states the orientation {report.orientation}, XMP tiff:Orientation {other}",
        )


def stripped(report: Report) -> bool:
    """Whether nothing is stated, in a format that would carry it, by a file whose metadata could be read."""
    if report.media_type not in CARRIERS or not report.complete or _unread(report):
        return False
    read = (report.camera, report.captured, report.latitude, report.longitude)
    return not any(each is not None for each in read) and not any(_stated(report))


def _stated(report: Report) -> Iterator[str]:
    """The tags that state a camera, a time or a place, whether or not what they hold can be read as one."""
    for group, tags in report.metadata.items():
        # a further packet is a group of its own: ``XMP 2``
        names = STATING.get(group.partition(" ")[0], frozenset())
        yield from (name for name, value in tags.items() if _DEEPER.split(name)[0] in names and _says(value))


def _says(value: Any) -> bool:
    """Whether a tag holds anything; colons among spaces are EXIF's word for a time that is not known."""
    match value:
        case str():
            return bool(plain(value).strip(" :"))
        case {"values": []}:
            return False
        case [*values]:
            return any(_says(each) for each in values)
        case _:
            return value is not None


def _unread(report: Report) -> bool:
    """Whether any of the metadata could not be read or told."""
    return not {"unread", "cut"}.isdisjoint(report.metadata) or any(
        "unread" in tags for tags in report.metadata.values()
    )

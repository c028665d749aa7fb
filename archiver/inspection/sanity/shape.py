"""What metadata states of size and orientation, against the picture as it is coded; and whether it states anything."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.facts.findings import FindingCode
from archiver.inspection.media_type import MediaType
from archiver.inspection.sanity.claims import finding, text, whole

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
    stated = (
        report.camera,
        report.captured,
        report.latitude,
        report.longitude,
        text(report, "Image", "DateTime"),
        text(report, "XMP", "photoshop:DateCreated"),
        text(report, "XMP", "exif:DateTimeOriginal"),
        text(report, "XMP", "xmp:CreateDate"),
        text(report, "XMP", "tiff:Make"),
        text(report, "XMP", "tiff:Model"),
        text(report, "IPTC", "2:55 Date Created"),
    )
    return all(each in {None, ""} for each in stated)


def _unread(report: Report) -> bool:
    """Whether any of the metadata could not be read or told."""
    return not {"unread", "cut"}.isdisjoint(report.metadata) or any(
        "unread" in tags for tags in report.metadata.values()
    )

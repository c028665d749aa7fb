"""What can be found only by who knows more of a file than its bytes: its name, and when it came.

The child is told neither. So these findings are made by whoever asked, of the report, and a report stays the same for
the same bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, cast

from archiver.facts.findings import FindingCode, by_weight
from archiver.inspection.media_type import TIFF_BASED, MediaType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.inspection import Finding
    from archiver.inspection.report import Report


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the bytes.

    Attributes:
        moment: when the file was taken in, or looked at where it was not taken in; aware.
        name: its name without folders, as a fact states it, where it had one.
    """

    moment: datetime
    name: str | None = None


_ENDINGS: Final = {
    ending: frozenset(kinds)
    for endings, kinds in (
        ("jpg jpeg jpe jfif", {MediaType.JPEG}),
        ("png apng", {MediaType.PNG, MediaType.APNG}),
        ("webp", {MediaType.WEBP}),
        ("gif", {MediaType.GIF}),
        ("tif tiff", TIFF_BASED),
        ("bmp dib", {MediaType.BMP}),
        (
            "heic heif heics heifs hif",
            {MediaType.HEIC, MediaType.HEIF, MediaType.HEIC_SEQUENCE, MediaType.HEIF_SEQUENCE},
        ),
        ("avif", {MediaType.AVIF}),
        ("mp4 m4v", {MediaType.MP4, MediaType.QUICKTIME, MediaType.THREE_GPP}),
        ("mov", {MediaType.QUICKTIME, MediaType.MP4}),
    )
    for ending in endings.split()
}
"""Endings of names that say one kind of format; of others nothing is found."""

_EASTERNMOST: Final = timedelta(hours=14)
"""The zone ahead of all others (Line Islands Time): what lies ahead there lies ahead everywhere."""


def findings(report: Report, context: Context | None) -> list[Finding] | None:
    """What the child found and what the context adds, the gravest first; none where the child looked for nothing."""
    added = [] if context is None else [*_named_otherwise(report, context), *_ahead(report, context)]
    if report.findings is None and not added:
        return None
    return sorted([*(report.findings or ()), *added], key=lambda each: by_weight(each["code"]))


def _named_otherwise(report: Report, context: Context) -> Iterator[Finding]:
    ending = PurePath(context.name or "").suffix.lower().removeprefix(".")
    said = _ENDINGS.get(ending)
    if said is not None and report.media_type is not None and report.media_type not in said:
        yield _finding(FindingCode.TYPE_MISMATCH, f"the name ends in .{ending}, the content is {report.media_type}")


def _ahead(report: Report, context: Context) -> Iterator[Finding]:
    try:
        captured = datetime.fromisoformat(report.captured or "")
    except ValueError:
        return
    earliest = captured.replace(tzinfo=timezone(_EASTERNMOST)) if captured.tzinfo is None else captured
    if earliest > context.moment:
        looked = context.moment.isoformat(timespec="seconds")
        yield _finding(FindingCode.CAPTURED_AFTER_INTAKE, f"captured {report.captured}, taken in or looked at {looked}")


def _finding(code: FindingCode, detail: str) -> Finding:
    return cast("Finding", {"code": str(code), "detail": detail})

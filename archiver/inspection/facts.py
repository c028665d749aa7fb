"""From a report to the facts that the log keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.facts.inspection import Fingerprint, Inspection
    from archiver.inspection.appearance import Inner
    from archiver.inspection.report import Report
    from archiver.inspection.sanity.claims import Context

UNKNOWN_TYPE = "application/octet-stream"
"""What RFC 2046, 4.5.1 calls bytes of unknown kind; a file that is neither picture, video nor sound is recorded so."""


def inspection(report: Report, item: str, inspector: str, context: Context) -> Inspection:
    """The fact that an inspection is.

    Args:
        report: what was found.
        item: SHA-256 of the bytes that were inspected.
        inspector: the program and libraries that looked (``Inspector.describe``).
        context: the file's name, and when it was taken in.
    """
    from archiver.facts.inspection import Inspection  # noqa: PLC0415 - pydantic is loaded only where facts are made
    from archiver.facts.vocabulary import DecodeStatus  # noqa: PLC0415 - as above
    from archiver.inspection.sanity import check  # noqa: PLC0415 - as above

    return Inspection(
        item=item,
        media_type=report.media_type or UNKNOWN_TYPE,
        width=report.width,
        height=report.height,
        orientation=report.orientation,
        frames=report.frames,
        decode=DecodeStatus(report.decode),
        detail=report.detail,
        camera=report.camera,
        captured=report.captured,
        latitude=report.latitude,
        longitude=report.longitude,
        altitude=report.altitude,
        embedded=report.metadata,
        places=report.places,
        findings=check.findings(report, context),
        credentials=report.credentials,
        inspector=inspector,
    )


def fingerprints(report: Report, item: str) -> list[Fingerprint]:
    """The facts that the fingerprints are, in the report's order."""
    from archiver.facts.inspection import Fingerprint  # noqa: PLC0415 - pydantic is loaded only where facts are made

    return [
        Fingerprint(item=item, algorithm=found.algorithm, bits=found.bits, quality=found.quality)
        for found in report.fingerprints
    ]


def inner_fingerprints(inner: Iterable[Inner], item: str) -> list[Fingerprint]:
    """The facts that the fingerprints of the pictures inside a frame are, best first."""
    from archiver.facts.inspection import Fingerprint  # noqa: PLC0415 - as above

    return [
        Fingerprint(
            item=item,
            algorithm=each.look.algorithm,
            bits=each.look.bits,
            quality=each.look.quality,
            region=each.region,
        )
        for each in inner
    ]

"""All findings about one file: what the child saw in the bytes, and what its statements make of one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from archiver.facts.findings import by_weight
from archiver.inspection.file_name import of_name
from archiver.inspection.sanity import platforms, profile, quality, shape, software, thumbnail, times

if TYPE_CHECKING:
    from archiver.facts.inspection import Finding
    from archiver.inspection.report import Report
    from archiver.inspection.sanity.claims import Context


def findings(report: Report, context: Context) -> list[Finding]:
    """The findings, the gravest first; those of one weight in the order of the list of codes, the child's first.

    Args:
        report: what was found in the file; nothing of it can make a finding fail.
        context: what the file itself cannot tell.
    """
    found = [
        *(report.findings or ()),
        *_of_name(report, context),
        *times.findings(report, context),
        *software.findings(report),
        *shape.findings(report),
        *thumbnail.findings(report),
        *profile.findings(report),
        *quality.findings(report),
        *platforms.findings(report, context),
    ]
    return sorted(found, key=lambda each: by_weight(each["code"]))


def _of_name(report: Report, context: Context) -> list[Finding]:
    found = None if context.name is None else of_name(report.media_type, context.name)
    return [] if found is None else [cast("Finding", found)]

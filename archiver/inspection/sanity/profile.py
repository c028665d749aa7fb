"""What the picture looks like through its colour profile, against what its pixels hold.

Usual profiles move the fingerprint little: wide gamuts by 12 of 256 bits at the most (docs/fingerprints.md). One that
makes another picture of it, a negative or a black sheet, was made for that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.facts.findings import FindingCode
from archiver.fingerprint.algorithm import DEFAULT_RADIUS, matches_by_look
from archiver.inspection.sanity.claims import finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.inspection import Finding
    from archiver.inspection.report import Report


def findings(report: Report) -> Iterator[Finding]:
    """At most one: further apart than two versions of one picture are, where the pixels show anything."""
    if report.coded is None or report.look is None:
        return
    from archiver.fingerprint.perceptual import bits, distance, of_samples, quality  # noqa: PLC0415 - numpy, which most do without

    coded = of_samples(report.coded)
    apart = distance(bits(coded), report.look.bits)
    if apart > DEFAULT_RADIUS and matches_by_look(quality(coded)):
        flat = "" if matches_by_look(report.look.quality) else "; what is shown is blank or nearly so"
        told = f"what is shown and what the pixels hold are {apart} of 256 bits apart{flat}"
        yield finding(FindingCode.PROFILE_DIFFERS, told)

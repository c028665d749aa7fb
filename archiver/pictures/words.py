"""What goes into words beside two compared pictures, A and B: what changed, and by which numbers that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.fingerprint.algorithm import matches_by_look
from archiver.fingerprint.orientations import UPRIGHT

if TYPE_CHECKING:
    from archiver.comparison import Comparison


def changed(comparison: Comparison) -> list[str]:
    """What changed, a line each, the most telling first."""
    lines = [f"{change.kind}: {change.words('A', 'B')}" for change in comparison.kinship.changes]
    return lines or ["nothing that could be shown"]


def _by_look(comparison: Comparison) -> bool:
    """Whether their fingerprints say anything of the two: both have one, and neither is too flat."""
    looks = [party.report.look for party in (comparison.one, comparison.other)]
    return comparison.distance is not None and all(look is None or matches_by_look(look.quality) for look in looks)


def measured(comparison: Comparison) -> list[str]:
    """The distance of the fingerprints with the threshold, and the points that geometry confirms, a sentence each."""
    lines = []
    if _by_look(comparison):
        near = comparison.by_look and comparison.orientation != UPRIGHT
        turned = f" ({comparison.orientation})" if near else ""
        lines.append(
            f"Fingerprints: {comparison.distance} of 256 bits apart{turned}; up to {comparison.radius} count as alike."
        )
    elif any(party.report.look is not None for party in (comparison.one, comparison.other)):
        lines.append("Fingerprints: not compared (blank, or too flat, or not decoded).")
    if comparison.verified is not None:
        lines.append(f"Points: {comparison.verified.inliers} confirmed of {comparison.verified.matched} matched.")
    return lines

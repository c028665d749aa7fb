"""How a query is related to what it matches, from what is at hand without reading the held picture again.

Of the held picture that is what was recorded of it, and 32 x 32 samples of it where its features were made. Little is
told of little: ``archiver compare`` reads both pictures and tells more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from archiver.fingerprint.raster import upright_size
from archiver.inspection.appearance import SAMPLES
from archiver.inspection.credentials import hold
from archiver.likeness.alignment import INNER_BOX, Alignment, by_inner_box, by_orientation, by_points
from archiver.likeness.relation import Kinship, kinship
from archiver.likeness.side import Side
from archiver.match import BYTES, PART, PIXELS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.known import Known
    from archiver.likeness.geometry import Verified
    from archiver.match import Box, Match, Query


def kin(
    query: Query, match: Match, known: Known, *, samples: bytes | None = None, verified: Verified | None = None
) -> Kinship:
    """How the query (the one) is related to a held picture that it matches (the other).

    Args:
        query: the query.
        match: how they match.
        known: what is known of the held picture.
        samples: 32 rows of 32 of it, where they were kept.
        verified: how it lies in the query, of a match in part.
    """
    report = query.report
    width, height = upright_size(report.width, report.height, report.orientation)
    one = Side(
        str(query.digest),
        width,
        height,
        media_type=report.media_type,
        size=query.path.stat().st_size,
        frames=report.frames,
        metadata=report.metadata,
        camera=report.camera,
        credentials=hold(report.credentials) if report.credentials or not report.complete else False,
        pixels=_equal(match),
        samples=None if report.grey is None else report.grey.array(),
    )
    other = _held(match, known, None if samples is None else _square(samples))
    if match.level in {BYTES, PIXELS}:
        return kinship(one, other)
    if match.level == PART and verified is not None:
        points = by_points(verified.transform, verified.query_size, verified.held_size, verified.inliers)
        return kinship(one, other, points)
    return kinship(one, other, _alignment(match, one.shape, other.shape))


def _held(match: Match, known: Known, samples: NDArray[np.uint8] | None) -> Side:
    dossier, summary = known.dossier, known.dossier.summary
    first = known.origins.first
    width, height = upright_size(summary.width, summary.height, summary.orientation)
    newest = dossier.inspections[-1] if dossier.inspections else {}
    credentials = newest.get("credentials")
    return Side(
        match.item,
        width,
        height,
        media_type=summary.media_type,
        size=summary.size,
        frames=newest.get("frames"),
        metadata=newest.get("embedded") or {},
        camera=newest.get("camera"),
        credentials=hold(credentials) if credentials or newest.get("findings") is None else False,
        pixels=_equal(match),
        samples=samples,
        first_seen=None if first is None else (first.earliest, first.surely),
    )


def _equal(match: Match) -> dict[str, str]:
    """For both sides the same: that their pixel digests are equal is what the match says; the bits do not matter."""
    return {match.algorithm: "equal"} if match.level == PIXELS else {}


def _alignment(match: Match, one: tuple[int, int], other: tuple[int, int]) -> Alignment:
    if match.frame is None and match.held_frame is None:
        return by_orientation(match.orientation)
    outer = by_inner_box(_unit(match.frame, one), match.orientation).transform
    inner = by_inner_box(_unit(match.held_frame, other)).transform
    return Alignment(outer @ np.linalg.inv(inner), INNER_BOX)


def _unit(box: Box | None, size: tuple[int, int]) -> tuple[float, float, float, float]:
    """A box in parts of a picture's sides; of none, the whole."""
    if box is None:
        return 0.0, 0.0, 1.0, 1.0
    (left, top, right, bottom), (width, height) = box, size
    return left / width, top / height, right / width, bottom / height


def _square(samples: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(samples, np.uint8).reshape(SAMPLES, SAMPLES)

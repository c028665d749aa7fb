"""The thumbnail embedded in the file, against the picture.

1. Both as they are meant to be seen: the picture upright, the thumbnail upright already or turned as the file states.
   Where they show the same, nothing is remarkable. Cameras squeeze, cut or frame thumbnails into a shape of their own.
2. Else all eight ways of turning it: where one shows the same, the stated orientation and the thumbnail differ.
3. Else one as a part of the other, upright first: cameras' thumbnails may be cut closer, or be shifted a little. Where
   the thumbnail shows clearly more than the picture, the picture was cut after the thumbnail was made.
4. Else it shows something else.

Of a picture that did not decode whole, and of one without structure, nothing is said. A change within the picture that
leaves most of it as it was is not seen here. numpy is loaded only by whoever has a picture, with its thumbnail, before
them: the process that works out fingerprints has it already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.facts.findings import FindingCode
from archiver.fingerprint.algorithm import SIDE
from archiver.fingerprint.raster import upright_size
from archiver.inspection.sanity.claims import finding, whole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.inspection import Finding
    from archiver.inspection.report import Report
    from archiver.inspection.sanity.resemblance import Grey

NEARLY_ALL: Final = 0.8
"""Share of the thumbnail's area from which on it counts as showing no more than the picture."""

_TURNS: Final = {
    1: "as it stands",
    2: "mirrored",
    3: "turned by 180°",
    4: "mirrored and turned by 180°",
    5: "mirrored and turned by 270° clockwise",
    6: "turned by 90° clockwise",
    7: "mirrored and turned by 90° clockwise",
    8: "turned by 270° clockwise",
}
"""What has to be done to the thumbnail, by the EXIF orientation that would say so."""


def findings(report: Report) -> Iterator[Finding]:
    """At most one: turned, more than the picture, something else."""
    width, height = upright_size(report.width, report.height, report.orientation)
    if report.thumbnail is None or report.samples is None or report.decode != "ok" or not width or not height:
        return
    import numpy as np  # noqa: PLC0415 - a file without a thumbnail does without

    from archiver.inspection.sanity import resemblance  # noqa: PLC0415 - as above

    picture = np.frombuffer(report.samples, np.uint8).reshape(SIDE, SIDE).astype(np.float64)
    thumbnail = report.thumbnail.array().astype(np.float64)
    if min(picture.std(), thumbnail.std()) < resemblance.FLAT:
        return
    yield from _compared(picture, width / height, thumbnail, _stated(report))


def _stated(report: Report) -> tuple[int, ...]:
    """The orientations that the thumbnail may have: none, the picture's, its own."""
    own = whole(report, "Thumbnail", "Orientation") or 1
    return tuple(dict.fromkeys((1, report.orientation or 1, own if own in _TURNS else 1)))


def _compared(picture: Grey, aspect: float, thumbnail: Grey, stated: tuple[int, ...]) -> Iterator[Finding]:
    from archiver.inspection.sanity import resemblance  # noqa: PLC0415 - as above

    order = sorted(_TURNS, key=lambda each: (each not in stated, each))
    turned = {each: resemblance.turned(thumbnail, each) for each in order}
    alike = {}
    for each in order:
        alike[each] = resemblance.whole(picture, aspect, turned[each])
        if each in stated and alike[each] >= resemblance.SAME:  # step 1
            return
    best = max(alike, key=lambda each: alike[each])
    if alike[best] >= resemblance.PART:  # step 2
        yield finding(
            FindingCode.ORIENTATION_DIFFERS,
            f"the embedded thumbnail shows the picture only when it is {_TURNS[best]}, which the file does not state",
        )
        return
    for each in order:  # step 3
        found = resemblance.part(picture, aspect, turned[each])
        if found.correlation < resemblance.PART:
            continue
        if found.share < NEARLY_ALL:
            yield finding(
                FindingCode.THUMBNAIL_DIFFERS,
                f"the embedded thumbnail shows more than the picture, which is about {found.share:.0%} of its area "
                f"(correlation {found.correlation:.2f})",
            )
        elif each not in stated:
            yield finding(
                FindingCode.ORIENTATION_DIFFERS,
                f"the embedded thumbnail shows the picture only when it is {_TURNS[each]}, which the file does not "
                "state",
            )
        return
    yield finding(
        FindingCode.THUMBNAIL_DIFFERS,
        f"the embedded thumbnail and the picture do not show the same (correlation {alike[best]:.2f}, the best of all "
        "ways of turning it)",
    )

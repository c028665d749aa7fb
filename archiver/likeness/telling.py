"""The changes between two pictures, told one by one: each function finds one kind and words it with its numbers.

Nothing here knows who made a change, or why: the words say what is seen. *About* stands before what was estimated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

import numpy as np

from archiver.likeness.alignment import GEOMETRY, mapped, pixel_box
from archiver.likeness.change import Change, Kind, box_words
from archiver.likeness.frames import Around
from archiver.likeness.robust import median

if TYPE_CHECKING:
    from archiver.likeness.alignment import Alignment, Box
    from archiver.likeness.differences import Differences
    from archiver.likeness.frames import Overlap, Pose
    from archiver.likeness.resampling import Shared
    from archiver.likeness.side import Side
    from archiver.likeness.tone import Tone

WHOLE: Final = 0.97
"""Share of a frame from which on it counts as whole: confirmed transforms place an edge to about half a percent."""
_A_BOX: Final = 0.97
"""Share of its box that an upright rectangle fills at the least: less is turned, or seen at an angle."""
_UPRIGHT: Final = 1.0
"""Degrees up to which a picture counts as not turned."""
_SCALED: Final = 0.02
_STRETCHED: Final = 0.03
_SCALED_ROUGHLY: Final = 0.15
"""Where no points confirm the alignment, whole frames are laid upon one another: a cut by a tenth, a narrow border or a
small turn make frames of another size, and are no resizing."""
_PERSPECTIVE: Final = 0.06
_GAIN, _OFFSET, _SATURATION = 0.08, 6.0, 0.15
"""Re-encoded photographs moved gains by up to 0.03, the middle by 2 levels and saturation by 0.08."""


def encoded(one: Side, other: Side) -> Change | None:
    """Other bytes, or none of that: by type, JPEG quality and size of file."""
    if one.digest == other.digest:
        return None
    facts = {"one": _file(one), "other": _file(other)}
    if one.media_type != other.media_type and one.media_type and other.media_type:
        said = f"the files are of different types: {_typed(one)} ({{one}}), {_typed(other)} ({{other}})"
        return Change(Kind.RE_ENCODED, said, evidence=facts)
    if one.encoding and other.encoding and one.encoding != other.encoding:
        said = f"encoded differently: {_typed(one)} ({{one}}), {_typed(other)} ({{other}})"
        return Change(Kind.RE_ENCODED, said, evidence=facts)
    return None


def _typed(side: Side) -> str:
    kind = (side.media_type or "unknown").removeprefix("image/").upper()
    encoding = side.encoding
    if encoding is None:
        return kind
    parts = [
        *([f"quality {'' if encoding.exact else 'about '}{encoding.quality}"] if encoding.quality else []),
        *([encoding.subsampling] if encoding.subsampling else []),
        *(["progressive"] if encoding.progressive else []),
    ]
    return f"{kind} {', '.join(parts)}" if parts else kind


def _file(side: Side) -> dict[str, object]:
    encoding = side.encoding
    return {
        "media_type": side.media_type,
        "size": side.size,
        "jpeg_quality": encoding.quality if encoding else None,
        "jpeg_quality_exact": encoding.exact if encoding else None,
        "progressive": encoding.progressive if encoding else None,
        "subsampling": encoding.subsampling if encoding else None,
    }


def posed(found: Pose, alignment: Alignment) -> list[Change]:
    """Mirrored, turned, seen in perspective."""
    told = []
    if found.mirrored:
        told.append(Change(Kind.MIRRORED, "{one} is the mirror image of {other} (left and right exchanged)"))
    if abs(found.degrees) >= _UPRIGHT:
        quarter = round(found.degrees / 90) * 90
        exact = abs(found.degrees - quarter) < _UPRIGHT
        degrees = abs(quarter) if exact else abs(found.degrees)
        way = "clockwise" if found.degrees > 0 else "anticlockwise"
        rough = "" if alignment.basis == GEOMETRY else "about "
        number = f"{rough}{degrees:.0f}°" if exact else f"about {degrees:.1f}°"
        said = f"{{one}} is turned by {number}" + ("" if degrees == 180 else f" {way}") + " against {other}"  # noqa: PLR2004 - half a turn has no way round
        told.append(Change(Kind.ROTATED, said, evidence={"degrees_clockwise": round(found.degrees, 2)}))
    if alignment.basis == GEOMETRY and found.perspective > _PERSPECTIVE:
        said = "the two stand in perspective to one another, as when a print or a screen is photographed"
        told.append(Change(Kind.PERSPECTIVE, said, evidence={"perspective": round(found.perspective, 3)}))
    return told


def scaled(found: Pose, alignment: Alignment, one: Side, other: Side) -> list[Change]:
    """Resized, and stretched along one direction."""
    told = []
    scale = found.scale
    exact = alignment.basis == GEOMETRY
    if max(scale, 1 / scale) - 1 > (_SCALED if exact else _SCALED_ROUGHLY):
        larger, smaller = ("one", "other") if scale > 1 else ("other", "one")
        factor = scale if scale > 1 else 1 / scale
        sizes = f"{_pixels(one)} against {_pixels(other)} pixels in all"
        said = f"what both show is {factor:.2f} times as large, along each side, in {{{larger}}} as in {{{smaller}}}"
        said += f" ({sizes})"
        told.append(Change(Kind.RESIZED, said, evidence={"scale_one_to_other": round(scale, 4)}))
    ratio = found.across / found.down
    least = _STRETCHED if exact else float(np.log1p(_SCALED_ROUGHLY))
    if found.perspective <= _PERSPECTIVE and abs(np.log(ratio)) > least:
        longer = "width" if ratio > 1 else "height"
        by = max(ratio, 1 / ratio)
        said = f"{{one}} is stretched against {{other}}: along the {longer} by {by:.2f}"
        told.append(Change(Kind.STRETCHED, said, evidence={"width_to_height": round(ratio, 4)}))
    return told


def _pixels(side: Side) -> str:
    return f"{side.width:,}×{side.height:,}" if side.width and side.height else "an unknown number of"


def framed(
    shares: Overlap, one: Side, other: Side, *, around_one: Around, around_other: Around
) -> tuple[list[Change], str | None]:
    """Cropped, framed, placed among others; and which of the two shows only a part of the other's scene, if either.

    Args:
        shares: how much each frame holds of the other.
        one: the one.
        other: the other.
        around_one: what lies around the shared part in the one.
        around_other: the same in the other.
    """
    boxes = (pixel_box(shares.in_one, one.shape), pixel_box(shares.in_other, other.shape))
    told, cut = [], []
    for whole, share, around_it, box, whole_size in (
        ("one", shares.of_one, around_one, boxes[0], one.shape),
        ("other", shares.of_other, around_other, boxes[1], other.shape),
    ):
        part = "other" if whole == "one" else "one"
        if share >= WHOLE:
            continue
        evidence = {"share_of_area": round(share, 4), "around": str(around_it)}
        turned = share * whole_size[0] * whole_size[1] < _A_BOX * (box[2] - box[0]) * (box[3] - box[1])
        here = f"{'within ' if turned else ''}the box {box_words(box)}, {share:.0%} of its area"
        kind, of, said = _larger(whole, part, around_it, here)
        told.append(Change(kind, said, of, evidence, (boxes,)))
        if around_it is Around.SCENE:
            cut.append(part)
    return told, cut[0] if len(told) == len(cut) == 1 else None


def _larger(whole: str, part: str, around_it: Around, here: str) -> tuple[Kind, str, str]:
    """What it is that the whole shows more: the kind, which of the two was changed, and the words."""
    match around_it:
        case Around.PLAIN:
            return Kind.FRAMED, whole, f"{{{whole}}} has a plain border around what both show ({here})"
        case Around.PAGE:
            said = f"what both show stands on a larger surface in {{{whole}}}, such as a screen or a page ({here})"
            return Kind.PLACED, whole, said
        case Around.PICTURES:
            said = f"what both show stands beside other pictures in {{{whole}}}, as in a collage ({here})"
            return Kind.COLLAGE, whole, said
        case Around.SCENE:
            return Kind.CROPPED, part, f"{{{part}}} shows a part of {{{whole}}}: {here}"
        case Around.UNKNOWN:
            said = f"{{{part}}} shows a part of {{{whole}}}, or something was put around it there: {here}"
            return Kind.CROPPED, part, said
        case _:
            assert_never(around_it)


def toned(found: Tone) -> list[Change]:
    """Tone, colour, and whether one of the two is grey."""
    evidence = {
        "gain": [round(value, 3) for value in found.gain],
        "offset": [round(value, 1) for value in found.offset],
        "saturation": None if found.saturation is None else round(found.saturation, 3),
        "hues": found.hues,
        "unexplained": round(found.unexplained, 2),
    }
    if found.greyed is not None:
        coloured = "other" if found.greyed == "one" else "one"
        return [Change(Kind.GREY, f"{{{found.greyed}}} is grey, {{{coloured}}} is in colour", found.greyed, evidence)]
    told = []
    gain, offset = median(np.array(found.gain)), median(np.array(found.offset))
    if abs(gain - 1) > _GAIN or abs(offset) > _OFFSET:
        parts = [
            *([f"{'more' if gain > 1 else 'less'} contrast (times {gain:.2f})"] if abs(gain - 1) > _GAIN else []),
            *(
                [f"{'lighter' if offset > 0 else 'darker'} by {abs(offset):.0f} levels"]
                if abs(offset) > _OFFSET
                else []
            ),
        ]
        told.append(Change(Kind.TONE, f"{{one}} has, against {{other}}, {' and is '.join(parts)}", evidence=evidence))
    cast = max(found.offset) - min(found.offset) if found.hues is None else 0.0
    saturated = found.hues is None and found.saturation is not None and abs(found.saturation - 1) > _SATURATION
    if found.hues or saturated or cast > 2 * _OFFSET:
        parts = [
            *([found.hues] if found.hues else []),
            *([f"colours {found.saturation:.2f} times as strong"] if saturated else []),
            *([f"a colour cast (up to {cast:.0f} levels between channels)"] if cast > 2 * _OFFSET else []),
        ]
        told.append(Change(Kind.COLOUR, f"{{one}} has, against {{other}}, {' and '.join(parts)}", evidence=evidence))
    return told


def overlaid(found: Differences, both: Shared, alignment: Alignment, one: Side, other: Side) -> Change | None:
    """Regions that differ, in both pictures' pixels; none where nothing stands out."""
    if not found.regions:
        return None
    boxes: list[tuple[Box | None, Box | None]] = []
    for region in found.regions:
        corners = both.corners(region.box)
        boxes.append((pixel_box(corners, one.shape), pixel_box(mapped(alignment.inverse, corners), other.shape)))
    first = boxes[0][0]
    which = "the largest " if found.total > 1 else ""
    more = f", {which}{box_words(first)} in {{one}}" if first else ""
    number = f"{found.total} region{'s' if found.total > 1 else ''}"
    verb = "differs" if found.total == 1 else "differ"
    said = f"{number} {verb} by more than encoding explains{more} ({found.share:.1%} of what both show)"
    evidence = {
        "regions": found.total,
        "share_of_shared_area": round(found.share, 4),
        "strength": [round(region.strength, 1) for region in found.regions],
        "noise": round(found.noise, 2),
    }
    return Change(Kind.OVERLAID, said, evidence=evidence, boxes=tuple(boxes))

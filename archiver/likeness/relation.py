"""How two pictures are related, as far as bytes, pixels, looks and points show: what changed, which comes first.

The law: what is told is *consistent with* what is seen, never more. The steps:

1. Equal bytes and equal pixel digests are certain, and end the matter. A digest is of the first frame: where a file has
   more of them, that is said.
2. The alignment (``archiver.likeness.alignment``) says how the frames lie: mirrored, turned, scaled, cut, framed.
3. Where reduced pixels of both are at hand, they are laid upon one another, tone is fitted, and what then still differs
   is told as regions (``archiver.likeness.differences``).
4. A direction is stated only where evidence gives one and nothing speaks against it (``archiver.likeness.direction``):
   then it is ``prov:wasDerivedFrom`` with the C2PA action that says most; else ``prov:alternateOf``.

Pure: nothing is read or written. Little input gives a short answer, never a guess.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from archiver.facts.vocabulary import RelationType
from archiver.likeness import direction, telling
from archiver.likeness.alignment import GEOMETRY, INNER_BOX, Alignment, area, within_unit
from archiver.likeness.borders import without_borders
from archiver.likeness.change import ACTIONS, Change, Kind
from archiver.likeness.corners import without_corners
from archiver.likeness.detail import finer
from archiver.likeness.differences import Differences, differences
from archiver.likeness.frames import Around, around, overlap, pose
from archiver.likeness.resampling import Shared, shared
from archiver.likeness.tone import Tone, tone

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from archiver.facts.vocabulary import Action
    from archiver.likeness.direction import Evidence
    from archiver.likeness.frames import Overlap, Pose
    from archiver.likeness.side import Side

BYTES, PIXELS, PART, LOOK, NONE = "bytes", "pixels", "part", "look", "none"


@dataclass(frozen=True)
class Seen:
    """What laying the two upon one another showed; the picture of a comparison is drawn from it."""

    shared: Shared
    tone: Tone
    differences: Differences


@dataclass(frozen=True)
class Kinship:
    """How two pictures, the *one* and the *other*, are related.

    Attributes:
        level: what shows it: ``bytes``, ``pixels``, ``part`` (points confirmed by geometry), ``look`` (fingerprints)
            or ``none``.
        changes: what differs between them, the most telling first.
        evidence: what speaks for one of them as the nearer to the source.
        source: the nearer to the source, ``one`` or ``other``; none where evidence is missing or contradicts itself,
            and where regions differ: either may bear what was added.
        note: why something could not be told, where that is so; with ``{one}`` and ``{other}`` (``note_about``).
        alignment: where the other lies in the one.
        seen: what laying them upon one another showed, where that could be done.
        first_frame: whether equal pixels are those of the first frame, and one of the files has more.
    """

    level: str
    changes: tuple[Change, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    source: str | None = None
    note: str = ""
    alignment: Alignment | None = None
    seen: Seen | None = None
    first_frame: bool = False

    @property
    def type(self) -> RelationType | None:
        """``prov:wasDerivedFrom`` where a direction is stated, ``prov:alternateOf`` without one; none if not alike."""
        if self.level == NONE:
            return None
        return RelationType.ALTERNATE_OF if self.source is None else RelationType.DERIVED_FROM

    @property
    def action(self) -> Action | None:
        """The C2PA action that says most of what was done; none where nothing changed."""
        kinds = {change.kind for change in self.changes}
        return next((action for kind, action in ACTIONS.items() if kind in kinds), None)

    def in_words(self, one: str = "A", other: str = "B") -> list[str]:
        """For a person: the relation first, then what speaks for its direction; changes have words of their own."""
        names = {"one": one, "other": other}
        match self.level:
            case "bytes":
                return [f"{one} and {other} are the same file: equal bytes"]
            case "none":
                return [f"{one} and {other} are not the same picture, as far as can be shown"]
        if self.level == PIXELS:
            which = "pixels of the first frame" if self.first_frame else "pixels"
            lines = [f"{one} and {other} have exactly the same {which}, in different files"]
        elif self.seen and self.seen.differences.widespread:
            said = f"parts of {one} and {other} agree, but their pixels differ all over: the same scene, a series, or"
            lines = [f"{said} a pattern that repeats; whether they are one picture is open"]
        elif self.source is None:
            lines = [f"consistent with {one} and {other} being versions of one picture; which comes from which is open"]
        else:
            derived = other if self.source == "one" else one
            said = f"consistent with {derived} being derived from {names[self.source]}"
            lines = [f"{said}, or both from a common source"]
        if self.evidence:
            apart = len({piece.source for piece in self.evidence}) > 1
            lead = "for that direction" if self.source else "the evidence contradicts itself" if apart else "if so"
            if not self.source and any(change.kind is Kind.OVERLAID for change in self.changes):
                lead = "either may bear what was added in the regions that differ; but for them"
            lines.append(f"{lead}: " + "; ".join(piece.words(one, other) for piece in self.evidence))
        return lines

    def note_about(self, one: str = "A", other: str = "B") -> str:
        """The note, about two pictures that are called so."""
        return self.note.replace("{one}", one).replace("{other}", other)

    def to_json(self, one: str = "A", other: str = "B") -> dict[str, Any]:
        """As plain JSON values, about two pictures that are called so."""
        names = {"one": one, "other": other}
        derived = None if self.source is None else names["other" if self.source == "one" else "one"]
        return {
            "level": self.level,
            "type": str(self.type) if self.type else None,
            "derived": derived,
            "from": names[self.source] if self.source else None,
            "action": str(self.action) if self.action else None,
            "actions": sorted({str(change.action) for change in self.changes}),
            "words": self.in_words(one, other),
            "changes": [change.to_json(one, other) for change in self.changes],
            "evidence": [piece.to_json(one, other) for piece in self.evidence],
            "note": self.note_about(one, other),
            "aligned_by": self.alignment.basis if self.alignment else None,
            "points": self.alignment.inliers if self.alignment else 0,
        }


def kinship(one: Side, other: Side, alignment: Alignment | None = None, *, by_look: bool = False) -> Kinship:
    """How the one is related to the other.

    Args:
        one: the one, of a search: the query.
        other: the other, of a search: what is held.
        alignment: where the other lies in the one; none where neither fingerprints nor points show that it does.
        by_look: whether the fingerprints of the whole pictures match, too.
    """
    if one.digest == other.digest:  # step 1
        return Kinship(BYTES)
    encoding = telling.encoded(one, other)
    if any(other.pixels.get(name) == bits for name, bits in one.pixels.items()):
        more = _more_frames(one, other)
        which = "the decoded pixels of the first frame" if more else "the decoded pixels"
        same = Change(Kind.SAME_PIXELS, f"{which} of {{one}} and {{other}} are equal")
        found = direction.evidence(one, other, scale=None, cut=None)
        changes = (same, *([encoding] if encoding else []))
        source = direction.source(found)
        return Kinship(PIXELS, changes, found, source, note=more, first_frame=bool(more))
    if alignment is None:
        return Kinship(NONE)
    posed = pose(alignment, one.shape, other.shape)  # step 2
    alignment = without_corners(alignment, posed, one.samples, other.samples)
    seen, note, alignment = _seen(one, other, alignment)  # step 3
    shares = overlap(alignment)
    frames, cut = _frames(shares, alignment, one, other)
    overlay = telling.overlaid(seen.differences, seen.shared, alignment, one, other) if seen else None
    changes = (
        *frames,
        *([overlay] if overlay else []),
        *telling.posed(posed, alignment),
        *(telling.toned(seen.tone) if seen and not seen.differences.widespread else []),
        *(telling.scaled(posed, alignment, one, other) if one.width and other.width else []),
        *([encoding] if encoding else []),
    )
    surrounded = any(change.kind in _SURROUNDED for change in frames)
    scale, enlarged = _scale(posed, shares, one, other)
    found = direction.evidence(one, other, scale=scale, cut=cut, surrounded=surrounded)  # step 4
    return Kinship(
        level=PART if alignment.basis == GEOMETRY and not by_look else LOOK,
        changes=tuple(sorted(changes, key=lambda change: list(ACTIONS).index(change.kind))),
        evidence=found,
        source=None if overlay or (seen and seen.differences.widespread) else direction.source(found),
        note="; ".join(filter(None, (note, enlarged))),
        alignment=alignment,
        seen=seen,
    )


def _more_frames(one: Side, other: Side) -> str:
    """That a file has frames or pages which were not compared, in words; nothing where neither has."""
    several = [f"{{{name}}} has {side.frames:,}" for name, side in (("one", one), ("other", other)) if _several(side)]
    return f"only the first frame was compared: {' and '.join(several)} frames or pages" if several else ""


def _several(side: Side) -> bool:
    return side.frames is not None and side.frames > 1


_SURROUNDED = frozenset({Kind.FRAMED, Kind.PLACED, Kind.COLLAGE})


def _scale(posed: Pose, shares: Overlap, one: Side, other: Side) -> tuple[float | None, str]:
    """The scale as evidence, or none, and why: more pixels speak only where finer detail was seen in them."""
    if not (one.width and other.width):
        return None, ""
    larger, smaller, scale, place = one, other, posed.scale, shares.in_one
    if scale < 1:
        larger, smaller, scale, place = other, one, 1 / scale, shares.in_other
    if larger.samples is None or not smaller.detailed or not len(place):
        return None, ""
    reduced = larger.samples.shape[1] / larger.shape[0]
    low, high = place.min(axis=0), place.max(axis=0)
    detailed = finer(larger.samples, (float(low[0]), float(low[1]), float(high[0]), float(high[1])), scale * reduced)
    if detailed is False:
        name = "{one}" if larger is one else "{other}"
        return None, f"{name} has more pixels of what both show, but no finer detail: it may have been enlarged"
    return (posed.scale if detailed else None), ""


def _frames(shares: Overlap, alignment: Alignment, one: Side, other: Side) -> tuple[list[Change], str | None]:
    if not len(shares.in_one) or not len(shares.in_other):
        return [], None
    beside = []
    for side, placed, own, its, shown in (
        (one, alignment.transform, alignment.one_content, alignment.other_content, shares.in_one),
        (other, alignment.inverse, alignment.other_content, alignment.one_content, shares.in_other),
    ):
        if side.samples is None:
            beside.append(Around.UNKNOWN)
            continue
        whole = own is None or area(shown) >= telling.WHOLE * area(within_unit(own))
        found = around(side.samples, placed @ _laid(its), shown, None if whole else own)
        bordered = own is not None and whole and found in {Around.UNKNOWN, Around.SCENE}  # a border with words on it
        beside.append(Around.PLAIN if bordered else found)
    if alignment.basis == INNER_BOX:  # a box was found within by the plain border around it
        beside = [Around.PLAIN if each is Around.UNKNOWN else each for each in beside]
    return telling.framed(shares, one, other, around_one=beside[0], around_other=beside[1])


def _laid(content: NDArray[np.float64] | None) -> NDArray[np.float64]:
    """Shape (3, 3): the unit coordinates of a rectangle to those of the picture that it lies in; of none, the same."""
    if content is None:
        return np.eye(3)
    start, across, down = content[0], content[1] - content[0], content[3] - content[0]
    return np.array([[across[0], down[0], start[0]], [across[1], down[1], start[1]], [0.0, 0.0, 1.0]])


def _seen(one: Side, other: Side, alignment: Alignment) -> tuple[Seen | None, str, Alignment]:
    """What laying them upon one another showed, why it shows little, and the alignment without borders."""
    if one.samples is None or other.samples is None:
        return None, "the pixels were not compared: they are not at hand", alignment
    both = shared(one.samples, other.samples, alignment)
    if both is None:
        return None, "the pixels were not compared: too little is shown by both", alignment
    rule = tone(both)
    found = differences(both, rule)
    if found.widespread or found.regions:
        without = without_borders(alignment, one.samples, other.samples, both)
        if without is not None:
            return _seen(one, other, without)
    widespread = "the pixels differ all over once aligned: a series, a rough alignment, or heavy editing"
    note = widespread if found.widespread else ""
    return Seen(both, rule, found), note, alignment

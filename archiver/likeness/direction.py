"""Which of two pictures comes from the other: stated only where evidence says so, and all that speaks says the same.

Each piece points at the *nearer to the source*. None proves anything alone: pictures are enlarged, saved again at a
higher quality, and stripped of what they carried. So a piece that contradicts another leaves the direction open.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from archiver.likeness.side import Side

_LESS_COMPRESSED: Final = 5
"""Points of JPEG quality by which two estimates must differ to say anything."""


@dataclass(frozen=True)
class Evidence:
    """One piece.

    Attributes:
        name: ``more-of-the-scene``, ``more-pixels``, ``less-compression``, ``credentials``, ``camera-metadata`` or
            ``earlier-sighting``.
        source: which of the two it speaks for as the nearer to the source: ``one`` or ``other``.
        said: in words, with ``{one}`` and ``{other}``.
    """

    name: str
    source: str
    said: str

    def words(self, one: str, other: str) -> str:
        """The words, about two pictures that are called so."""
        return self.said.replace("{one}", one).replace("{other}", other)

    def to_json(self, one: str, other: str) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "name": self.name,
            "source": {"one": one, "other": other}[self.source],
            "words": self.words(one, other),
        }


def evidence(
    one: Side, other: Side, *, scale: float | None, cut: str | None, surrounded: bool = False
) -> tuple[Evidence, ...]:
    """All that speaks for one of the two.

    Args:
        one: the one.
        other: the other.
        scale: pixels of the one for each of the other over what both show, where finer detail was seen in the more.
        cut: which of the two shows a part of the other's scene and nothing beyond, ``one`` or ``other``.
        surrounded: in one of them it stands on a screen, a page or beside other pictures, which scale what they show as
            they like: then the number of pixels, and how the whole was compressed, say nothing of the picture in it.
    """
    found = []
    if cut is not None:
        whole = "other" if cut == "one" else "one"
        found.append(Evidence("more-of-the-scene", whole, f"{{{whole}}} shows more of the scene"))
    if scale is not None and not surrounded:
        more = "one" if scale > 1 else "other"
        times = scale if scale > 1 else 1 / scale
        found.append(
            Evidence(
                "more-pixels",
                more,
                f"{{{more}}} has {times:.2f} times the pixels along each side, and finer detail in them",
            )
        )
    less = None if surrounded else _less_compressed(one, other)
    found += [] if less is None else [less]
    for name, mine, theirs, words in (
        ("credentials", one.credentials, other.credentials, "carries content credentials that hold"),
        ("camera-metadata", one.camera is not None, other.camera is not None, "names a camera in its metadata"),
    ):
        if mine is not None and theirs is not None and mine != theirs:
            bearer = "one" if mine else "other"
            found.append(Evidence(name, bearer, f"only {{{bearer}}} {words}"))
    first = _earlier(one, other)
    if first is not None:
        found.append(Evidence("earlier-sighting", first, f"{{{first}}} is known to have been seen earlier"))
    return tuple(found)


def _less_compressed(one: Side, other: Side) -> Evidence | None:
    mine = one.encoding.quality if one.encoding else None
    theirs = other.encoding.quality if other.encoding else None
    if mine is None or theirs is None or abs(mine - theirs) < _LESS_COMPRESSED:
        return None
    less = "one" if mine > theirs else "other"
    said = f"{{{less}}} is less compressed (JPEG quality {max(mine, theirs)} against {min(mine, theirs)})"
    return Evidence("less-compression", less, said)


def _earlier(one: Side, other: Side) -> str | None:
    """Whose earliest known sighting surely was before the other's; none where their bounds overlap."""
    if one.first_seen is None or other.first_seen is None:
        return None
    (begins, surely), (other_begins, other_surely) = one.first_seen, other.first_seen
    if other_begins is not None and surely < other_begins:
        return "one"
    return "other" if begins is not None and other_surely < begins else None


def source(found: tuple[Evidence, ...]) -> str | None:
    """Which one all evidence speaks for, ``one`` or ``other``; none where nothing speaks, or pieces contradict."""
    sides = {piece.source for piece in found}
    return sides.pop() if len(sides) == 1 else None

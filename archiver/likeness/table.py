"""What differs between two files, as a table: type, pixels, bytes, how a JPEG was written, embedded metadata by group.

A name of a tag comes from the file and is shown as such; values are not, because a table is for reading at a glance and
``archiver show`` has them all.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from archiver.likeness.side import Side

MOST_NAMES: Final = 6
"""Names of tags told of one group; the others are counted."""


@dataclass(frozen=True)
class Row:
    """One line: what it is about, what it is of the one and of the other, and whether the two differ."""

    name: str
    one: str
    other: str
    differs: bool

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return asdict(self)


def table(one: Side, other: Side) -> tuple[Row, ...]:
    """The lines, those that both files have nothing for left out."""
    values: list[tuple[str, str, str]] = [
        ("type", one.media_type or "unknown", other.media_type or "unknown"),
        ("pixels", _pixels(one), _pixels(other)),
        ("bytes", _count(one.size), _count(other.size)),
        ("JPEG quality", _quality(one), _quality(other)),
        ("colour subsampling", _subsampling(one), _subsampling(other)),
        ("scans", _scans(one), _scans(other)),
        ("camera named", one.camera or "–", other.camera or "–"),
    ]
    rows = [Row(name, mine, theirs, mine != theirs) for name, mine, theirs in values if (mine, theirs) != ("–", "–")]
    for group in sorted({*one.metadata, *other.metadata}):
        mine, theirs = dict(one.metadata.get(group, {})), dict(other.metadata.get(group, {}))
        rows.append(Row(f"metadata: {group}", *_tags(mine, theirs), mine != theirs))
    return tuple(rows)


def _pixels(side: Side) -> str:
    return f"{side.width:,}×{side.height:,}" if side.width and side.height else "unknown"


def _count(number: int | None) -> str:
    return "unknown" if number is None else f"{number:,}"


def _quality(side: Side) -> str:
    if side.encoding is None or side.encoding.quality is None:
        return "–"
    return f"{'' if side.encoding.exact else 'about '}{side.encoding.quality}"


def _subsampling(side: Side) -> str:
    return (side.encoding.subsampling if side.encoding else None) or "–"


def _scans(side: Side) -> str:
    if side.encoding is None:
        return "–"
    return "progressive" if side.encoding.progressive else "sequential"


def _tags(mine: dict[str, Any], theirs: dict[str, Any]) -> tuple[str, str]:
    """Of each side: how many tags, and the names of those that only it has, or that say something else there."""
    told = []
    for own, against in ((mine, theirs), (theirs, mine)):
        alone = [name for name in own if name not in against]
        changed = [name for name in own if name in against and own[name] != against[name]]
        parts = [f"{len(own)} tag{'' if len(own) == 1 else 's'}"] if own else ["none"]
        if alone and against:
            parts.append(f"only here: {_named(alone)}")
        elif alone:
            parts.append(_named(alone))
        if changed:
            parts.append(f"differing: {_named(changed)}")
        told.append("; ".join(parts))
    return told[0], told[1]


def _named(names: list[str]) -> str:
    more = len(names) - MOST_NAMES
    return ", ".join(names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")

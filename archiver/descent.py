"""Which sightings are of one origin because their pictures derive from one another. Pure law, no I/O.

The law: what was derived from a picture that was seen somewhere is of that one's origin. One that was seen nowhere
stands for what it was derived from itself, and all that derive from it are of one origin, whoever published them.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archiver.catalogue.said import Seen


def descents(ordered: Sequence[Seen], derivations: Sequence[tuple[int, str, str]]) -> Iterator[tuple[Seen, Seen, str]]:
    """Sightings that are of one origin by that, two by two, and why.

    Args:
        ordered: those that count, the earliest first.
        derivations: the confirmed ones: the relation's number, the picture that was derived, and from which.
    """
    above: dict[str, list[tuple[int, str]]] = {}
    for number, derived, source in derivations:
        above.setdefault(derived, []).append((number, source))
    firsts: dict[str, Seen] = {}
    for seen in ordered:
        firsts.setdefault(seen.item or "", seen)
    meeting: dict[str, tuple[Seen, tuple[int, ...]]] = {}
    for seen in ordered:
        for source, path in _sources(seen.item or "", above, firsts):
            over = ", ".join(f"#{number}" for number in path)
            if source in firsts:
                first = firsts[source]
                reason = f"the picture of #{seen.number} is derived from that of #{first.number} ({over})"
                yield seen, first, reason
                continue
            first, other = meeting.setdefault(source, (seen, path))
            if first is not seen:
                over = ", ".join(f"#{number}" for number in sorted({*other, *path}))
                pair = f"the pictures of #{first.number} and #{seen.number}"
                yield seen, first, f"{pair} are both derived from item {source[:12]} ({over})"


def _sources(
    item: str, above: Mapping[str, Sequence[tuple[int, str]]], firsts: Mapping[str, Seen]
) -> Iterator[tuple[str, tuple[int, ...]]]:
    """What an item was derived from, over which relations, up to what was seen itself."""
    waiting, found = deque([(item, tuple[int, ...]())]), {item}
    while waiting:
        derived, path = waiting.popleft()
        for number, source in above.get(derived, ()):
            if source in found:
                continue
            found.add(source)
            yield source, (*path, number)
            if source not in firsts:
                waiting.append((source, (*path, number)))

"""How many independent origins a picture really has. Pure law, no I/O.

The law: sightings are counted as one origin as soon as anything recorded ties them together, and each tie is named.

1. A repost is of the origin of what it repeats.
2. Sightings on one account (under whichever handle) or by one publisher are of one origin.
3. A picture that is confirmed to be derived from another is of the origin of that one's earliest sighting; where that
   one was seen nowhere, of the origin of what it was derived from itself, and all that derive from it are of one. That
   two are confirmed to be the same picture is no such statement: two may have it from the photographer.
4. Sightings are of one origin whose accounts or publishers are said to act, directly or through others, for the same
   agent, unless a person judged that affiliation refuted or withdrawn, or it was stated for another time.
5. A sighting of which neither account nor publisher is known is of unknown origin: it is no proof of another one.
6. A sighting that a person judged refuted or withdrawn counts for nothing, but those that repeat it still repeat the
   same: it stays in the tree.

That undercounts rather than overcounts: two accounts aligned with one side may each have had the picture by itself, and
may not have; independence is what has to be shown.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.catalogue.said import earliest
from archiver.descent import descents
from archiver.facts.vocabulary import AffiliationKind
from archiver.timing import repeated_too_early

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archiver.catalogue.circle import Circle, Named, Tie
    from archiver.catalogue.said import Seen


@dataclass(frozen=True, slots=True)
class Origin:
    """Sightings that go back to one source, as far as is recorded.

    Attributes:
        sightings: their numbers, the earliest first.
        known: whether anybody is named as their source.
        reasons: why they count as one.
    """

    sightings: list[int]
    known: bool
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class Branch:
    """A sighting in the tree of reposts; ``depth`` is 0 for one that repeats none that is known."""

    seen: Seen
    depth: int


@dataclass(frozen=True, slots=True)
class Origins:
    """Where a picture comes from, by what is recorded of it and of its confirmed copies.

    Attributes:
        sightings: every sighting that counts, the earliest first.
        origins: the groups that they fall into, the earliest first.
        tree: all of them, those that do not count too, each followed by those that repeat it, and so on.
        first_withheld: whether the earliest may not be told to whom this is for.
        findings: what cannot be so as it is recorded, in words.
    """

    sightings: list[Seen]
    origins: list[Origin]
    tree: list[Branch]
    first_withheld: bool = False
    findings: list[str] = field(default_factory=list)

    @property
    def independent(self) -> int:
        """How many independent origins are known."""
        return sum(origin.known for origin in self.origins)

    @property
    def unknown(self) -> int:
        """How many groups of sightings are of unknown origin."""
        return len(self.origins) - self.independent

    @property
    def first(self) -> Seen | None:
        """The earliest known sighting, where it may be told."""
        return None if self.first_withheld else earliest(self.sightings)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        first = self.first
        return {
            "sightings": sum(len(origin.sightings) for origin in self.origins),
            "independent": self.independent,
            "unknown": self.unknown,
            "earliest": None if first is None else {"sighting": first.number, **_time(first)},
            "origins": [{"sightings": o.sightings, "known": o.known, "reasons": o.reasons} for o in self.origins],
            "tree": [{"sighting": branch.seen.number, "depth": branch.depth} for branch in self.tree],
            "findings": self.findings,
        }


def origins(sightings: Sequence[Seen], circle: Circle, derivations: Sequence[tuple[int, str, str]] = ()) -> Origins:
    """Group sightings into origins.

    Args:
        sightings: of a picture and its confirmed copies, with what they repeat and what repeats them.
        circle: around their accounts and publishers.
        derivations: the confirmed ones: the relation's number, the picture that was derived, and from which.
    """
    every = sorted(sightings, key=lambda seen: seen.order())
    ordered = [seen for seen in every if not seen.dismissed]  # step 6
    groups = _Groups(every)
    by_fact = {seen.fact: seen for seen in every}
    for seen in every:  # step 1
        if seen.repost_of_fact in by_fact:
            groups.join(seen, by_fact[seen.repost_of_fact], f"#{seen.number} reposts #{seen.repost_of}")
    for derived, of, reason in descents(ordered, derivations):  # step 3
        groups.join(derived, of, reason)
    for source, met in sorted(_meeting(ordered, circle).items(), key=_most_direct_first):
        for other in met[1:]:  # steps 2 and 4
            if groups.apart(other.seen, met[0].seen):
                groups.join(other.seen, met[0].seen, _reason(circle.names.get(source), met[0], other))
    return Origins(ordered, groups.origins(), _tree(every), findings=repeated_too_early(ordered))


@dataclass(frozen=True, slots=True)
class _Reached:
    """A sighting that leads to some source, and over which ties."""

    seen: Seen
    path: tuple[str, ...]


def _meeting(ordered: Sequence[Seen], circle: Circle) -> dict[str, list[_Reached]]:
    ties: dict[str, list[Tie]] = {}
    for tie in circle.ties:
        if not tie.dismissed:
            ties.setdefault(circle.representative(tie.source), []).append(tie)
    meeting: dict[str, list[_Reached]] = {}
    for seen in ordered:
        for source, path in _reached(seen, circle, ties):
            meeting.setdefault(source, []).append(_Reached(seen, tuple(path)))
    return meeting


class _Groups:
    """Which sightings belong together (disjoint sets), and why."""

    def __init__(self, sightings: Sequence[Seen]) -> None:
        self._sightings = sightings
        self._parent = {seen.number: seen.number for seen in sightings}
        self._reasons: dict[int, list[str]] = {seen.number: [] for seen in sightings}

    def apart(self, one: Seen, other: Seen) -> bool:
        return self._root(one.number) != self._root(other.number)

    def join(self, one: Seen, other: Seen, reason: str) -> None:
        a, b = self._root(one.number), self._root(other.number)
        if a == b:
            return
        self._parent[b] = a
        self._reasons[a] += [*self._reasons.pop(b), reason]

    def origins(self) -> list[Origin]:
        members: dict[int, list[Seen]] = {}
        for seen in self._sightings:
            if not seen.dismissed:
                members.setdefault(self._root(seen.number), []).append(seen)
        return [
            Origin(
                sightings=[seen.number for seen in group],
                known=any(seen.account_fact or seen.publisher_entity for seen in group),  # step 6
                reasons=self._reasons[root],
            )
            for root, group in members.items()
        ]

    def _root(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number


def _reached(seen: Seen, circle: Circle, ties: Mapping[str, Sequence[Tie]]) -> Iterator[tuple[str, list[str]]]:
    """Every source that stands behind a sighting, by its representative, with the ties that lead there."""
    start = [source for source in (seen.account_fact, seen.publisher_entity) if source]
    waiting = deque((circle.representative(source), list[str]()) for source in start)
    found: set[str] = set()
    while waiting:
        source, path = waiting.popleft()
        if source in found:
            continue
        found.add(source)
        yield source, path
        for tie in ties.get(source, ()):
            if _holds(tie, seen):
                waiting.append((circle.representative(tie.organisation), [*path, _words(tie, circle)]))


def _holds(tie: Tie, seen: Seen) -> bool:
    """Whether what is asserted may have held when the picture was seen there."""
    begins, ends = seen.earliest, seen.latest or seen.observed
    return (tie.earliest is None or tie.earliest <= ends) and (
        tie.latest is None or begins is None or tie.latest >= begins
    )


def _words(tie: Tie, circle: Circle) -> str:
    source, organisation = circle.names.get(tie.source), circle.name(tie.organisation)
    return (
        f"{source.name if source else tie.source} is {AffiliationKind(tie.kind).before_name()} "
        f"{organisation.name if organisation else tie.organisation}, "
        f"says {tie.asserted_by} (#{tie.number})"
    )


def _most_direct_first(meeting: tuple[str, list[_Reached]]) -> tuple[int, int]:
    _, met = meeting
    return max(len(each.path) for each in met), met[0].seen.number


def _reason(source: Named | None, first: _Reached, other: _Reached) -> str:
    name, pair = source.name if source else "one source", f"#{first.seen.number} and #{other.seen.number}"
    ties = dict.fromkeys((*first.path, *other.path))
    return f"{pair} both lead to {name}: {'; '.join(ties)}" if ties else f"{pair} are both of {name}"


def _tree(ordered: Sequence[Seen]) -> list[Branch]:
    by_fact = {seen.fact for seen in ordered}
    children: dict[str, list[Seen]] = {}
    for seen in ordered:
        above = seen.repost_of_fact if seen.repost_of_fact in by_fact else None
        children.setdefault(above or "", []).append(seen)
    waiting = [Branch(seen, 0) for seen in reversed(children.get("", []))]
    grown = []
    while waiting:
        branch = waiting.pop()
        grown.append(branch)
        waiting += [Branch(child, branch.depth + 1) for child in reversed(children.get(branch.seen.fact, []))]
    return grown


def _time(seen: Seen) -> dict[str, str]:
    when, basis = seen.time()
    return {"when": when, "basis": basis}

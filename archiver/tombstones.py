"""What the log itself says was withdrawn, learned while it is read from its beginning to its end.

The law: a body is withheld where a later withdrawal names its event, and nowhere else. One that is withheld otherwise
was taken away by somebody who answers for it nowhere; one that is still there is not erased yet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from archiver.custody.batch import Batch, alike, parse_loosely, render
from archiver.custody.errors import Malformed
from archiver.facts.withdrawal import WITHHELD, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from archiver.catalogue.mirror import SealedBatch
    from archiver.custody.transaction import Passing
    from archiver.facts.fact import Fact

ADVICE: Final = "`archiver withdraw ITEM` or `archiver sync` erases it"

WITHDRAWAL: Final = Withdrawal.kind_of_fact
"""The kind of event that withholds bodies; who believes one has to check it whole."""


@dataclass(slots=True)
class Tombstones:
    """What was learned so far.

    Attributes:
        items: each item that was withdrawn, with the number of the withdrawal.
        named: the events that withdrawals withhold.
        bare: the events that came without a body.
    """

    items: dict[str, int] = field(default_factory=dict)
    named: set[int] = field(default_factory=set)
    bare: set[int] = field(default_factory=set)
    _kinds: dict[int, str] = field(default_factory=dict)

    def pass_by(self, events: Iterable[Passing]) -> None:
        """Take note of the events of the next published transaction."""
        for event in events:
            envelope = event.envelope
            if event.is_withheld:
                self.bare.add(envelope.sequence)
                self._kinds[envelope.sequence] = envelope.kind
            elif envelope.kind == WITHDRAWAL:
                self.items[envelope.subject] = envelope.sequence
                self.named.update(_numbers((event.body or {}).get("withheld"), below=envelope.sequence))

    def take(self, batch: SealedBatch, facts: Sequence[tuple[str, Fact | None]]) -> None:
        """Take note of the next transaction, as the catalogue takes it."""
        for event, (_, fact) in zip(batch.events, facts, strict=True):
            if fact is None:
                self.bare.add(event.sequence)
                self._kinds[event.sequence] = event.kind
            elif isinstance(fact, Withdrawal):
                self.items[fact.item] = event.sequence
                self.named.update(_numbers(list(fact.withheld), below=event.sequence))

    @property
    def unexplained(self) -> list[int]:
        """Events without a body that no withdrawal withholds, or that none may."""
        return sorted(n for n in self.bare if n not in self.named or self._kinds[n] not in WITHHELD)

    @property
    def still_there(self) -> list[int]:
        """Events whose bodies are withheld by a withdrawal, and are still there."""
        return sorted(self.named - self.bare)

    def amiss(self) -> Iterator[tuple[str, str, str]]:
        """What is amiss with bodies: a code, which event is the first, and a sentence."""
        if lost := self.unexplained:
            more = f", and so of {len(lost) - 1:,} more" if len(lost) > 1 else ""
            yield "body-missing", f"event {lost[0]}", f"its body was taken out, and no withdrawal says so{more}"
        if left := self.still_there:
            more = f", and {len(left) - 1:,} more" if len(left) > 1 else ""
            yield (
                "not-erased",
                f"event {left[0]}",
                f"its body was withdrawn and still lies in the store{more}: {ADVICE}",
            )


def withheld(data: bytes, named: Collection[int]) -> bytes:
    """A published transaction without the bodies of these events; the same bytes where there is nothing to take out."""
    try:
        batch = parse_loosely(data)
    except Malformed:
        return data
    events = batch.events
    if not any(event.body is not None and event.envelope.sequence in named for event in events):
        return data
    without = tuple(event.withhold() if event.envelope.sequence in named else event for event in events)
    return render(Batch(batch.first, without, batch.checkpoint))


def fullest(copies: list[bytes]) -> list[bytes]:
    """Of copies of one transaction that differ in their bodies alone, the one with most: the others were stripped."""
    if len(copies) < 2 or not all(alike(copies[0], other) for other in copies[1:]):  # noqa: PLR2004 - one is itself
        return copies
    return [max(copies, key=lambda data: sum(event.body is not None for event in parse_loosely(data).events))]


def _numbers(value: object, *, below: int) -> Iterable[int]:
    """The numbers that a body names; the check of the log itself finds a body that is none."""
    return (each for each in value if isinstance(each, int) and 0 <= each < below) if isinstance(value, list) else ()

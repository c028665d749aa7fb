"""The published object: one transaction's events and the signed checkpoint behind them.

It is canonical JSON (RFC 8785) and a newline, so that one batch has one file::

    {"checkpoint": "…", "events": [{"body": …, "envelope": …, "salt": …, "signature": …}], "first": n,
     "format": "archiver-events-1"}

Its name is its first sequence number in 12 digits, ``000000000042.json``; names sort as the log runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.custody import shape
from archiver.custody.canonical import canonical, read
from archiver.custody.errors import Malformed
from archiver.custody.event import Event

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMAT = "archiver-events-1"


@dataclass(frozen=True, slots=True)
class Batch:
    """One transaction's events, in order, and the signed checkpoint of the log that ends with them.

    Attributes:
        first: the sequence number of the first event.
        events: at least one.
        checkpoint: a signed checkpoint's text, not yet verified.
    """

    first: int
    events: tuple[Event, ...]
    checkpoint: str

    def __post_init__(self) -> None:
        if not self.events:
            raise Malformed("a batch holds at least one event")

    @property
    def name(self) -> str:
        """The object's name within its folder."""
        return name_of(self.first)


def name_of(first: int) -> str:
    """The name, within its folder, of the object that begins with this event."""
    return f"{first:012d}.json"


def render(batch: Batch) -> bytes:
    """Write a batch as the bytes that are published.

    Raises:
        ValueError: a body has no canonical form.
    """
    return (
        canonical(
            {
                "format": FORMAT,
                "first": batch.first,
                "events": [event.to_json() for event in batch.events],
                "checkpoint": batch.checkpoint,
            }
        )
        + b"\n"
    )


def assemble(first: int, events: Sequence[str] | Sequence[bytes], checkpoint: str) -> bytes:
    """Write a batch of events that are written already: the same bytes as ``render``, at a fraction of the time.

    Args:
        first: the sequence number of the first event.
        events: each event's canonical JSON, at least one; whoever has it from elsewhere has to ``parse`` the outcome.
        checkpoint: a signed checkpoint's text.
    """
    around = canonical({"format": FORMAT, "first": first, "events": [], "checkpoint": checkpoint})
    before, after = around.rsplit(b"[]", 1)
    texts = [each.encode() if isinstance(each, str) else each for each in events]
    return b"".join((before, b"[", b",".join(texts), b"]", after, b"\n"))


def parse(data: bytes) -> Batch:
    """Undo ``render``: only bytes that it writes are taken. Nothing is verified yet.

    Raises:
        Malformed: another form or format, or not in its one canonical spelling.
    """
    batch = parse_loosely(data)
    if not is_canonical(batch, data):
        raise Malformed("the batch is not written in its canonical form")
    return batch


def parse_loosely(data: bytes) -> Batch:
    """Read a batch however it is spelled, so that a check can say what else is wrong with it.

    Raises:
        Malformed: another form or format.
    """
    try:
        value = read(data)
    except ValueError as error:
        raise Malformed(str(error)) from error
    held = shape.fields(value, "a batch", ("format", "first", "events", "checkpoint"))
    if held["format"] != FORMAT:
        raise Malformed(f"a batch of another format than {FORMAT}: {held['format']!r:.100}")
    if not isinstance(held["events"], list) or not isinstance(held["checkpoint"], str):
        raise Malformed("a batch has a list of events and the text of a checkpoint")
    events = tuple(Event.from_json(event) for event in held["events"])
    return Batch(shape.number(held["first"], "first"), events, held["checkpoint"])


def alike(data: bytes, other: bytes) -> bool:
    """Whether these bytes are the same published transaction, whichever of its bodies are withheld in each."""
    try:
        return render(bare(parse_loosely(data))) == render(bare(parse_loosely(other)))
    except (Malformed, ValueError):
        return False


def bare(batch: Batch) -> Batch:
    """The same transaction without any body."""
    return Batch(batch.first, tuple(event.withhold() for event in batch.events), batch.checkpoint)


def is_canonical(batch: Batch, data: bytes) -> bool:
    """Whether these bytes are the one spelling of this batch."""
    try:
        return render(batch) == data
    except ValueError:
        return False

"""Between the log and the catalogue: signed batches as the catalogue keeps them, and the published log read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.mirror import LogHead, SealedBatch, SealedEvent
from archiver.catalogue.withdrawing import withheld_identity
from archiver.custody.batch import Batch, assemble, parse
from archiver.custody.canonical import canonical
from archiver.errors import LogError
from archiver.facts.kinds import fact_from
from storage.layout import EVENTS, first_sequence_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.catalogue.mirror import Pending
    from archiver.catalogue.rebuilding import Readable
    from archiver.custody.merkle import Frontier
    from archiver.facts.fact import Fact
    from storage.store import Store

LARGEST_BATCH = 2**30
"""Bytes of one published transaction: far over what one command records, and a bound for a store that lies."""


def sealed(batch: Batch, head: Frontier, leaves: Sequence[bytes]) -> SealedBatch:
    """A signed batch as the catalogue keeps it, with the leaf hashes of its events."""
    return SealedBatch(
        head=LogHead(head.size, str(head)),
        checkpoint=batch.checkpoint,
        events=tuple(
            SealedEvent(
                sequence=event.envelope.sequence,
                kind=event.envelope.kind,
                subject=event.envelope.subject,
                time=event.envelope.time,
                actor=event.envelope.actor,
                leaf=leaf.hex(),
                record=canonical(event.to_json()).decode(),
            )
            for event, leaf in zip(batch.events, leaves, strict=True)
        ),
    )


def published(store: Store) -> Iterator[tuple[str, bytes]]:
    """The published transactions, in the order of the log: name and bytes."""
    for name in store.names(EVENTS):
        if first_sequence_of(name) is None:
            continue
        yield name, store.read(name, limit=LARGEST_BATCH)


def readable(data: bytes, head: Frontier, *, is_published: bool) -> tuple[Readable, Frontier]:
    """A published transaction as the catalogue takes it, behind ``head``; and the head after it.

    Raises:
        LogError: it is malformed, or does not follow the head, or holds a fact that this version does not know.
    """
    batch = parse(data)
    if batch.first != head.size:
        raise LogError(
            f"the log jumps from event {head.size - 1} to event {batch.first}",
            hint="a published transaction is missing in the store: run `archiver verify`",
        )
    leaves = [event.leaf for event in batch.events]
    grown = head.extend(leaves)
    facts: list[tuple[str, Fact | None]] = []
    for event, leaf in zip(batch.events, leaves, strict=True):
        if event.body is None:  # whether a withdrawal says so is told by who reads the whole log: archiver.tombstones
            facts.append((withheld_identity(leaf.hex()), None))
            continue
        fact = fact_from(event.envelope.kind, event.body)
        facts.append((fact.identity(), fact))
    return (batch.first, sealed(batch, grown, leaves), facts, is_published), grown


def rendered(pending: Pending, *, checked: bool = False) -> bytes:
    """The bytes of the object that publishes a transaction, equal on every machine.

    Args:
        pending: as the catalogue holds it.
        checked: whether its records are known to be those that were sealed; otherwise they are read, because what is
            published is never changed again.

    Raises:
        LogError: a record is none.
    """
    data = assemble(pending.first, pending.records, pending.checkpoint)
    if not checked:
        parse(data)
    return data

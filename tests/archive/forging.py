"""A log written anew by who holds its signing key, its store and its catalogue: nothing of ours shows it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.custody.batch import parse, render
from archiver.custody.event import Draft
from archiver.custody.keys import SigningKey
from archiver.custody.log import append
from archiver.custody.merkle import Frontier
from archiver.settings import Settings

if TYPE_CHECKING:
    from tests.archive.desk import Desk


def forge(desk: Desk, key: SigningKey, *, since: int = 0) -> None:
    """Write the log anew from one transaction on, consistently, as only who holds a signing key can; then rebuild."""
    head, last = Frontier(), dict[str, str]()
    origin = Settings.load(desk.home).origin
    for name in desk.batches():
        batch = parse(desk.open_store().read(name, limit=2**30))
        if batch.first < since:
            head = head.extend([event.leaf for event in batch.events])
            last |= {event.envelope.subject: event.leaf.hex() for event in batch.events}
            continue
        first = batch.events[0].envelope
        done = append(
            head,
            [Draft(event.envelope.kind, event.envelope.subject, event.body or {}) for event in batch.events],
            origin=origin,
            time="2020-01-01T00:00:00.000000Z",
            actor="Somebody Else",
            tool=first.tool,
            key=key,
            last_of_subject=last,
        )
        head, last = done.head, last | done.last_of_subject
        written = render(done.batch)
        desk.alter(name, lambda _, written=written: written)  # type: ignore[misc]
    (desk.home / "catalogue.db").unlink()
    desk("rebuild")


def own_key(desk: Desk) -> SigningKey:
    return SigningKey.load(desk.home / "keys" / "signing.pem")

"""The log's keys, told by its own events: from the catalogue, or from the published log where there is no catalogue.

Neither is believed: each event about keys must verify by the keys before it, down to the first one, which is pinned in
``archive.toml``. What can be done to a catalogue unseen is to leave out the newest of them; ``verify`` names that, and
what the log itself says is longer then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.evidence import records_of_kinds
from archiver.custody.batch import parse_loosely
from archiver.custody.canonical import read
from archiver.custody.errors import KeyEventRefused, Malformed
from archiver.custody.event import Event
from archiver.custody.keyring import KINDS, Keyring
from archiver.errors import LogError
from archiver.logbook import published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions
    from archiver.custody.keys import VerifyKey
    from storage.store import Store

_SPELLED = tuple(f'"kind":"{kind}"'.encode() for kind in KINDS)


def key_events(questions: Questions) -> tuple[str, ...]:
    """The signed events about keys, as the catalogue holds them, to the end of the log."""
    return tuple(records_of_kinds(questions, KINDS))


def keyring(origin: str, first: VerifyKey, records: Sequence[str]) -> Keyring:
    """The keys by these events about them.

    Raises:
        LogError: one of them does not verify.
    """
    ring = Keyring(origin, [first])
    for record in records:
        try:
            event = Event.from_json(read(record.encode()))
            ring.take(event)
        except (ValueError, Malformed, KeyEventRefused) as error:
            raise LogError(
                f"an event about the log's keys does not verify in the catalogue: {error}",
                hint="run `archiver verify`; `archiver rebuild` makes the catalogue anew from the published log",
            ) from error
    return ring


def keyring_of_log(store: Store, origin: str, first: VerifyKey) -> Keyring:
    """The keys by the published log; what does not verify there is for ``archiver.custody.check`` to name.

    Raises:
        StoreError: the store does not answer.
    """
    ring = Keyring(origin, [first])
    for _, data in published(store):
        if not any(spelled in data for spelled in _SPELLED):
            continue
        try:
            events = parse_loosely(data).events
        except Malformed:
            continue
        for event in events:
            if event.envelope.kind in KINDS:
                _try(ring, event)
    return ring


def _try(ring: Keyring, event: Event) -> None:
    try:
        ring.take(event)
    except KeyEventRefused:
        return

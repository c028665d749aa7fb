"""A recognised transaction, checked at a glance: all of it adds up, or nothing is said.

The law: a transaction that adds up here has no finding in ``archiver.custody.check``, whose steps 2 to 8 these are.
Where something does not add up, or must be learned from, nothing was changed, and the exact check names what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from archiver.custody.commitment import commit_values
from archiver.custody.errors import Malformed, NoteUnverified
from archiver.custody.recognised import Event, message, values

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from archiver.custody.keyring import Keyring
    from archiver.custody.keys import VerifyKey
    from archiver.custody.merkle import Frontier
    from archiver.custody.recognised import Closed, Recognised


class Passed(msgspec.Struct, frozen=True, gc=False):
    """What a transaction that adds up makes of the log.

    Attributes:
        head: the log with its events.
        last_of_subject: the leaf of the last of its events about each subject.
        withheld: how many of its events came without a body.
    """

    head: Frontier
    last_of_subject: dict[str, bytes]
    withheld: int


def glance(
    seen: Recognised,
    head: Frontier,
    last_of_subject: Mapping[str, bytes],
    keys: Keyring,
    *,
    left: Collection[str],
    bodies: bool,
    signatures: bool,
) -> Passed | None:
    """Check a transaction behind this head.

    Args:
        seen: the transaction.
        head: the log before it.
        last_of_subject: the leaf of the last event about each subject before it.
        keys: the log's keys before it.
        left: kinds of events that are left to the exact check, and their transactions with them.
        bodies: whether the commitments are opened.
        signatures: whether each event's signature is verified.
    """
    in_force = {term.key.fingerprint: term.key for term in keys.in_force}
    origin, place, last = keys.origin, head.size, dict[str, bytes]()
    events = seen.events
    if seen.first != place:
        return None
    for event, leaf in zip(events, seen.leaves, strict=True):  # runs once for every event ever recorded
        envelope = event.envelope
        subject = envelope.subject
        before = last.get(subject) or last_of_subject.get(subject)
        if (
            envelope.sequence != place  # step 2
            or envelope.log != origin  # step 3
            or envelope.key not in in_force
            or envelope.kind in left
            or envelope.previous != (before and before.hex())  # step 6
        ):
            return None
        last[subject] = leaf
        place += 1
    if signatures and not all(_is_signed(event, in_force) for event in events):  # step 4
        return None
    if bodies and not all(map(_is_committed_to, events)):  # step 5
        return None
    grown = head.extend(seen.leaves)
    if not _is_signed_head(seen.checkpoint, grown, keys):  # steps 7 and 8
        return None
    return Passed(grown, last, sum(event.salt is None for event in seen.events))


def _is_signed_head(signed: str, head: Frontier, keys: Keyring) -> bool:
    try:
        checkpoint = keys.checkpoint(signed)
    except (Malformed, NoteUnverified):
        return False
    return (checkpoint.origin, checkpoint.size, checkpoint.root) == (keys.origin, head.size, head.root)


def _is_signed(event: Event | Closed, in_force: Mapping[str, VerifyKey]) -> bool:
    return in_force[event.envelope.key].verify(event.signature, message(event))


def _is_committed_to(event: Event | Closed) -> bool:
    if event.salt is None:
        return True
    if not isinstance(event, Event) or event.body is None:  # of what was not read, nothing is known
        return False
    opened = commit_values(tuple(event.body), values(event.body), bytes.fromhex(event.salt))
    return opened == event.envelope.commitment

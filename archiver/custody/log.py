"""Appending to the log, as law: from a head and drafts to signed events, a new head and a signed checkpoint.

1. Events are numbered on from the size of the head.
2. Each names the leaf hash of the last event with its subject, in the log or earlier in the batch.
3. Each commits to its body with a salt of its own and is signed.
4. The leaves extend the head, and the new head is signed as a checkpoint, by the key that is in force at its size: a
   rotation is the last event of its batch, and the key that it brings in signs the checkpoint.

Nothing is written here. Whoever keeps the head must keep it in the transaction that keeps the events: two batches
appended to one head are two different logs under one name, and both are signed.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.custody.batch import Batch
from archiver.custody.checkpoint import Checkpoint
from archiver.custody.commitment import SALT_BYTES, commit
from archiver.custody.event import Draft, Envelope, Event
from archiver.custody.merkle import Frontier, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from archiver.custody.keys import SigningKey


@dataclass(frozen=True, slots=True)
class Appended:
    """What appending made.

    Attributes:
        batch: the events and the signed checkpoint, to be published.
        head: the log's new head.
        leaves: the leaf hash of each event.
        last_of_subject: the leaf hash (hex) of the last event of every subject in the batch.
    """

    batch: Batch
    head: Frontier
    leaves: tuple[bytes, ...]
    last_of_subject: dict[str, str]


def append(
    head: Frontier,
    drafts: Sequence[Draft],
    *,
    origin: str,
    time: str,
    actor: str,
    tool: str,
    key: SigningKey,
    last_of_subject: Mapping[str, str],
    successor: SigningKey | None = None,
    salts: Callable[[int], bytes] = secrets.token_bytes,
) -> Appended:
    """Make the events that record these drafts behind this head.

    Args:
        head: the log so far.
        drafts: what to record, in order, at least one.
        origin: the log's name; also the name that the key signs checkpoints under.
        time: now, ``2026-11-23T14:53:53.123456Z``.
        actor: who records.
        tool: the program and its version, ``archiver 0.1.0``.
        key: signs.
        last_of_subject: the leaf hash (hex) of the last event of each of the drafts' subjects, where there is one.
        successor: the key that the last of the drafts brings into force, if it is a rotation.
        salts: makes so many random bytes; another source than the default is for tests.

    Raises:
        ValueError: there is no draft, or a body has no canonical form.
        Malformed: a text is empty or of another form, or the origin cannot be a key's name.
    """
    if not drafts:
        raise ValueError("nothing to append")
    events: list[Event] = []
    leaves: list[bytes] = []
    last: dict[str, str] = {}
    for sequence, draft in enumerate(drafts, start=head.size):  # step 1
        salt = salts(SALT_BYTES)
        envelope = Envelope(
            log=origin,
            sequence=sequence,
            time=time,
            actor=actor,
            tool=tool,
            kind=draft.kind,
            subject=draft.subject,
            previous=last.get(draft.subject, last_of_subject.get(draft.subject)),  # step 2
            commitment=commit(draft.body, salt),  # step 3
            key=key.public.fingerprint,
        )
        message = envelope.canonical()
        leaf = leaf_hash(message)
        events.append(Event(envelope, key.sign(message), salt, draft.body))
        leaves.append(leaf)
        last[draft.subject] = leaf.hex()
    grown = head.extend(leaves)  # step 4
    checkpoint = Checkpoint(origin, grown.size, grown.root).sign(successor or key)
    return Appended(Batch(head.size, tuple(events), checkpoint), grown, tuple(leaves), last)

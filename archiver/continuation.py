"""The end of the log as the catalogue tells it, held against what this log's keys signed, before anything follows it.

Whoever can write to the catalogue must not be able to have our own key sign, or ourselves publish, what breaks the log:
names in the store are written once, so it would stay broken. The law:

1. Nothing is signed behind a head that is not the tree of the newest checkpoint, signed by the key in force there. So a
   frontier, a size or a checkpoint that was altered is refused, and a rotation that was taken away.
2. Nothing is published that this process did not sign itself a moment ago, unless it follows the head before it: each
   event of this log and at its number, signed by the key in force there, its body the one committed to; and the tree
   behind them the one that its checkpoint signs.

What this cannot tell: a subject's newest event whose row was altered or taken away is named wrongly as the one before
(``verify`` calls that ``broken-chain``); to find it, all of the log would have to be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.custody.batch import parse
from archiver.custody.errors import Malformed, NoteUnverified
from archiver.custody.event import faults
from archiver.custody.merkle import Frontier, leaf_hash
from archiver.errors import LogError
from archiver.logbook import rendered

if TYPE_CHECKING:
    from archiver.catalogue.mirror import LogHead, Pending
    from archiver.custody.event import Event
    from archiver.custody.keyring import Keyring

_HINT = "somebody altered the catalogue: run `archiver verify`, then `archiver rebuild`, and repeat the command"


def believed_head(keys: Keyring, head: LogHead, checkpoint: str | None) -> Frontier:
    """The head that something may be appended to (rule 1).

    Args:
        keys: of the log, to this head.
        head: where the catalogue says that the log stands.
        checkpoint: the signed checkpoint that it holds for that place; none at the beginning.

    Raises:
        LogError: no key that was in force there signed this head.
    """
    try:
        tree = Frontier.parse(head.frontier) if head.frontier else Frontier()
        if checkpoint is None and tree.size == head.size == 0:
            return tree
        signed = keys.checkpoint(checkpoint or "")
    except (Malformed, NoteUnverified) as error:
        raise _altered(f"the catalogue's newest checkpoint is none that this log's key signed ({error})") from error
    if (signed.origin, signed.size, signed.root) != (keys.origin, head.size, tree.root) or tree.size != head.size:
        raise _altered(f"the catalogue's log of {head.size} events is not the one of {signed.size} that was signed")
    return tree


def publishable(keys: Keyring, before: str, pending: Pending) -> bytes:
    """The bytes that publish a transaction which lay in the catalogue (rule 2).

    Args:
        keys: of the log, to its end.
        before: the right edge of the tree before it, as text; empty at the beginning.
        pending: the transaction.

    Raises:
        LogError: it is not what this log's keys signed.
    """
    try:
        data = rendered(pending)
        batch = parse(data)
        tree = Frontier.parse(before) if before else Frontier()
        for place, event in enumerate(batch.events, start=pending.first):
            refuse_foreign(keys, place, event)
        tree = tree.extend([leaf_hash(event.envelope.canonical()) for event in batch.events])
        signed = keys.checkpoint(batch.checkpoint)
    except (Malformed, NoteUnverified, ValueError) as error:
        raise _forged(pending, str(error)) from error
    if (signed.size, signed.root) != (tree.size, tree.root):
        raise _forged(pending, f"the signed tree of {signed.size} events is another one")
    return data


def refuse_foreign(keys: Keyring, place: int, event: Event) -> None:
    """Refuse an event that is not this log's own at this place.

    Raises:
        Malformed: it is of another log or number, not signed by the key in force there, or its body is another one.
        ValueError: it has no canonical form.
    """
    envelope = event.envelope
    term = keys.term(envelope.key)
    if envelope.log != keys.origin or envelope.sequence != place or term is None or not term.holds(place):
        raise Malformed(f"event {place} is of another log or number, or signed by a key that is not in force there")
    for _, detail in faults(event, envelope.canonical(), term.key):
        raise Malformed(f"event {place}: {detail}")


def _altered(what: str) -> LogError:
    return LogError(f"{what}: nothing was recorded", hint=_HINT)


def _forged(pending: Pending, why: str) -> LogError:
    what = f"what the catalogue holds as not published yet, from event {pending.first} on, was not signed so"
    return LogError(f"{what} ({why}): nothing of it was published", hint=_HINT)

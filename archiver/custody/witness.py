"""What somebody who kept one checkpoint elsewhere can tell of today's log: it grew from there, or it did not.

The law:

1. A log of fewer events than the checkpoint counts was rolled back: it has lost its end.
2. Otherwise a consistency proof (RFC 6962, 2.1.2) leads from the checkpoint's root to today's signed root, checked by
   the verifier's algorithm (RFC 9162, 2.1.4.2), which knows nothing of how the proof was made.
3. Where it does not, the log was rewritten. A root alone cannot say which event differs, only that one before its size
   does. An older checkpoint that *is* passed narrows that from below; the leaves as somebody else remembers them, if
   they give the root that was kept, name the event.
4. Every log extends the empty one: a checkpoint of no events proves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.custody.errors import ProofUnverified
from archiver.custody.finding import Code, Finding
from archiver.custody.merkle import consistency_proof, root, verify_consistency

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.custody.checkpoint import Checkpoint

SUBJECT = "checkpoint"


@dataclass(frozen=True, slots=True)
class Extension:
    """That today's log begins with all events of a checkpoint.

    Attributes:
        kept: the checkpoint that was kept elsewhere.
        today: the log's own newest one.
        proof: the hashes, 32 bytes each, that lead from the one root to the other.
    """

    kept: Checkpoint
    today: Checkpoint
    proof: tuple[bytes, ...]


def extension(kept: Checkpoint, today: Checkpoint, leaves: Sequence[bytes]) -> Extension | Finding:
    """Prove that today's log extends the checkpoint that was kept, or say that it does not.

    Args:
        kept: a checkpoint whose signature was verified, of this log.
        today: the newest checkpoint of the published log, verified too.
        leaves: the leaf hashes of the published log, which made the proof and are not believed for it.
    """
    if kept.size > today.size or kept.size > len(leaves):  # step 1
        ends = min(today.size, len(leaves))
        detail = (
            f"the log was rolled back: it ends with {ends} events, and {kept.size} were signed: from event {ends} on "
        )
        return Finding(Code.ROLLED_BACK, f"{SUBJECT} {kept.size}", detail + "they are gone")
    try:
        proof = tuple(_proof(leaves, kept.size, today.size))
        _verify(kept, today, proof)  # step 2
    except ProofUnverified as error:  # step 3
        return Finding(Code.REWRITTEN, f"{SUBJECT} {kept.size}", str(error))
    return Extension(kept, today, proof)


def _proof(leaves: Sequence[bytes], first: int, second: int) -> list[bytes]:
    if first == 0:
        return []
    if second > len(leaves):
        raise ProofUnverified(f"the log signed {second} events and holds {len(leaves)}")
    return consistency_proof(leaves, first, second)


def _verify(kept: Checkpoint, today: Checkpoint, proof: Sequence[bytes]) -> None:
    if kept.size:
        verify_consistency(kept.size, kept.root, today.size, today.root, proof)
    elif kept.root != root(()):  # step 4
        raise ProofUnverified("a root of no events that is not the root of the empty log")


def first_difference(kept: Checkpoint, leaves: Sequence[bytes], remembered: Sequence[bytes]) -> int | None:
    """Which event is the first that was rewritten, where somebody remembers the log as it was (step 3).

    Args:
        kept: the checkpoint that the log does not pass.
        leaves: the leaf hashes of the published log.
        remembered: the leaf hashes as the catalogue, a replica or anybody else holds them; believed only if they give
            the root that was kept.

    Returns:
        The number of the first event that differs; ``None`` where what is remembered is not what was signed.
    """
    if len(remembered) < kept.size or root(remembered[: kept.size]) != kept.root:
        return None
    pairs = zip(leaves, remembered[: kept.size], strict=False)
    return next((number for number, (now, then) in enumerate(pairs) if now != then), None)

"""What each store was seen to guarantee when it was taken in, held against what it does today.

Found by trying, as ever (``Store.probe``): it leaves nothing behind but the tiny objects under ``probe/`` that every
probe uses again. What is better than it was is no finding.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.checking.fault import Fault
from storage.guarantees import Versioning

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.replica import Replica
    from storage.guarantees import Guarantees


def broken_promises(copy: Replica) -> list[Fault]:
    """What this store does not do any more.

    Raises:
        StoreError: it does not answer.
    """
    then, now = copy.nameplate.guarantees, copy.plain.probe()
    return [Fault("guarantee-lost", copy.name, detail) for detail in _lost(then, now)]


def _lost(then: Guarantees, now: Guarantees) -> Iterator[str]:
    if then.refuses_wrong_checksum and not now.refuses_wrong_checksum:
        yield "it took bytes that do not match the SHA-256 sent along, and refused them when it was taken in"
    if then.create_only and not now.create_only:
        yield "it let a second put take a name, and refused that when it was taken in"
    if then.versioning is Versioning.ENABLED and now.versioning is not Versioning.ENABLED:
        yield f"its versioning is {now.versioning}, and was enabled"
    if then.object_lock not in {"off", "none", "unknown"} and now.object_lock != then.object_lock:
        yield f"its Object Lock is {now.object_lock!r}, and was {then.object_lock!r}"
    if then.private and now.private is False:
        yield "others may read it, and could not"

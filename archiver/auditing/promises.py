"""What each store promised, held against what it says and does today.

1. *Of each item* (``unkept``): the retention and the legal hold that the log says its store enforces, against what the
   store says is in force for the copy: one request for each promised copy that is due, in every audit. A retention that
   has ended and a hold that was released promise nothing any more; more than was promised is no finding.
2. *That its lock holds* (``unkept``, with ``deep``): tried, wherever anything is promised.
3. *What it was seen to guarantee* when it was taken in (``broken_promises``, with ``deep``): found by trying, as ever
   (``Store.probe``), which leaves nothing behind but the tiny objects under ``probe/`` that every probe uses again.
   What is better than it was is no finding.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from archiver.auditing.copy_amiss import Amiss
from archiver.catalogue.protections import promised
from archiver.checking.copies import SILENT
from archiver.checking.fault import Fault
from archiver.errors import CatalogueDamaged, LogError
from archiver.facts.vocabulary import CopyFault
from storage.digest import Digest
from storage.errors import ObjectMissing, StoreError
from storage.guarantees import NOT_LOCKING, Versioning
from storage.layout import object_name
from storage.protection import Protection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.archive import Archive
    from archiver.replica import Replica
    from storage.guarantees import Guarantees

LOCK = "probe/locked"
"""The object on which a bucket's lock is tried (``storage.s3_lock``): what a lock that does not hold is told of."""

_TOGETHER = 500
"""Items whose promises are looked up at once."""


def unkept(archive: Archive, copy: Replica, due: Sequence[str], *, deep: bool, jobs: int) -> tuple[list[Amiss], bool]:
    """Rules 1 and 2: what one store does not keep as it promised; and whether it stopped answering.

    Args:
        archive: whose.
        copy: the store.
        due: items and lists, by SHA-256.
        deep: whether its lock is tried, too.
        jobs: how many requests are under way at once.
    """
    amiss: list[Amiss] = []
    owing = silent = 0
    with ThreadPoolExecutor(jobs) as pool:
        for start in range(0, len(due), _TOGETHER):
            try:
                with archive.asking() as questions:
                    by_item = promised(questions, due[start : start + _TOGETHER], moment=archive.now)
            except (CatalogueDamaged, LogError):
                return amiss, False  # the comparison with the log has named it, and nothing can be recorded
            owed = {item: stores[copy.url] for item, stores in sorted(by_item.items()) if copy.url in stores}
            owing += len(owed)
            for start_of in range(0, len(owed), SILENT):  # a store that is gone is not asked a million times
                part = list(owed.items())[start_of : start_of + SILENT]
                for each in pool.map(lambda pair: _told(copy, *pair), part):
                    silent = silent + 1 if each is not None and each.fault is CopyFault.UNREADABLE else 0
                    amiss += [each] if each is not None else []
                if silent >= SILENT:
                    return amiss, True
    if deep and owing:
        try:
            lock = copy.plain.object_lock()
        except StoreError:
            return amiss, True
        if lock in NOT_LOCKING:
            detail = f"its Object Lock is {lock!r}, and {owing} copies were promised to be kept by it"
            amiss.append(Amiss(copy, LOCK, CopyFault.UNPROTECTED, None, detail=detail))
    return amiss, False


def _told(copy: Replica, item: str, owed: Protection) -> Amiss | None:
    digest = Digest.parse(item)
    name = object_name(digest)
    try:
        found = copy.store.protection(name)
    except ObjectMissing:
        return None  # the reading has named it
    except StoreError as error:
        detail = f"what it is kept under cannot be told: {error}"
        return Amiss(copy, name, CopyFault.UNREADABLE, digest, detail=detail, item=item)
    if found.covers(owed):
        return None
    detail = f"promised was {owed}; in force is {found}"
    return Amiss(copy, name, CopyFault.UNPROTECTED, digest, detail=detail, item=item)


def keeps(archive: Archive, copy: Replica, item: str) -> bool:
    """Whether a store keeps an item's copy as it promised, or promises nothing any more.

    Raises:
        StoreError: it does not tell.
    """
    with archive.asking() as questions:
        owed = promised(questions, [item], moment=archive.now).get(item, {}).get(copy.url, Protection())
    return copy.store.protection(object_name(Digest.parse(item))).covers(owed)


def broken_promises(copy: Replica) -> list[Fault]:
    """Rule 3: what this store does not do any more.

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

"""What each store promised, held against what it says and does today.

1. *Of each item* (``unkept``): the retention and the legal hold that the log says its store enforces, against what the
   store says is in force for the copy: one request for each promised copy that is due, in every audit. A retention that
   has ended and a hold that was released promise nothing any more; more than was promised is no finding.
2. *Of the log and its time stamps* (``unkept_log``): what ``[retention]`` in ``archive.toml`` asks for all that is
   written once, counted from the day on which each was recorded. No event promises it, so the settings of today are
   what it is held against: of every store that is required, and of every other one that locks.
3. *That its lock holds* (``unkept``, with ``deep``): tried, wherever anything is promised.
4. *What it was seen to guarantee* when it was taken in (``broken_promises``, with ``deep``): found by trying, as ever
   (``Store.probe``), which leaves nothing behind but the tiny objects under ``probe/`` that every probe uses again.
   What is better than it was is no finding.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

from archiver.auditing.copy_amiss import Amiss
from archiver.catalogue.protections import promised
from archiver.checking.copies import SILENT
from archiver.checking.fault import Fault
from archiver.errors import CatalogueDamaged, LogError
from archiver.facts.values import instant
from archiver.facts.vocabulary import CopyFault
from archiver.promised import Promised
from storage.digest import Digest
from storage.errors import ObjectMissing, StoreError
from storage.guarantees import NOT_LOCKING, Versioning
from storage.layout import object_name
from storage.protection import Protection

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from archiver.archive import Archive
    from archiver.replica import Replica
    from storage.guarantees import Guarantees

LOCK = "probe/locked"
"""The object on which a bucket's lock is tried (``storage.s3_lock``): what a lock that does not hold is told of."""

_A_DAY = timedelta(days=1)

_TOGETHER = 500
"""Items whose promises are looked up at once."""


def unkept(archive: Archive, copy: Replica, due: Sequence[str], *, deep: bool, jobs: int) -> tuple[list[Amiss], bool]:
    """Rules 1 and 3: what one store does not keep as it promised; and whether it stopped answering.

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


def unkept_log(
    archive: Archive, copy: Replica, held: Sequence[tuple[str, Digest, datetime]], *, jobs: int
) -> tuple[list[Amiss], bool]:
    """Rule 2: what one store does not keep of the log as the settings ask; and whether it stopped answering.

    Args:
        archive: whose.
        copy: the store.
        held: names that the store holds whole, each with its digest and the moment from which it is to be kept.
        jobs: how many requests are under way at once.
    """
    owing = [(*each[:2], owed) for each in held if (owed := asked_of_all(archive, each[2])) is not None]
    if not owing:
        return [], False
    try:
        locks = Promised(archive).locks(copy)
    except StoreError:
        return [], True
    if not locks:
        detail = f"it has no Object Lock that holds, and [retention] asks that {len(owing)} objects of the log be kept"
        return [Amiss(copy, LOCK, CopyFault.UNPROTECTED, None, detail=detail)] if copy.required else [], False
    amiss: list[Amiss] = []
    silent = 0
    with ThreadPoolExecutor(jobs) as pool:
        for start in range(0, len(owing), SILENT):
            for each in pool.map(lambda one: _in_force(copy, *one), owing[start : start + SILENT]):
                silent = silent + 1 if each is not None and each.fault is CopyFault.UNREADABLE else 0
                amiss += [each] if each is not None else []
            if silent >= SILENT:
                return amiss, True
    return amiss, False


def asked_of_all(archive: Archive, moment: datetime) -> Protection | None:
    """What ``[retention]`` asks for what was recorded then; none where it asks for nothing, or that has ended.

    A command takes its day once, and two clocks differ: what was put under the retention of the day before is kept.
    """
    settings = archive.settings.retention
    if settings is None:
        return None
    kept = settings.retention(moment - _A_DAY)
    return Protection(kept) if instant(kept.until) > archive.now else None


def _told(copy: Replica, item: str, owed: Protection) -> Amiss | None:
    digest = Digest.parse(item)
    return _in_force(copy, object_name(digest), digest, owed, item)


def _in_force(copy: Replica, name: str, digest: Digest, owed: Protection, item: str | None = None) -> Amiss | None:
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


def keeps(archive: Archive, copy: Replica, name: str, item: str | None, since: datetime) -> bool:
    """Whether a store keeps a copy as was promised, or nothing is promised any more.

    Args:
        archive: whose.
        copy: the store.
        name: the object's name.
        item: the item that it is a copy of; none of a part of the log.
        since: when it was last found less protected; what the settings ask was set later.

    Raises:
        StoreError: it does not tell.
    """
    if item is None:
        owed = asked_of_all(archive, since)
        return owed is None or copy.store.protection(name).covers(owed)
    with archive.asking() as questions:
        owed = promised(questions, [item], moment=archive.now).get(item, {}).get(copy.url, Protection())
    return copy.store.protection(object_name(Digest.parse(item))).covers(owed)


def broken_promises(copy: Replica) -> list[Fault]:
    """Rule 4: what this store does not do any more.

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

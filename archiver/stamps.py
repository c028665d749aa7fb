"""The time stamps that the store holds: each checked anew, and how far the log is stamped.

1. A stamp's note must be a checkpoint that the key in force at its size signed; the log must pass it
   (``archiver.custody.check``), so that a stamp finds a log that was rewritten behind it.
2. Its response is verified in full at the token's time, against the roots that the settings trust for its authority,
   and with the revocation data that was kept with it.
   The policy is no part of that: which one is asked for today says nothing about yesterday's stamps.
3. Where the settings name no such authority, the same is done against the root that was kept with the stamp, and it is
   told that nobody here vouches for that root: somebody else's archive is not amiss for that.
4. The log is stamped up to the largest size of a good and trusted stamp. What comes behind is unstamped, since it was
   recorded.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from archiver.custody.errors import Malformed, NoteUnverified
from archiver.errors import CatalogueError, RebuildNeeded, UsageError
from archiver.facts.values import instant
from archiver.timestamp.authority import authority
from archiver.timestamp.errors import StampRefused
from archiver.timestamp.kept import listed, read
from archiver.timestamp.revocation import verified_whole
from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from cryptography.x509 import Certificate

    from archiver.archive import Archive
    from archiver.custody.checkpoint import Checkpoint
    from archiver.custody.keyring import Keyring
    from archiver.timestamp.kept import Place, Stamp
    from archiver.timestamp.token import Token


@dataclass(frozen=True, slots=True)
class Judged:
    """A stored stamp, checked.

    Attributes:
        place: where it lies.
        checkpoint: what was stamped; ``None`` where the note is none of this log's.
        token: what the response says; ``None`` where it does not verify.
        fault: what is amiss with it; empty where nothing is.
        untrusted: why nobody here vouches for its root; empty where somebody does.
        code: the fault's kind, for machines.
    """

    place: Place
    checkpoint: Checkpoint | None = None
    token: Token | None = None
    fault: str = ""
    untrusted: str = ""
    code: str = "stamp-refused"


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far one authority, or all of them together, have stamped the log.

    Attributes:
        authority: its name.
        size: how many events its newest good stamp covers; 0 where there is none.
        time: that stamp's time (``Instant``).
        ends: when the first of its certificates runs out (``Instant``).
        unstamped: how many events of the log it does not cover.
        since: when the first of them was recorded (``Instant``).
        renew: whether the certificates end so soon that the log is to be stamped anew.
    """

    authority: str
    size: int
    time: str | None
    ends: str | None
    unstamped: int
    since: str | None
    renew: bool


class Judge:
    """Checks stored stamps; each authority's roots are read once.

    Args:
        archive: the archive; nothing in it is changed.
        keys: the log's keys.
    """

    def __init__(self, archive: Archive, keys: Keyring) -> None:
        self._archive = archive
        self._log = keys
        self._trusted: dict[str, tuple[Certificate, ...]] = {}
        self._untrusted: dict[str, str] = {}
        for settings in archive.settings.stamps.authorities:
            try:
                self._trusted[settings.name] = authority(settings, archive.home).roots
            except UsageError as error:
                self._untrusted[settings.name] = str(error)

    def judge(self, place: Place, stamp: Stamp) -> Judged:
        """One stamp, as it was read from there."""
        try:
            checkpoint = self._log.checkpoint(stamp.note.decode())  # step 1
        except (UnicodeDecodeError, Malformed, NoteUnverified) as error:
            return Judged(place, fault=f"what was stamped is no checkpoint of this log: {error}")
        if (checkpoint.origin, checkpoint.size) != (self._log.origin, place.size):
            return Judged(place, fault=f"the checkpoint that was stamped counts {checkpoint.size} events")
        untrusted = ""
        try:
            if place.authority in self._trusted:
                roots = self._trusted[place.authority]
            else:  # step 3
                roots = _last(stamp.pem)
                untrusted = self._untrusted.get(place.authority, "the settings name no such authority")
            token = verified_whole(stamp, roots)  # step 2
        except StampRefused as error:
            return Judged(place, checkpoint, fault=str(error))
        return Judged(place, checkpoint, token, untrusted=untrusted)


def _last(pem: bytes) -> tuple[Certificate, ...]:
    from cryptography.x509 import load_pem_x509_certificates  # noqa: PLC0415 - heavy

    try:
        return tuple(load_pem_x509_certificates(pem)[-1:])
    except ValueError as error:
        raise StampRefused(f"the chain that was kept with it is no certificate: {error}") from error


def every_stamp(archive: Archive, jobs: int, keys: Keyring) -> tuple[list[Judged], tuple[str, ...]]:
    """All stamps, judged, in the order of their sizes; and the names that belong to none.

    Args:
        archive: the archive.
        jobs: how many are read at once.
        keys: the log's keys.

    Raises:
        StoreError: the store does not tell which there are.
    """

    def parts(place: Place) -> Stamp | StoreError:
        try:
            return read(archive.store, place)
        except StoreError as error:
            return error

    found, judge = listed(archive.store), Judge(archive, keys)
    judged = [Judged(torn, fault="a part of this time stamp is missing", code="stamp-torn") for torn in found.torn]
    with ThreadPoolExecutor(jobs) as pool:
        for place, stamp in zip(found.whole, pool.map(parts, found.whole), strict=True):
            if isinstance(stamp, StoreError):
                judged.append(Judged(place, fault=str(stamp), code="stamp-unreadable"))
            else:
                judged.append(judge.judge(place, stamp))
    return sorted(judged, key=lambda each: each.place), found.loose


def coverage(archive: Archive, judged: Iterable[Judged], size: int) -> list[Coverage]:
    """How far each authority that the settings name has stamped the log (step 4).

    Args:
        archive: whose settings, clock and catalogue are asked.
        judged: the stamps that were checked; at least the newest ones of each authority.
        size: how many events the published log has.
    """
    good = [each for each in judged if each.token is not None and not each.fault and not each.untrusted]
    return [
        _covered(archive, settings.name, [each for each in good if each.place.authority == settings.name], size)
        for settings in archive.settings.stamps.authorities
    ]


def _covered(archive: Archive, name: str, good: Sequence[Judged], size: int) -> Coverage:
    found = [(each.place.size, each.token.ends, each.token.time) for each in good if each.token is not None]
    if not found:
        return Coverage(name, 0, None, None, size, _recorded(archive, 0), renew=False)
    upto, ends, time = max(found)
    days = timedelta(days=archive.settings.stamps.renew_days)
    return Coverage(
        authority=name,
        size=upto,
        time=instant(time),
        ends=instant(ends),
        unstamped=max(0, size - upto),
        since=_recorded(archive, upto) if upto < size else None,
        renew=ends - archive.clock.now() <= days,
    )


def _recorded(archive: Archive, sequence: int) -> str | None:
    try:
        return archive.catalogue.recorded_at(sequence)
    except (CatalogueError, RebuildNeeded):
        return None


def newest_stamps(archive: Archive) -> list[Judged]:
    """Of each authority that the settings name the newest stamp that is good, found from the newest one downwards.

    Raises:
        StoreError: the store does not answer.
    """
    if not archive.settings.stamps.authorities:
        return []
    judge, places = Judge(archive, archive.keys), listed(archive.store).whole
    found: list[Judged] = []
    for settings in archive.settings.stamps.authorities:
        for place in reversed([place for place in places if place.authority == settings.name]):
            judged = judge.judge(place, read(archive.store, place))
            if not judged.fault:
                found.append(judged)
                break
    return found

"""The time stamps and the log of all stores together, by the keys that the log tells of.

Where the log tells of more keys than the catalogue did, all of it is judged once more with these: what a key signed
that the catalogue does not know yet is no fault of whoever signed (as in ``archiver.logwalk``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.auditing.log_copies import LogAudit, LogCopies
from archiver.auditing.stamp_copies import StampCopies, audit_stamps
from archiver.checking.fault import Fault
from archiver.logwalk import keys_of, seen_published

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.custody.keyring import Keyring
    from archiver.replica import Replica


@dataclass(frozen=True, slots=True)
class Logs:
    """What the stamps and the log came to, and what is amiss with the checkpoint that the catalogue saw published."""

    stamps: StampCopies
    log: LogCopies
    amiss: tuple[Fault, ...] = ()

    @property
    def faults(self) -> list[Fault]:
        """What is amiss and is no single copy."""
        return [*self.amiss, *self.stamps.faults, *self.log.faults]


def audit_logs(archive: Archive, copies: Sequence[Replica], sizes: Sequence[int], jobs: int) -> Logs:
    """Read and judge them.

    Args:
        archive: the archive.
        copies: the stores that answer.
        sizes: at which the root is wanted.
        jobs: how many transactions are read at once.

    Raises:
        StoreError: a store does not tell what it holds.
    """
    if not copies:
        return Logs(StampCopies(), LogCopies())
    keys = keys_of(archive)
    found = _judged(archive, copies, sizes, jobs, keys=keys)
    learned = found.log.keys
    if learned is not None and learned.taken > keys.taken:
        return _judged(archive, copies, sizes, jobs, keys=learned)
    return found


def _judged(archive: Archive, copies: Sequence[Replica], sizes: Sequence[int], jobs: int, *, keys: Keyring) -> Logs:
    stamps = audit_stamps(archive, copies, keys)
    known, amiss = seen_published(archive, keys)
    known += [each.checkpoint for each in stamps.judged if each.checkpoint is not None]
    log = LogAudit(archive, copies, known=known, sizes=sizes, jobs=jobs).run()
    return Logs(stamps, log, tuple(Fault(each.code, each.subject, each.detail) for each in amiss))

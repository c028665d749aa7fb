"""One store's part of an audit: what is due, the reading of it, and the summary.

A check that was broken off is taken up as it was begun: at the size that the log had then. What was taken in since is
for the next check, and today's log must still pass that size at that root.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.auditing.notebook import Notebook, Title
from archiver.auditing.originals import OriginalsRead, read_originals
from archiver.auditing.outcome import StoreAudited
from archiver.auditing.promises import unkept, unkept_log
from archiver.catalogue.checked import checks, not_found_whole_since
from archiver.errors import UsageError
from archiver.facts import edtf
from archiver.facts.fixity import FixityCheck, FixityFailure
from archiver.facts.share import WHOLE, Share
from archiver.facts.values import instant
from archiver.facts.vocabulary import CopyFault, EventOutcome
from storage.layout import first_sequence_of, stamp_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from archiver.archive import Archive
    from archiver.auditing.copy_amiss import Amiss
    from archiver.auditing.log_copies import LogCopies
    from archiver.auditing.stamp_copies import StampCopies
    from archiver.replica import Replica
    from storage.digest import Digest


@dataclass(frozen=True, slots=True)
class Asked:
    """What an audit was asked for.

    Attributes:
        share: which originals.
        since: only those not found whole since then (``Instant``).
        deep: whether every row of the catalogue is compared, too.
    """

    share: Share = WHOLE
    since: str | None = None
    deep: bool = False

    @property
    def slice(self) -> str | None:
        """The share as it is recorded: none for all."""
        return None if self.share == WHOLE else str(self.share)


def asked_for(share: str | None, since: str | None, *, deep: bool, now: str) -> Asked:
    """What the words of a command ask for.

    Args:
        share: ``n/t``.
        since: a time (EDTF, UTC unless it says otherwise); of a day, a month or a year its beginning counts.
        deep: see ``Asked``.
        now: the moment of the command (``Instant``).

    Raises:
        UsageError: a word is none of these, or lies in the future.
    """
    try:
        of = Share.parse(share) if share else WHOLE
    except ValueError as error:
        raise UsageError(f"--slice: {error}", hint="a third of thirty days: --slice 3/30") from error
    if since is None:
        return Asked(of, None, deep)
    hint = "write a day or a time: --since 2026-11-01"
    try:
        begins = edtf.read_as_utc(since).earliest
    except ValueError as error:
        raise UsageError(f"--since: {error}", hint=hint) from error
    if begins is None or instant(begins) > now:
        raise UsageError(f"--since {since!r} has no beginning, or lies in the future", hint=hint)
    return Asked(of, instant(begins), deep)


class StoreAudit:
    """The audit of one store.

    Args:
        archive: the archive.
        copy: the store.
        place: the store's place among those whose log was read.
        asked: what for.
        restart: whether what was broken off is begun anew.

    Raises:
        UsageError: another process is auditing just that.
        SpoolError: the notebook cannot be written.
    """

    def __init__(self, archive: Archive, copy: Replica, place: int, asked: Asked, *, restart: bool) -> None:
        self._archive = archive
        self._copy = copy
        self._place = place
        self._asked = asked
        words = (str(asked.share), asked.since, "deep" if asked.deep else None)
        self.notebook = Notebook(archive.home, copy.url, words)
        self.kept = None if restart else self.notebook.kept(now=archive.now)

    def run(
        self, log: LogCopies, stamps: StampCopies, progress: Callable[[int, int], None], jobs: int
    ) -> tuple[StoreAudited, list[FixityCheck | FixityFailure]]:
        """Read what is due; what was found, and the facts of it.

        The summary is left out where the store stopped answering: what was read is kept for the next time.
        """
        title, resumed = self._title(log)
        plan = self._plan(log, title)
        read = read_originals(
            self._copy,
            plan,
            log.named.items,
            notebook=self.notebook,
            resumed=resumed,
            progress=progress,
            jobs=jobs,
        )
        found = StoreAudited(self._copy.name, self._copy.url, due=len(plan), resumed=read.resumed, amiss=read.amiss)
        if not read.given_up:
            amiss = {str(each.expected) for each in read.amiss}  # what was promised is to be kept of the right bytes
            kept = [each for each in plan if each not in amiss]
            broken, read.given_up = unkept(self._archive, self._copy, kept, deep=title.deep, jobs=jobs)
            found.amiss += broken
        if not read.given_up:
            broken, read.given_up = unkept_log(self._archive, self._copy, self._held(title, log, stamps), jobs=jobs)
            found.amiss += broken
        self._and_the_log(title, read, log, stamps)
        found.amiss += [each for each in [*log.amiss, *stamps.amiss] if each.copy.name == self._copy.name]
        if not read.given_up:
            found.check = self._check(title, found, read)
        failures = [self._failure(title, each) for each in found.amiss]
        return found, [*([found.check] if found.check else []), *failures]

    def _title(self, log: LogCopies) -> tuple[Title, Title | None]:
        """Which audit this is, and whether it is one that was broken off."""
        kept = self.kept
        if (
            kept is not None
            and (kept.origin, kept.store) == (self._archive.settings.origin, self._copy.url)
            and (kept.slice, kept.since, kept.deep) == (self._asked.slice, self._asked.since, self._asked.deep)
            and log.roots.get(kept.log_size) == kept.log_root
            and not self._recorded(kept)
        ):
            return kept, kept
        title = Title(
            origin=self._archive.settings.origin,
            store=self._copy.url,
            slice=self._asked.slice,
            since=self._asked.since,
            deep=self._asked.deep,
            log_size=log.head.size,
            log_root=log.head.root.hex(),
            started=instant(self._archive.clock.now()),
        )
        self.notebook.begin(title)
        return title, None

    def _recorded(self, kept: Title) -> bool:
        """Whether that audit came to its end, and was killed before its notebook was put away."""
        with self._archive.asking() as questions:
            return any(each.started == kept.started for each in checks(questions, kept.store))

    def _plan(self, log: LogCopies, title: Title) -> list[str]:
        named = log.named
        due = {item: first for item, first in named.items.items() if first < title.log_size}
        due |= {file: first for file, first in named.lists.items() if first < title.log_size and file not in due}
        due = {each: first for each, first in due.items() if self._asked.share.holds(each)}
        if title.since is None:
            return sorted(due)
        with self._archive.asking() as questions:
            then = questions.at(title.log_size)
            return sorted(not_found_whole_since(then, self._copy.url, title.since, due))

    def _given(self, title: Title, log: LogCopies, stamps: StampCopies) -> list[Given]:
        """Every transaction and every part of a time stamp up to the size of the check, and what the store gave."""
        given = [(name, each[self._place]) for name, each in sorted(log.digests.items())]
        given += [(name, each[self._copy.name]) for name, each in sorted(stamps.digests.items())]
        return [each for each in given if _place(each[0]) <= title.log_size]

    def _held(self, title: Title, log: LogCopies, stamps: StampCopies) -> list[tuple[str, Digest, datetime]]:
        """Those of them that are whole, each with its time."""
        amiss = {each.name for each in [*log.amiss, *stamps.amiss] if each.copy.name == self._copy.name}
        times = log.times | stamps.times
        return [
            (name, outcome[0], times[name])
            for name, outcome in self._given(title, log, stamps)
            if not isinstance(outcome, CopyFault) and name not in amiss and name in times
        ]

    def _and_the_log(self, title: Title, read: OriginalsRead, log: LogCopies, stamps: StampCopies) -> None:
        """Behind the originals: what was given of the log."""
        amiss = {each.name: each.fault for each in [*log.amiss, *stamps.amiss] if each.copy.name == self._copy.name}
        for name, outcome in self._given(title, log, stamps):
            if isinstance(outcome, CopyFault):
                read.covered.add(name, outcome, None, 0)
            else:
                read.covered.add(name, amiss.get(name), *outcome)

    def _check(self, title: Title, found: StoreAudited, read: OriginalsRead) -> FixityCheck:
        unread = sum(each.fault is CopyFault.UNREADABLE for each in found.amiss)
        failed = len(found.amiss) - unread
        good = EventOutcome.WARNING if unread else EventOutcome.SUCCESS
        return FixityCheck(
            store=title.store,
            slice=title.slice,
            since=title.since,
            deep=title.deep,
            log_size=title.log_size,
            log_root=title.log_root,
            objects=read.covered.objects,
            bytes=read.covered.bytes,
            failed=failed,
            unread=unread,
            covered=read.covered.sha256,
            outcome=EventOutcome.FAIL if failed else good,
            started=title.started,
            ended=instant(self._archive.clock.now()),
        )

    def _failure(self, title: Title, amiss: Amiss) -> FixityFailure:
        return FixityFailure(
            item=amiss.item,
            store=title.store,
            name=amiss.name,
            fault=amiss.fault,
            expected=str(amiss.expected) if amiss.expected else None,
            found=str(amiss.found) if amiss.found else None,
            size=amiss.size if amiss.found else None,
            detail=amiss.detail or None,
            started=title.started,
            observed=instant(self._archive.clock.now()),
        )


Given = tuple[str, "tuple[Digest, int] | CopyFault"]
"""A name, and what the store gave: its digest and size, or what is amiss."""


def _place(name: str) -> int:
    """The size of the log that a transaction or a stamp needs to be there."""
    first, stamp = first_sequence_of(name), stamp_of(name)
    return first + 1 if first is not None else stamp[0] if stamp is not None else 0

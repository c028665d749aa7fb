"""``archiver inspect --held``: today's inspector over what is held; what it sees is added, and nothing is taken away.

1. Items are gone through, oldest first, a batch at a time; with ``outdated`` those alone of which the log holds no
   inspection by this very inspector.
2. Each is read from the store, verified, and inspected in a bounded child.
3. Inspections and fingerprints that the log does not hold yet are recorded; only then does the next batch begin. So a
   command that was killed goes on where it was, with ``outdated``: how far it got is what is in the log.

The newer inspection stands; the older one stays in the history. An inspection that a limit stopped does not take the
place of one that came further: a busy machine would hide what was known. It is told as a failure.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archiver.catalogue.cases import items_of_case
from archiver.catalogue.inspected import count_due, due, findings_of
from archiver.catalogue.withdrawals import tombstones
from archiver.errors import InputRefused, InspectionError
from archiver.facts.findings import named
from archiver.facts.vocabulary import DecodeStatus
from archiver.inspection.appearance import LONGEST
from archiver.inspection.facts import inspection
from archiver.inspection.sanity.claims import Context
from archiver.inspection.wanted import Wanted
from archiver.lookagain import BATCH, Looked, keep, look_again
from archiver.naming import case_called
from archiver.render import counted
from archiver.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from archiver.archive import Archive
    from archiver.catalogue.answers import Summary
    from archiver.catalogue.mirror import Recorded
    from archiver.errors import ArchiverError
    from archiver.facts.fact import Fact
    from archiver.inspection.inspector import Inspector

Findings = tuple[dict[str, str], ...]
_BETTER = (DecodeStatus.OK, DecodeStatus.DECODED_WITH_ERRORS, DecodeStatus.TRUNCATED, DecodeStatus.UNDECODABLE)
"""Outcomes that one which a limit stopped does not take the place of."""

_GONE = InputRefused("was withdrawn while others were looked at", hint="`archiver show` tells of it")


@dataclass(frozen=True, slots=True)
class Again:
    """What became of one item.

    Attributes:
        item: its SHA-256, or the word it was asked for with.
        status: ``recorded``, ``unchanged`` or ``failed``.
        findings: those of the inspection that stands now: code and weight, each once, the gravest first.
        new: those of them that the inspection before did not have.
        gone: those of the inspection before that are no more.
        error: why it could not be looked at.
    """

    item: str
    status: str
    findings: Findings = ()
    new: Findings = ()
    gone: Findings = ()
    error: ArchiverError | None = None

    def to_json(self) -> dict[str, Any]:
        """As its JSON line."""
        if self.error is not None:
            return {"item": self.item, "status": self.status, "error": str(self.error), "hint": self.error.hint}
        told = {"findings": self.findings, "new": self.new, "gone": self.gone}
        return {"item": self.item, "status": self.status, **{name: list(each) for name, each in told.items()}}


@dataclass(slots=True)
class Progress:
    """How far it got.

    Attributes:
        items: how many there are to look at.
        seen: how many were gone through.
        fingerprints: how many fingerprints were recorded.
        batch: what became of those that were looked at last.
    """

    items: int = 0
    seen: int = 0
    fingerprints: int = 0
    batch: list[Again] = field(default_factory=list)


def inspect_held(
    archive: Archive,
    *,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
    wanted: Sequence[str] = (),
    case: str | None = None,
    outdated: bool = False,
    jobs: int = 1,
) -> Iterator[Progress]:
    """Look at what is held again; the same object after each batch, with what has been done so far.

    Args:
        archive: the archive.
        inspector: makes an inspector for so many threads.
        wanted: only these items.
        case: only the items of this case, by title or number.
        outdated: only what this inspector has not looked at.
        jobs: items looked at at once.

    Raises:
        InputRefused: there is no such case.
        StoreError: the store does not answer.
        CatalogueError, LogError: nothing further can be recorded.
    """
    archive.ready_to_write()
    archive.publish()  # what a run before this one did not live to publish, even where nothing is outdated now
    done = Progress()
    among, done.batch = _among(archive, wanted, case)
    if done.batch:
        yield done
    with (
        Spool(None, largest_file=archive.settings.limits.largest_file) as spool,
        inspector(jobs) as looking,
        ThreadPoolExecutor(jobs) as pool,
    ):
        described = looking.describe()
        asked = described if outdated else None
        archive.features.refresh(whole=True)
        if among is None:
            with archive.asking() as questions:
                done.items = count_due(questions, asked)
        else:
            with archive.asking() as questions:
                among = due(questions, asked, among=among)
            done.items = len(among)
        for items, held, before in _batches(archive, asked, among):  # step 1
            looker = _Looker(archive, looking, spool, described, frozenset(archive.features.missing(list(held))))
            looked = list(pool.map(looker.look, (held[item] for item in items if item in held)))  # step 2
            looked, recorded = keep(archive, looked)  # step 3
            done.batch = [Again(item, "failed", error=_GONE) for item in items if item not in held]
            done.batch += [_told(each, before.get(each.item), recorded) for each in looked]
            done.fingerprints += _fingerprints(looked, recorded)
            done.seen += len(items)
            yield done


def _among(archive: Archive, wanted: Sequence[str], case: str | None) -> tuple[list[str] | None, list[Again]]:
    """The items that are asked for, none for all that is held; and what was asked for and is not there."""
    if case is None and not wanted:
        with archive.asking() as questions:
            gone = len(tombstones(questions))
        if gone:
            archive.notes.append(f"{counted(gone, 'item')} withdrawn: their bytes are held no longer")
        return None, []
    found: list[str] = []
    refused: list[Again] = []
    if case is not None:
        with archive.asking() as questions:
            called = case_called(questions, case)
            found += items_of_case(questions, called.identity)
            gone = sum(called.title in each.cases for each in tombstones(questions))
        if gone:
            archive.notes.append(f"{counted(gone, 'item')} of the case withdrawn: their bytes are held no longer")
    for word in wanted:
        try:
            found.append(archive.resolve(word))
        except InputRefused as error:
            refused.append(Again(word, "failed", error=error))
    return list(dict.fromkeys(found)), refused


def _batches(
    archive: Archive, inspector: str | None, among: list[str] | None
) -> Iterator[tuple[list[str], dict[str, Summary], dict[str, list[Mapping[str, Any]]]]]:
    """The items, a batch at a time: those that are still held then, and what was found in them before."""
    after = -1
    while True:
        with archive.asking() as questions:
            if among is None:
                items = due(questions, inspector, after=after, limit=BATCH)
            else:
                items, among = among[:BATCH], among[BATCH:]
            held, before = questions.held(items), findings_of(questions, items)
        if not items:
            return
        after = max((each.number for each in held.values()), default=after)
        yield items, held, before


@dataclass(frozen=True, slots=True)
class _Looker:
    archive: Archive
    inspector: Inspector
    spool: Spool
    described: str
    lacking: frozenset[str]
    """The items without local features."""

    def look(self, held: Summary) -> Looked:
        """One item, with all that is to be recorded of it, the inspection first."""
        item, wanted = held.item, Wanted(grey=LONGEST)
        looked = look_again(self.archive, self.inspector, self.spool, item, wanted, features=item in self.lacking)
        if looked.report is None:
            return looked
        if looked.report.decode == DecodeStatus.REFUSED_LIMITS and held.decode in _BETTER:
            stopped = (
                f"stopped by a limit ({looked.report.trouble}); the inspection that stands came further, and stays"
            )
            return Looked(item, error=InspectionError(stopped, hint="repeat it on a machine that is less busy"))
        context = Context(datetime.fromisoformat(held.taken_in), held.file_name)  # as it was when it was taken in
        found = inspection(looked.report, item, self.described, context)
        return replace(looked, facts=(found, *looked.facts))


def _told(looked: Looked, before: Sequence[Mapping[str, Any]] | None, recorded: Recorded | None) -> Again:
    if looked.error is not None:
        return Again(looked.item, "failed", error=looked.error)
    found, *_ = looked.facts
    now, then = named(getattr(found, "findings", None)), named(before)
    new = recorded is not None and found.identity() in recorded.new
    return Again(
        looked.item,
        "recorded" if new else "unchanged",
        findings=now,
        new=tuple(each for each in now if each not in then),
        gone=tuple(each for each in then if each not in now),
    )


def _fingerprints(looked: Sequence[Looked], recorded: Recorded | None) -> int:
    made: list[Fact] = [fact for each in looked for fact in each.facts[1:]]
    return sum(fact.identity() in recorded.new for fact in made) if recorded else 0

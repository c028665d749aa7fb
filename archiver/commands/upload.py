"""``archiver upload``: take files in, with what is known of where they come from; a receipt for each.

1. Files are received, inspected and stored by several threads at once (``archiver.intake``), a bounded number ahead.
2. What is ready is recorded together, in the order of the command's words: one transaction, one published object.
3. The catalogue is asked for look-alikes of what was just recorded. Pixel digests made for that are recorded too, and
   so are the best pairs as suggestions, for a person to decide on (``archiver review``).
4. Only then is the receipt given.

One bad file never stops the others. A repetition of the same command finishes what was left and records nothing twice.
"""

from __future__ import annotations

import os
import time
from collections import deque
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.errors import ArchiverError
from archiver.fingerprint.algorithm import DEFAULT_RADIUS, matches_by_look
from archiver.inspection.facts import fingerprints
from archiver.intake import Intake, Taken
from archiver.lookalikes import LookAlikes, Match, Query, refuse_no_radius
from archiver.provenance import settle_agents
from archiver.receipt import Receipt, failure_of
from archiver.spool import Spool
from archiver.suggestions import suggestions, undecided
from archiver.walk import Input, Passed, walk
from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from contextlib import AbstractContextManager

    from archiver.archive import Archive
    from archiver.catalogue.answers import Summary
    from archiver.catalogue.mirror import Recorded
    from archiver.catalogue.questions import Questions
    from archiver.facts.fact import Fact
    from archiver.inspection.inspector import Inspector
    from archiver.provenance import Provenance

LARGEST_BATCH = 64
"""Files that are recorded together at the most."""
GATHERING_SECONDS = 1.0
"""How long a few ready files wait for more: a transaction of four files costs a file three times as much as one of
sixty-four."""
LARGEST_SPOOL = 2**30
"""Bytes that may wait in the spool to be recorded; a single larger file is taken in all the same."""
AHEAD = 4
"""Files that each thread may be ahead of the recording: a bound for memory and for the spool."""


@dataclass
class _Run:
    archive: Archive
    provenance: Provenance
    intake: Intake
    look_alikes: LookAlikes
    radius: int
    seen: set[str] = field(default_factory=set)

    def record(self, batch: Sequence[Taken]) -> list[Receipt]:
        good = [taken for taken in batch if taken.error is None]
        for taken in good:
            _ = taken.report and taken.report.fingerprints  # one after the other, while numpy is in the core's cache
        facts = [self.intake.facts(taken, self.provenance) for taken in good]
        new_items: set[str] = set()

        def build(questions: Questions) -> list[Fact]:
            items = [str(t.received.digest) for t in good if t.received]
            new_items.update(set(items) - questions.holds(items))
            return settle_agents([fact for of_one in facts for fact in of_one], questions)

        recorded = self.archive.record(build) if good else None  # step 2
        receipts = []
        digests: list[Fact] = []
        with self.archive.catalogue.asking() as questions:
            self.look_alikes.refresh(questions)
            held = questions.held([str(taken.received.digest) for taken in good if taken.received])
            for taken in batch:
                if taken.error is not None or recorded is None:
                    receipts.append(failure_of(taken.label, taken.error))
                    continue
                receipt, made = self._receipt(taken, recorded, new_items, held, questions)
                receipts.append(receipt)
                digests += made
        digests += self.look_alikes.computed
        self.look_alikes.computed.clear()
        alike = suggestions(receipts)
        if digests or alike:
            self.archive.record(lambda questions: [*digests, *undecided(alike, questions)])  # step 3
        return receipts

    def _receipt(
        self,
        taken: Taken,
        recorded: Recorded,
        new_items: set[str],
        held: Mapping[str, Summary],
        questions: Questions,
    ) -> tuple[Receipt, list[Fact]]:
        received = taken.received
        if received is None:
            raise AssertionError("a file that was taken in was received")
        item = str(received.digest)
        fresh = item in new_items
        new_items.discard(item)  # the same bytes twice in one batch: the second is held already
        sighting = self.provenance.sighting(item, self.archive.now)
        summary = held[item]
        matches: list[Match] = []
        made: list[Fact] = []
        comparable = False
        if taken.report is not None:
            own = taken.report.look
            comparable = own is not None and matches_by_look(own.quality)
            number = None
            if fresh and own is not None:
                numbers = [recorded.numbers.get(f.identity()) for f in fingerprints(taken.report, item)]
                number = min((n for n in numbers if n is not None), default=None)
            query = Query(received.digest, received.path, taken.report)
            matches, prints = self.look_alikes.near(query, questions, radius=self.radius, before=number)
            made = list(prints)
        else:
            matches, comparable = self.look_alikes.near_held(item, questions, radius=self.radius)
        receipt = Receipt(
            path=taken.label,
            status="archived" if fresh else "already-held",
            item=item,
            sighting_added=sighting is not None and sighting.identity() in recorded.new,
            media_type=summary.media_type,
            width=summary.width,
            height=summary.height,
            decode=summary.decode,
            lookalikes=tuple(matches),
            comparable=comparable,
        )
        return receipt, made


def upload(
    archive: Archive,
    paths: Sequence[str],
    provenance: Provenance,
    *,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
    any_type: bool = False,
    pixel_digest: bool = False,
    radius: int = DEFAULT_RADIUS,
    jobs: int | None = None,
) -> Iterator[Receipt]:
    """Take files in and give a receipt for each, as soon as it is recorded and published.

    Args:
        archive: where to.
        paths: files, folders, ``-`` for standard input.
        provenance: what is said of every one of them.
        inspector: makes an inspector that serves so many threads at once; closed at the end.
        any_type: take in what is neither picture nor video, too.
        pixel_digest: digest the pixels of every picture, which costs a full decode, instead of only where fingerprints
            and sizes nearly agree.
        radius: within how many bits of 256 a held picture counts as a look-alike.
        jobs: how many files are taken in at once; the number of cores by default.

    Raises:
        UsageError: what is said is malformed, or this machine has no key; nothing was opened.
        StoreError: the store is lost; everything with a receipt is safe.
        CatalogueError, LogError: nothing further can be recorded; everything with a receipt is safe.
    """
    refuse_no_radius(radius)
    provenance.check(archive.now)
    archive.ready_to_write()
    with archive.catalogue.asking() as questions:
        settle_agents([agent for agent in (provenance.agent(),) if agent], questions)
    threads = jobs or os.cpu_count() or 1
    with (
        Spool(archive.home / "spool", largest_file=archive.settings.limits.largest_file) as spool,
        inspector(threads) as looking,
    ):
        run = _Run(
            archive=archive,
            provenance=provenance,
            intake=Intake(archive, looking, spool, any_type=any_type, pixel_digest=pixel_digest),
            look_alikes=LookAlikes(archive, looking, spool),
            radius=radius,
        )
        pool = ThreadPoolExecutor(threads, thread_name_prefix="intake")
        try:
            yield from _receipts(run, pool, walk(paths, own=archive.own_folders()), threads * AHEAD)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _receipts(run: _Run, pool: ThreadPoolExecutor, inputs: Iterator[Input | Passed], ahead: int) -> Iterator[Receipt]:
    waiting: deque[Future[Taken] | Passed] = deque()
    exhausted = False
    sizes: deque[int] = deque()
    since = time.monotonic()
    while not exhausted or waiting:
        while not exhausted and len(waiting) < max(ahead, LARGEST_BATCH) and sum(sizes) < LARGEST_SPOOL:
            found = next(inputs, None)
            if found is None:
                exhausted = True
            else:
                waiting.append(found if isinstance(found, Passed) else pool.submit(run.intake.take, found))
                sizes.append(0 if isinstance(found, Passed) else found.size())
        if not waiting:
            break
        ready = _ready(waiting)
        more = len(ready) < len(waiting)
        if more and len(ready) < LARGEST_BATCH and time.monotonic() - since < GATHERING_SECONDS:
            first = next(each for each in list(waiting)[len(ready) :] if not isinstance(each, Passed))
            wait([first], timeout=GATHERING_SECONDS)
            continue
        if not ready:
            wait([each for each in (waiting[0],) if not isinstance(each, Passed)])
            continue
        yield from _recorded(run, [(waiting.popleft(), sizes.popleft())[0] for _ in ready])
        since = time.monotonic()


def _ready(waiting: deque[Future[Taken] | Passed]) -> list[Future[Taken] | Passed]:
    ready: list[Future[Taken] | Passed] = []
    for each in waiting:
        if len(ready) == LARGEST_BATCH or not (isinstance(each, Passed) or each.done()):
            break
        ready.append(each)
    return ready


def _recorded(run: _Run, ready: Sequence[Future[Taken] | Passed]) -> Iterator[Receipt]:
    told: list[Taken | Passed] = []
    lost: ArchiverError | StoreError | None = None
    for each in ready:
        try:
            told.append(each if isinstance(each, Passed) else each.result())
        except (ArchiverError, StoreError) as error:  # no further file can succeed; those before it are recorded
            lost = error
            break
    taken = [each for each in told if not isinstance(each, Passed)]
    try:
        receipts = iter(run.record(taken))
    finally:
        for one in taken:
            one.discard()
    for done in told:
        if isinstance(done, Passed):
            yield Receipt(done.label, "failed" if done.failed else "skipped", error=done.why)
        else:
            yield next(receipts)
    if lost is not None:
        raise lost

"""``archiver upload``: take files in, with what is known of where they come from; a receipt for each.

1. Files are received, inspected and stored by several threads at once (``archiver.intake``), a bounded number ahead
   (``archiver.conveyor``). Of a manifest, what a row says is checked before its file is touched.
2. What is ready is recorded together, and compared with what was held before (``archiver.recorder``).
3. Only then is the receipt given.

One bad file or row never stops the others. A repetition of the same command finishes what was left and records nothing
twice.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from archiver.conveyor import convey
from archiver.errors import ArchiverError
from archiver.fingerprint.algorithm import DEFAULT_RADIUS, PDQ
from archiver.inspectors import cores
from archiver.intake import Intake
from archiver.interchange.listed import Lists
from archiver.loading import Loading
from archiver.lookalikes import LookAlikes
from archiver.manifest.manifest import Manifest
from archiver.manifest.statements import Statements
from archiver.match import refuse_no_radius
from archiver.provenance import settle_agents
from archiver.recorder import Recorder
from archiver.spool import Spool
from archiver.walk import refuse_twice
from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from archiver.archive import Archive
    from archiver.conveyor import Load
    from archiver.inspection.inspector import Inspector
    from archiver.provenance import Provenance
    from archiver.receipt import Receipt
    from archiver.safekeeping import Safekeeping

AHEAD = 4
"""Files that each thread may be ahead of the recording: a bound for memory and for the spool."""


def upload(
    archive: Archive,
    handed: Sequence[str] | Manifest,
    provenance: Provenance,
    *,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
    any_type: bool = False,
    pixel_digest: bool = False,
    fast: bool = False,
    radius: int = DEFAULT_RADIUS,
    jobs: int | None = None,
    safekeeping: Safekeeping | None = None,
) -> Iterator[Receipt]:
    """Take files in and give a receipt for each, as soon as it is recorded and published.

    Args:
        archive: where to.
        handed: files, folders, ``-`` for standard input; or a manifest.
        provenance: what is said of every one of them; of a manifest, where a row leaves a column empty.
        inspector: makes an inspector that serves so many threads at once; closed at the end.
        any_type: take in what is neither picture nor video, too.
        pixel_digest: digest the pixels of every picture, which costs a full decode, instead of only where fingerprints
            and sizes nearly agree.
        fast: look for no local features; ``fingerprints build`` makes up for it.
        radius: within how many bits of 256 a held picture counts as a look-alike.
        jobs: how many files are taken in at once; the number of cores by default.
        safekeeping: what the store is asked to keep every one of them under (``asked_of_upload``).

    Raises:
        UsageError: what is said is malformed, standard input was named twice, or this machine has no key; nothing was
            opened.
        StoreError: the store is lost; everything with a receipt is safe.
        CatalogueError, LogError: nothing further can be recorded; everything with a receipt is safe.
    """
    refuse_no_radius(radius)
    if not isinstance(handed, Manifest):
        refuse_twice(handed)
    provenance.check(archive.now)
    archive.ready_to_write()
    with archive.catalogue.asking() as questions:
        provenance = provenance.as_recorded(questions)
        settle_agents([agent for agent in (provenance.agent(),) if agent], questions)
        lists = Lists(archive, questions)
    threads = jobs or cores()
    with (
        Spool(archive.home / "spool", largest_file=archive.settings.limits.largest_file) as spool,
        inspector(threads) as looking,
    ):
        recorder = Recorder(
            archive=archive,
            provenance=provenance,
            intake=Intake(
                archive,
                looking,
                spool,
                any_type=any_type,
                pixel_digest=pixel_digest,
                fast=fast,
                pdq=lists.of(PDQ),
                safekeeping=safekeeping,
            ),
            look_alikes=LookAlikes(archive, looking, spool),
            lists=lists,
            radius=radius,
            statements=Statements(archive, handed.targets) if isinstance(handed, Manifest) else None,
        )
        pool = ThreadPoolExecutor(threads, thread_name_prefix="intake")
        loading = Loading(archive, recorder.intake, pool)
        loads = loading.rows(handed, provenance) if isinstance(handed, Manifest) else loading.paths(handed)
        try:
            for ready in convey(loads, threads * AHEAD):
                yield from _recorded(recorder, ready)
            recorder.index_parts()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _recorded(recorder: Recorder, ready: Sequence[Load]) -> Iterator[Receipt]:
    arrived: list[Load] = []
    lost: ArchiverError | StoreError | None = None
    for load in ready:
        try:
            load.arrive()
        except (ArchiverError, StoreError) as error:  # no further file can succeed; those before it are recorded
            lost = error
            break
        arrived.append(load)
    try:
        receipts = recorder.record(arrived)
    finally:
        for load in arrived:
            if load.arrived:
                load.arrived.discard()
    yield from receipts
    if lost is not None:
        raise lost

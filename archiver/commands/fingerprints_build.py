"""``archiver fingerprints build``: make what is lacking of the fingerprints and features of everything that is held.

What ``upload --fast`` left for later, what another version of the program computes differently, what only an exchange
needs (PDQ). What is there is left alone: a new algorithm's fingerprints stand beside the old ones, under its own name.

1. Items of which something decoded are gone through, oldest first, a batch at a time.
2. Those that lack something are read from the store, and inspected in a bounded child.
3. Fingerprints are recorded, features published; only then does the next batch begin. A command that was killed is
   repeated, and goes on where it was.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.catalogue.decoded import count_decoded, decoded
from archiver.errors import InspectionError
from archiver.fingerprint.algorithm import CURRENT, PDQ
from archiver.inspection.appearance import LONGEST
from archiver.inspection.wanted import Wanted
from archiver.lookagain import BATCH, Looked, keep, look_again
from archiver.neighbours.parts import PartsIndex
from archiver.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from contextlib import AbstractContextManager

    from archiver.archive import Archive
    from archiver.inspection.inspector import Inspector


@dataclass(slots=True)
class Built:
    """How far it got.

    Attributes:
        items: of how many items something decoded.
        seen: how many of them were gone through.
        made: how many lacked something that was made.
        features: of how many local features were looked for.
        fingerprints: how many fingerprints were recorded.
        failed: item and reason, of those that could not be read or did not decode again.
    """

    items: int = 0
    seen: int = 0
    made: int = 0
    features: int = 0
    fingerprints: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "items": self.items,
            "seen": self.seen,
            "made": self.made,
            "features": self.features,
            "fingerprints": self.fingerprints,
            "failed": [{"item": item, "error": error} for item, error in self.failed],
        }


def fingerprints_build(
    archive: Archive,
    *,
    inspector: Callable[[int], AbstractContextManager[Inspector]],
    pdq: bool = False,
    jobs: int = 1,
) -> Iterator[Built]:
    """Make what is lacking; the same object again after each batch, with what has been done so far.

    Args:
        archive: the archive.
        inspector: makes an inspector for so many threads.
        pdq: make PDQ fingerprints, too, which cost a full decode each.
        jobs: items looked at at once.

    Raises:
        StoreError: the store does not answer.
        CatalogueError: the catalogue does not answer.
    """
    archive.ready_to_write()
    archive.publish()  # what a run before this one did not live to publish, even where nothing is lacking now
    wanted = [str(CURRENT), *([str(PDQ)] if pdq else [])]
    built = Built()
    after = -1
    with (
        Spool(None, largest_file=archive.settings.limits.largest_file) as spool,
        inspector(jobs) as looking,
        ThreadPoolExecutor(jobs) as pool,
    ):
        archive.features.refresh(whole=True)
        with archive.asking() as questions:
            built.items = count_decoded(questions)
        while True:
            with archive.asking() as questions:
                batch = decoded(questions, after=after, limit=BATCH)  # step 1
                if not batch:
                    break
                items = [each.item for each in batch]
                has = {item: {p.algorithm for p in prints} for item, prints in questions.prints_of(items).items()}
            after = batch[-1].number
            featureless = set(archive.features.missing(items))
            lacking = {item: [name for name in wanted if name not in has.get(item, ())] for item in items}
            due = [item for item in items if lacking[item] or item in featureless]

            def look(item: str) -> Looked:
                asked = Wanted(grey=LONGEST if item in featureless else 0, pdq=str(PDQ) in lacking[item])  # noqa: B023 - called within this turn of the loop only
                return _look(archive, looking, spool, item, asked)

            looked = list(pool.map(look, due))  # step 2
            _record(archive, looked, built)  # step 3
            built.seen += len(items)
            yield built
    PartsIndex(archive.features).check()  # what a disk changed in the index is found here, and made anew
    yield built


def _look(archive: Archive, inspector: Inspector, spool: Spool, item: str, wanted: Wanted) -> Looked:
    looked = look_again(archive, inspector, spool, item, wanted, features=bool(wanted.grey))
    if looked.report is not None and looked.report.look is None:
        return Looked(item, error=InspectionError(f"does not decode here: {looked.report.trouble}"))
    return looked


def _record(archive: Archive, looked: Sequence[Looked], built: Built) -> None:
    looked, recorded = keep(archive, looked)
    built.fingerprints += len(recorded.new) if recorded else 0
    built.features += sum(1 for each in looked if each.appearance and each.error is None)
    built.made += sum(1 for each in looked if each.error is None)
    built.failed += [(each.item, str(each.error)) for each in looked if each.error]

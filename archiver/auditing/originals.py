"""The originals in one store, and the lists of fingerprints: read in full, in the order of a plan, and taken up again.

1. The plan is every item and list that the log names at the size of the check, in its share, and, where asked, not
   found whole since then; by digest.
2. What a notebook of this very audit says was read is not read again, except what could not be read.
3. Everything else is read and hashed, and noted down.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archiver.auditing.copy_amiss import Amiss
from archiver.auditing.covered import Covered
from archiver.checking.copies import read_copies, read_copy
from archiver.facts.vocabulary import CopyFault
from storage.digest import Digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from archiver.auditing.notebook import Notebook, Title
    from archiver.checking.copies import Reading
    from archiver.replica import Replica


@dataclass(slots=True)
class OriginalsRead:
    """What the reading of one store came to.

    Attributes:
        covered: the commitment to it, which goes on with the log.
        resumed: how many copies an earlier run of this audit had read.
        amiss: copies that are not as they should be.
        given_up: whether the store stopped answering, so that this audit has not come to its end.
    """

    covered: Covered = field(default_factory=Covered)
    resumed: int = 0
    amiss: list[Amiss] = field(default_factory=list)
    given_up: bool = False


def read_originals(
    copy: Replica,
    plan: Sequence[str],
    items: set[str] | dict[str, int],
    *,
    notebook: Notebook,
    resumed: Title | None,
    progress: Callable[[int, int], None],
    jobs: int,
) -> OriginalsRead:
    """Follow steps 2 and 3.

    Args:
        copy: the store.
        plan: the digests, ascending.
        items: those that are items; the others are lists.
        notebook: open, and begun or to be taken up.
        resumed: the audit that is taken up, if one is.
        progress: told how many of how many are done.
        jobs: how many are read at once.
    """
    done = OriginalsRead()
    for place, reading in enumerate(_readings(copy, plan, notebook, resumed, done=done, jobs=jobs), start=1):
        done.covered.add(reading.name, reading.fault, reading.found, reading.size)
        done.given_up |= reading.given_up
        if reading.fault is not None and not reading.given_up:
            item = str(reading.digest) if str(reading.digest) in items else None
            amiss = Amiss(
                copy, reading.name, reading.fault, reading.digest, reading.found, reading.size, reading.detail, item
            )
            done.amiss.append(amiss)
        progress(place, len(plan))
    return done


def _readings(
    copy: Replica, plan: Sequence[str], notebook: Notebook, resumed: Title | None, *, done: OriginalsRead, jobs: int
) -> Iterator[Reading]:
    if resumed is not None:
        with closing(notebook.take_up(resumed)) as noted:
            for expected, reading in zip(plan, noted, strict=False):
                if str(reading.digest) != expected:
                    break
                done.resumed += 1
                yield read_copy(copy.store, reading.digest) if reading.fault is CopyFault.UNREADABLE else reading
    for reading in read_copies(copy.store, map(Digest.parse, plan[done.resumed :]), jobs):
        if not reading.given_up:
            notebook.note(reading)
        yield reading

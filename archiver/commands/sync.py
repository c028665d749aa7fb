"""``archiver sync``: fill each store with what it lacks and another one holds. It overwrites nothing.

0. What is committed and not published yet is published. What was withdrawn is erased where it still lies
   (``archiver.erasing``): it is no copy to fill others from.
1. What is lacking is counted, store by store.
2. It is copied, and the copies are recorded (``archiver.filling``).
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.erasing import Erased, Eraser
from archiver.errors import UsageError
from archiver.filling import Filled, Filling
from archiver.holdings import holdings
from archiver.strays import Strays
from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archiver.archive import Archive


@dataclass(frozen=True, slots=True)
class Synced:
    """What was lacking in each store that was asked for (none where that is not known), and what was done about it."""

    lacking: dict[str, int | None]
    filled: Filled
    erased: Erased

    @property
    def complete(self) -> bool:
        """Whether each of these stores holds everything now, as far as its names tell, and no bad copy was met."""
        return not (self.filled.left or self.filled.altered or self.filled.failed or self.erased.left)


def sync(
    archive: Archive,
    names: Sequence[str] = (),
    *,
    jobs: int = 4,
    progress: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> Synced:
    """Fill these stores; all of them where none is named.

    Args:
        archive: the archive.
        names: of stores.
        jobs: how many objects are copied at once.
        progress: told how many of how many objects are copied.

    Raises:
        RebuildNeeded: the catalogue is older than the log.
        UsageError: there is only one store, or none of this name; or this machine has no key to record copies with.
        StoreError, CatalogueError, LogError: copies cannot be recorded, or what is recorded not be published; the same
            again goes on.
    """
    if len(archive.copies) == 1:
        raise UsageError(
            "this archive has one store, and nothing to fill it from", hint="`archiver store add NAME URL` adds another"
        )
    targets = [archive.stores.called(name) for name in dict.fromkeys(names)] or list(archive.copies)
    _ = archive.key  # both before hours of copying
    with suppress(StoreError):  # a store that does not answer is named when it is filled
        archive.refuse_unless_current()
        archive.publish()  # step 0
    erased = Eraser(archive).erase(archive.copies)
    found = holdings(archive.copies, Strays(archive))  # step 1
    lacking = {each.name: None if each.error else sum(each.lacks.values()) for each in found}
    total = sum(lacking[target.name] or 0 for target in targets)
    filling = Filling(archive, targets, jobs=jobs, progress=lambda done: progress(done, total))
    filled = filling.fill()  # step 2
    if not filled.failed:
        archive.publish()  # again: what no store took lacks nowhere, and would be missed by nobody
    return Synced({target.name: lacking[target.name] for target in targets}, filled, erased)

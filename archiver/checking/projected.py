"""The catalogue held against the projection of the published log, row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.rebuilding import differences
from archiver.checking.fault import Fault
from archiver.custody.merkle import Frontier
from archiver.errors import ArchiverError, CatalogueDamaged, RebuildNeeded
from archiver.logbook import published, readable, rendered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from archiver.archive import Archive
    from archiver.catalogue.mirror import Pending
    from archiver.catalogue.rebuilding import Readable

MOST_DIFFERENCES = 1000
"""How many differing rows are listed; a catalogue with more is beyond reading, and ``rebuild`` is the answer."""


def compare_catalogue(
    archive: Archive,
    events: int,
    faults: list[Fault],
    notes: list[Fault],
    log: Callable[[], Iterable[tuple[str, bytes]]] | None = None,
) -> None:
    """Add what differs to ``faults``, and what is merely not published yet to ``notes``.

    Args:
        archive: the archive.
        events: how many events the published log has.
        faults: what is amiss.
        notes: what is no fault.
        log: gives the published transactions, name and bytes; those of the archive's store by default.

    Raises:
        CatalogueError: the catalogue does not answer, so it cannot be told whether it is intact.
    """

    def taken() -> Iterable[tuple[str, bytes]]:
        return published(archive.store) if log is None else log()

    def projection(size: int, waiting: list[Pending]) -> Iterator[Readable]:
        return _projected(taken(), size, waiting, faults, notes)

    try:
        size = archive.catalogue.head().size
        if size < events:
            detail = f"it ends with {size} events, and the published log with {events}: run `archiver rebuild`"
            faults.append(Fault("catalogue-behind", "catalogue", detail))
        for number, difference in enumerate(differences(archive.catalogue, projection)):
            if number == MOST_DIFFERENCES:
                faults.append(Fault("catalogue-differs", "catalogue", "more rows differ and are not listed"))
                break
            where = f"{difference.table} {difference.key}"
            faults.append(Fault("catalogue-differs", where, difference.detail))
    except (CatalogueDamaged, RebuildNeeded) as error:
        fault = Fault("catalogue-unreadable", "catalogue", str(error))
        if fault not in faults:
            faults.append(fault)


def _projected(
    log: Iterable[tuple[str, bytes]], size: int, waiting: list[Pending], faults: list[Fault], notes: list[Fault]
) -> Iterator[Readable]:
    """What the catalogue should hold: the published log up to ``size``, then what is committed and unpublished."""
    tree = Frontier()
    unpublished = {each.first: each for each in waiting}
    try:
        for _, data in log:
            if tree.size >= size:
                break
            made, tree = readable(data, tree, is_published=tree.size not in unpublished)
            unpublished.pop(made[0], None)
            yield made
        for first, each in sorted(unpublished.items()):
            made, tree = readable(rendered(each), tree, is_published=False)
            yield made
            detail = f"{len(each.records)} events are committed and not published: the next command publishes them"
            notes.append(Fault("unpublished", f"event {first}", detail))
    except ArchiverError as error:
        faults.append(Fault("log-unreadable", "log", f"the catalogue was compared only up to here: {error}"))

"""What one of log, catalogue and store has, and another has not, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.checked import items_before
from archiver.checking.fault import Fault
from archiver.errors import CatalogueDamaged, LogError
from archiver.tombstones import ADVICE
from storage.layout import OBJECTS, digest_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.archive import Archive
    from archiver.auditing.log_copies import LogCopies
    from archiver.facts.share import Share
    from archiver.replica import Replica


def items_differ(archive: Archive, log: LogCopies) -> list[Fault]:
    """The items that the log took in and the catalogue does not hold so, and the other way round.

    Raises:
        CatalogueError: the catalogue does not answer.
    """
    catalogue, size, named = archive.catalogue, log.head.size, log.named.items
    try:
        if catalogue.head().size < size:
            return [Fault("catalogue-behind", "catalogue", "it ends before the log: run `archiver rebuild`")]
        with catalogue.asking() as questions:
            held = items_before(questions, size)
    except (CatalogueDamaged, LogError) as error:
        return [Fault("catalogue-unreadable", "catalogue", str(error))]
    if held == named:
        return []
    lacking = sorted(item for item, first in named.items() if held.get(item) != first)
    beyond = sorted(held.keys() - named.keys())
    return [
        *(Fault("catalogue-differs", each, f"the log took it in with event {named[each]}") for each in lacking),
        *(Fault("catalogue-differs", each, "the catalogue holds it, and no event of the log") for each in beyond),
    ]


def loose_ends(copy: Replica, share: Share, log: LogCopies) -> Iterator[Fault]:
    """What lies among a store's originals, in this share, and in no event.

    Raises:
        StoreError: the store does not tell.
    """
    for name in copy.store.names(OBJECTS):
        digest = digest_of(name)
        text = str(digest)
        if text in log.named.tombstones.items and text not in log.named.items:
            if share.holds(text):
                yield Fault("not-erased", text, f"was withdrawn, and lies in the store {copy.name}: {ADVICE}")
        elif digest is None or (share.holds(text) and text not in log.named.items and text not in log.named.lists):
            detail = f"lies in the store {copy.name} and in no event (an upload that was killed, or is running)"
            yield Fault("loose-end", name, detail)

"""Repairs of which nobody left word: what was lost, by the facts, and is as it should be when it is looked at now.

A run that was killed between a repair and its record leaves that, and so does a person or a server that mended
something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.auditing.promises import keeps
from archiver.catalogue.checked import unrepaired
from archiver.facts.fixity import Repair
from archiver.facts.values import instant, parse_instant
from archiver.facts.vocabulary import CopyCheck, CopyFault, GoodCopy
from storage.digest import Digest
from storage.errors import StoreError
from storage.layout import quarantine_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.checked import Failed
    from archiver.replica import Replica


def found_whole(archive: Archive, copies: Sequence[Replica]) -> list[Repair]:
    """Repairs that nobody recorded: what was lost, by the facts, and is whole when it is read now."""
    made: list[Repair] = []
    for copy in copies:
        with archive.asking() as questions:
            lost = unrepaired(questions, copy.url)
        for (name, _), (item, failure) in sorted(lost.items()):
            if failure.expected is None or not _is_whole(copy, name, failure.expected):
                continue
            if failure.fault == CopyFault.UNPROTECTED and not _keeps(archive, copy, item, failure):
                continue
            aside = quarantine_name(name, Digest.parse(failure.found)) if failure.found else None
            made.append(
                Repair(
                    item=item,
                    store=copy.url,
                    name=name,
                    sha256=failure.expected,
                    fault=CopyFault(failure.fault),
                    found=failure.found,
                    set_aside=aside if aside and failure.found and _is_whole(copy, aside, failure.found) else None,
                    good_copy=GoodCopy.FOUND_WHOLE,
                    check=CopyCheck.READ_BACK,
                    repaired=instant(archive.clock.now()),
                )
            )
    return made


def _is_whole(copy: Replica, name: str, sha256: str) -> bool:
    try:
        return str(copy.store.measure(name)[0]) == sha256
    except StoreError:
        return False


def _keeps(archive: Archive, copy: Replica, item: str | None, failure: Failed) -> bool:
    try:
        return keeps(archive, copy, failure.name, item, parse_instant(failure.observed))
    except StoreError:
        return False

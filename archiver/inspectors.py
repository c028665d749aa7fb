"""Which inspector a command uses, under the limits that the archive's settings give."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from archiver.inspection.inspector import FreshInspector, InspectionServer, for_one_file
from archiver.inspection.limits import Limits
from archiver.inspection.trust import TrustList

if TYPE_CHECKING:
    from pathlib import Path

    from archiver import settings
    from archiver.archive import Archive
    from archiver.inspection.inspector import Inspector


def cores() -> int:
    """How many files are looked at at once unless told otherwise."""
    return os.cpu_count() or 1


def for_one(limits: settings.Limits, trust: TrustList | None = None) -> Inspector:
    """For a single question. Ask for it before numpy is loaded."""
    return for_one_file(bounds(limits), trust)


def for_many(
    workers: int, *, limits: settings.Limits, trust: TrustList | None = None
) -> AbstractContextManager[Inspector]:
    """For many files from so many threads at once; closed at the end of the ``with``."""
    if hasattr(os, "fork"):
        return InspectionServer(min(workers, cores()), bounds(limits), trust)
    return nullcontext(FreshInspector(bounds(limits), trust))


def trusted(archive: Archive) -> TrustList | None:
    """Whom the archive's settings say to ask about the signers of content credentials.

    Raises:
        UsageError: the list that they name is not there, or no list.
    """
    return trusted_by(archive.home, archive.settings)


def trusted_by(home: Path, said: settings.Settings) -> TrustList | None:
    """The same by settings alone.

    Args:
        home: what the list's path is relative to.
        said: the settings.

    Raises:
        UsageError: as above.
    """
    named = said.credentials.trust_list
    return TrustList.of(home / named) if named else None


def bounds(limits: settings.Limits) -> Limits:
    """The limits of one inspection, by the settings."""
    return Limits(cpu_seconds=limits.cpu_seconds, address_space=limits.memory, pixels=limits.largest_picture)

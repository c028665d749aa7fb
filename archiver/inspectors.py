"""Which inspector a command uses, under the limits that the archive's settings give."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from archiver.inspection.inspector import FreshInspector, InspectionServer, for_one_file
from archiver.inspection.limits import Limits

if TYPE_CHECKING:
    from archiver import settings
    from archiver.inspection.inspector import Inspector


def cores() -> int:
    """How many files are looked at at once unless told otherwise."""
    return os.cpu_count() or 1


def for_one(limits: settings.Limits) -> Inspector:
    """For a single question. Ask for it before numpy is loaded."""
    return for_one_file(bounds(limits))


def for_many(workers: int, *, limits: settings.Limits) -> AbstractContextManager[Inspector]:
    """For many files from so many threads at once; closed at the end of the ``with``."""
    if hasattr(os, "fork"):
        return InspectionServer(min(workers, cores()), bounds(limits))
    return nullcontext(FreshInspector(bounds(limits)))


def bounds(limits: settings.Limits) -> Limits:
    """The limits of one inspection, by the settings."""
    return Limits(cpu_seconds=limits.cpu_seconds, address_space=limits.memory, pixels=limits.largest_picture)

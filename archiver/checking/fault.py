"""One thing that is amiss, or merely worth knowing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is amiss: a code for machines, where, and a sentence for people."""

    code: str
    subject: str
    detail: str

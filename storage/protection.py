"""What keeps an object from being deleted or overwritten for good: a retention until a moment, and a legal hold.

The law: protection only grows. A retention ends later or not at all; governance may become compliance where the server
allows it, never the other way; and a legal hold is lifted by one call of its own. Moments are UTC, to the second, since
servers keep no more.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class Mode(StrEnum):
    """How firm a retention is: S3's own terms (Object Lock)."""

    GOVERNANCE = "governance"
    """Lifted by whoever has a special right to (``s3:BypassGovernanceRetention``)."""

    COMPLIANCE = "compliance"
    """Lifted by nobody, the account's owner included, until its end."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Until when an object stays, and how firmly; ``until`` is aware, and rounded down to the second."""

    mode: Mode
    until: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "until", self.until.astimezone(UTC).replace(microsecond=0))

    def covers(self, asked: Retention) -> bool:
        """Whether this is as firm and as long as what is asked."""
        return self.until >= asked.until and asked.mode in (self.mode, Mode.GOVERNANCE)

    def __str__(self) -> str:
        return f"{self.mode} until {self.until:%Y-%m-%d %H:%M:%S} UTC"


@dataclass(frozen=True, slots=True)
class Protection:
    """What is in force for one object, or is asked for."""

    retention: Retention | None = None
    legal_hold: bool = False

    def covers(self, asked: Protection) -> bool:
        """Whether this is all that is asked, or more."""
        kept = asked.retention is None or (self.retention is not None and self.retention.covers(asked.retention))
        return kept and (self.legal_hold or not asked.legal_hold)

    def with_all_of(self, other: Protection) -> Protection:
        """What is as long and as firm as both, and a legal hold where either has one."""
        kept = self.retention or other.retention
        if self.retention is not None and other.retention is not None:
            firm = Mode.COMPLIANCE in (self.retention.mode, other.retention.mode)
            until = max(self.retention.until, other.retention.until)
            kept = Retention(Mode.COMPLIANCE if firm else Mode.GOVERNANCE, until)
        return Protection(kept, legal_hold=self.legal_hold or other.legal_hold)

    def __str__(self) -> str:
        parts = [*([str(self.retention)] if self.retention else []), *(["legal hold"] if self.legal_hold else [])]
        return " and ".join(parts) or "no protection"


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object.

    Attributes:
        identity: the store's name for it.
        size: its bytes; 0 of a delete marker.
        stored: when the store took it.
        is_latest: whether reading the name gives this one.
        is_delete_marker: whether it only says that the name was deleted; there is nothing to read.
    """

    identity: str
    size: int
    stored: datetime
    is_latest: bool
    is_delete_marker: bool

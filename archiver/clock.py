"""One clock, taken once per command, and what it is worth."""

from __future__ import annotations

import ctypes
import sys
from datetime import UTC, datetime
from typing import Protocol

from archiver.facts.vocabulary import ClockSource

_STA_UNSYNC = 0x0040
"""``adjtimex(2)``: the kernel's clock is not disciplined by a time protocol."""
_STATUS_OFFSET = 40
"""Where ``status`` stands in ``struct timex`` of 64-bit Linux: after modes (padded) and four longs."""


class Clock(Protocol):
    """Where times come from."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        ...

    def source(self) -> ClockSource:
        """What the clock is worth."""
        ...


class SystemClock:
    """The computer's own clock."""

    def now(self) -> datetime:
        """The moment, aware, in UTC."""
        return datetime.now(tz=UTC)

    def source(self) -> ClockSource:
        """``ntp-synced`` where the kernel says that a time protocol disciplines the clock; else ``system``."""
        if sys.platform != "linux" or sys.maxsize <= 2**32:
            return ClockSource.SYSTEM
        timex = ctypes.create_string_buffer(512)  # modes = 0: asking, not setting
        try:
            answered = ctypes.CDLL(None).adjtimex(timex) >= 0
        except (OSError, AttributeError):
            return ClockSource.SYSTEM
        status = int.from_bytes(timex.raw[_STATUS_OFFSET : _STATUS_OFFSET + 4], sys.byteorder)
        return ClockSource.NTP_SYNCED if answered and not status & _STA_UNSYNC else ClockSource.SYSTEM

"""The times that events bear, held against the order of the log and against its time stamps.

The law: an event's time is our own clock's, and proves nothing by itself. But a log is written in its order, and what a
time stamp covers was there by then. A time that runs back, and one that lies behind a stamp over it, say that a clock
was wrong or was set wrong. Neither is a fault of the log: machines' clocks differ, and it is for people to judge.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

TOLERANCE = timedelta(minutes=2)
"""What machines that share an archive may be apart, and nobody wonders."""

_SAID = {
    "clock-back": "bear an earlier time than an event before them: a clock was set back, or two clocks differ",
    "clock-ahead": "bear a later time than a time stamp that covers them: a clock was ahead, or was set ahead",
}


@dataclass(frozen=True, slots=True)
class Oddity:
    """Something odd about times: a code for machines, the first event that it is about, a sentence."""

    code: str
    event: int
    detail: str


class Chronology:
    """Sees every event pass by, in the order of the log.

    Args:
        stamped: of each good time stamp, how many events it covers and when it says that they existed.
    """

    def __init__(self, stamped: Iterable[tuple[int, datetime]]) -> None:
        bounds = sorted(stamped)
        self._sizes = [size for size, _ in bounds]
        self._times = [time for _, time in bounds]
        for place in reversed(range(len(bounds) - 1)):  # a later stamp covers what an earlier one does, too
            self._times[place] = min(self._times[place], self._times[place + 1])
        self._latest: tuple[datetime, int] | None = None
        self._read: tuple[str, datetime | None] = "", None
        self._odd: dict[str, tuple[int, int, str]] = {}

    def pass_by(self, event: int, time: str) -> None:
        """Take note of the next event; a time that is none is for ``archiver.custody.check`` and the facts to name."""
        if time != self._read[0]:  # the events of a transaction bear one time
            self._read = time, _moment(time)
        when = self._read[1]
        if when is None:
            return
        if self._latest is not None and when < self._latest[0] - TOLERANCE:
            self._note("clock-back", event, f"{time}, behind event {self._latest[1]} of {self._latest[0]}")
        elif self._latest is None or when > self._latest[0]:
            self._latest = when, event
        place = bisect_right(self._sizes, event)
        if place < len(self._sizes) and when > self._times[place] + TOLERANCE:
            self._note("clock-ahead", event, f"{time}, and a time stamp over it {self._times[place]}")

    def oddities(self) -> list[Oddity]:
        """What was odd, each kind once, with how often."""
        return [
            Oddity(code, event, f"{count:,} events {_SAID[code]} (the first, event {event}, bears {text})")
            for code, (count, event, text) in sorted(self._odd.items())
        ]

    def _note(self, code: str, event: int, text: str) -> None:
        count, first, told = self._odd.get(code, (0, event, text))
        self._odd[code] = count + 1, first, told


def _moment(time: str) -> datetime | None:
    try:
        when = datetime.fromisoformat(time)
    except ValueError:
        return None
    return None if when.tzinfo is None else when

"""Times that a file states, against one another and against the moment at which it was looked at.

The law: a difference that a time zone explains is no finding. Where a statement has its offset, it is an instant;
where it has none, it may have been made anywhere, and only what holds for every zone in use is told. Dates that the
calendar does not have were left out before (``archiver.inspection.capture``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final

from archiver.facts.findings import FindingCode
from archiver.inspection.sanity.claims import Context, finding, numbers, quoted, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.facts.inspection import Finding
    from archiver.inspection.report import Report

EASTERNMOST: Final = timedelta(hours=14)
"""The zone that is ahead of all others: Line Islands Time, UTC+14 (IANA time zone database)."""

CLOCKS: Final = timedelta(minutes=10)
"""What a camera's clock may be off, and a satellite position may be old, without being remarkable: a receiver may take
up to 12.5 minutes for its first position (the whole navigation message, IS-GPS-200), and hands out the last until
then."""

ROUNDING: Final = timedelta(seconds=2)
"""What two statements of one time differ by where one is cut to whole seconds and written a moment later."""

ZONES: Final = tuple(
    timedelta(minutes=minutes)
    for minutes in sorted(
        {60 * hours for hours in range(-12, 15)}
        | {60 * hours + 30 for hours in (-10, -5, -4, -3, 3, 4, 5, 6, 8, 9, 10, 11)}
        | {5 * 60 + 45, 8 * 60 + 45, 9 * 60 + 45, 12 * 60 + 45, 13 * 60 + 45}
    )
)
"""Every offset from UTC in use on land since 2002, when Exif 2.2 brought the satellite date (IANA time zone database,
daylight saving times among them), and UTC-12 of ships."""

_STAMP: Final = re.compile(
    r"(\d{4})[:-](\d\d)[:-](\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?"
)
_IPTC_DATE: Final = re.compile(r"(\d{4})(\d\d)(\d\d)")
_IPTC_TIME: Final = re.compile(r"(\d\d)(\d\d)(\d\d)([+-]\d{4})?")
_GPS_DATE: Final = re.compile(r"(\d{4})[:/-](\d\d)[:/-](\d\d)")


@dataclass(frozen=True, slots=True)
class Stated:
    """A time as a file states it.

    Attributes:
        local: what the clock showed, without a zone.
        offset: from UTC, where the file states it.
        said: the statement itself, for the detail.
        precision: how far apart two statements of the same time may be: a second or two, a minute, or a day.
    """

    local: datetime
    offset: timedelta | None
    said: str
    precision: timedelta = ROUNDING

    @property
    def instant(self) -> datetime | None:
        """The aware time, where the offset is stated."""
        return None if self.offset is None else self.local.replace(tzinfo=timezone(self.offset))


def findings(report: Report, context: Context) -> Iterator[Finding]:
    """Capture after intake, satellite time against clock, one block's times against another's."""
    original = stated(report.captured or "")
    if original is not None:
        yield from _after_intake(original, context.moment)
        yield from _satellite(original, report)
        yield from _elsewhere(original, report)


def stated(said: str, offset: str = "") -> Stated | None:
    """A time of EXIF (``2024:12:27 14:05:00``) or XMP (ISO 8601, to the day at least), or none.

    Args:
        said: the statement.
        offset: ``+09:00``, where it stands in a tag of its own.
    """
    match = _STAMP.fullmatch(said)
    if match is None:
        return None
    try:
        local = datetime(*(int(part or 0) for part in match.groups()[:6]))  # type: ignore[arg-type]  # noqa: DTZ001 - its zone is kept apart
    except ValueError:
        return None
    return Stated(local, _offset(match[7] or offset), said, _precision(match))


def _precision(match: re.Match[str]) -> timedelta:
    if match[4] is None:
        return timedelta(days=1)
    return ROUNDING if match[6] is not None else timedelta(minutes=1)


def _offset(said: str) -> timedelta | None:
    if said == "Z":
        return timedelta(0)
    match = re.fullmatch(r"([+-])(\d\d):?(\d\d)", said)
    if match is None:
        return None
    size = timedelta(hours=int(match[2]), minutes=int(match[3]))
    return None if size > EASTERNMOST else -size if match[1] == "-" else size


def _after_intake(original: Stated, moment: datetime) -> Iterator[Finding]:
    """The earliest instant that the statement can mean, against the moment."""
    if original.local.year >= 9999 or original.local.year <= 1:  # noqa: PLR2004 - at the ends of the calendar sums fail
        return
    earliest = original.instant or (original.local - EASTERNMOST).replace(tzinfo=UTC)
    if earliest > moment + CLOCKS:
        zone = "" if original.offset is not None else ", whatever time zone it was made in"
        yield finding(
            FindingCode.CAPTURED_AFTER_INTAKE,
            f"the capture time {original.said} is later than {moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}, "
            f"when the file was looked at{zone}",
        )


def _satellite(original: Stated, report: Report) -> Iterator[Finding]:
    satellite = _satellite_time(report)
    if satellite is None:
        return
    ahead = original.local - satellite
    off = min(abs(ahead - zone) for zone in (ZONES if original.offset is None else (original.offset,)))
    if off > CLOCKS:
        explained = "with the offset stated" if original.offset is not None else "in the nearest time zone"
        yield finding(
            FindingCode.GPS_TIME_DIFFERS,
            f"the satellites' time is {satellite.isoformat()}Z, the camera's {original.said}: {_told(off)} apart "
            f"{explained}",
        )


def _satellite_time(report: Report) -> datetime | None:
    """``GPSDateStamp`` and ``GPSTimeStamp``, both in UTC (CIPA DC-008-2019, tags 0x001D and 0x0007)."""
    date = _GPS_DATE.fullmatch(text(report, "GPS", "GPSDate") or text(report, "GPS", "GPSDateStamp"))
    clock = numbers(report, "GPS", "GPSTimeStamp")
    if date is None or len(clock) != 3 or clock[0] >= 24 or clock[1] >= 60 or clock[2] >= 61:  # noqa: PLR2004 - hours, minutes, seconds
        return None
    try:
        day = datetime(int(date[1]), int(date[2]), int(date[3]))  # noqa: DTZ001 - UTC, compared with a clock without zone
        return day + timedelta(hours=clock[0], minutes=clock[1], seconds=int(clock[2]))
    except (ValueError, OverflowError):
        return None


def _elsewhere(original: Stated, report: Report) -> Iterator[Finding]:
    """The same time in other blocks; and the time of the last change, which cannot come before."""
    differing = [
        f"{name} {quoted(other.said)}" for name, other in _others(report) if _apart(original, other) is not None
    ]
    if differing:
        yield finding(
            FindingCode.TIMES_DIFFER, f"EXIF DateTimeOriginal states {original.said}, but {' and '.join(differing)}"
        )
    changed = stated(text(report, "Image", "DateTime"), text(report, "EXIF", "OffsetTime"))
    if changed is not None:
        apart = _apart(original, changed)
        if apart is not None and apart < timedelta(0):
            yield finding(
                FindingCode.TIMES_DIFFER,
                f"EXIF states {quoted(changed.said)} as the time of the last change, before the capture time "
                f"{original.said}",
            )


def _others(report: Report) -> Iterator[tuple[str, Stated]]:
    for name in ("photoshop:DateCreated", "exif:DateTimeOriginal"):
        other = stated(text(report, "XMP", name))
        if other is not None:
            yield f"XMP {name}", other
    date = _IPTC_DATE.fullmatch(text(report, "IPTC", "2:55 Date Created"))
    clock = _IPTC_TIME.fullmatch(text(report, "IPTC", "2:60 Time Created"))
    if date is not None:
        time = f"T{clock[1]}:{clock[2]}:{clock[3]}{clock[4] or ''}" if clock is not None else ""
        other = stated(f"{date[1]}-{date[2]}-{date[3]}{time}")
        if other is not None:
            yield "IPTC 2:55 and 2:60", other


def _apart(first: Stated, second: Stated) -> timedelta | None:
    """By how much the second is later, or none where that is rounding or a time zone."""
    allowed = max(first.precision, second.precision)
    if allowed >= timedelta(days=1):  # one day off is a zone's doing
        apart = timedelta(days=(second.local.date() - first.local.date()).days)
        return None if abs(apart) <= allowed else apart
    apart = second.local - first.local
    if abs(apart) <= allowed:  # the same clock; programs that do not know the offset write any
        return None
    if first.offset is not None and second.offset is not None:
        apart -= second.offset - first.offset
        return None if abs(apart) <= allowed else apart
    explained = any(
        abs(apart - (there - here)) <= allowed
        for here in (ZONES if first.offset is None else (first.offset,))
        for there in (ZONES if second.offset is None else (second.offset,))
    )
    return None if explained else apart


def _told(off: timedelta) -> str:
    minutes = round(off.total_seconds() / 60)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    parts = ((days, "d"), (hours, "h"), (minutes, "min"))
    return " ".join(f"{amount} {unit}" for amount, unit in parts if amount)

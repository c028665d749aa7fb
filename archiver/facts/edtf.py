"""Times that somebody states, in EDTF (Extended Date/Time Format: ISO 8601-2:2019, annex A), levels 0 and 1.

The law: what was stated is kept to the letter, neither made more precise nor moved to another offset, and every
statement has bounds, the earliest and the latest moment that it may mean, so that statements can be compared.

Read here: years, months, days (``2024``, ``2024-12``, ``2024-12-27``), the qualifiers ``?`` ``~`` ``%``, unspecified
digits from the right (``202X``, ``2024-XX``, ``2024-12-XX``), intervals with open and unknown ends (``2024-12-26/..``),
and times with or without an offset. Two departures, because platforms show times so: minutes without seconds are a
precision of their own, and fractions of a second are kept.

A time without an offset is nobody's UTC: it may mean any offset in use, UTC-12:00 to UTC+14:00, and its bounds say so.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

EASTERNMOST = timedelta(hours=14)
WESTERNMOST = timedelta(hours=12)

_DATE = re.compile(
    r"(?P<year>\d{4}|\d{3}X|\d{2}XX)(-(?P<month>\d\d|XX)(-(?P<day>\d\d|XX))?)?"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(:(?P<second>\d\d)(\.(?P<fraction>\d{1,6}))?)?(?P<offset>Z|[+-]\d\d(:?\d\d)?)?)?"
    r"(?P<qualifier>[?~%])?",
    re.ASCII,
)
_HAS_OFFSET = re.compile(r"T.*(Z|[+-]\d\d(:?\d\d)?)[?~%]?$", re.ASCII)
_MINUTES_OF_AN_HOUR = 60
_LARGEST_OFFSET = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Stated:
    """A stated time: ``str`` gives it in EDTF; ``earliest`` and ``latest`` bound it (``None``: open or unknown)."""

    text: str
    earliest: datetime | None
    latest: datetime | None

    def __str__(self) -> str:
        return self.text


def read_as_utc(text: str) -> Stated:
    """Read a time that the user means by our own clock: without an offset it is UTC, and the bounds are exact.

    Raises:
        ValueError: as ``parse``.
    """
    stated = parse(text)
    if "/" in stated.text or _HAS_OFFSET.search(stated.text):
        return stated
    if stated.earliest is None or stated.latest is None:
        return stated
    return Stated(stated.text, _moved(stated.earliest, EASTERNMOST), _moved(stated.latest, -WESTERNMOST))


def parse(text: str) -> Stated:
    """Read an EDTF statement; ``parse(str(x)) == x``.

    A blank between date and time is read as the ``T`` that it stands for.

    Raises:
        ValueError: the text is no EDTF of level 0 or 1, or no such day exists.
    """
    cleaned = re.sub(r"^(\d{4}-\d\d-\d\d) (\d\d:)", r"\1T\2", text.strip())
    if "/" not in cleaned:
        return _point(cleaned)
    start_text, _, end_text = cleaned.partition("/")
    if start_text in ("", "..") and end_text in ("", ".."):
        raise ValueError(f"{text!r} states neither a beginning nor an end")
    start = None if start_text in ("", "..") else _point(start_text)
    end = None if end_text in ("", "..") else _point(end_text)
    earliest, latest = (start.earliest if start else None), (end.latest if end else None)
    if earliest and latest and earliest + _slack(start) > latest - _slack(end, late=True):
        raise ValueError(f"{text!r} ends before it begins")
    return Stated(f"{start or start_text}/{end or end_text}", earliest, latest)


def _slack(stated: Stated | None, *, late: bool = False) -> timedelta:
    """By how much a bound was widened because no offset was stated."""
    if stated is None or _HAS_OFFSET.search(stated.text):
        return timedelta()
    return WESTERNMOST if late else EASTERNMOST


def _point(text: str) -> Stated:
    match = _DATE.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is no EDTF time: write 2024, 2024-12, 2024-12-27, 2024-12-27T14:05:00+09:00, "
            "with ? (uncertain) or ~ (approximate) behind a date, or an interval A/B"
        )
    part = match.groupdict()
    try:
        if part["hour"] is not None:
            earliest, latest = _bounds_of_time(part)
        else:
            earliest, latest = _bounds_of_date(part)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"{text!r} is no time that exists: {error}") from error
    return Stated(text, earliest, latest)


def _bounds_of_date(part: dict[str, str | None]) -> tuple[datetime, datetime]:
    year, month, day = part["year"] or "", part["month"], part["day"]
    if "X" in year and month is not None:
        raise ValueError("an unspecified year has no month")
    if month == "XX" and day not in (None, "XX"):
        raise ValueError("a day needs its month")
    first_year, last_year = int(year.replace("X", "0")), int(year.replace("X", "9"))
    months = (1, 12) if month in (None, "XX") else (int(month), int(month))
    last_day = monthrange(last_year, months[1])[1] if 1 <= months[1] <= 12 else 0  # noqa: PLR2004 - the months of a year
    days = (1, last_day) if day in (None, "XX") else (int(day), int(day))
    start = datetime(first_year, months[0], days[0], tzinfo=UTC)
    end = datetime(last_year, months[1], days[1], 23, 59, 59, 999_999, tzinfo=UTC)
    return _moved(start, -EASTERNMOST), _moved(end, WESTERNMOST)


def _moved(moment: datetime, by: timedelta) -> datetime:
    """Moved, but not out of the calendar, which begins with the year 1 and ends with 9999."""
    try:
        return moment + by
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if by < timedelta() else datetime.max.replace(tzinfo=UTC)


def _bounds_of_time(part: dict[str, str | None]) -> tuple[datetime, datetime]:
    fraction, second = part["fraction"], part["second"]
    start = datetime(
        int(part["year"] or ""),
        int(part["month"] or ""),
        int(part["day"] or ""),
        int(part["hour"] or ""),
        int(part["minute"] or ""),
        int(second or 0),
        int((fraction or "").ljust(6, "0")),
        tzinfo=UTC,
    )
    if fraction:
        length = timedelta(microseconds=10 ** (6 - len(fraction)))
    else:
        length = timedelta(seconds=1 if second else _MINUTES_OF_AN_HOUR)
    end = start + length - timedelta(microseconds=1)
    if part["offset"] is None:
        return _moved(start, -EASTERNMOST), _moved(end, WESTERNMOST)
    offset = _offset(part["offset"])
    return _moved(start, -offset), _moved(end, -offset)


def _offset(text: str) -> timedelta:
    if text == "Z":
        return timedelta()
    digits = text[1:].replace(":", "").ljust(4, "0")
    if int(digits[2:]) >= _MINUTES_OF_AN_HOUR:
        raise ValueError(f"the offset {text} has no such minute")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if offset > _LARGEST_OFFSET:
        raise ValueError(f"no place on Earth keeps the offset {text}")
    return -offset if text[0] == "-" else offset

"""The few claims of EXIF that have a field of their own: camera, capture time, place.

The law: nothing is invented. No offset where the file has none, no sign where the hemisphere is missing, no date that
the calendar does not have; what does not hold is left out here, and stays readable in the raw metadata.
"""

from __future__ import annotations

import math
import re
from datetime import datetime
from typing import Any, Final

from archiver.inspection.text import bounded

_DATE: Final = re.compile(r"(\d{4}):(\d\d):(\d\d) (\d\d):(\d\d):(\d\d)")
_OFFSET: Final = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d")
_SUBSECONDS: Final = re.compile(r"\d{1,9}")
_LONGEST_NAME: Final = 200


def camera(tags: dict[str, Any]) -> str | None:
    """Maker and model as stated, the maker once."""
    make, model = _text(tags, "Image Make"), _text(tags, "Image Model")
    if model and make and model.lower().startswith(make.lower()):
        make = ""
    return bounded(f"{make} {model}".strip(), _LONGEST_NAME) or None


def captured(tags: dict[str, Any]) -> str | None:
    """``DateTimeOriginal`` with its fraction and its offset where stated: ``2024-12-27T14:05:00.12+09:00``."""
    match = _DATE.fullmatch(_text(tags, "EXIF DateTimeOriginal"))
    if match is None:
        return None
    try:
        moment = datetime(*(int(part) for part in match.groups()))  # type: ignore[arg-type]  # noqa: DTZ001 - the file states no zone
    except ValueError:
        return None
    fraction, offset = _text(tags, "EXIF SubSecTimeOriginal"), _text(tags, "EXIF OffsetTimeOriginal")
    return "".join(
        (
            moment.isoformat(),
            f".{fraction}" if _SUBSECONDS.fullmatch(fraction) else "",
            offset if _OFFSET.fullmatch(offset) else "",
        )
    )


def latitude(tags: dict[str, Any]) -> float | None:
    """Degrees north, negative in the south."""
    return _angle(tags, "GPS GPSLatitude", {"N": 1, "S": -1}, 90)


def longitude(tags: dict[str, Any]) -> float | None:
    """Degrees east, negative in the west."""
    return _angle(tags, "GPS GPSLongitude", {"E": 1, "W": -1}, 180)


def altitude(tags: dict[str, Any]) -> float | None:
    """Metres; ``GPSAltitudeRef`` 1 and (Exif 3.0) 3 are below the reference, none is above."""
    values = _numbers(tags, "GPS GPSAltitude")
    reference = _numbers(tags, "GPS GPSAltitudeRef")
    if values is None or len(values) != 1:
        return None
    return -values[0] if reference and reference[0] in {1, 3} else values[0]


def orientation(tags: dict[str, Any]) -> int | None:
    """The EXIF orientation, 1 to 8."""
    values = getattr(tags.get("Image Orientation"), "values", None)
    if isinstance(values, list) and values and values[0] in range(1, 9):
        return int(values[0])
    return None


def _angle(tags: dict[str, Any], name: str, signs: dict[str, int], bound: int) -> float | None:
    sign = signs.get(_text(tags, name + "Ref").upper())
    parts = _numbers(tags, name)
    if sign is None or not parts or len(parts) > 3 or any(part < 0 for part in parts):  # noqa: PLR2004 - degrees, minutes, seconds
        return None
    angle = sum(part / 60**power for power, part in enumerate(parts))
    return sign * angle if angle <= bound else None


def _text(tags: dict[str, Any], name: str) -> str:
    values = getattr(tags.get(name), "values", "")
    if isinstance(values, bytes):
        values = values.decode("utf-8", "surrogateescape")
    return values.strip() if isinstance(values, str) else ""


def _numbers(tags: dict[str, Any], name: str) -> list[float] | None:
    """The values as finite numbers, or none where there are none or one divides by zero."""
    values = getattr(tags.get(name), "values", None)
    if not isinstance(values, list) or any(getattr(value, "den", 1) == 0 for value in values):
        return None
    try:
        numbers = [float(value) for value in values]
    except (TypeError, ValueError, OverflowError):
        return None
    return numbers if all(math.isfinite(number) for number in numbers) else None

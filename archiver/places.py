"""In which country a place lies, by a map of borders that this program did not draw.

The law: it is only a way to search. Nothing of it is recorded, and nothing of it is shown as a fact: borders are
disputed, the map is of one day (the World Borders dataset in ``geopip``: it knows no South Sudan and no Kosovo, and
counts Crimea as Ukraine's), and a position is the file's own word.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

_CODE = re.compile(r"[A-Z]{2}")


def within(country: str, places: Iterable[tuple[str, float, float]]) -> list[str]:
    """The names of those places that lie in a country.

    Args:
        country: its two letters (ISO 3166-1 alpha-2), in either case.
        places: name, degrees north, degrees east (WGS 84).

    Raises:
        UsageError: those are no two letters, or the map is not installed.
    """
    code = country.strip().upper()
    if not _CODE.fullmatch(code):
        raise UsageError(f"--country {country!r} is no country", hint="write its two letters (ISO 3166-1): UA, KR")
    try:
        import geopip  # noqa: PLC0415 - reads its map when it is first asked
    except ModuleNotFoundError as error:
        raise UsageError("--country needs the package geopip", hint="install media-archiver[places]") from error
    return [
        name
        for name, latitude, longitude in places
        if (geopip.search(lng=longitude, lat=latitude) or {}).get("ISO2") == code
    ]

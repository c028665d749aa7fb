"""Values of exactly the expected shape, or ``Malformed``: what is read from outside passes here first."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from archiver.custody.errors import Malformed

_HASH = re.compile(r"[0-9a-f]{64}")
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def fields(value: Any, what: str, names: tuple[str, ...]) -> dict[str, Any]:
    """A JSON object with exactly these fields."""
    if not isinstance(value, dict):
        raise Malformed(f"{what} is no JSON object")
    if value.keys() != set(names):
        missing, unknown = sorted(set(names) - value.keys()), sorted(value.keys() - set(names))
        named = [f"{word}: {', '.join(found)}" for word, found in (("missing", missing), ("unknown", unknown)) if found]
        raise Malformed(f"{what} has other fields ({'; '.join(named)})")
    return value


def text(value: Any, what: str) -> str:
    """One line of text that says something."""
    if not isinstance(value, str) or not value or "\n" in value:
        raise Malformed(f"{what} is no line of text: {value!r:.100}")
    return value


def number(value: Any, what: str) -> int:
    """A whole number from 0."""
    if type(value) is not int or value < 0:  # a bool is an int to Python, but not to JSON
        raise Malformed(f"{what} is no number from 0: {value!r:.100}")
    return value


def hash_hex(value: Any, what: str) -> str:
    """32 bytes in 64 lower-case hexadecimal digits."""
    if not isinstance(value, str) or _HASH.fullmatch(value) is None:
        raise Malformed(f"{what} is not 64 hexadecimal digits: {value!r:.100}")
    return value


def instant(value: Any, what: str) -> str:
    """A moment of UTC with microseconds: ``2026-11-23T14:53:53.123456Z``."""
    if not isinstance(value, str) or _INSTANT.fullmatch(value) is None:
        raise Malformed(f"{what} is no moment in UTC with microseconds: {value!r:.100}")
    try:
        datetime.fromisoformat(value[:-1])
    except ValueError as error:
        raise Malformed(f"{what} is no moment of any calendar day: {value}") from error
    return value

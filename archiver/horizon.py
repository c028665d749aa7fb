"""A place of the log, as a person names it: what was known then is asked by the log, and by no clock in a row."""

from __future__ import annotations

import re

from archiver.errors import UsageError
from archiver.facts import edtf
from archiver.facts.values import instant

_EVENT = re.compile(r"(?:event:|#)([0-9]{1,15})")


def read_horizon(text: str) -> str | int | None:
    """A place of the log as a person names it: the last ``Instant`` that counts, or an event's number.

    Raises:
        UsageError: it is neither.
    """
    named = _EVENT.fullmatch(text.strip())
    if named is not None:
        return int(named[1])
    try:
        latest = edtf.read_as_utc(text).latest
    except ValueError as error:
        raise UsageError(f"--as-of: {error}", hint="write a time, or an event: event:123") from error
    return None if latest is None else instant(latest)

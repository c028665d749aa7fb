"""A place of the log, as a person names it: what was known then is asked by the log, and by no clock in a row.

The law: what lies ahead is refused, an event that is not in the log as well as a time that has not passed, because the
same question would be answered otherwise tomorrow. Today, named as a day, is what is known by now; the answer says
which event was the last that it counted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archiver.errors import UsageError
from archiver.facts import edtf
from archiver.facts.values import instant

if TYPE_CHECKING:
    from archiver.catalogue.questions import Questions

_EVENT = re.compile(r"(?:event:|#)([0-9]{1,15})")
_HINT = "write a time that has passed, today as a day, or an event of the log: event:123"


@dataclass(frozen=True, slots=True)
class Horizon:
    """The place of the log that an answer is as of.

    Attributes:
        asked: as the person named it.
        event: the number of the last event that counted; none where nothing had been recorded.
    """

    asked: str
    event: int | None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {"asked": self.asked, "event": self.event}

    def told(self) -> str:
        """In words."""
        last = "nothing was recorded yet" if self.event is None else f"event {self.event} was the last"
        return f"as of {self.asked}: {last}"


def at_horizon(questions: Questions, text: str, *, now: str) -> tuple[Questions, Horizon]:
    """The same questions to this place of the log, and which place that is.

    Raises:
        UsageError: the text is neither a time nor an event, or lies ahead.
    """
    moment = read_horizon(text, now=now)
    end = questions.last_event()
    if isinstance(moment, int):
        if end is None or moment > end:
            told = "is empty" if end is None else f"ends with event {end}"
            raise UsageError(f"--as-of {text!r} is no event yet: the log {told}", hint=_HINT)
        return questions.at(moment), Horizon(text, moment)
    then = questions.as_of(moment)
    last = end if then.horizon is None else then.horizon - 1
    return then, Horizon(text, None if last is None or last < 0 else last)


def read_horizon(text: str, *, now: str) -> str | int:
    """A place of the log as a person names it: the last ``Instant`` that counts, or an event's number.

    Raises:
        UsageError: it is neither, or the time has not passed yet.
    """
    named = _EVENT.fullmatch(text.strip())
    if named is not None:
        return int(named[1])
    try:
        stated = edtf.read_as_utc(text)
    except ValueError as error:
        raise UsageError(f"--as-of: {error}", hint="write a time, or an event: event:123") from error
    latest = None if stated.latest is None else instant(stated.latest)
    if latest is None or _ahead(stated, latest, now):
        raise UsageError(f"--as-of {text!r} lies in the future", hint=_HINT)
    return latest


def _ahead(stated: edtf.Stated, latest: str, now: str) -> bool:
    """Whether it has not passed: a day when it is later than today, a time of day when it has not begun."""
    if "T" not in stated.text:
        return latest > f"{now[:10]}T23:59:59.999999Z"
    return latest > now if stated.earliest is None or "/" in stated.text else instant(stated.earliest) > now

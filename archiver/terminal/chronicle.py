"""What happened to an item or a case, in words: one line an event, the statement's own fields in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.render import moment, printable, short

if TYPE_CHECKING:
    from archiver.catalogue.chronicle import Event

_LEFT_OUT = frozenset({"supersedes", "seconds", "awaits_second", "embedded", "inspector", "bits"})
"""Told in words of their own, or machine detail that --json has in full."""
_IDENTITY_LENGTH = 64
_RECORD = "record"


def event_line(event: Event) -> str:
    """One event: number, time, who recorded it, what it states, and what it superseded or was superseded by."""
    told = "; ".join(
        f"{name.replace('_', ' ')} {_value(event, value, name)}"
        for name, value in event.statement.items()
        if name not in _LEFT_OUT and value not in ([], {}, "")
    )
    notes = [*_seconding(event)]
    if event.supersedes is not None:
        notes.append(f"supersedes #{event.supersedes}")
    if event.superseded_by is not None:
        notes.append(f"superseded by #{event.superseded_by}")
    behind = f" [{', '.join(notes)}]" if notes else ""
    return f"#{event.number} {moment(event.recorded)}, {printable(event.actor)}: {event.kind}: {told}{behind}"


def _seconding(event: Event) -> list[str]:
    """Under the rule of two persons: whom it seconds, or that it awaited somebody."""
    seconds = event.statement.get("seconds")
    if seconds is not None:
        return [f"seconds #{event.named.get(seconds, short(seconds))}"]
    awaits = event.statement.get("awaits_second") and event.statement.get("status") == "verified"
    return [f"{'awaits' if event.superseded_by is None else 'awaited'} a second assessor"] if awaits else []


def _value(event: Event, value: Any, name: str) -> str:
    match value:
        case str() if value in event.named:
            named = event.named[value]
            return f"#{named}" if isinstance(named, int) else printable(named)
        case str() if len(value) == _IDENTITY_LENGTH and name != _RECORD and value.isalnum():
            return short(value)
        case bool():
            return "yes" if value else "no"
        case list():
            return printable(", ".join(str(each) for each in value))
        case dict():
            return printable(", ".join(f"{key} = {each}" for key, each in value.items()))
        case _:
            return printable(str(value))

"""What single cells hold, by their columns: text that is checked against the vocabulary of the facts."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from archiver.archive import SHORTEST_PREFIX
from archiver.errors import InputRefused
from archiver.facts import edtf
from archiver.facts.claim import Value, value_of
from archiver.facts.handling import Scheme
from archiver.facts.source import Account
from archiver.facts.values import Edtf, Language, Name, Raw, Text, instant
from archiver.facts.vocabulary import (
    Availability,
    ClaimKind,
    ClaimManner,
    SensitivityFlag,
    SourceKind,
    TimeBasis,
    TrafficLight,
)
from archiver.manifest.columns import CLAIM, CLAIMS, SEPARATOR
from archiver.provenance import reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from enum import StrEnum

_TOO_LARGE = 2**53
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d(:?\d\d)?)", re.ASCII)
_PREFIX = re.compile(rf"[0-9a-f]{{{SHORTEST_PREFIX},64}}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Statement:
    """A claim, as a row makes it."""

    text: str
    kind: ClaimKind = ClaimKind.OTHER
    value: dict[str, Any] | None = None
    manner: ClaimManner | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """A term of a vocabulary."""

    scheme: str
    code: str


@dataclass
class Problems:
    """What is wrong with one row, column by column."""

    told: list[str] = field(default_factory=list)

    def add(self, column: str, what: str) -> None:
        """Note what is wrong in a column."""
        self.told.append(f"column {column}: {what}")

    def refuse(self) -> None:
        """Refuse the row where anything is wrong.

        Raises:
            InputRefused: it names every column that is malformed.
        """
        if self.told:
            raise InputRefused("; ".join(self.told), hint="put the cell right, or empty it, and repeat the command")


def cell_of(name: str, cell: Any, problems: Problems) -> Any:
    """What a cell of this column holds; nothing where it is malformed, which is noted."""
    try:
        return _READERS[name](cell)
    except ValueError as error:
        problems.add(name, reason(error))
        return None


def claims_of(cells: Mapping[str, Any], problems: Problems) -> tuple[Statement, ...]:
    """The claims of a row: of the list in JSONL, of the numbered columns in CSV."""
    parts: dict[str, dict[str, Any]] = {}
    listed = cells.get(CLAIMS, [])
    for place, each in enumerate(listed if isinstance(listed, list) else [listed], start=1):
        if isinstance(each, str):
            parts[f"{CLAIMS}[{place}]"] = {"text": each}
        elif isinstance(each, dict) and set(each) <= {"text", "kind", "value", "manner"}:
            parts[f"{CLAIMS}[{place}]"] = {name: held for name, held in each.items() if held is not None}
        else:
            problems.add(f"{CLAIMS}[{place}]", "is neither a text nor an object of text, kind, value and manner")
    for name, cell in cells.items():
        found = CLAIM.fullmatch(name)
        if found:
            number = found["number"]
            parts.setdefault(f"claim_{number}" if number else "claim", {})[found["part"] or "text"] = cell
    made = []
    for column in sorted(parts, key=lambda name: (len(name), name)):
        statement = _statement(column, parts[column], problems)
        if statement:
            made.append(statement)
    return tuple(made)


def _statement(column: str, part: Mapping[str, Any], problems: Problems) -> Statement | None:
    if "text" not in part:
        problems.add(column, f"is empty, and its {' and '.join(sorted(part)) or 'text'} is not")
        return None
    said = {}
    for name, cell in part.items():
        try:
            said[name] = _CLAIM_READERS[name](cell)
        except ValueError as error:
            where = column if name == "text" else f"{column}.{name}" if column.endswith("]") else f"{column}_{name}"
            problems.add(where, reason(error))
    return Statement(**said) if len(said) == len(part) else None


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def _of(kind: Any) -> Callable[[Any], Any]:
    def read(cell: Any) -> Any:
        return _adapter(kind).validate_python(cell, strict=True)

    return read


def _trimmed(kind: Any) -> Callable[[Any], Any]:
    def read(cell: str) -> Any:
        return _adapter(kind).validate_python(cell.strip())

    return read


def _choice(kind: type[StrEnum]) -> Callable[[Any], Any]:
    def read(cell: Any) -> StrEnum:
        word = cell.strip() if isinstance(cell, str) else cell
        try:
            return kind(word)
        except ValueError:
            near = get_close_matches(str(word).lower(), list(kind), 1)
            guess = f" (did you mean {near[0]!s}?)" if near else ""
            raise ValueError(f"{word!r} is none of {', '.join(kind)}{guess}") from None

    return read


def _listed(one: Callable[[str], Any]) -> Callable[[Any], tuple[Any, ...]]:
    def read(cell: Any) -> tuple[Any, ...]:
        parts = cell if isinstance(cell, list) else cell.split(SEPARATOR)
        return tuple(dict.fromkeys(one(part.strip()) for part in parts if part.strip()))

    return read


def _account(cell: str) -> str:
    return str(Account.parse(cell.strip()))


def _path(cell: str) -> str:
    if "\0" in cell:
        raise ValueError("holds a NUL character, which no path has")
    return cell


def _item(cell: str) -> str:
    prefix = cell.strip().lower().removeprefix("sha256:").removesuffix("…")
    if not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{cell!r} is no item: give at least {SHORTEST_PREFIX} hexadecimal digits of its SHA-256")
    return prefix


def _observed(cell: str) -> str:
    text = cell.strip()
    moment = edtf.parse(text).earliest if _MOMENT.fullmatch(text) else None
    if moment is None:
        raise ValueError(f"{text!r} is no moment with an offset: write 2024-12-28T09:30+01:00 or 2024-12-28T08:30Z")
    return instant(moment)


def _term(part: str) -> Term:
    scheme, colon, code = part.partition(":")
    if not colon:
        raise ValueError(f"{part!r} names no scheme: write SCHEME:CODE, for example own:captive")
    try:
        return Term(_trimmed(Scheme)(scheme), _trimmed(Name)(code))
    except ValidationError as error:
        raise ValueError(f"{part!r}: {reason(error)}") from error


def _value(cell: Any) -> Any:
    if isinstance(cell, dict):
        return _comparable(cell)
    if not isinstance(cell, str):
        raise ValueError(f"{json.dumps(cell)} is no object")  # noqa: TRY004 - of the manifest's values, not ours
    made = {}
    for part in filter(str.strip, cell.split(SEPARATOR)):
        name, equals, held = (each.strip() for each in part.partition("="))
        if not equals or not held:
            raise ValueError(f"{part.strip()!r} is no NAME=VALUE: write for example casualties=1000; side=DPRK")
        made[name] = value_of(held)
    return _comparable(made)


def _comparable(values: dict[str, Any]) -> Any:
    for name, held in values.items():
        number = isinstance(held, int | float) and not isinstance(held, bool) and abs(held) < _TOO_LARGE
        if not number and not isinstance(held, str):
            raise ValueError(f"{name!r} is neither a word nor a number below 2^53, which can be compared exactly")
    return _adapter(Value).validate_python(values)


_READERS: dict[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("path", "context"), _path),
    **dict.fromkeys(("url", "canonical", "repost_of"), _trimmed(Raw)),
    **dict.fromkeys(("channel", "source", "collector", "case", "by"), _trimmed(Name)),
    **dict.fromkeys(("caption", "note", "sensitivity_basis", "tlp_basis"), _of(Text)),
    "item": _item,
    "account": _account,
    "source_kind": _choice(SourceKind),
    "published": _trimmed(Edtf),
    "published_basis": _choice(TimeBasis),
    "language": _trimmed(Language),
    "observed": _observed,
    "availability": _choice(Availability),
    "tags": _listed(_term),
    "sensitivity": _listed(_choice(SensitivityFlag)),
    "tlp": _choice(TrafficLight),
}
_CLAIM_READERS: dict[str, Callable[[Any], Any]] = {
    "text": _of(Text),
    "kind": _choice(ClaimKind),
    "value": _value,
    "manner": _choice(ClaimManner),
}

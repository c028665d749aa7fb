"""What every fact is: a validated statement that is never changed.

One class per fact is the event's body in the log, the row in the catalogue and the record in an export.

A fact's *matter* is what it is about where only the newest statement stands: a later fact of the same kind on the same
matter supersedes it, and leaves it in the history (``supersedes`` names the one before, so a statement that returns to
what was said earlier is a fact of its own). Facts without a matter all stand side by side.

A fact's *identity* is what makes a repetition recognisable: the SHA-256 of its kind and its stating fields. The moment
of recording and the like are left out (``incidental``), so that running a command again records nothing twice, while a
statement that differs in any stated word is a fact of its own.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from sqlmodel import SQLModel

LARGEST_WHOLE = 2**53 - 1
"""Larger numbers are read back as floating point (``archiver.custody.canonical.read``)."""


class Fact(SQLModel):
    """A validated, unchangeable statement.

    Attributes:
        kind_of_fact: the name of this kind in the log.
        incidental: fields that do not make the statement a different one.
    """

    model_config = {"extra": "forbid", "frozen": True, "validate_default": True, "defer_build": True}

    kind_of_fact: ClassVar[str]
    incidental: ClassVar[frozenset[str]] = frozenset()

    def body(self) -> dict[str, Any]:
        """The fact as the log keeps it: plain JSON values, nothing left out that was stated, no nulls."""
        return self.model_dump(mode="json", exclude_none=True)

    def identity(self) -> str:
        """SHA-256, in full, over the kind and the stating fields."""
        stated = {name: value for name, value in self.body().items() if name not in self.incidental}
        return identity_of(self.kind_of_fact, stated)

    def subject(self) -> str:
        """What the fact is about: the item's SHA-256, or the identity of the source or account."""
        raise NotImplementedError

    def matter(self) -> str | None:
        """What is stated anew by a later fact of this kind that has the same matter; nothing where all stand."""
        return None

    def statement(self) -> dict[str, Any]:
        """What is stated, without when and instead of what: equal for a mere repetition."""
        left_out = self.incidental | {"supersedes"}
        return {name: value for name, value in self.body().items() if name not in left_out}


def matter_of(*parts: str | None) -> str:
    """One text for a matter that has several parts."""
    return " ".join(part or "-" for part in parts)


def identity_of(kind: str, stated: dict[str, Any]) -> str:
    """SHA-256 over a kind and its stating fields in a fixed order.

    A value has the same identity before it goes through the log and after: see ``as_read_back``.
    """
    value = [kind, as_read_back(stated)]
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def as_read_back(value: Any) -> Any:
    """A JSON value as it comes out of the log, whose form is RFC 8785.

    That form writes 4.0 as ``4`` and -0.0 as ``0`` (3.2.2.3), and sorts names by UTF-16 code unit (3.2.3).
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= LARGEST_WHOLE:
        return int(value)
    if isinstance(value, dict):
        return {name: as_read_back(value[name]) for name in _sorted(value)}
    if isinstance(value, list):
        return [as_read_back(held) for held in value]
    return value


def _sorted(names: dict[str, Any]) -> list[str]:
    """By UTF-16 code unit; ASCII sorts alike by code point, without being encoded."""
    return sorted(names) if "".join(names).isascii() else sorted(names, key=_by_code_unit)


def _by_code_unit(name: str) -> bytes:
    return name.encode("utf-16-be", "surrogatepass")


class ItemFact(Fact):
    """A fact about an item: ``item`` is the SHA-256 of its bytes."""

    item: str

    def subject(self) -> str:
        """The item."""
        return self.item

"""What a place was seen to do: found by trying, recorded, and acted upon.

Engines differ where it matters and do not say so (some accept a wrong checksum in silence), so nothing is concluded
from a server's name. ``from_json`` undoes ``to_json``.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from storage.errors import InvalidGuarantees

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self


class Versioning(StrEnum):
    """Whether the place keeps what an overwriting writer would hide."""

    ENABLED = "enabled"
    SUSPENDED = "suspended"
    OFF = "off"
    NONE = "none"
    UNKNOWN = "unknown"


NOT_LOCKING = frozenset({"off", "none", "unknown", "not enforced"})
"""What ``Guarantees.object_lock`` says where nobody may rely on it."""


@dataclass(frozen=True, slots=True)
class Guarantees:
    """What one place did when it was tried.

    Attributes:
        refuses_wrong_checksum: bytes that do not match the SHA-256 sent along are refused.
        create_only: a second put under a name is refused by the place itself, whoever sends it.
        versioning: ``none``: the place has no such thing; ``unknown``: it would not say.
        object_lock: where it was seen to hold, the default retention as ``governance 30 days``, ``enabled, no default
            retention`` or ``enabled, default retention unknown``; otherwise ``off``, ``none`` (no such thing here),
            ``not enforced`` (it is said to be on, and does not hold) or ``unknown``.
        private: nobody else is given the right to read; None when that cannot be told.
        notes: plain sentences on what the other fields cannot say, the reasons for an unknown among them.
    """

    refuses_wrong_checksum: bool
    create_only: bool
    versioning: Versioning
    object_lock: str
    private: bool | None
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """The same as a JSON object."""
        return {**asdict(self), "versioning": str(self.versioning), "notes": list(self.notes)}

    @classmethod
    def from_json(cls, record: Mapping[str, object]) -> Self:
        """Read what ``to_json`` gives.

        Raises:
            InvalidGuarantees: a field is missing, unknown or of another kind. They decide whether copies are checked,
            so
                nothing is guessed.
        """
        expected = {field.name for field in fields(cls)}
        if set(record) != expected:
            raise InvalidGuarantees(f"guarantees have the fields {sorted(expected)}, not {sorted(record)}")
        match record:
            case {
                "refuses_wrong_checksum": bool(refuses),
                "create_only": bool(create_only),
                "versioning": str(versioning),
                "object_lock": str(object_lock),
                "private": bool() | None as private,
                "notes": [*notes],
            } if versioning in set(Versioning) and all(isinstance(note, str) for note in notes):
                return cls(
                    refuses,
                    create_only,
                    Versioning(versioning),
                    object_lock,
                    private,
                    tuple(str(note) for note in notes),
                )
        raise InvalidGuarantees(f"guarantees of an unknown kind: {dict(record)!r}")

"""What a check of the log can find: values, so that all of them can be listed, counted and kept."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Code(StrEnum):
    """What is wrong; the spelling is part of the machine output."""

    NOTHING_CHECKED = "nothing-checked"
    MALFORMED = "malformed"
    NOT_CANONICAL = "not-canonical"
    MISNAMED = "misnamed"
    OUT_OF_SEQUENCE = "out-of-sequence"
    WRONG_LOG = "wrong-log"
    UNKNOWN_KEY = "unknown-key"
    RETIRED_KEY = "retired-key"
    WRONG_KEY_EVENT = "wrong-key-event"
    WRONG_SIGNATURE = "wrong-signature"
    WRONG_COMMITMENT = "wrong-commitment"
    BROKEN_CHAIN = "broken-chain"
    WRONG_CHECKPOINT = "wrong-checkpoint"
    WRONG_ROOT = "wrong-root"
    NOT_AN_EXTENSION = "not-an-extension"
    ROLLED_BACK = "rolled-back"
    REWRITTEN = "rewritten"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not add up.

    Attributes:
        code: what is wrong.
        subject: where: ``event 17``, a batch object's name, or ``log``.
        detail: a sentence for a person.
    """

    code: Code
    subject: str
    detail: str

    def __str__(self) -> str:
        return f"{self.subject}: {self.detail} ({self.code})"

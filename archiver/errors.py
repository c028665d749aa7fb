"""What can go wrong, drawn once.

Every error says what happened, what to do next (``hint``) and how the command ends (``exit_code``)::

    ArchiverError
    ├── AnswerIsNo            1   altered, missing, or a broken log: the question was answered, with no
    ├── UsageError            2   the words of the command do not fit together
    ├── InputRefused          3   a file or a fact that the archive does not take
    │   └── ItemWithdrawn     3   it is, or is about, an item that was withdrawn
    ├── CatalogueError        5   the database is unreachable or locked
    │   └── CatalogueDamaged  5   it answers, and is damaged or not ours
    ├── LogError              6   the log does not add up
    │   └── RebuildNeeded     6   the published log is ahead of the catalogue
    ├── SpoolError            4   the private spool cannot be written: no room, no permission
    └── InspectionError       3   an inspection could not be asked for (its failure to decode is a fact, no error)

Errors of the store (exit code 4) are raised by ``storage`` itself, which knows nothing of this package:
see ``storage.errors``. One of them knows more, and is told here::

    StoreError                4
    └── Unpublished           4   what the catalogue has committed is not in every store that is required
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping


class ArchiverError(Exception):
    """The root: ``str(error)`` says what happened, ``hint`` what to do, ``exit_code`` how the command ends."""

    exit_code = 70

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


class AnswerIsNo(ArchiverError):
    """The question was answered, and the answer is no."""

    exit_code = 1


class UsageError(ArchiverError):
    """The words of the command do not fit together."""

    exit_code = 2


class InputRefused(ArchiverError):
    """A file or a statement that the archive does not take."""

    exit_code = 3


class ItemWithdrawn(InputRefused):
    """It is, or is about, an item that was withdrawn: ``item``."""

    def __init__(self, message: str, *, hint: str = "", item: str = "") -> None:
        super().__init__(message, hint=hint)
        self.item = item


def withdrawn(item: str, told: str) -> ItemWithdrawn:
    """The error of an item that was withdrawn, and what is told of that."""
    hint = "its bytes are held no longer, and nothing about it is recorded anew"
    return ItemWithdrawn(f"item {item} was {told}", hint=hint, item=item)


class InspectionError(ArchiverError):
    """An inspection could not be carried out at all; a file that does not decode is a fact, not an error."""

    exit_code = 3


class CatalogueError(ArchiverError):
    """The catalogue does not answer."""

    exit_code = 5


class CatalogueDamaged(CatalogueError):
    """The database answers, and what it holds is damaged or was not made by archiver."""


class LogError(ArchiverError):
    """The log does not add up."""

    exit_code = 6


class RebuildNeeded(LogError):
    """The published log is ahead of the catalogue, so writing would fork it."""


class SpoolError(ArchiverError):
    """The private spool cannot be written; like the store, it is a place for bytes."""

    exit_code = 4


class Unpublished(StoreError):
    """What the catalogue has committed is not in every store that is required: it is in force, and not to be repeated.

    Attributes:
        why: what a store said.
        numbers: the events that this command recorded, by the identity of their facts.
    """

    def __init__(self, why: StoreError, then: str, numbers: Mapping[str, int]) -> None:
        super().__init__(str(why), hint=f"{why.hint} {then}".strip())
        self.why = why
        self.numbers = numbers

"""What is said where the catalogue holds what the projection never writes there."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from archiver.errors import CatalogueDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_SHOWN = 60

Key = TypeVar("Key")
Value = TypeVar("Value")


def damaged(told: str) -> CatalogueDamaged:
    """The error, with what to do about it."""
    return CatalogueDamaged(told, hint="run `archiver verify`; `archiver rebuild` makes it anew from the store")


def value_damaged(value: Any, where: str) -> CatalogueDamaged:
    """The error of a value, shortened, where it lies."""
    shown = repr(value)
    shown = shown if len(shown) <= _LONGEST_SHOWN else f"{shown[:_LONGEST_SHOWN]}…"
    return damaged(f"the catalogue holds what no table of ours does: {shown} in {where}")


class Held(dict[Key, Value]):
    """Answers by what was asked for; to look up one that must be there, and is not, says that a row is missing."""

    def __missing__(self, key: Key) -> Value:
        """Raise ``CatalogueDamaged``: another row names it."""
        raise damaged(f"the catalogue names {key}, and holds nothing of it")


@contextmanager
def read_from(where: str) -> Iterator[None]:
    """Around what makes something of one value, or looks up what must be there: it fails where that is not ours.

    Nothing else belongs inside, or a bug of ours would be told as damage.

    Raises:
        CatalogueDamaged: the value is malformed, or what it names is not there.
    """
    try:
        yield
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise damaged(f"the catalogue holds what cannot be read in {where}: {error}") from error

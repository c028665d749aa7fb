"""Asking several stores for one answer: the first that is good, and what is said where none is."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from storage.errors import ObjectCorrupt, ObjectMissing, StoreError, StoreFull, TooLarge
from storage.layout import DERIVED
from storage.members import Member, Standing, named

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Answer = TypeVar("Answer")


def first_answer(
    members: Sequence[Member], standing: Standing, name: str, ask: Callable[[Member], Answer], *, quietly: bool = False
) -> Answer:
    """Ask one store after another about a name, and give the first good answer.

    Args:
        members: in the order in which they are asked.
        standing: is told who failed.
        name: that is asked about.
        ask: asks one of them.
        quietly: that one has nothing of the name is no failure.

    Raises:
        StoreError: there is none: a corrupt copy before one that cannot be told, that before a missing one.
    """
    failed: list[tuple[Member, StoreError]] = []
    for member in members:
        if out := standing.out(member):
            failed.append((member, out))
            continue
        try:
            answer = ask(member)
        except (TooLarge, StoreFull):  # the object's own size; or there is no room here for what waits
            raise
        except StoreError as error:
            failed.append((member, error))
            continue
        for other, why in failed:
            if not (quietly and isinstance(why, ObjectMissing)):
                standing.could_not_read(other, why, name)
        return answer
    raise _none(standing, name, failed)


def _none(standing: Standing, name: str, failed: Sequence[tuple[Member, StoreError]]) -> StoreError:
    missing = [error for _, error in failed if isinstance(error, ObjectMissing)]
    corrupt = [(member, error) for member, error in failed if isinstance(error, ObjectCorrupt)]
    silent = [pair for pair in failed if not isinstance(pair[1], ObjectMissing | ObjectCorrupt)]
    for member, error in silent:
        standing.could_not_ask(member, error)
    if corrupt:
        return refused(corrupt)
    counting = [pair for pair in silent if pair[0].required]
    if missing and (name.startswith(DERIVED) or not counting):
        return missing[0]
    return refused(counting or silent)


def refused(failed: Sequence[tuple[Member, StoreError]]) -> StoreError:
    """The first of these errors, which says what the other stores said."""
    (member, first), *others = failed
    error = named(first, member)
    said = "".join(f"; the store {other.name}: {each}" for other, each in others if str(each) not in str(error))
    if said:
        error.args = (f"{error}{said}",)
    return error

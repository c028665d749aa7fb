"""The stores that make up one: which of them is asked, and which one failed at what.

1. A store that does not answer is left out for the rest of the command: it is asked once, not once for every object.
2. Nothing that a store failed at is kept silent: ``notes`` tells it, each store and each kind of failure once, with how
   many names it concerns and the first of them.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from storage.errors import (
    NameTaken,
    ObjectCorrupt,
    ObjectMissing,
    PlaceForeign,
    PlaceMissing,
    StoreDenied,
    StoreError,
    StoreFull,
    StoreUnreachable,
)

if TYPE_CHECKING:
    from storage.store import Store

GONE = (StoreUnreachable, StoreDenied, PlaceMissing, PlaceForeign)
"""Errors after which a store is asked nothing more (rule 1)."""


class Member(Protocol):
    """One of several stores that hold the same."""

    @property
    def name(self) -> str:
        """By which it is told."""
        ...

    @property
    def required(self) -> bool:
        """Whether a put is acknowledged only when this store holds the bytes."""
        ...

    @property
    def url(self) -> str:
        """Where it is; asking touches nothing."""
        ...

    @property
    def plain(self) -> Store:
        """The store, nothing of it known: for making and probing its place."""
        ...

    @property
    def store(self) -> Store:
        """The store, with what it guarantees; raises only StoreError."""
        ...


def named(error: StoreError, member: Member) -> StoreError:
    """The same error, that says of which store it is."""
    said = f"the store {member.name}: "
    if not str(error).startswith(said):
        error.args = (f"{said}{error}",)
    return error


@dataclass(slots=True)
class _Failure:
    """What one store failed at: the first time, and how often."""

    what: str
    instead: str
    first: str
    times: int = 1

    def told(self, member: str) -> str:
        more = f", and {self.times - 1} more" if self.times > 1 else ""
        return f"the store {member} {self.what}: {self.first}{more}; {self.instead}"


class Standing:
    """What is known of each store in this process; safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._out: dict[str, StoreError] = {}
        self._full: dict[str, StoreError] = {}
        self._failures: dict[tuple[str, str], _Failure] = {}

    def out(self, member: Member, *, putting: bool = False) -> StoreError | None:
        """Why this store is asked nothing more, if it is not."""
        known = self._out.get(member.name) or (self._full.get(member.name) if putting else None)
        return known and type(known)(str(known), hint=known.hint)  # raised anew: one that is kept grows with each raise

    def could_not_put(self, member: Member, error: StoreError, name: str) -> None:
        """A store that is not required did not take a name."""
        if isinstance(error, NameTaken | ObjectCorrupt):
            self._note(member, "holds other bytes", "nothing was overwritten", str(error))
        else:
            self._note(member, "did not take what it should hold", "the other stores hold it", f"{name} ({error})")
        self._leave(member, error)

    def could_not_protect(self, member: Member, name: str) -> None:
        """A store that is not required does not lock what is to be protected."""
        self._note(member, "has no Object Lock that holds", "what it keeps is not protected there", name)

    def could_not_read(self, member: Member, error: StoreError, name: str) -> None:
        """A store did not give a name; another one is asked."""
        if isinstance(error, ObjectCorrupt):
            self._note(member, "holds altered bytes", "another store was read", name)
        elif isinstance(error, ObjectMissing):
            self._note(member, "lacks what another store holds", "another store was read", name)
        else:
            self.could_not_ask(member, error)

    def could_not_ask(self, member: Member, error: StoreError) -> None:
        """A store did not answer a question; another one is asked."""
        self._note(member, "failed", "the other stores were asked", str(error))
        self._leave(member, error)

    def notes(self) -> list[str]:
        """All that failed, a sentence each."""
        with self._lock:
            return [failure.told(name) for (name, _), failure in sorted(self._failures.items())]

    def _leave(self, member: Member, error: StoreError) -> None:
        with self._lock:
            if isinstance(error, GONE):
                self._out.setdefault(member.name, error)
            if isinstance(error, StoreFull):
                self._full.setdefault(member.name, error)

    def _note(self, member: Member, what: str, instead: str, first: str) -> None:
        with self._lock:
            known = self._failures.get((member.name, what))
            if known is None:
                self._failures[member.name, what] = _Failure(what, instead, first)
            else:
                known.times += 1

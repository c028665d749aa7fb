"""The stores of an archive: one by one, and all of them as one.

Where there is one store, it is asked itself. Where there are several, they are asked as one (``storage.replicated``),
and what one of them failed at while another did not is told at the end of the command.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from archiver.errors import LogError, UsageError
from archiver.replica import Replica, Seat
from archiver.settings import MAIN
from storage.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.nameplate import Nameplate
    from archiver.settings import Settings
    from storage.replicated import ReplicatedStore
    from storage.store import Store

ADVICE = (
    "`archiver store list` shows how each store stands, `archiver sync` brings what one lacks, and `archiver audit` "
    "names what is altered"
)


class Stores:
    """Everything opens lazily.

    Args:
        home: of the archive.
        settings: name the stores.
        notes: is told what stores failed at.
    """

    def __init__(self, home: Path, settings: Settings, notes: list[str]) -> None:
        self._notes = notes
        beside = [(each.name, each.url, each.required) for each in settings.stores]
        self.copies = tuple(
            Replica(name, url, home=home, origin=settings.origin, key=settings.key, required=required)
            for name, url, required in [(MAIN, settings.store, True), *beside]
        )

    @cached_property
    def _together(self) -> ReplicatedStore:
        from storage.replicated import ReplicatedStore  # noqa: PLC0415 - only where there are several

        return ReplicatedStore([Seat(copy) for copy in self.copies])

    @property
    def store(self) -> Store:
        """One store with its guarantees, or several as one."""
        return self.copies[0].store if len(self.copies) == 1 else self._together

    @property
    def plain(self) -> Store:
        """The same, nothing known of a single store yet: for looking at its names without reading its nameplate."""
        return self.copies[0].plain if len(self.copies) == 1 else self._together

    @property
    def promising(self) -> tuple[str, ...]:
        """Where the stores are whose word counts when something is promised: the required ones."""
        return tuple(copy.url for copy in self.copies if copy.required) or (self.copies[0].url,)

    @cached_property
    def nameplate(self) -> Nameplate:
        """The nameplate of the first store that tells.

        Raises:
            LogError: no store is of this archive.
            StoreError: no store answers.
        """
        failed: list[tuple[Replica, LogError | StoreError]] = []
        for copy in self.copies:
            try:
                found = copy.nameplate
            except (LogError, StoreError) as error:
                failed.append((copy, error))
            else:
                self._note(*(f"the store {other.name} does not say what it is: {why}" for other, why in failed))
                return found
        raise failed[0][1]

    def called(self, name: str) -> Replica:
        """The store of this name.

        Raises:
            UsageError: there is none.
        """
        found = next((copy for copy in self.copies if copy.name == name), None)
        if found is None:
            names = ", ".join(copy.name for copy in self.copies)
            raise UsageError(f"this archive has no store called {name!r}", hint=f"its stores are {names}")
        return found

    def only(self, name: str) -> Replica:
        """Let nothing but this store be asked from here on; the store.

        Raises:
            UsageError: there is none of this name.
        """
        found = self.called(name)
        self.close()
        self.copies = (found,)
        self.__dict__.pop("nameplate", None)
        return found

    def close(self) -> None:
        """Tell what stores failed at, once."""
        if "_together" in self.__dict__:
            told = self._together.notes()
            self._note(*told, *([ADVICE] if told else []))
            del self._together

    def _note(self, *texts: str) -> None:
        self._notes += [text for text in texts if text not in self._notes]

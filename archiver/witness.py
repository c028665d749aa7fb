"""Checkpoints that somebody kept elsewhere, held against the log that the store publishes today.

1. Each is read strictly, and must be this log's (``archiver.checkpoints``), signed by the key that was in force at its
   size. One that another key signed under this log's name is a finding: that is what a log looks like that was signed
   anew with a new key, or cut off before the key that signed came into force.
2. Today's newest checkpoint must be signed, and each that was kept must lead to it (``archiver.custody.witness``).
3. The smallest that is not passed says where the difference begins: behind the largest one that is passed, and at the
   event itself where the catalogue still remembers the log that was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.checkpoints import believed, kept
from archiver.custody.checkpoint import Checkpoint
from archiver.custody.errors import Malformed, NoteRetired, NoteUnverified
from archiver.custody.finding import Code, Finding
from archiver.custody.merkle import Frontier
from archiver.custody.witness import SUBJECT, Extension, extension, first_difference
from archiver.errors import CatalogueError, RebuildNeeded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import BinaryIO

    from archiver.archive import Archive
    from archiver.custody.keyring import Keyring
    from archiver.custody.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Proven:
    """A checkpoint that today's log extends, and how that is shown.

    Attributes:
        file: where it was read.
        size: how many events it counts.
        root: its root, hexadecimal.
        today_size: how many events today's checkpoint counts.
        today_root: its root, hexadecimal.
        proof: the consistency proof's hashes (RFC 9162, 2.1.4), hexadecimal.
    """

    file: str
    size: int
    root: str
    today_size: int
    today_root: str
    proof: tuple[str, ...]


class Witness:
    """Holds what was kept against what passes by; where nothing was kept it costs nothing.

    Args:
        archive: the archive.
        sources: the checkpoints' files or streams, each with what it is called; none where it is closed.

    Raises:
        InputRefused: one of them is no checkpoint of this log.
    """

    def __init__(self, archive: Archive, sources: Sequence[tuple[str, Path | BinaryIO | None]]) -> None:
        self._archive = archive
        self._notes = [(called, kept(called, each, origin=archive.settings.origin)) for called, each in sources]
        self._kept: list[tuple[str, Checkpoint]] = []
        self._findings: list[Finding] = []
        self._leaves: list[bytes] = []
        self._newest: str | None = None
        self._asked = bool(sources)

    def _read(self, keys: Keyring) -> None:
        """Verify what was kept (step 1)."""
        self._kept, self._findings = [], []
        for file, note in self._notes:
            try:
                self._kept.append((file, believed(file, note, keys)))
            except NoteRetired as error:
                detail = f"{error}: a former key was used, or the log was rewritten so that it changed earlier"
                self._findings.append(Finding(Code.RETIRED_KEY, f"{SUBJECT} {file}", detail))
            except NoteUnverified as error:
                detail = (
                    f"bears this log's name, and another key than this archive's signed it: the log was signed anew "
                    f"with another key, or cut off before this key came into force, or the file does not come from "
                    f"it ({error})"
                )
                self._findings.append(Finding(Code.UNKNOWN_KEY, f"{SUBJECT} {file}", detail))
        self._kept.sort(key=lambda each: each[1].size)

    def begin(self, keys: Keyring) -> None:
        """The log is about to pass by, from its beginning; what was altered is refused before.

        Raises:
            InputRefused: a checkpoint that was kept was altered.
        """
        self._leaves, self._newest = [], None
        self._read(keys)

    def pass_by(self, transaction: Transaction) -> None:
        """Take note of the next published transaction."""
        if not self._asked:
            return
        self._leaves += transaction.leaves
        self._newest = transaction.checkpoint or self._newest

    def judge(self, keys: Keyring) -> tuple[list[Proven], list[Finding]]:
        """What was proved, and what was not, when the whole log has passed by.

        Args:
            keys: the log's keys.
        """
        self._read(keys)
        if not self._kept:
            return [], self._findings
        try:  # step 2
            today = self._today(keys)
        except (Malformed, NoteUnverified) as error:
            detail = f"the log's own newest checkpoint proves nothing: {error}"
            return [], [*self._findings, Finding(Code.WRONG_CHECKPOINT, "log", detail)]
        proven: list[Proven] = []
        for file, checkpoint in self._kept:
            outcome = extension(checkpoint, today, self._leaves)
            if isinstance(outcome, Extension):
                proven.append(_proven(file, outcome))
                continue
            passed = proven[-1].size if proven else 0
            self._findings.append(self._placed(outcome, checkpoint, passed))
        return proven, self._findings

    def _today(self, keys: Keyring) -> Checkpoint:
        if self._newest is None:
            return Checkpoint(keys.origin, 0, Frontier().root)
        return keys.checkpoint(self._newest)

    def _placed(self, finding: Finding, checkpoint: Checkpoint, passed: int) -> Finding:
        """Step 3: the same finding, with where the difference begins."""
        if finding.code is Code.ROLLED_BACK:
            return finding
        differs = first_difference(checkpoint, self._leaves, self._remembered(checkpoint.size))
        if differs is not None:
            where = (
                f"event {differs} is the first that differs from what the catalogue recorded and the file vouches for"
            )
        else:
            where = f"the first difference lies among the events {passed} to {checkpoint.size - 1}"
        return Finding(finding.code, finding.subject, f"the log was rewritten: {where} ({finding.detail})")

    def _remembered(self, size: int) -> list[bytes]:
        try:
            return self._archive.catalogue.leaves(size)
        except (CatalogueError, RebuildNeeded):
            return []


def _proven(file: str, outcome: Extension) -> Proven:
    return Proven(
        file=file,
        size=outcome.kept.size,
        root=outcome.kept.root.hex(),
        today_size=outcome.today.size,
        today_root=outcome.today.root.hex(),
        proof=tuple(node.hex() for node in outcome.proof),
    )

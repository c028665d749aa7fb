"""The newest checkpoint of the published log, and checkpoints that come back from elsewhere.

A checkpoint's file is a signed note (C2SP signed-note over tlog-checkpoint), exactly as it lies in the store. What
comes back is a stranger's file: it is bounded, read strictly, and believed only for the log's own key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.custody.batch import parse
from archiver.custody.checkpoint import Checkpoint, parse_and_verify
from archiver.custody.errors import Malformed, NoteAltered
from archiver.custody.note import Verifier
from archiver.errors import AnswerIsNo, InputRefused, LogError
from archiver.logbook import LARGEST_BATCH
from storage.layout import batch_name

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.custody.keys import VerifyKey

LARGEST_NOTE = 65_536
"""Bytes of a checkpoint's file: room for a hundred signatures of witnesses."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A checkpoint and the note that it stands in, as it was signed."""

    checkpoint: Checkpoint
    note: str


def newest(archive: Archive) -> Signed:
    """The newest checkpoint that is published, with its signature verified.

    Raises:
        AnswerIsNo: nothing was ever published.
        RebuildNeeded: the catalogue is older than the log, or the store has lost its end.
        LogError: what is published there does not verify.
        StoreError: the store does not answer.
    """
    archive.refuse_unless_current()
    first = archive.catalogue.last_published()
    if first is None:
        raise AnswerIsNo("the log is empty: there is no checkpoint yet", hint="take something in first")
    note = parse(archive.store.read(batch_name(first), limit=LARGEST_BATCH)).checkpoint
    checkpoint = parse_and_verify(note, Verifier(archive.settings.origin, archive.nameplate.key))
    if checkpoint.origin != archive.settings.origin or checkpoint.size <= first:
        raise LogError(
            f"the newest checkpoint is of {checkpoint.size} events of {checkpoint.origin}, "
            f"and belongs behind event {first}",
            hint="run `archiver verify`",
        )
    return Signed(checkpoint, note)


def kept(path: Path, *, origin: str, key: VerifyKey) -> Checkpoint:
    """A checkpoint that somebody kept elsewhere.

    Args:
        path: the note's file; a stranger's.
        origin: the log's name.
        key: the key that signs this log.

    Raises:
        InputRefused: it cannot be read, is no checkpoint, is of another log, or was altered.
        NoteUnverified: it bears this log's name, and another key signed it.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_NOTE + 1)
    except OSError as error:
        raise InputRefused(f"{path} cannot be read: {error.strerror}", hint="name the file of a checkpoint") from error
    hint = "give the file as `archiver checkpoint` wrote it"
    if len(data) > LARGEST_NOTE:
        raise InputRefused(f"{path} is no checkpoint: it has more than {LARGEST_NOTE} bytes", hint=hint)
    try:
        text = data.decode()
        claimed = Checkpoint.parse(text.rpartition("\n\n")[0] + "\n")
    except (UnicodeDecodeError, Malformed) as error:
        raise InputRefused(f"{path} is no checkpoint: {error}", hint=hint) from error
    if claimed.origin != origin:
        raise InputRefused(
            f"{path} is a checkpoint of another log, {claimed.origin}; this archive's is {origin}",
            hint="choose the archive that it belongs to with --archive",
        )
    try:
        return parse_and_verify(text, Verifier(origin, key))
    except Malformed as error:
        raise InputRefused(f"{path} is no checkpoint: {error}", hint=hint) from error
    except NoteAltered as error:
        raise InputRefused(f"{path} was altered: {error}", hint="take the copy that nobody touched") from error

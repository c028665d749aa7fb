"""The newest checkpoint of the published log, and checkpoints that come back from elsewhere.

A checkpoint's file is a signed note (C2SP signed-note over tlog-checkpoint), exactly as it lies in the store. What
comes back is a stranger's file: it is bounded, read strictly, and believed only for the key of this log that is in
force at its size.
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.custody.batch import parse
from archiver.custody.checkpoint import Checkpoint
from archiver.custody.errors import Malformed, NoteAltered
from archiver.errors import AnswerIsNo, InputRefused, LogError
from archiver.logbook import LARGEST_BATCH
from storage.layout import batch_name

if TYPE_CHECKING:
    from typing import BinaryIO

    from archiver.archive import Archive
    from archiver.custody.keyring import Keyring

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
    checkpoint = archive.keys.checkpoint(note)
    if checkpoint.origin != archive.settings.origin or checkpoint.size <= first:
        raise LogError(
            f"the newest checkpoint is of {checkpoint.size} events of {checkpoint.origin}, "
            f"and belongs behind event {first}",
            hint="run `archiver verify`",
        )
    return Signed(checkpoint, note)


def kept(called: str, source: Path | BinaryIO | None, *, origin: str) -> str:
    """The note that somebody kept elsewhere: a checkpoint that bears this log's name, not yet verified.

    Args:
        called: what the source is called.
        source: the note's file, or a stream; a stranger's. None where standard input is closed.
        origin: the log's name.

    Raises:
        InputRefused: it cannot be read, is no checkpoint, or is of another log.
    """
    hint = "name the file of a checkpoint, or pipe one in"
    if source is None:
        raise InputRefused(f"{called} is closed", hint=hint)
    try:
        with nullcontext(source) if not isinstance(source, Path) else source.open("rb") as file:
            data = file.read(LARGEST_NOTE + 1)
    except OSError as error:
        raise InputRefused(
            f"{called} cannot be read: {error.strerror}", hint="name the file of a checkpoint"
        ) from error
    hint = "give the file as `archiver checkpoint` wrote it"
    if len(data) > LARGEST_NOTE:
        raise InputRefused(f"{called} is no checkpoint: it has more than {LARGEST_NOTE} bytes", hint=hint)
    try:
        text = data.decode()
        claimed = Checkpoint.parse(text.rpartition("\n\n")[0] + "\n")
    except UnicodeDecodeError as error:
        raise InputRefused(f"{called} is no checkpoint: it is no text", hint=hint) from error
    except Malformed as error:
        raise InputRefused(f"{called} is no checkpoint: {error}", hint=hint) from error
    if claimed.origin != origin:
        raise InputRefused(
            f"{called} is a checkpoint of another log, {claimed.origin}; this archive's is {origin}",
            hint="choose the archive that it belongs to with --archive",
        )
    return text


def believed(called: str, text: str, keys: Keyring) -> Checkpoint:
    """The checkpoint in a note that ``kept`` gave.

    Raises:
        InputRefused: it is none, or was altered.
        NoteRetired: a key signed it that was not in force at its size.
        NoteUnverified: none of these keys signed it.
    """
    hint = "give the file as `archiver checkpoint` wrote it"
    try:
        return keys.checkpoint(text)
    except Malformed as error:
        raise InputRefused(f"{called} is no checkpoint: {error}", hint=hint) from error
    except NoteAltered as error:
        raise InputRefused(f"{called} was altered: {error}", hint="take the copy that nobody touched") from error

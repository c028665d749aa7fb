"""``archiver checkpoint``: the log's newest signed checkpoint, for keeping elsewhere. Looking changes nothing.

What is handed out is the note as the store publishes it, with its signature verified first. Whoever keeps it can prove,
years later and against our will, that the log was cut off or rewritten: ``archiver verify --checkpoint FILE``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.checkpoints import Signed, newest
from archiver.errors import InputRefused

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.archive import Archive


def checkpoint(archive: Archive, output: Path | None = None) -> Signed:
    """The newest checkpoint of the published log; written into a new file, where one is named.

    Raises:
        AnswerIsNo: the log is empty.
        InputRefused: the file exists, or cannot be written.
        RebuildNeeded: the catalogue is older than the log, or the store has lost its end.
        StoreError: the store does not answer.
    """
    signed = newest(archive)
    if output is not None:
        try:
            with output.open("x", encoding="utf-8", newline="") as file:
                file.write(signed.note)
        except FileExistsError as error:
            hint = "an earlier checkpoint is worth keeping: choose another name"
            raise InputRefused(f"{output} exists", hint=hint) from error
        except OSError as error:
            raise InputRefused(
                f"{output} cannot be written: {error.strerror}", hint="check folder and space"
            ) from error
    return signed

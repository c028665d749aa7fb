"""Pictures that an earlier version fingerprinted and today's did not: counted wherever looks are compared.

They are not compared by look, and nobody may take that for an answer. `archiver fingerprints build` makes today's
fingerprints beside the earlier ones.

Counting reads every fingerprint of both versions. Once nothing is lacking that is remembered, in the cache: the earlier
version makes no more, so it stays true as long as no fewer pictures have today's.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

from archiver.catalogue.decoded import count_without, newest_print
from archiver.fingerprint.algorithm import CURRENT, EARLIER
from archiver.render import counted

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions

CACHE = "cache"
"""The folder, in the archive's home, of what may be thrown away at any moment."""

_REMEMBERED = "earlier-fingerprints.json"


def tell_of_earlier(archive: Archive, questions: Questions, comparable: int) -> None:
    """Note how many pictures are held with a fingerprint of an earlier version alone, if any are.

    Args:
        archive: takes the note.
        questions: the catalogue, at the place of the log that is asked about.
        comparable: how many pictures have today's fingerprint.
    """
    without = _without(archive, questions, comparable)
    if not without:
        return
    note = f"{counted(without, 'picture')} held with a fingerprint of an earlier version alone, which is not compared: "
    note += "`archiver fingerprints build` makes today's"
    if note not in archive.notes:
        archive.notes.append(note)


def _without(archive: Archive, questions: Questions, comparable: int) -> int:
    newest = newest_print(questions, str(EARLIER))
    if newest is None:
        return 0
    remembered = archive.home / CACHE / _REMEMBERED
    with suppress(OSError, ValueError, LookupError, TypeError):
        known = json.loads(remembered.read_text())
        if known["log"] == archive.settings.origin and known["newest"] == newest and known["have"] <= comparable:
            return 0
    without = count_without(questions, str(CURRENT), having=str(EARLIER))
    if not without:
        with suppress(OSError):
            remembered.parent.mkdir(mode=0o700, exist_ok=True)
            remembered.write_text(json.dumps({"log": archive.settings.origin, "newest": newest, "have": comparable}))
    return without

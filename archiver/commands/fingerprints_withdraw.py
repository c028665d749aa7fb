"""``archiver fingerprints withdraw``: a list no longer stands. It stays in the store and in the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.hash_lists import HashListHeld, hash_list_called
from archiver.errors import InputRefused, UsageError
from archiver.facts.exchange import HashList
from archiver.facts.vocabulary import State
from archiver.provenance import checked

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions

_SAID = ("name", "given_by", "file", "size", "form", "algorithms", "lines", "note", "received")


def fingerprints_withdraw(archive: Archive, name: str, *, by: str, reason: str) -> HashListHeld:
    """Withdraw a list: from now on nothing is looked for in it. What it is now.

    Raises:
        InputRefused: there is no such list, or it was withdrawn already.
        UsageError: nobody says so, or for no reason.
    """
    if not by.strip() or not reason.strip():
        raise UsageError("a list is withdrawn by somebody, for a reason", hint="say --by NAME and --reason TEXT")

    def build(questions: Questions) -> list[HashList]:
        held = hash_list_called(questions, name)
        if held is None or not held.stands:
            raise InputRefused(f"no list {name!r} stands", hint="`archiver fingerprints lists` names those that do")
        said = {field: getattr(held, field) for field in _SAID}
        return [checked(HashList, "list", **said, by=by, reason=reason, state=State.RETRACTED)]

    archive.record(build)
    with archive.asking() as questions:
        found = hash_list_called(questions, name)
    assert found is not None  # noqa: S101 - it was recorded just now, and nothing is ever deleted
    return found

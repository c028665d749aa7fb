"""``archiver list``: which items are held, newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.catalogue.listing import Filter, listed
from archiver.errors import UsageError
from archiver.facts import edtf
from archiver.facts.values import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.answers import Dossier


_LONGEST_WORD = 500


@dataclass(frozen=True, slots=True)
class Listed:
    """The newest items that pass, in full, and how many pass in all."""

    items: list[Dossier]
    total: int


def list(  # noqa: A001 - the command is the file, and the function has its name
    archive: Archive,
    *,
    status: str | None = None,
    source: str | None = None,
    since: str | None = None,
    until: str | None = None,
    words: Sequence[str] = (),
    limit: int | None = 50,
) -> Listed:
    """The newest items that pass every filter.

    Args:
        archive: the archive.
        status: where their verification stands.
        source: a publisher, giver or claimant by name, or an account ``PLATFORM:HANDLE``.
        since: taken in then or later; EDTF, read as UTC where it has no offset.
        until: taken in then or earlier; a day means its end.
        words: words that all occur in what is said of the item.
        limit: how many at the most; ``None`` for all.

    Raises:
        UsageError: a time is malformed.
    """
    split = tuple(word for given in words for word in given.split())
    if any(len(word) > _LONGEST_WORD or not word.isprintable() for word in split):
        raise UsageError("--text holds a word that is too long, or is no text", hint="give a few plain words")
    chosen = Filter(
        status=status,
        source=source,
        since=_bound("--since", since, first=True),
        until=_bound("--until", until, first=False),
        words=split,
    )
    with archive.asking() as questions:
        summaries, total = listed(questions, chosen, limit=limit)
        dossiers = questions.dossiers([summary.item for summary in summaries])
    return Listed([dossiers[summary.item] for summary in summaries], total)


def _bound(option: str, text: str | None, *, first: bool) -> str | None:
    if text is None:
        return None
    try:
        stated = edtf.read_as_utc(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error
    bound = stated.earliest if first else stated.latest
    return None if bound is None else instant(bound)

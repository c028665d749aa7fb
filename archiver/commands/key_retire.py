"""``archiver key retire``: a key that does not sign any more is not to be trusted, and why.

A rotation ends a key's right to sign; this says more: that somebody else may have had it, from some event on. Nothing
that it signed is taken back. ``verify`` says of each event in doubt that it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from archiver.errors import InputRefused, UsageError
from archiver.facts import edtf
from archiver.facts.signing import KeyRetirement
from archiver.facts.values import instant
from archiver.provenance import checked

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.custody.keyring import Keyring, Term

_EVENT = re.compile(r"(?:event:|#)([0-9]{1,15})")
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class KeyRetired:
    """That a key is not to be trusted.

    Attributes:
        number: the event that says so; an earlier one, if that said the same.
        fingerprint: the key's.
        since: the first event whose signature is doubtful, where one is.
        doubtful: how many events that are.
        new: whether it was said now.
        introduces: fingerprints of the keys that were brought in under doubtful signatures.
    """

    number: int
    fingerprint: str
    since: int | None
    doubtful: int
    new: bool
    introduces: list[str]


def key_retire(archive: Archive, fingerprint: str, *, reason: str, since: str | None = None) -> KeyRetired:
    """Retire a key that is not in force any more.

    Args:
        archive: the archive.
        fingerprint: the key's, or digits that begin only this one's.
        reason: why.
        since: from which event on somebody else may have signed with it: ``event:N``, or a time (EDTF, UTC), which is
            the first event recorded then or later.

    Raises:
        InputRefused: no key, or several, begin so; or nothing was recorded since then.
        UsageError: no reason is given, the key is in force, or ``since`` is neither an event nor a time.
        LogError: catalogue and published log do not end together.
        CatalogueError: the catalogue does not answer.
        StoreError: the store does not answer.
    """
    if not reason.strip():
        raise UsageError("a key is retired for a reason", hint="say --reason TEXT: it is recorded, and shown for ever")
    archive.ready_to_write()

    def build(questions: Questions) -> list[KeyRetirement]:
        term = _chosen(archive.keys_known(questions), fingerprint)
        place = None if since is None else _place(questions, since)
        if place is not None and term.until is not None and place >= term.until:
            raise InputRefused(
                f"this key has signed nothing since event {place}: its last event was {term.until - 1}",
                hint="name the first event that is doubtful, or leave --since out",
            )
        return [checked(KeyRetirement, "reason", fingerprint=term.key.fingerprint, reason=reason, since=place)]

    recorded = archive.record(build)
    ring = archive.keys
    term = _chosen(ring, fingerprint)
    doubt = next((each for each in ring.doubts() if each.term == term), None)
    (number,) = recorded.numbers.values()
    return KeyRetired(
        number=number,
        fingerprint=term.key.fingerprint,
        since=term.retired.since if term.retired else None,
        doubtful=doubt.last - doubt.first + 1 if doubt else 0,
        new=bool(recorded.new),
        introduces=[
            each.key.fingerprint for each in ring.terms if doubt and doubt.first <= each.since - 1 <= doubt.last
        ],
    )


def _chosen(ring: Keyring, named: str) -> Term:
    prefix = named.strip().lower().removesuffix("…")
    found = [term for term in ring.terms if term.key.fingerprint.startswith(prefix)]
    if len(prefix) < _SHORTEST or len(found) != 1:
        many = "several keys begin" if len(found) > 1 else "no key of this log begins"
        raise InputRefused(f"{many} with {named!r}", hint="`archiver key show` shows them; give the whole fingerprint")
    (term,) = found
    if term.until is None:
        raise UsageError(
            f"the key {term.key.fingerprint[:16]}… is in force: without it nobody could sign anything",
            hint="`archiver key rotate --reason TEXT` first, then retire it",
        )
    return term


def _place(questions: Questions, since: str) -> int:
    named = _EVENT.fullmatch(since.strip())
    last = questions.last_event()
    if named is not None:
        place: int | None = int(named[1])
    else:
        try:
            earliest = edtf.read_as_utc(since).earliest
        except ValueError as error:
            raise UsageError(f"--since: {error}", hint="write a time, or an event: event:123") from error
        if earliest is None:
            raise UsageError(f"--since {since!r} has no beginning", hint="write a time, or an event: event:123")
        place = questions.as_of(instant(earliest - timedelta(microseconds=1))).horizon
    if place is None or last is None or place > last:
        raise InputRefused(
            f"nothing was recorded since {since}",
            hint="name the first event that is doubtful, or leave --since out",
        )
    return place

"""Trusted time for the log: its newest checkpoint, stamped by the authorities that the archive names.

1. The newest checkpoint is published and verified (``archiver.checkpoints``); its note's bytes are what is stamped.
2. An authority whose newest good stamp is over that size is not asked again, unless the stamp's certificates end within
   ``renew_days``: then the log is stamped anew, while the old stamp still holds.
3. An answer is verified at once, in full (``archiver.timestamp.token``), and the signer must be valid by our own clock
   too: a certificate that has run out could be used with any time by whoever has its key.
   The lists of revoked certificates that the chain names are read, or its responders asked; who is revoked is refused
   (``archiver.timestamp.revocation``).
4. Only then it is kept: note, query, chain, revocation data, and the response last.
5. One that fails is told and stops no other. Nothing notes the failure: whoever has no stamp over the newest size is
   asked by the next ``stamp``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from archiver.checkpoints import newest
from archiver.errors import ArchiverError, UsageError
from archiver.facts.values import instant
from archiver.timestamp.asking import ask
from archiver.timestamp.authority import authority
from archiver.timestamp.errors import StampRefused
from archiver.timestamp.kept import Stamp, keep, listed, read
from archiver.timestamp.revocation import fetched, verified_whole
from archiver.timestamp.token import query_over, verified
from storage.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.archive import Archive
    from archiver.checkpoints import Signed
    from archiver.settings import AuthoritySettings
    from archiver.timestamp.authority import Authority
    from archiver.timestamp.kept import Place
    from archiver.timestamp.token import Token

DRIFT = timedelta(minutes=1)
"""By how much an authority's time may differ from ours before that is told."""


class Outcome(StrEnum):
    """What became of asking one authority."""

    STAMPED = "stamped"
    ALREADY = "already-stamped"
    NO_LATER = "no-later"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Asked:
    """One authority's part in a run.

    Attributes:
        authority: its name.
        outcome: what became of it; ``no-later``: a certificate ends soon, and the authority still signs with it.
        size: how many events the newest checkpoint counts.
        time: the stamp's own time (``Instant``).
        ends: when the first of its certificates runs out (``Instant``).
        place: the name of the response in the store.
        detail: why it failed, or what is worth knowing.
    """

    authority: str
    outcome: Outcome
    size: int
    time: str | None = None
    ends: str | None = None
    place: str | None = None
    detail: str = ""


def chosen(archive: Archive, named: Sequence[str] = ()) -> list[AuthoritySettings]:
    """The authorities of these names or addresses; all that the settings name, where none is given.

    Raises:
        UsageError: the settings name no authority, or not this one.
    """
    known = archive.settings.stamps.authorities
    hint = "name it in archive.toml: [stamps.authorities.NAME] with url and roots (docs: operations)"
    if not known:
        raise UsageError("this archive names no time-stamping authority", hint=hint)
    for name in named:
        if not any(name in {each.name, each.url} for each in known):
            raise UsageError(
                f"{name} is no authority of this archive, so no root certificate is trusted for it",
                hint=hint + "; known are " + ", ".join(each.name for each in known),
            )
    return [each for each in known if not named or each.name in named or each.url in named]


def stamped(archive: Archive, named: Sequence[str] = ()) -> Iterator[Asked]:
    """Have the newest checkpoint stamped by each authority that is to be asked.

    Raises:
        UsageError: see ``chosen``; nobody was asked.
        AnswerIsNo: the log is empty.
        RebuildNeeded: the catalogue is older than the log, or the store has lost its end.
        StoreError: the store does not answer.
    """
    wanted = chosen(archive, named)
    signed = newest(archive)  # step 1
    places = listed(archive.store).whole
    for settings in wanted:
        try:
            trusted = authority(settings, archive.home)
            yield _one(archive, trusted, signed, [place for place in places if place.authority == settings.name])
        except StampRefused as error:  # step 5
            yield Asked(settings.name, Outcome.FAILED, signed.checkpoint.size, detail=str(error))


def stamped_where_possible(archive: Archive) -> Iterator[Asked]:
    """As ``stamped``, at the end of another command: whatever fails is told, and raises nothing."""
    try:
        yield from stamped(archive)
    except (ArchiverError, StoreError) as error:
        yield Asked("the newest checkpoint", Outcome.FAILED, 0, detail=str(error))


def _one(archive: Archive, trusted: Authority, signed: Signed, places: Sequence[Place]) -> Asked:
    size, note = signed.checkpoint.size, signed.note.encode()
    held = _held(archive, trusted, [place for place in places if place.size == size], note)
    if held and held[1].ends - archive.clock.now() > timedelta(days=archive.settings.stamps.renew_days):  # step 2
        return _asked(Outcome.ALREADY, *held)
    stamp, token, notes = answer_over(archive, trusted, note)  # step 3
    if held and token.ends <= held[1].ends:
        detail = "a certificate ends soon, and the authority has no later one yet"
        return _asked(Outcome.NO_LATER, *held, detail)
    place = keep(archive.store, size, trusted.name, stamp, archive.kept_from_now())  # step 4
    return _asked(Outcome.STAMPED, place, token, "; ".join(notes))


def answer_over(archive: Archive, trusted: Authority, data: bytes) -> tuple[Stamp, Token, list[str]]:
    """Ask an authority for a stamp over some bytes, verify it in full, and read what was revoked (step 3).

    Returns:
        the stamp, with the bytes as its note; what it says; and what is worth knowing.

    Raises:
        StampRefused: no answer, or none that is a good time stamp.
    """
    now, seconds, query = archive.clock.now(), archive.settings.stamps.seconds, query_over(data)
    response = ask(trusted.url, query, seconds=seconds)
    token = verified(response, query, data, trusted.roots, policy=trusted.policy)
    if not token.chain[0].not_valid_before_utc <= now <= token.chain[0].not_valid_after_utc:
        raise StampRefused(
            f"the signer's certificate is not valid by this computer's clock ({now:%Y-%m-%d %H:%M} UTC): "
            f"it ended, or the clock is wrong"
        )
    lists, said, notes = fetched(token, seconds=seconds)
    apart = abs(token.time - archive.clock.now())
    if apart > DRIFT:
        notes.append(f"its time and this computer's are {apart} apart: one of the clocks is wrong")
    return Stamp(note=data, tsq=query, tsr=response, pem=token.pem, crl=lists, ocsp=said), token, notes


def _held(archive: Archive, trusted: Authority, places: Sequence[Place], note: bytes) -> tuple[Place, Token] | None:
    """The good stamp over this size that lasts longest."""
    found = []
    for place in places:
        stamp = read(archive.store, place)
        try:
            token = verified_whole(stamp, trusted.roots, policy=trusted.policy)
        except StampRefused:  # ``verify`` names it; here it is no stamp
            continue
        if stamp.note == note:
            found.append((place, token))
    return max(found, key=lambda each: each[1].ends, default=None)


def _asked(outcome: Outcome, place: Place, token: Token, detail: str = "") -> Asked:
    return Asked(place.authority, outcome, place.size, instant(token.time), instant(token.ends), str(place), detail)

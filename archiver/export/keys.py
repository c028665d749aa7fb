"""The log's keys for whoever checks a bundle, where the archive has had more than one.

``data/keys.txt`` says how each key gave way to the next; ``data/keys/<fingerprint>.pem`` are the public halves::

    archiver-keys-1
    first <fingerprint>
    rotation <event> <old fingerprint> <new fingerprint> <the old key's signature> <the new key's signature>
    doubtful <first event> <last event> <fingerprint>

Both signatures (base64) are over the statement of ``archiver.custody.keyring.handover``, five lines that the file's own
words and the log's name give. So the chain of keys is checked without the event, whose envelope names somebody who may
not be seen outside a court.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.export.report_log import Signer
from archiver.facts.vocabulary import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.custody.keyring import Keyring

FORMAT: Final = "archiver-keys-1"
KEYS, CHAIN = "keys", "keys.txt"


def key_files(ring: Keyring) -> dict[str, bytes]:
    """What goes into the payload, by path; nothing where the log has had one key."""
    if len(ring.terms) == 1:
        return {}
    public = {f"{KEYS}/{term.key.fingerprint}.pem": term.key.pem.encode() for term in ring.terms}
    return {CHAIN: ("\n".join(_chain(ring)) + "\n").encode()} | public


def _chain(ring: Keyring) -> Iterator[str]:
    first, *later = ring.terms
    yield FORMAT
    yield f"first {first.key.fingerprint}"
    old = first
    for term in later:
        signatures = " ".join(term.signatures)
        yield f"rotation {term.since - 1} {old.key.fingerprint} {term.key.fingerprint} {signatures}"
        old = term
    for doubt in ring.doubts():
        yield f"doubtful {doubt.first} {doubt.last} {doubt.term.key.fingerprint}"


def signers(ring: Keyring, profile: Profile) -> list[Signer]:
    """The same for people; why a key was exchanged or retired is told to a court alone, as its event is."""
    court = profile is Profile.COURT
    doubts = {doubt.term.key.fingerprint: (doubt.first, doubt.last) for doubt in ring.doubts()}
    return [
        Signer(
            key=term.key.fingerprint,
            since=term.since,
            until=term.until,
            why=term.reason or None if court else None,
            retired=term.retired.event if term.retired else None,
            retired_why=term.retired.reason if term.retired and court else None,
            doubtful=doubts.get(term.key.fingerprint),
        )
        for term in ring.terms
    ]

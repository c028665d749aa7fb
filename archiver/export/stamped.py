"""Time stamps that go along: complete, and each with the proof that the log they stamped is the one of the bundle.

::

    stamps/<authority>.<size>.<n>.note, .tsq, .tsr, .pem, .crl, .ocsp     as the store keeps them (timestamp.kept)
    stamps/<authority>.<size>.<n>.proof                             that the bundle's checkpoint extends that note's

1. Of each authority go along the newest good stamp that is not behind the bundle's checkpoint, and the earliest one
   that covers the newest event handed over: the tightest bound for all of it.
2. Each is checked as ``archiver verify`` does. One that does not hold stays, and is told.
3. The proof is RFC 6962's consistency proof (2.1.2), a line each::

    archiver-consistency-1
    from <the stamped size>
    to <the bundle's size>
    proof <a hash>

A stamp over the list of files lies beside the payload, for the list is made when all else is: ``stamped.<authority>``
and the same parts, over the bytes of ``tagmanifest-sha256.txt``, which names the signed list and its signature.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from archiver.custody.merkle import verify_consistency
from archiver.errors import LogError, UsageError
from archiver.export.bag import TAG_MANIFEST
from archiver.facts.values import instant
from archiver.stamping import Asked, Outcome, answer_over
from archiver.stamps import Judge
from archiver.timestamp.authority import authority
from archiver.timestamp.errors import StampRefused
from archiver.timestamp.kept import Place, listed, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from archiver.archive import Archive
    from archiver.custody.checkpoint import Checkpoint
    from archiver.custody.keyring import Keyring
    from archiver.custody.proofs import Proofs
    from archiver.settings import AuthoritySettings
    from archiver.timestamp.kept import Stamp
    from archiver.timestamp.token import Token

FORMAT: Final = "archiver-consistency-1"
STAMPS: Final = "stamps"
_PARTS: Final = ("tsq", "tsr", "pem", "crl", "ocsp")


@dataclass(frozen=True, slots=True)
class Going:
    """A stamp that goes along, checked."""

    place: Place
    stamp: Stamp
    token: Token
    checkpoint: Checkpoint

    @property
    def time(self) -> str:
        """When, as the authority says (``Instant``)."""
        return instant(self.token.time)

    @property
    def root(self) -> str:
        """The SHA-256 of the root certificate, hexadecimal."""
        return _fingerprint(self.token)


def going(archive: Archive, keys: Keyring, size: int, newest: int) -> list[Going]:
    """The stamps that go along with a bundle (steps 1 and 2).

    Args:
        archive: whose store is asked.
        keys: the log's keys.
        size: of the bundle's checkpoint.
        newest: the number of the newest event that is handed over.

    Raises:
        StoreError: the store does not answer.
    """
    places = [place for place in listed(archive.store).whole if place.size <= size]
    judge, found = _Good(archive, keys), set[Place]()
    for name in sorted({place.authority for place in places}):
        own = [place for place in places if place.authority == name]
        covering = [place for place in own if place.size > newest]
        found |= {place for order in (own[::-1], covering) if (place := judge.first(order)) is not None}
    return [judge.good[place] for place in sorted(found, key=lambda each: (each.authority, each))]


class _Good:
    """The first good stamp of some, each read once."""

    def __init__(self, archive: Archive, keys: Keyring) -> None:
        self._archive, self._judge = archive, Judge(archive, keys)
        self._bad: set[Place] = set()
        self.good: dict[Place, Going] = {}

    def first(self, order: Iterable[Place]) -> Place | None:
        return next((place for place in order if self._is_good(place)), None)

    def _is_good(self, place: Place) -> bool:
        if place not in self.good and place not in self._bad:
            stamp = read(self._archive.store, place)
            judged = self._judge.judge(place, stamp)
            if judged.fault or judged.token is None or judged.checkpoint is None:
                self._archive.notes.append(f"{place} does not go along, because it does not hold: {judged.fault}")
                self._bad.add(place)
            else:
                self.good[place] = Going(place, stamp, judged.token, judged.checkpoint)
        return place in self.good


def write_stamps(folder: Path, stamps: Sequence[Going], proofs: Proofs, size: int) -> None:
    """Write the stamps, and how the bundle's log grew from what they stamped (step 3).

    Raises:
        LogError: it did not: the log was rewritten after it was stamped.
        OSError: the folder cannot be written.
    """
    if stamps:
        (folder / STAMPS).mkdir()
    for each in stamps:
        grown, first = proofs.growth(each.place.size), each.checkpoint
        try:
            verify_consistency(first.size, first.root, size, proofs.root, grown)
        except LogError as error:
            told = f"the log is not the one that {each.place.authority} stamped at {each.time}: {error}"
            raise LogError(told, hint="run `archiver verify`") from error
        lines = [FORMAT, f"from {first.size}", f"to {size}", *(f"proof {node.hex()}" for node in grown)]
        base = f"{each.place.authority}.{each.place.size}.{each.place.number}"
        written = dict(_parts(each.stamp)) | {"note": each.stamp.note, "proof": ("\n".join(lines) + "\n").encode()}
        for part, content in written.items():
            (folder / STAMPS / f"{base}.{part}").write_bytes(content)


def stamp_list(archive: Archive, folder: Path, wanted: Sequence[AuthoritySettings]) -> list[Asked]:
    """Have the list of files stamped, and say what became of asking each authority.

    Raises:
        OSError: the folder cannot be written.
    """
    content = (folder / TAG_MANIFEST).read_bytes()
    told = []
    for settings in wanted:
        try:
            stamp, token, notes = answer_over(archive, authority(settings, archive.home), content)
        except (StampRefused, UsageError) as error:
            told.append(Asked(settings.name, Outcome.FAILED, 0, detail=str(error)))
            continue
        for part, data in _parts(stamp):
            (folder / f"stamped.{settings.name}.{part}").write_bytes(data)
        time, ends = instant(token.time), instant(token.ends)
        told.append(Asked(settings.name, Outcome.STAMPED, 0, time, ends, TAG_MANIFEST, "; ".join(notes)))
    return told


def _parts(stamp: Stamp) -> Iterator[tuple[str, bytes]]:
    return ((part, data) for part in _PARTS if (data := getattr(stamp, part)))


def _fingerprint(token: Token) -> str:
    from hashlib import sha256  # noqa: PLC0415 - beside what is heavy

    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - heavy

    return sha256(token.chain[-1].public_bytes(Encoding.DER)).hexdigest()

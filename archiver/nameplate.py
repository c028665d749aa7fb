"""``format.json``: what a store says of itself, written once when the archive is made.

It holds the log's origin, the first public key that signed the log, and what the store was seen to guarantee. Whoever
finds the store alone, years later, begins here.

The law: it has one spelling, and it is signed, with that key, over all of it but the signature. The key itself is
pinned in each machine's ``archive.toml``, and never exchanged here, whichever key signs the log later
(``archiver.custody.keyring``). What is signed begins with ``{`` and holds newlines, so it can pass neither
for an event's envelope (no newline) nor for a checkpoint (no brace).
"""

from __future__ import annotations

import io
import json
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from archiver.custody import base64text
from archiver.custody.keys import VerifyKey
from archiver.errors import ArchiverError, LogError
from storage.digest import Digest
from storage.errors import GuaranteeMissing, ObjectMissing, StoreError
from storage.guarantees import Guarantees
from storage.layout import FORMAT

if TYPE_CHECKING:
    from archiver.custody.keys import SigningKey
    from storage.store import Store

LAYOUT = "archiver-store-1"
_LARGEST = 1_000_000
_DIRECTORY = "file:"


@dataclass(frozen=True, slots=True)
class Nameplate:
    """What the store says of itself.

    Attributes:
        origin: the log's name.
        key: the public key that signs the log at first.
        created: when the archive was made (``Instant``).
        guarantees: what the store was seen to do then.
    """

    origin: str
    key: VerifyKey
    created: str
    guarantees: Guarantees

    @classmethod
    def read(cls, store: Store) -> Self | None:
        """Read the store's nameplate; ``None`` where it has none.

        Raises:
            LogError: there is one, and it is altered, malformed or of a layout that this program does not know.
            StoreError: the store does not answer.
        """
        try:
            data = store.read(FORMAT, limit=_LARGEST)
        except ObjectMissing:
            return None
        try:
            values = json.loads(data)
            if values["layout"] != LAYOUT:
                raise LogError(
                    f"the store has the layout {values['layout']!r}, which this version does not know",
                    hint="it was made by a newer version: install that one",
                )
            signature = base64text.read(values.pop("signature"))
            found = cls(
                origin=str(values["origin"]),
                key=VerifyKey.from_base64(values["key"]),
                created=str(values["created"]),
                guarantees=Guarantees.from_json(values["guarantees"]),
            )
            found._check(data, signature)
        except (ValueError, KeyError, TypeError, RecursionError, ArchiverError, StoreError) as error:
            if isinstance(error, LogError):
                raise
            raise LogError(
                f"{FORMAT} in the store is damaged: {error}", hint="restore it from another copy of the store"
            ) from error
        return found

    def write(self, store: Store, key: SigningKey) -> None:
        """Sign the nameplate with the log's key, and write it, create-only.

        Raises:
            NameTaken: the store has another one.
        """
        data = self._signed(key.sign(_text(self._values())))
        store.put(FORMAT, io.BytesIO(data), digest=Digest.of(data), size=len(data))

    def _check(self, data: bytes, signature: bytes) -> None:
        if data != self._signed(signature) or not self.key.verify(signature, _text(self._values())):
            raise LogError(
                f"{FORMAT} in the store was altered: it is not what the log's key signed",
                hint="restore it from another copy of the store",
            )

    def _signed(self, signature: bytes) -> bytes:
        return _text({**self._values(), "signature": base64text.write(signature)})

    def _values(self) -> dict[str, Any]:
        return {
            "layout": LAYOUT,
            "origin": self.origin,
            "key": self.key.base64,
            "key_fingerprint": self.key.fingerprint,
            "created": self.created,
            "guarantees": self.guarantees.to_json(),
        }


def _text(values: dict[str, Any]) -> bytes:
    return (json.dumps(values, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def prepared(place: Store, *, create: bool) -> Guarantees:
    """Make a place where it may be made, and find out what it does.

    Raises:
        GuaranteeMissing: everybody can read it, or other accounts of this machine.
        StoreError: it does not answer.
    """
    if create:
        place.create()
    guarantees = place.probe()
    if guarantees.private is False and place.url.startswith(_DIRECTORY):
        directory = shlex.quote(place.url.removeprefix(_DIRECTORY))
        raise GuaranteeMissing(
            f"other accounts on this machine may look into the store {place.url}",
            hint=f"close it with `chmod 700 {directory}`, then repeat the command",
        )
    if guarantees.private is False:
        raise GuaranteeMissing(
            f"the store {place.url} can be read by everybody",
            hint="take public access off the bucket (its policy and its access list), then repeat the command",
        )
    return guarantees

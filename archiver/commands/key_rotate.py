"""``archiver key rotate``: a new key signs the log from now on.

1. The new key is made and lies on the disk, in a file of its own, before anything says that it exists.
2. In one transaction the key in force signs the rotation (``archiver.custody.keyring``): it says that it gives way, the
   new one that it takes over. If another command rotated meanwhile, nothing is recorded: two new keys at once would be
   one more than anybody asked for.
3. The checkpoint behind that event is signed by the new key, and published with it.

Killed after step 1, there is a key file that the log never heard of: ``key show`` names it, and nothing deletes it.
Killed after step 2, the rotation holds; the next command that records publishes it, and signs with the new key. So it
does where a store does not take it: which key that is, and that a copy of it is needed, is told all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archiver.custody import base64text
from archiver.custody.keyring import handover
from archiver.custody.keys import SigningKey
from archiver.errors import Unpublished, UsageError
from archiver.facts.signing import KeyRotation
from archiver.keyfiles import key_file
from archiver.provenance import checked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions


@dataclass(frozen=True, slots=True)
class Rotated:
    """That a new key signs.

    Attributes:
        number: the rotation's event.
        old: the fingerprint of the key that signed until now.
        new: the fingerprint of the key that signs from now on.
        file: where its private half lies.
        unpublished: why the rotation is not in every store yet; none where it is.
    """

    number: int
    old: str
    new: str
    file: str
    unpublished: Unpublished | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        told = {"number": self.number, "old": self.old, "new": self.new, "file": self.file}
        lost = self.unpublished
        return told if lost is None else {**told, "error": str(lost), "hint": lost.hint, "exit_code": lost.exit_code}


def key_rotate(archive: Archive, *, reason: str) -> Rotated:
    """Make a key, and have it take over.

    Raises:
        UsageError: no reason is given, another command rotated meanwhile, or this machine does not have the key that
            signs now.
        KeyRefused: the new key cannot be written.
        LogError: catalogue and published log do not end together.
        CatalogueError: the catalogue does not answer.
        StoreError: the store does not answer; the key was not rotated.
    """
    if not reason.strip():
        raise UsageError("a key is rotated for a reason", hint="say --reason TEXT: it is recorded, and shown for ever")
    archive.ready_to_write()
    before = archive.keys.signing.fingerprint
    new = SigningKey.generate()
    path = key_file(archive.home, new.public.fingerprint, first=archive.settings.key)
    new.save(path)  # step 1

    def build(questions: Questions) -> list[KeyRotation]:
        ring = archive.keys_known(questions)
        old = ring.signing.fingerprint
        if old != before:
            raise UsageError(
                f"another command rotated the key meanwhile, to {old[:16]}…; nothing was recorded",
                hint=f"`archiver key show` shows the keys; the key in {path} was never used",
            )
        last = questions.last_event()
        place = 0 if last is None else last + 1
        statement = handover(ring.origin, place, old, new.public.fingerprint)
        said = {
            "place": place,
            "replaces": old,
            "key": new.public.base64,
            "fingerprint": new.public.fingerprint,
            "endorsement": base64text.write(archive.key_of(ring).sign(statement)),
            "possession": base64text.write(new.sign(statement)),
            "reason": reason,
        }
        return [checked(KeyRotation, "reason", **said)]

    unpublished = None
    try:
        numbers: Mapping[str, int] = archive.record(build).numbers  # steps 2 and 3
    except Unpublished as error:
        numbers, unpublished = error.numbers, error
    (number,) = numbers.values()
    return Rotated(number, before, new.public.fingerprint, str(path), unpublished)

"""What a store was seen to guarantee, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.render import printable

if TYPE_CHECKING:
    from storage.guarantees import Guarantees


def guarantee_lines(guarantees: Guarantees) -> list[str]:
    """One line a guarantee, good or bad, as it was seen."""
    checksum = (
        "refuses bytes that do not match their SHA-256"
        if guarantees.refuses_wrong_checksum
        else "ACCEPTS bytes that do not match their SHA-256: every put is read back and hashed"
    )
    create = (
        "never overwrites a name"
        if guarantees.create_only
        else "OVERWRITES a name when told to: two writers at once are not kept apart by it"
    )
    private = {True: "private", False: "PUBLIC: everybody can read it", None: "unknown whether private"}
    return [
        f"checksum   {checksum}",
        f"create     {create}",
        f"versions   {guarantees.versioning}",
        f"lock       {guarantees.object_lock}",
        f"access     {private[guarantees.private]}",
        *(f"note       {printable(note)}" for note in guarantees.notes),
    ]

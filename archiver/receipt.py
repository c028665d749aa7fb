"""A receipt: what became of one path of an upload. It is given only when everything it says is stored and published."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from archiver.lookalikes import Match


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one path.

    Attributes:
        path: as given, or as found in a folder.
        status: ``archived``, ``already-held``, ``failed`` or ``skipped``.
        item: SHA-256 of the bytes.
        sighting_added: whether a sighting was recorded that was not recorded before.
        media_type: told from the content.
        width: pixels, as coded.
        height: pixels, as coded.
        decode: how far the picture decoded.
        lookalikes: what was held already and looks the same, best first.
        comparable: whether it has a fingerprint that can match by look; a blank picture has none.
        error: what went wrong, of a failure; why, of what was skipped.
        hint: what to do about it.
    """

    path: str
    status: str
    item: str | None = None
    sighting_added: bool = False
    media_type: str | None = None
    width: int | None = None
    height: int | None = None
    decode: str | None = None
    lookalikes: tuple[Match, ...] = ()
    comparable: bool = True
    error: str = ""
    hint: str = ""

    def to_json(self) -> dict[str, Any]:
        """The receipt as its JSON line."""
        if self.status in ("failed", "skipped"):
            return {"path": self.path, "status": self.status, "error": self.error, "hint": self.hint}
        values = asdict(self)
        del values["error"], values["hint"]
        values["lookalikes"] = [
            {"item": m.item, "match": m.level, "distance": m.distance, "orientation": m.orientation}
            for m in self.lookalikes
        ]
        return values


def failure_of(path: str, error: Exception | None) -> Receipt:
    """The receipt of a path that could not be taken in."""
    return Receipt(path, "failed", error=str(error), hint=getattr(error, "hint", ""))

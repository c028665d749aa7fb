"""A receipt: what became of one path of an upload. It is given only when everything it says is stored and published.

Whatever item it names, it tells the flags that the item bears.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from archiver.catalogue.answers import decided_between
from archiver.catalogue.care import care
from archiver.catalogue.related import relations_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.questions import Questions
    from archiver.interchange.listed import Listed
    from archiver.match import Match


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of one path.

    Attributes:
        path: as given, or as found in a folder, or as a row names it.
        status: ``archived``, ``already-held``, ``recorded`` (a sighting without a file), ``failed`` or ``skipped``.
        item: SHA-256 of the bytes.
        sighting_added: whether a sighting was recorded that was not recorded before.
        media_type: told from the content.
        width: pixels, as coded.
        height: pixels, as coded.
        decode: how far the picture decoded.
        lookalikes: what was held already and looks the same, best first.
        listed: what lists of other archives say of it: listed, not held.
        comparable: whether it has a fingerprint that can match by look; a blank picture has none.
        error: what went wrong, of a failure; why, of what was skipped.
        hint: what to do about it.
        row: the row of the manifest, where it was one.
        context: the item that shows the surroundings, where the row names one.
        sensitivity: the flags that the item bears.
        findings: what the inspection that stands found remarkable: code and weight of each, the gravest first.
        retention: how firmly and until when the store keeps it, as it said itself; where that was asked for.
        legal_hold: whether the store enforces the legal hold; where one was asked for.
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
    listed: tuple[Listed, ...] = ()
    comparable: bool = True
    error: str = ""
    hint: str = ""
    row: int | None = None
    context: str | None = None
    sensitivity: tuple[str, ...] = ()
    findings: tuple[dict[str, str], ...] = ()
    retention: dict[str, str] | None = None
    legal_hold: dict[str, object] | None = None

    def to_json(self) -> dict[str, Any]:
        """The receipt as its JSON line."""
        if self.status in ("failed", "skipped"):
            failed = {"path": self.path, "status": self.status, "error": self.error, "hint": self.hint}
            return failed if self.row is None else {**failed, "row": self.row}
        values = asdict(self)
        del values["error"], values["hint"]
        if self.row is None:
            del values["row"], values["context"]
        for name in ("retention", "legal_hold"):
            if values[name] is None:
                del values[name]
        values["listed"] = [each.to_json() for each in self.listed]
        values["lookalikes"] = [
            each.to_json()
            | {"sensitivity": list(each.sensitivity), "decided": [asdict(decision) for decision in each.decided]}
            for each in self.lookalikes
        ]
        return values


def with_care(receipts: Sequence[Receipt], questions: Questions) -> list[Receipt]:
    """The same receipts, with the flags of the items that they name, and what persons decided of look-alikes."""
    named = {match.item for receipt in receipts for match in receipt.lookalikes}
    flags, _ = care(questions, named | {receipt.item for receipt in receipts if receipt.item})
    told = {item: tuple(sorted({flag.flag for flag in borne})) for item, borne in flags.items()}
    held = [each.item for each in receipts if each.item and each.status == "already-held" and each.lookalikes]
    tied = relations_of(questions, sorted(set(held))) if held else {}
    return [
        replace(
            receipt,
            sensitivity=told.get(receipt.item or "", ()),
            lookalikes=tuple(
                replace(
                    match,
                    sensitivity=told[match.item],
                    decided=tuple(decided_between(tied.get(receipt.item or "", ()), match.item)),
                )
                for match in receipt.lookalikes
            ),
        )
        for receipt in receipts
    ]


def failure_of(path: str, error: Exception | None, *, row: int | None = None) -> Receipt:
    """The receipt of a path or a row that could not be taken in."""
    return Receipt(path, "failed", error=str(error), hint=getattr(error, "hint", ""), row=row)

"""Receipts, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.render import counted, moment, printable, short
from archiver.terminal import style
from archiver.terminal.dossier import relation_line
from archiver.terminal.inspected import counted_line
from archiver.terminal.program import say, show

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping, Sequence

    from archiver.interchange.listed import Listed
    from archiver.receipt import Receipt

NOT_ENFORCED = "recorded; this store cannot enforce it"
"""What is told of a legal hold wherever the store has no lock of its own."""

_NAMED = 3
"""Look-alikes that a receipt names; `find` tells all."""
_INDENT = " " * 13


def show_receipt(receipt: Receipt) -> None:
    """Failures and what was skipped on standard error, receipts on standard output."""
    row = "" if receipt.row is None else f"row {receipt.row}"
    path = ": ".join(part for part in (row, printable(receipt.path)) if part)
    match receipt.status:
        case "skipped":
            say(f"skipped      {path} ({receipt.error})")
        case "failed":
            say(f"failed       {path}: {printable(receipt.error)}")
            if receipt.hint:
                say(f"{_INDENT}hint: {printable(receipt.hint)}")
        case "recorded" | "would-archive" | "would-add" | "would-record":
            item = short(receipt.item) if receipt.item else "without file"
            show(f"{receipt.status:<13} {item}{_flags(receipt.sensitivity)}  {path}{_additions(receipt)}")
        case _:
            flags = _flags(receipt.sensitivity)
            show(f"{receipt.status:<12} {short(receipt.item or '')}{flags}  {path}{_details(receipt)}")
            for match in receipt.lookalikes[:_NAMED]:
                show(f"{_INDENT}looks like {short(match.item)}{_flags(match.sensitivity)} ({match.how()})")
                for decision in match.decided:
                    show(f"{_INDENT}  {relation_line(decision, short(match.item))}")
            for line in receipt.listed[:_NAMED]:
                show(f"{_INDENT}{listed_told(line, held=True)}")
            if len(receipt.lookalikes) > _NAMED:
                more = counted(len(receipt.lookalikes) - _NAMED, "more look-alike")
                show(f"{_INDENT}and {more}: archiver find {short(receipt.item or '')}")


def listed_told(line: Listed, *, held: bool) -> str:
    """A line of another archive's list that a picture matches, which is held itself or not."""
    given = f", given by {line.given_by}" if line.given_by else ""
    label = f" ({line.label})" if line.label else ""
    told = "listed" if held else "listed, not held"
    told += f": line {line.line:,} of {line.list}{given}{label}, {line.distance} of 256 bits apart"
    return printable(told)


def summary(counts: Counter[str]) -> str:
    """What became of all of them."""
    told = [f"{counts['archived']:,} archived", f"{counts['already-held']:,} already held"]
    told += [f"{counts['recorded']:,} recorded without a file"] if counts["recorded"] else []
    told += [f"{counts[name]:,} {name}" for name in ("failed", "skipped") if counts[name]]
    return ", ".join(told) + f"; {counted(counts['sightings'], 'sighting')} added"


def rehearsal_summary(counts: Counter[str]) -> str:
    """What would become of all of them."""
    good = counts["would-archive"] + counts["would-add"] + counts["would-record"]
    told = [f"{counts['would-archive']:,} to archive", f"{counts['would-add']:,} held already"]
    told += [f"{counts['would-record']:,} without a file"] if counts["would-record"] else []
    return f"{counted(good, 'row')} good ({', '.join(told)}), {counts['failed']:,} to be put right"


def _flags(sensitivity: Sequence[str]) -> str:
    """What stands behind an item that bears flags."""
    told = f"[{', '.join(sensitivity)}]"
    return f" {style.care(told)}" if sensitivity else ""


def _additions(receipt: Receipt) -> str:
    told = ["sighting"] if receipt.sighting_added else []
    told += [f"surroundings {short(receipt.context)}"] if receipt.context else []
    return f"  [{', '.join(told)}]" if told else ""


def _details(receipt: Receipt) -> str:
    told = [receipt.media_type or "unknown type"]
    if receipt.width and receipt.height:
        told.append(f"{receipt.width}×{receipt.height}")
    if receipt.decode != "ok":
        told.append(receipt.decode or "not inspected")
    if receipt.sighting_added:
        told.append("sighting added")
    found = counted_line(receipt.findings)
    told += [found] if found else []
    told += safekept(receipt.retention, receipt.legal_hold)
    return f"  [{', '.join(told)}]"


def safekept(retention: Mapping[str, str] | None, legal_hold: Mapping[str, object] | None) -> list[str]:
    """What keeps an item from being deleted, and whether anything does."""
    told = [f"{retention['mode']} until {moment(retention['until'])}"] if retention else []
    if legal_hold:
        told.append("legal hold" if legal_hold["enforced"] else style.care(f"legal hold {NOT_ENFORCED}"))
    return told

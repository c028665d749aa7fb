"""What an inspection found, in words: the same of what is held and of a file that is not.

The law: whatever comes out of a file is escaped (``archiver.render``), shortened with a word that it was, and never
stands where the program's own words stand. A finding is told with what it means and what it does not.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from archiver.facts.findings import Weight
from archiver.inspection.media_type import TIFF_BASED
from archiver.render import counted, printable
from archiver.terminal import style
from archiver.terminal.credentials import credential_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LONGEST: Final = 200
"""Characters of one value that are shown; JSON has them all."""
_MOST_PLACES: Final = 3
_MOST_LINES: Final = 200
"""Lines that one group of metadata fills at the most."""
_INDENT = "  "
_PARTS: Final = {"EXIF": ("Image", "GPS", "Interoperability", "Thumbnail"), "Photoshop": ("IPTC", "Thumbnail")}
"""Groups that come of a block, and have their tags under their own names (``docs/metadata.md``)."""


def inspection_lines(found: Mapping[str, Any], *, whole: bool = False) -> Iterator[str]:
    """What the file says of itself.

    Args:
        found: the inspection, field by field.
        whole: every tag of the metadata, and not only how many.
    """
    shape = f", {found['width']}×{found['height']} pixels as coded" if found["width"] else ""
    yield f"{found['media_type']}{shape}, decode: {found['decode']}"
    if found["detail"]:
        yield f"detail: {printable(found['detail'])}"
    if found["captured"]:
        offset = "" if re.search(r"[+-]\d\d:\d\d$", found["captured"]) else " (the file states no offset)"
        yield f"captured: {printable(found['captured'])}{offset}"
    for name in ("camera", "orientation", "frames"):
        if found[name] is not None and (name != "frames" or found[name] > 1):
            yield f"{name}: {printable(str(found[name]))}"
    if found["latitude"] is not None and found["longitude"] is not None:
        above = f", altitude {found['altitude']:g} m" if found["altitude"] is not None else ""
        yield f"place: {found['latitude']:.6f}, {found['longitude']:.6f}{above}"
    yield from _metadata(found, whole=whole)
    yield from credential_lines(found["credentials"])
    yield f"seen by {printable(found['inspector'])}"


def _metadata(found: Mapping[str, Any], *, whole: bool) -> Iterator[str]:
    """Group by group, with where each stands in the file."""
    places = found["places"] or {}
    for group, tags in found["embedded"].items():
        if tags:
            more = "" if whole else " (all of them with --json)"
            yield f"{printable(group)}: {counted(len(tags), 'tag')}{more}{_places(places.get(group, ()))}"
            if whole:
                yield from (f"{_INDENT}{line}" for line in _values(tags))
    for group in [each for each in places if not found["embedded"].get(each)]:
        under = ", ".join(_told_under(found, group))
        what = f"told under {under}" if under else "a block that nothing is told of"
        yield f"{printable(group)}: {what}{_places(places[group])}"


def _told_under(found: Mapping[str, Any], group: str) -> Iterator[str]:
    """Where what came of a block is told, if not under its own group; nothing where none of it is told."""
    embedded, places = found["embedded"], found["places"]
    if group == "C2PA" and found["credentials"] is not None:
        yield "content credentials"
    if group == "MakerNote" and group in embedded.get("EXIF", {}):
        yield "EXIF"
    if group == "MPF" and places.get("Pictures"):
        yield "Pictures"
    for part in _PARTS.get(group, ()):
        beside = part == "Image" and found["media_type"] in TIFF_BASED  # there a block is its own directory alone
        if embedded.get(part) and not beside and _within(places.get(part), places[group]):
            yield part


def _within(parts: Iterable[Mapping[str, int]] | None, blocks: Iterable[Mapping[str, int]]) -> bool:
    """Whether any of the parts begins in one of the blocks, or has no place of its own."""
    return not parts or any(
        0 <= part["offset"] - block["offset"] < block["length"] for part in parts for block in blocks
    )


def finding_lines(findings: Iterable[Mapping[str, Any]] | None) -> Iterator[str]:
    """The findings, the gravest first, each with what it means and what it does not; or that nobody looked."""
    if findings is None:
        yield "nobody looked for any: `archiver inspect --held` does it with today's inspector"
        return
    none = True
    for told in findings:
        none = False
        where = f" {place_told(told)}" if "offset" in told else ""
        detail = f": {_cut(told['detail'])}" if "detail" in told else ""
        yield f"{weight(told.get('weight'))} {told['code']}{where}{detail}"
        for name in ("means", "does_not_mean"):
            if name in told:
                yield f"{_INDENT}{told[name]}"
    if none:
        yield "no finding"


def weight(word: str | None) -> str:
    """How much a finding weighs; what is grave stands out."""
    return style.care(word) if word == Weight.GRAVE else word or "of unknown weight"


def place_told(place: Mapping[str, Any]) -> str:
    """``at byte 12,345, 678 bytes``."""
    length = place.get("length")
    return f"at byte {place['offset']:,}" + (f", {counted(length, 'byte')}" if length is not None else "")


def named_line(findings: Iterable[Mapping[str, str]]) -> str:
    """The grave and the notable ones by name, in one line; empty where there is none."""
    told = [
        f"{weight(each['weight'])}: {each['code']}"
        for each in findings
        if each.get("weight") in (Weight.GRAVE, Weight.NOTABLE)
    ]
    return ", ".join(told)


def counted_line(findings: Iterable[Mapping[str, str]]) -> str:
    """``1 grave, 2 notable findings``; empty where there is none of either."""
    weights = [each.get("weight") for each in findings]
    grave, notable = weights.count(Weight.GRAVE), weights.count(Weight.NOTABLE)
    told = [style.care(f"{grave} grave")] if grave else []
    told += [f"{notable} notable"] if notable else []
    return f"{', '.join(told)} {'finding' if grave + notable == 1 else 'findings'}" if told else ""


def _places(places: Iterable[Mapping[str, int]]) -> str:
    every = list(places)
    told = "; ".join(place_told(each) for each in every[:_MOST_PLACES])
    more = f"; {len(every) - _MOST_PLACES:,} more" if len(every) > _MOST_PLACES else ""
    return f", {told}{more}" if told else ""


def _values(tags: Mapping[str, Any]) -> Iterator[str]:
    """Names and values, nested ones below their name."""
    lines = _nested(tags)
    yield from islice(lines, _MOST_LINES)
    if next(lines, None) is not None:
        yield "… and more: all of it with --json"


def _nested(value: Any) -> Iterator[str]:
    entries = value.items() if isinstance(value, dict) else ((str(place), each) for place, each in enumerate(value))
    for name, held in entries:
        if isinstance(held, dict) and held.keys() == {
            "text",
            "values",
        }:  # a number as the file has it, and as it is read
            yield f"{_cut(name)}: {_cut(_read(str(held['text']), held['values']))}"
        elif isinstance(held, dict | list) and any(isinstance(each, dict | list) for each in _inside(held)):
            yield f"{_cut(name)}:"
            yield from (f"{_INDENT}{line}" for line in _nested(held))
        elif isinstance(held, dict):
            yield f"{_cut(name)}: {_cut(', '.join(f'{key}={each}' for key, each in held.items()))}"
        else:
            yield f"{_cut(name)}: {_cut(', '.join(map(str, held)) if isinstance(held, list) else str(held))}"


def _read(text: str, values: Any) -> str:
    raw = ", ".join(map(str, values)) if isinstance(values, list) else str(values)
    return text if raw in (text, f"{text}/1") else f"{text} ({raw})"


def _inside(held: Any) -> Iterable[Any]:
    return held.values() if isinstance(held, dict) else held


def _cut(text: str) -> str:
    shown = printable(text[:_LONGEST])
    return shown if len(text) <= _LONGEST else f"{shown} … ({len(text):,} characters)"

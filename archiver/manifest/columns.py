"""The columns of a manifest: their names, and what a cell of each holds. A column that is not here is an error."""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Format(StrEnum):
    """How a manifest is written: comma-separated values (RFC 4180), or one JSON object a line."""

    CSV = "csv"
    JSONL = "jsonl"


COLUMNS = {
    "path": "The file, relative to the manifest's folder.",
    "item": "Instead of a path: an item that is held, by its SHA-256 or the beginning of it.",
    "url": "Where it was seen, exactly. Without path and item: a sighting of a picture that nobody has.",
    "canonical": "The address that the page itself names as its own.",
    "channel": "Where on the platform or in the publication: a group, a section.",
    "account": "The account it was seen on, PLATFORM:HANDLE.",
    "source": "Who published it, or gave it.",
    "source_kind": "What kind of source that is.",
    "published": "When it was published there, as stated (EDTF).",
    "published_basis": "How that is known.",
    "caption": "The words beside it.",
    "language": "The caption's language (BCP 47).",
    "observed": "When it was seen there, to the minute, with an offset; the moment of the upload where empty.",
    "repost_of": "What it repeats: an address of a row above or of a recorded sighting, row:N above, or #N recorded.",
    "availability": "Whether it could still be seen there when it was looked at.",
    "context": "A file that shows the surroundings (a saved page, a screenshot), relative to the manifest's folder.",
    "collector": "Who collected it.",
    "note": "The collector's own words.",
    "case": "A case that the item belongs to, by its title or number; it must be there.",
    "tags": "Terms, SCHEME:CODE, separated by semicolons.",
    "sensitivity": "Why care is owed, separated by semicolons.",
    "sensitivity_basis": "What that rests on; needed with sensitivity.",
    "tlp": "With whom the item may be shared (TLP 2.0).",
    "tlp_basis": "What that rests on; needed with tlp.",
    "by": "Who flags, tags and files it; the collector where empty, else whoever runs the command.",
}
"""The columns of both formats, in the order of the template."""

CLAIM_COLUMNS = {
    "claim": "What the source states about it. More in claim_2, claim_3 …, each with the three columns below.",
    "claim_kind": "What the claim is about.",
    "claim_value": "The same in values that can be compared: NAME=VALUE, separated by semicolons.",
    "claim_manner": "How the claimant makes it.",
}
"""The columns of claims in CSV; in JSONL they are one list, ``claims``."""

CLAIMS = "claims"
CLAIM = re.compile(r"claim(?:_(?P<number>[2-9]|[1-9][0-9]))?(?:_(?P<part>kind|value|manner))?", re.ASCII)
LISTS = ("tags", "sensitivity")
SEPARATOR = ";"
ABOUT_SOMETHING = ("path", "item", "url")
"""What says what a row is about: each row fills one of them."""


def unknown(names: Iterable[str], layout: Format) -> list[str]:
    """Those of these names that are no column, each with the nearest one that is, in words."""
    known = [*COLUMNS, *(CLAIM_COLUMNS if layout is Format.CSV else (CLAIMS,))]
    told = []
    for name in names:
        if name in known or (layout is Format.CSV and CLAIM.fullmatch(name)):
            continue
        near = get_close_matches(re.sub(r"[\s-]+", "_", name.strip().lower()), known, 1)
        told.append(f"{name!r} is no column" + (f" (did you mean {near[0]!r}?)" if near else ""))
    return told

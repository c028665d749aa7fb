"""A manifest to begin with: every column, and rows that may be handed in as they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.manifest.columns import CLAIM_COLUMNS, CLAIMS, COLUMNS, Format
from archiver.manifest.entry import Entry
from archiver.manifest.objects import object_lines
from archiver.manifest.table import table_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_ORIGINAL = {
    "path": "photo.jpg",
    "url": "https://news.example/story/1",
    "source": "Yonhap",
    "source_kind": "news-agency",
    "published": "2024-12-27T14:05+09:00",
    "published_basis": "page-stated",
    "caption": "A captured soldier, Kursk region",
    "language": "en",
    "observed": "2024-12-28T09:30+01:00",
    "availability": "live",
    "collector": "A. Researcher",
    "note": "Found through the agency's picture desk.",
    "sensitivity": "prisoner-of-war",
    "sensitivity_basis": "The caption says that he is captured.",
    "tlp": "TLP:AMBER",
    "tlp_basis": "Not to be shown to public curiosity: Third Geneva Convention, article 13.",
}
_REPOST = {
    "path": "repost.jpg",
    "url": "https://t.me/frontline_watch/812",
    "channel": "Frontline Watch",
    "account": "telegram:frontline_watch",
    "published": "2024-12-27",
    "published_basis": "platform-stated",
    "repost_of": "https://news.example/story/1",
    "collector": "A. Researcher",
}
_TAGS = ("own:captive", "own:kursk")
_CLAIM = {"text": "1,000 soldiers of his army were killed or wounded", "kind": "event", "manner": "stated"}
_SECOND = "He is the first of them captured alive"


def template(layout: Format) -> Iterator[str]:
    """The lines of a template; two rows, which name the files ``photo.jpg`` and ``repost.jpg``."""
    if layout is Format.JSONL:
        claims = [{**_CLAIM, "value": {"casualties": 1000}}, _SECOND]
        rows: list[dict[str, Any]] = [{**_ORIGINAL, "tags": list(_TAGS), CLAIMS: claims}, _REPOST]
        rows[0]["sensitivity"] = [_ORIGINAL["sensitivity"]]
        yield from object_lines(Entry(number, row) for number, row in enumerate(rows, start=1))
        return
    claim = {"claim": _CLAIM["text"], "claim_kind": "event", "claim_value": "casualties=1000", "claim_manner": "stated"}
    first = {**_ORIGINAL, **claim, "tags": "; ".join(_TAGS), "claim_2": _SECOND}
    names = [*COLUMNS]
    place = names.index("collector")
    names[place:place] = [*CLAIM_COLUMNS, *(name.replace("claim", "claim_2", 1) for name in CLAIM_COLUMNS)]
    yield from table_lines(names, [Entry(2, first), Entry(3, _REPOST)])

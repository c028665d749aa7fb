"""An item of which everything is said, the order that withdraws it, and what is left of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests import drawing
from tests.archive.furnishing import EXIF

if TYPE_CHECKING:
    from pathlib import Path

    from tests.archive.desk import Desk

ORDER = ("--authority", "District Court, 7 O 12/26", "--reason", "Article 17", "--yes")
PICTURE = drawing.jpeg(drawing.photo(1), exif=EXIF)
WORD = "Hwacheon"
"""A word that is said of the item and of nothing else."""


def told_of(desk: Desk) -> str:
    """Take a picture in and have everything said of it that describes it."""
    words = ("--source", "Yonhap", "--url", f"https://example.org/{WORD}", "--caption", f"A man, {WORD}")
    item = desk.take("a.jpg", PICTURE, *words, "--claim", f"He is from {WORD}", "--note", WORD)
    other = desk.take("b.jpg", drawing.jpeg(drawing.photo(2)), "--claim", "A drone")
    claim, against = (desk.show(each)["claims"][0]["number"] for each in (item, other))
    desk("assess", f"claim:{claim}", "--status", "refuted", "--by", "Ada", "--basis", f"not {WORD}")
    desk("link", f"claim:{against}", "contradicts", f"claim:{claim}", "--by", "Ada", "--basis", f"{WORD}?")
    desk("relate", other, item, "--type", "prov:alternateOf", "--by", "Ada", "--basis", f"both {WORD}")
    desk("flag", item, "--sensitivity", "personal-data", "--by", "Ada", "--basis", WORD)
    desk("tag", item, f"own:{WORD}", "--by", "Ada")
    desk("case", "new", "Kursk")
    desk("case", "add", "Kursk", item, "--note", WORD)
    desk("case", "add", "Kursk", other)
    seen = desk.show(item)["sightings"][0]["number"]
    desk("sight", "--again", seen, "--availability", "live", "--by", WORD)
    return item


def remains(folder: Path, *words: bytes) -> list[str]:
    """The files below a folder that hold one of these words."""
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and any(word in path.read_bytes() for word in words)
    ]


def published(desk: Desk) -> bytes:
    store = desk.open_store()
    return b"".join(store.read(name, limit=2**30) for name in store.names("log/"))

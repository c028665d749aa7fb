"""Reading embedded metadata back out of a report, as the sanity findings need it.

The law: nothing that a file states can make a finding fail. A value of another kind than was expected is one that was
not stated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archiver.facts.findings import FindingCode
    from archiver.facts.inspection import Finding
    from archiver.inspection.report import Report

LONGEST_QUOTE: Final = 120
"""Characters of the file's own text that a detail quotes."""

_NUL: Final = "\\x00"
_RATIO: Final = re.compile(r"(\d{1,18})/(\d{1,18})")


@dataclass(frozen=True, slots=True)
class Context:
    """What a finding may need to know beside the file.

    Attributes:
        moment: when the file was taken in, or looked at where it was not taken in; aware.
        name: the file's name without its folders, where it had one.
    """

    moment: datetime
    name: str | None = None


def finding(code: FindingCode, detail: str) -> Finding:
    """One finding of the file as a whole."""
    return cast("Finding", {"code": str(code), "detail": detail})


def quoted(content: str) -> str:
    """Text of the file's own within a detail; it was made visible when it was read, and is only cut here."""
    return content if len(content) <= LONGEST_QUOTE else f"{content[:LONGEST_QUOTE]} …"


def text(report: Report, group: str, name: str) -> str:
    """A tag's text without the padding around it; empty where the file has none."""
    return plain(report.metadata.get(group, {}).get(name))


def plain(value: Any) -> str:
    """What one value says as text: itself, the text beside its numbers, or the first of several."""
    match value:
        case str():
            return _unpadded(value)
        case {"text": str(said)}:
            return _unpadded(said)
        case [first, *_]:
            return plain(first)
        case _:
            return ""


def texts(report: Report, group: str, name: str) -> list[str]:
    """Every text of a tag that may have several, as an IPTC data set or an XMP array has."""
    value = report.metadata.get(group, {}).get(name)
    said = [plain(each) for each in value] if isinstance(value, list) else [plain(value)]
    return [each for each in said if each]


def numbers(report: Report, group: str, name: str) -> list[float]:
    """A tag's numbers; empty where it has none, or one that is no number."""
    value = report.metadata.get(group, {}).get(name)
    values = value.get("values") if isinstance(value, dict) else None
    if not isinstance(values, list):
        return []
    read = [_number(each) for each in values]
    return [each for each in read if each is not None] if None not in read else []


def whole(report: Report, group: str, name: str) -> int | None:
    """A tag's one whole number, also where it is written as text, as XMP does."""
    found = numbers(report, group, name)
    if len(found) == 1 and found[0] == int(found[0]):
        return int(found[0])
    said = text(report, group, name)
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None  # noqa: PLR2004 - no picture has more


def named(report: Report, group: str, pattern: re.Pattern[str]) -> Iterator[str]:
    """The texts of all tags of a group whose whole name matches."""
    for name in report.metadata.get(group, {}):
        if pattern.fullmatch(name):
            yield from texts(report, group, name)


def _number(value: Any) -> float | None:
    if type(value) in {int, float}:
        return float(value)
    ratio = _RATIO.fullmatch(value) if isinstance(value, str) else None
    if ratio is None or int(ratio[2]) == 0:
        return None
    return int(ratio[1]) / int(ratio[2])


def _unpadded(said: str) -> str:
    """Without the spaces around it, and the NULs behind it as ``archiver.inspection.text`` writes them."""
    end = len(said.rstrip())
    while said.endswith(_NUL, 0, end):
        end -= len(_NUL)
    return said[:end].strip()

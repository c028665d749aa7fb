"""``archiver show``: everything that is known of one item, now or as of an earlier time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from archiver.known import known

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.known import Known


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is known of an item; ``jsonld`` is the same in the words of the standards, where it was asked for."""

    known: Known
    jsonld: dict[str, Any] | None = None


def show(archive: Archive, item: str, *, as_of: str | None = None, jsonld: bool = False) -> Shown:
    """All that is known of an item, or was known then.

    Raises:
        InputRefused: no such item, or it was not held then.
        UsageError: ``as_of`` is no time.
    """
    held = archive.resolve(item, as_of)
    with archive.asking(as_of) as questions:
        if not jsonld:
            return Shown(known(questions, [held])[held])
        from archiver.export.jsonld import as_jsonld  # noqa: PLC0415 - most who ask want no JSON-LD
        from archiver.export.material import gather  # noqa: PLC0415 - as above

        material = replace(gather(questions, [held], origin=archive.settings.origin), as_of=as_of)
        return Shown(material.items[0], as_jsonld(material))

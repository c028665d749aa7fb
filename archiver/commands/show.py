"""``archiver show``: everything that is known of one item, now or as of an earlier time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from archiver.catalogue.chronicle import chronicle_of_item
from archiver.known import known

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.chronicle import Event
    from archiver.known import Known


@dataclass(frozen=True, slots=True)
class Shown:
    """All that is known of an item.

    Attributes:
        known: what stands.
        jsonld: the same in the words of the standards, where it was asked for.
        history: every event about it, where they were asked for.
    """

    known: Known
    jsonld: dict[str, Any] | None = None
    history: list[Event] | None = None

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values."""
        history = {} if self.history is None else {"history": [event.to_json() for event in self.history]}
        return self.known.to_json() | history


def show(
    archive: Archive, item: str, *, as_of: str | None = None, jsonld: bool = False, history: bool = False
) -> Shown:
    """All that is known of an item, or was known then.

    Raises:
        InputRefused: no such item, or it was not held then.
        UsageError: ``as_of`` is no time.
    """
    held = archive.resolve(item, as_of)
    with archive.asking(as_of) as questions:
        if not jsonld:
            events = chronicle_of_item(questions, held) if history else None
            return Shown(known(questions, [held])[held], history=events)
        from archiver.export.jsonld import as_jsonld  # noqa: PLC0415 - most who ask want no JSON-LD
        from archiver.export.material import gather  # noqa: PLC0415 - as above

        material = replace(gather(questions, [held], origin=archive.settings.origin), as_of=as_of)
        return Shown(material.items[0], as_jsonld(material))

"""Withdrawn items in the report: that they were there, by whose order they went, and what of them is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.export.markup import Html, listed, said, tag
from archiver.export.report_kept import event_link
from archiver.render import counted, moment, short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from archiver.export.markup import Content
    from archiver.export.report_log import Log


def withdrawn_anchor(item: str) -> str:
    """The name of a withdrawn item's part of the page."""
    return f"withdrawn-{short(item)}"


def withdrawn_section(tombstone: Mapping[str, Any], log: Log) -> Html:
    """All that is told of a withdrawn item.

    Args:
        tombstone: as ``Material.withdrawn_json`` has it, cut for whoever reads.
        log: what is told of the log.
    """
    whole = "authority" in tombstone
    number: int = tombstone["number"]
    rows: list[tuple[str, Content]] = [
        ("SHA-256", tag("code", tombstone["item"])),
        ("Withdrawn", (moment(tombstone["recorded"]), f", event #{number}: ", event_link(number, log))),
        ("By order of", said(tombstone["authority"]) if whole else "withheld here"),
        ("Because", said(tombstone["reason"]) if whole else "withheld here"),
    ]
    if whole:
        rows += [
            ("Carried out by", said(tombstone["by"])),
            ("It belonged to", said(", ".join(tombstone["cases"]))),
            (
                "Left of it",
                f"the digest above, and {counted(tombstone['withheld'], 'signed event')} without their fields",
            ),
        ]
    return tag(
        "article",
        tag("h2", "Withdrawn item ", short(tombstone["item"])),
        tag("div", tag("strong", "Its bytes were erased, and so was what described it."), class_="care"),
        tag("dl", [(tag("dt", name), tag("dd", value)) for name, value in rows]),
        tag("h3", "What is not proved of it"),
        tag("div", listed(_not_proved(number, log)), class_="not"),
        id=withdrawn_anchor(tombstone["item"]),
    )


def _not_proved(number: int, log: Log) -> Iterator[Content]:
    yield "What it showed, and what was said of it: nothing of that is left in the archive or in this bundle."
    yield "That no copy of it exists: the archive erased what it could reach, and nobody else's copies or backups."
    yield "That the order was given, or was right. The archive signed that it was, and whoever can sign can withdraw."
    if number not in log.opened:
        yield "Anything but that an event stands at that place of the log: it is sealed."
    if log.in_doubt(number):
        yield (
            "By whom it was withdrawn: somebody else may have had the key then; see ",
            tag("a", "the keys", href="#keys"),
        )

"""What inspection found remarkable about a file, in the report: each with what it means and what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from archiver.export.markup import Html, content, said, table, tag
from archiver.facts.findings import Weight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.export.markup import Content
    from archiver.known import Known

NOBODY_LOOKED: Final = "Nobody looked for anything remarkable in the file's bytes, or that is withheld."


def findings(known: Known) -> Html:
    """What the inspection that stands found, the gravest first; nothing where nobody looked for it."""
    found = known.dossier.findings
    if found is None:
        return Html("")
    if not found:
        return tag("p", "An inspection looked for anything remarkable in the file's bytes, and found nothing.")
    rows = [(_weight(told), (tag("code", told["code"]), _more(told)), _meaning(told)) for told in found]
    law = "What a program saw in the bytes, never who did what. None of it is a judgement of the picture."
    return content((tag("p", law, class_="small"), table(("Weight", "Found", "What that means, and what not"), rows)))


def _weight(told: Mapping[str, Any]) -> Content:
    weight = told.get("weight", "unknown")
    return tag("strong", weight) if weight == Weight.GRAVE else weight


def _more(told: Mapping[str, Any]) -> Content:
    length = f", {told['length']:,} bytes" if "length" in told else ""
    place = tag("p", f"At byte {told['offset']:,}{length}.", class_="small") if "offset" in told else None
    detail = tag("p", said(told["detail"])) if "detail" in told else None
    return detail, place


def _meaning(told: Mapping[str, Any]) -> Content:
    if "means" not in told:
        return "This program does not know of findings of this kind; a newer one recorded it."
    return tag("p", told["means"]), tag("p", told["does_not_mean"], class_="small")

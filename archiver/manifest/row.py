"""A row understood: every cell checked against its column's vocabulary, all that is wrong told at once.

Where a row leaves a column empty, what the command's own options say holds. A word that speaks of another one (the kind
of the source, the basis of the time, the language of the caption, the page's own address) is taken from the options
only together with it, so that no option describes what the row says.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archiver.errors import InputRefused
from archiver.manifest.cells import Problems, Statement, cell_of, claims_of
from archiver.manifest.columns import COLUMNS
from archiver.provenance import Provenance

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.facts.vocabulary import Availability, SensitivityFlag, TrafficLight
    from archiver.manifest.cells import Term
    from archiver.manifest.entry import Entry

_SAID = (
    *("source", "source_kind", "account", "url", "canonical", "channel"),
    *("published", "published_basis", "caption", "language", "observed", "collector", "note"),
)
"""Columns that are fields of ``Provenance`` as they are."""
_SPEAKS_OF = {"source_kind": "source", "published_basis": "published", "language": "caption", "canonical": "url"}
_NEEDS = {"source_kind": "source", "published_basis": "published", "language": "caption"}
_NEEDS |= {"sensitivity_basis": "sensitivity", "tlp_basis": "tlp"}
_NEEDS |= {"sensitivity": "sensitivity_basis", "tlp": "tlp_basis"}
_NEEDS_ITEM = ("claims", "case", "tags", "sensitivity", "tlp")
_PLACES = ("url", "canonical", "channel", "account", "source", "published", "caption", "repost_of", "context")


@dataclass(frozen=True, slots=True)
class Row:
    """What a row says.

    Attributes:
        number: in CSV as a spreadsheet shows it, in JSONL the line.
        label: what it is about, as written.
        path: the file, where it names one.
        item: the item, as written, where it names one.
        provenance: what is said of it; reposts and surroundings are not settled yet.
        repost_of: what it repeats, as written.
        context: the file that shows the surroundings.
        availability: whether it could still be seen.
        looked: whether the row says when it was seen.
        claims: what is stated about it.
        case: the case, as written.
        tags: schemes and codes.
        flags: why care is owed.
        flags_basis: what that rests on.
        tlp: with whom it may be shared.
        tlp_basis: what that rests on.
        by: who flags, tags and files it, where stated.
    """

    number: int
    label: str
    path: Path | None
    item: str | None
    provenance: Provenance
    repost_of: str | None = None
    context: Path | None = None
    availability: Availability | None = None
    looked: bool = False
    claims: tuple[Statement, ...] = ()
    case: str | None = None
    tags: tuple[Term, ...] = ()
    flags: tuple[SensitivityFlag, ...] = ()
    flags_basis: str | None = None
    tlp: TrafficLight | None = None
    tlp_basis: str | None = None
    by: str | None = None

    @property
    def without_file(self) -> bool:
        """Whether it is a sighting of a picture that nobody has."""
        return self.path is None and self.item is None

    @property
    def sighted(self) -> bool:
        """Whether it says where something was seen."""
        said = self.provenance
        where = (said.url, said.canonical, said.channel, said.account, said.source, said.published, said.caption)
        return any(where) or self.repost_of is not None or self.context is not None


def row_of(entry: Entry, folder: Path, defaults: Provenance) -> Row:
    """Understand a row.

    Raises:
        InputRefused: it is malformed; the sentence names every column that is.
    """
    if entry.error:
        raise InputRefused(entry.error, hint=entry.hint)
    problems = Problems()
    said: dict[str, Any] = {}
    for name, cell in entry.cells.items():
        if name in COLUMNS:
            said[name] = cell_of(name, cell, problems)
    said["claims"] = claims_of(entry.cells, problems)
    said = {name: value for name, value in said.items() if value not in (None, ())}
    _fit_together(entry, said, problems)
    problems.refuse()
    about_item = "path" in said or "item" in said
    claims = said.get("claims") or tuple(Statement(text) for text in defaults.claims if about_item)
    path, context = said.get("path"), said.get("context")
    return Row(
        number=entry.number,
        label=next(said[name] for name in ("path", "item", "url") if name in said),
        path=folder / path if path else None,
        item=said.get("item"),
        provenance=_with_defaults(said, defaults),
        repost_of=said.get("repost_of"),
        context=folder / context if context else None,
        availability=said.get("availability"),
        looked="observed" in said or defaults.observed is not None,
        claims=claims,
        case=said.get("case"),
        tags=said.get("tags", ()),
        flags=said.get("sensitivity", ()),
        flags_basis=said.get("sensitivity_basis"),
        tlp=said.get("tlp"),
        tlp_basis=said.get("tlp_basis"),
        by=said.get("by"),
    )


def _fit_together(entry: Entry, said: dict[str, Any], problems: Problems) -> None:
    filled = set(entry.cells) | ({"claims"} if said.get("claims") else set())
    about = [name for name in ("path", "item") if name in filled]
    if not about and "url" not in filled:
        problems.add("path", "is empty, and so are item and url: nothing says what the row is about")
    if len(about) > 1:
        problems.add("item", "is filled, and so is path: a row is about a file, or about an item that is held")
    for name, other in _NEEDS.items():
        if name in filled and other not in filled:
            problems.add(name, f"is filled, and {other} is empty")
    if not about:
        for name in _NEEDS_ITEM:
            if name in filled:
                problems.add(name, "is about a picture, and the row names neither path nor item")
    if "availability" in filled and not filled & set(_PLACES):
        problems.add("availability", "is filled, and nothing says where it was seen")


def _with_defaults(said: dict[str, Any], defaults: Provenance) -> Provenance:
    values = {name: said[name] for name in _SAID if name in said}
    for name in _SAID:
        if name not in said and _SPEAKS_OF.get(name) not in said:
            values[name] = getattr(defaults, name)
    return Provenance(**values)

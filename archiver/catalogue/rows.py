"""A fact as its row: its own fields, what its event says of the recording, and what makes it easy to find."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archiver.facts import edtf
from archiver.facts.acquisition import Acquisition
from archiver.facts.address import one_spelling
from archiver.facts.assessment import Assessment
from archiver.facts.claim import Claim
from archiver.facts.exchange import HashList
from archiver.facts.handling import Case, Tag
from archiver.facts.inspection import Inspection
from archiver.facts.sighting import Sighting
from archiver.facts.source import Account, Affiliation, Agent, Alias
from archiver.facts.values import instant

if TYPE_CHECKING:
    from archiver.facts.fact import Fact


@dataclass(frozen=True, slots=True)
class Noted:
    """A fact with what its event says of the recording."""

    number: int
    identity: str
    fact: Fact
    recorded: str
    actor: str


def row_of(entry: Noted) -> dict[str, Any]:
    """The row of a fact, column by column."""
    fact = entry.fact
    row = fact.model_dump(mode="json")
    row |= {"number": entry.number, "fact": entry.identity, "recorded": entry.recorded, "actor": entry.actor}
    matter = fact.matter()
    if matter is not None:
        row |= {"on_matter": matter, "until": None}
    return row | _named(fact, matter) | _timed(fact)


def _named(fact: Fact, matter: str | None) -> dict[str, Any]:
    """What it is found by."""
    match fact:
        case Agent(name=name) | Case(title=name):
            return {"entity": matter, "folded": fold(name)}
        case HashList():
            return {"folded": fold(fact.name)}
        case Account() | Tag() | Alias():
            name = f"{fact.scheme}:{fact.code}" if isinstance(fact, Tag) else str(fact)
            return {"folded": fold(fact.name if isinstance(fact, Alias) else name)}
        case Assessment():
            return {"counts_as": str(fact.effective())}
        case _:
            return {}


def _timed(fact: Fact) -> dict[str, Any]:
    """When it holds, as bounds that can be compared."""
    match fact:
        case Sighting():
            return bounds(fact.published) | _addressed(fact)
        case Affiliation():
            return bounds(fact.valid)
        case Inspection():
            return _captured(fact.captured)
        case _:
            return {}


def _addressed(fact: Sighting) -> dict[str, str | None]:
    """Where it was seen, as addresses are compared."""
    own, seen = (one_spelling(url) if url else None for url in (fact.canonical or fact.url, fact.url))
    return {"address": own, "seen_address": None if seen == own else seen}


def texts_of(fact: Fact) -> tuple[str | None, dict[str, str | None]]:
    """The item that a fact is about, and the texts in it that are searched, by field."""
    match fact:
        case Acquisition():
            return fact.item, {"note": fact.note, "file_name": fact.file_name}
        case Sighting():
            texts = {"caption": fact.caption, "url": fact.url, "channel": fact.channel, "note": fact.note}
            return fact.item, texts
        case Claim():
            return fact.item, {"claim": fact.text}
        case Assessment():
            return fact.item, {"basis": fact.basis}
        case _:
            return None, {}


def fold(name: str) -> str:
    """A name as it is looked for: without case."""
    return " ".join(name.casefold().split())


def bounds(stated: str | None) -> dict[str, str | None]:
    """The earliest and the latest moment that a stated time may mean."""
    if stated is None:
        return {"earliest": None, "latest": None}
    read = edtf.parse(stated)
    return {
        "earliest": instant(read.earliest) if read.earliest else None,
        "latest": instant(read.latest) if read.latest else None,
    }


def _captured(stated: str | None) -> dict[str, str | None]:
    """The same of a capture time, which is a file's word and may be no time at all."""
    try:
        return bounds(stated)
    except ValueError:
        return bounds(None)

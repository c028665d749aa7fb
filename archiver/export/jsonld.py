"""The record as JSON-LD 1.1: W3C PROV-O and schema.org, with our own terms where neither has any (docs/standards.md).

The law: what nobody decided is not asserted. A suggested or rejected relation and a claim are described as what they
are; only a confirmed relation becomes ``prov:wasDerivedFrom`` or ``prov:alternateOf``, and no claim becomes a fact.
The same material always makes the same document, byte for byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.export.graph import Graph
from archiver.export.items import say_item
from archiver.export.kept import say_withdrawn
from archiver.export.sources import say_sources
from archiver.export.statements import say_claim, say_relation, say_sighting
from archiver.export.vocabulary import CONTEXT, Names, item_name
from archiver.facts.vocabulary import Profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.catalogue.said import Seen
    from archiver.export.material import Material
    from archiver.known import Known


def as_jsonld(material: Material) -> dict[str, Any]:
    """The material as one JSON-LD document."""
    graph = Graph(Names(material.origin), material.recordings)
    say_sources(graph, material)
    for each in material.items:
        say_item(graph, each)
        graph.say(
            item_name(each.dossier.item),
            archiver__asOf=material.as_of,
            archiver__profile=str(material.profile) if material.profile else None,
        )
        for seen in _sightings(each, material):
            say_sighting(graph, seen)
        for stated in each.dossier.claims:
            say_claim(graph, each.dossier.item, stated)
        for related in each.dossier.relations:
            say_relation(graph, each.dossier.item, related)
    for tombstone in material.withdrawn_json():
        say_withdrawn(graph, tombstone)
    return {"@context": CONTEXT, "@graph": graph.things()}


def _sightings(known: Known, material: Material) -> Iterator[Seen]:
    """The sightings of an item and of its copies, and for a court those of other pictures that reposts tie to them."""
    yield from known.dossier.sightings
    same = (None, known.dossier.item, *known.copies)
    for seen in known.origins.sightings:
        if seen.item in same or material.profile in (None, Profile.COURT):
            yield seen

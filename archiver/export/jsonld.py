"""The record as JSON-LD 1.1: W3C PROV-O and schema.org, with our own terms where neither has any (docs/standards.md).

The law: what nobody decided is not asserted. A suggested or rejected relation and a claim are described as what they
are; only a confirmed relation becomes ``prov:wasDerivedFrom`` or ``prov:alternateOf``, and no claim becomes a fact.
The same material always makes the same document, byte for byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.export.graph import Graph
from archiver.export.items import say_item
from archiver.export.sources import say_sources
from archiver.export.statements import say_claim, say_relation, say_sighting
from archiver.export.vocabulary import CONTEXT, Names, item_name

if TYPE_CHECKING:
    from archiver.export.material import Material


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
        for seen in (*each.dossier.sightings, *each.origins.sightings):
            say_sighting(graph, seen)
        for stated in each.dossier.claims:
            say_claim(graph, each.dossier.item, stated)
        for related in each.dossier.relations:
            say_relation(graph, each.dossier.item, related)
    return {"@context": CONTEXT, "@graph": graph.things()}

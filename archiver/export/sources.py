"""Who: agents, accounts apart from whoever operates them, and what is asserted of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.export.material import sources_told
from archiver.export.vocabulary import PROV_CLASS, reference, stated
from archiver.facts.vocabulary import AgentType

if TYPE_CHECKING:
    from archiver.export.graph import Graph
    from archiver.export.material import Affiliated, Material


def say_sources(graph: Graph, material: Material) -> None:
    """Say who the sources are that the material speaks of, and for whom they are said to act."""
    around = material.around
    told = sources_told(material)
    for identity in sorted({around.representative(each) for each in told} | told):
        named, name = around.names.get(identity), graph.names.source(identity)
        if named is None:
            continue
        chosen = around.representative(identity)
        same = reference(graph.names.source(chosen)) if chosen != identity else None
        if named.type is None and named.kind is None:
            platform, _, handle = named.name.partition(":")
            graph.say(
                name,
                ("prov:Agent", "foaf:OnlineAccount", "archiver:Account"),
                schema__name=named.name,
                foaf__accountName=handle,
                archiver__platform=platform,
                owl__sameAs=same,
            )
        else:
            kinds = PROV_CLASS[AgentType(named.type)] if named.type else ()
            graph.say(
                name,
                ("prov:Agent", "foaf:Agent", *kinds),
                schema__name=named.name,
                archiver__sourceKind=named.kind,
                owl__sameAs=same,
            )
    for affiliated in material.affiliations:
        if affiliated.source in told:
            _say_affiliation(graph, affiliated)


def _say_affiliation(graph: Graph, affiliated: Affiliated) -> None:
    """Somebody's statement, described and not asserted: accounts stay apart from whoever is said to operate them."""
    graph.fact(
        affiliated.number,
        ("prov:Entity", "archiver:Affiliation"),
        archiver__affiliated=reference(graph.names.source(affiliated.source)),
        archiver__organisation=reference(graph.names.source(affiliated.organisation)),
        archiver__affiliationKind=affiliated.kind,
        archiver__basis=affiliated.basis,
        archiver__dismissed=affiliated.dismissed,
        archiver__valid=stated(affiliated.valid),
        prov__wasAttributedTo=graph.person(affiliated.asserted_by, "prov:Agent"),
    )

"""Items: the bytes, how they came in, what the file says of itself, what care is owed, where they belong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.export.apart import WITHHELD
from archiver.export.kept import say_kept
from archiver.export.remarks import say_findings
from archiver.export.statements import say_reviews
from archiver.export.vocabulary import decimal, moment

if TYPE_CHECKING:
    from archiver.catalogue.answers import Dossier, Flag, Label, TakenIn
    from archiver.export.graph import Graph
    from archiver.known import Known

_CLASSES = {"image": "schema:ImageObject", "video": "schema:VideoObject", "audio": "schema:AudioObject"}


def say_item(graph: Graph, known: Known) -> None:
    """Say what is known of an item itself."""
    dossier = known.dossier
    summary, item = dossier.summary, graph.item(dossier.item)
    first = known.origins.first
    graph.say(
        item["@id"],
        [_CLASSES[kind] for kind in ((summary.media_type or "").partition("/")[0],) if kind in _CLASSES],
        schema__contentSize=str(summary.size),
        schema__encodingFormat=summary.media_type,
        schema__width=_pixels(summary.width),
        schema__height=_pixels(summary.height),
        schema__name=summary.file_name,
        archiver__status=summary.status,
        archiver__sensitivity=sorted({flag.flag for flag in dossier.flags}),
        archiver__tlp=dossier.sharing.tlp if dossier.sharing else None,
        archiver__confirmedCopy=[graph.item(copy) for copy in known.copies],
        archiver__independentOrigins=known.origins.independent if known.origins.sightings else None,
        archiver__earliestKnownSighting=graph.numbered(first.number) if first else None,
    )
    for place, taken in enumerate(sorted(dossier.acquisitions, key=lambda taken: taken.number)):
        _say_acquisition(graph, item, taken, first=place == 0)
    _say_file(graph, item, dossier)
    _say_handling(graph, item, dossier)
    say_kept(graph, item, dossier)
    say_reviews(graph, item, dossier.assessments)


def _pixels(count: int | None) -> str | None:
    """A measure as schema.org writes a ``Distance``: number and unit."""
    return None if count is None else f"{count} px"


def _say_acquisition(graph: Graph, item: dict[str, str], taken: TakenIn, *, first: bool) -> None:
    """An acquisition: by the first one the archive came to hold the bytes, at each later one they arrived again."""
    collector = graph.person(taken.collector)
    actor = None if taken.actor == WITHHELD else graph.person(taken.actor, "prov:Agent")
    recording = graph.recordings.get(taken.number)
    said = graph.fact(
        taken.number,
        ("prov:Activity", "archiver:Acquisition"),
        prov__used=None if first else item,
        prov__endedAtTime=moment(taken.taken_in),
        prov__wasAssociatedWith=[collector, actor, graph.program(recording.tool) if recording else None],
        archiver__method=taken.method,
        archiver__clock=taken.clock,
        archiver__collector=collector,
        archiver__receivedFrom=graph.source(taken.source_entity),
        archiver__fileName=taken.file_name,
        archiver__path=taken.path,
        archiver__host=taken.host,
        schema__url=taken.url,
        archiver__note=taken.note,
    )
    if first:
        graph.say(item["@id"], prov__wasGeneratedBy=said, prov__generatedAtTime=moment(taken.taken_in))


def _say_file(graph: Graph, item: dict[str, str], dossier: Dossier) -> None:
    for found in dossier.inspections:
        graph.fact(
            found["number"],
            ("prov:Activity", "archiver:Inspection"),
            prov__used=item,
            prov__wasAssociatedWith=graph.program(found["inspector"]),
            archiver__decode=found["decode"],
            archiver__cameraAsStated=found["camera"],
            archiver__capturedAsStated=found["captured"],
            archiver__latitudeAsStated=decimal(found["latitude"]),
            archiver__longitudeAsStated=decimal(found["longitude"]),
            archiver__altitudeAsStated=decimal(found["altitude"]),
        )
        say_findings(graph, item, found)
    for seen in dossier.fingerprints:
        graph.fact(
            seen.number,
            ("prov:Entity", "archiver:Fingerprint"),
            archiver__algorithm=seen.algorithm,
            archiver__bits=seen.bits,
            archiver__quality=seen.quality,
            archiver__region=seen.region,
            prov__wasDerivedFrom=item,
        )


def _say_handling(graph: Graph, item: dict[str, str], dossier: Dossier) -> None:
    for flag in dossier.flags:
        _say_care(graph, item, flag, "archiver:Sensitivity", archiver__flag=flag.flag)
    if dossier.sharing:
        _say_care(graph, item, dossier.sharing, "archiver:Sharing", archiver__tlp=dossier.sharing.tlp)
    for case in dossier.cases:
        said = graph.fact(
            case.number,
            ("prov:Entity", "prov:Collection", "schema:Collection", "archiver:Case"),
            schema__name=case.title,
            archiver__caseState=case.state,
            prov__hadMember=item,
        )
        graph.say(item["@id"], schema__isPartOf=said)
    for tag in dossier.tags:
        said = graph.fact(
            tag.number,
            ("prov:Entity", "schema:DefinedTerm", "archiver:Tag"),
            schema__inDefinedTermSet=tag.scheme,
            schema__termCode=tag.code,
            schema__name=tag.label,
            prov__wasAttributedTo=graph.person(tag.by, "prov:Agent"),
        )
        graph.say(item["@id"], schema__keywords=said)


def _say_care(graph: Graph, item: dict[str, str], care: Flag | Label, kind: str, **said: str) -> None:
    graph.fact(
        care.number,
        ("prov:Entity", kind),
        archiver__of=None if care.of == WITHHELD else graph.item(care.of) if care.of else item,
        archiver__basis=care.basis,
        prov__wasAttributedTo=graph.person(care.by),
        **said,
    )

"""How the archive kept an item, gave it away, and how it was withdrawn (PREMIS 3.0 event types, as PROV activities)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.export.vocabulary import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archiver.catalogue.answers import Dossier
    from archiver.export.graph import Graph


def say_kept(graph: Graph, item: dict[str, str], dossier: Dossier) -> None:
    """Say where copies lie and what became of them, what forbids deletion, and to whom the item went."""
    for copy in dossier.copies:
        graph.fact(
            copy.number,
            ("prov:Entity", "archiver:Copy"),
            prov__specializationOf=item,
            archiver__store=copy.store,
            archiver__objectName=copy.name,
            archiver__check=copy.check,
        )
    _say_checks(graph, item, dossier)
    _say_protection(graph, item, dossier)
    for left in dossier.disclosures:
        graph.fact(
            left.number,
            ("prov:Activity", "archiver:Disclosure"),
            prov__used=item,
            prov__endedAtTime=moment(left.disclosed),
            prov__wasAssociatedWith=graph.person(left.actor, "prov:Agent"),
            archiver__profile=left.profile,
            archiver__recipient=left.recipient,
            archiver__reason=left.reason,
            archiver__bytesIncluded=left.bytes_included,
            archiver__recordDigest=left.record,
        )


def say_withdrawn(graph: Graph, tombstone: Mapping[str, Any]) -> None:
    """Say that an item was withdrawn (PREMIS 3.0 ``deletion``): PROV's invalidation.

    Args:
        graph: to which it is said.
        tombstone: as ``Material.withdrawn_json`` has it, cut for whoever reads.
    """
    item, ended = graph.item(tombstone["item"]), moment(tombstone["recorded"])
    said = graph.fact(
        tombstone["number"],
        ("prov:Activity", "archiver:Withdrawal"),
        prov__endedAtTime=ended,
        prov__wasAssociatedWith=graph.person(tombstone.get("by"), "prov:Agent"),
        archiver__authority=tombstone.get("authority"),
        archiver__reason=tombstone.get("reason"),
        archiver__withheldEvents=tombstone.get("withheld"),
        archiver__caseTitle=tombstone.get("cases", []),
    )
    graph.say(item["@id"], prov__wasInvalidatedBy=said, prov__invalidatedAtTime=ended)


def _say_checks(graph: Graph, item: dict[str, str], dossier: Dossier) -> None:
    """When each copy was last found whole, which were not, and how those were mended (PREMIS 3.0 event types)."""
    for check in dossier.checks:
        graph.fact(
            check.number,
            ("prov:Activity", "archiver:FixityCheck"),
            prov__used=item,
            prov__startedAtTime=moment(check.started),
            archiver__store=check.store,
        )
    for failure in dossier.failures:
        graph.fact(
            failure.number,
            ("prov:Activity", "archiver:FixityFailure"),
            prov__used=item,
            prov__endedAtTime=moment(failure.observed),
            archiver__store=failure.store,
            archiver__objectName=failure.name,
            archiver__fault=failure.fault,
            archiver__foundDigest=failure.found,
        )
    for repair in dossier.repairs:
        graph.fact(
            repair.number,
            ("prov:Activity", "archiver:Repair"),
            prov__used=item,
            prov__endedAtTime=moment(repair.repaired),
            archiver__store=repair.store,
            archiver__objectName=repair.name,
            archiver__fault=repair.fault,
            archiver__foundDigest=repair.found,
            archiver__setAside=repair.set_aside,
            archiver__goodCopy=repair.good_copy,
        )


def _say_protection(graph: Graph, item: dict[str, str], dossier: Dossier) -> None:
    for kept in dossier.retentions:
        graph.fact(
            kept.number,
            ("prov:Entity", "archiver:Retention"),
            archiver__of=item,
            archiver__store=kept.store,
            archiver__retentionMode=kept.mode,
            archiver__retainUntil=moment(kept.retain_until),
            archiver__authority=kept.authority,
            prov__wasAttributedTo=graph.person(kept.by, "prov:Agent"),
        )
    for hold in dossier.legal_holds:
        graph.fact(
            hold.number,
            ("prov:Entity", "archiver:LegalHold"),
            archiver__of=item,
            archiver__store=hold.store,
            archiver__enforcedByStore=hold.enforced,
            archiver__authority=hold.authority,
            archiver__reason=hold.reason,
            prov__wasAttributedTo=graph.person(hold.by, "prov:Agent"),
        )

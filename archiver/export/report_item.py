"""One item of the report: its picture, the six questions, and everything that is told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.export.markup import Html, content, listed, said, table, tag, void
from archiver.export.material import numbers_in
from archiver.export.report_findings import NOBODY_LOOKED, findings
from archiver.export.report_kept import custody, unprotected
from archiver.export.report_keys import doubted_of
from archiver.export.report_said import claims, judgements, sightings
from archiver.export.witness import six_questions
from archiver.facts.vocabulary import Profile
from archiver.render import moment, short, size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archiver.export.markup import Content
    from archiver.export.material import Material
    from archiver.export.report_log import Log
    from archiver.known import Known

RELATED: Final = {"derived-from-it": "is derived from", "source-of-it": "is the source of"}
"""How this item stands to the other, read from this one; anything else shows the same picture."""


def anchor(item: str) -> str:
    """The name of an item's part of the page."""
    return f"item-{short(item)}"


def pair_anchor(one: str, other: str) -> str:
    """The name of the place where two items are compared, whichever is named first."""
    return f"pair-{'-'.join(sorted((short(one), short(other))))}"


def told_elsewhere(one: str, other: str) -> Html:
    """That the two are compared where the other one is told of."""
    where = tag("a", "side by side, under item ", short(other), href=f"#{pair_anchor(one, other)}")
    return tag("p", "The two are compared ", where, ".", class_="small")


def item_section(
    known: Known,
    material: Material,
    *,
    original: str | None,
    stays: list[str],
    address: str | None,
    pairs: Mapping[str, Html],
    log: Log,
    veiled: bool,
) -> Html:
    """All that is told of one item.

    Args:
        known: the item, cut for whoever reads.
        material: what it is part of.
        original: where its original lies, if it goes along.
        stays: why it does not.
        address: its small picture, as a ``data:`` address, where there is one.
        pairs: it beside those that it is related to, by item (``archiver.export.report_pair``).
        log: what is told of the log.
        veiled: whether its own picture is hidden.
    """
    dossier, profile = known.dossier, material.profile or Profile.COURT
    parts = (
        tag("h2", "Item ", short(dossier.item)),
        _care(known),
        picture(known, address, original=original, stays=stays, veiled=veiled),
        _summary(known, original=original),
        tag("h3", "The six questions"),
        six_questions(known, profile, log, original=original),
        _section("Findings in the file", findings(known), nothing=NOBODY_LOOKED),
        _section("Provenance", _provenance(known)),
        _section("Sightings", sightings(known), nothing="No sighting is recorded, or it is withheld."),
        _section("Claims", claims(known), nothing="Nobody's claim about it is recorded."),
        _section("Assessments of the item", judgements(dossier.assessments), nothing="Nobody assessed it: unverified."),
        _section("Relations", _relations(known, pairs), nothing="No relation to another item is recorded."),
        _section("Custody", custody(known, material, log)),
        tag("h3", "What is not proved of this item"),
        tag("div", listed(_not_proved(known, profile, log, original=original)), class_="not"),
    )
    return tag("article", parts, id=anchor(dossier.item))


def _section(head: str, inside: Html, nothing: str = "") -> Html:
    return content((tag("h3", head), inside or tag("p", nothing, class_="none")))


def _care(known: Known) -> Html | None:
    owed = known.dossier.owed
    told: list[Content] = [
        (f"{flag.flag}, set by ", said(flag.by), " because: ", said(flag.basis)) for flag in owed.flags
    ]
    if owed.label is not None:
        told.append((f"{owed.label.tlp}, set by ", said(owed.label.by), " because: ", said(owed.label.basis)))
    if owed.needed:
        return tag("div", tag("strong", "Care is owed before this is shown or passed on."), listed(told), class_="care")
    return tag("div", "Its label sets no limit to sharing:", listed(told), class_="small") if told else None


def picture(known: Known, address: str | None, *, original: str | None, stays: Iterable[str], veiled: bool) -> Html:
    """The small picture with what it is, or why there is none."""
    if original is None:
        reasons = list(stays)
        told = ("The original is not in this bundle, and neither is its picture.", listed(reasons))
        return tag("div", told, class_="small")
    to_original = tag("a", "Open the original file", href=original)
    if address is None:
        return tag("p", "No small picture could be made of it. ", to_original, class_="small")
    if veiled:
        caption: Content = (
            "Hidden, because care is owed to it or to what it may show. ",
            "This page holds nothing of the picture but a few patches of tone. ",
            to_original,
            " (it shows the picture).",
        )
        alt = "A few patches of tone in place of a sensitive picture"
    else:
        caption, alt = (
            ("Reduced, for this page alone. ", to_original),
            f"The picture of item {short(known.dossier.item)}",
        )
    return tag("figure", void("img", src=address, alt=alt), tag("figcaption", caption))


def _summary(known: Known, *, original: str | None) -> Html:
    summary = known.dossier.summary
    pixels = f"{summary.width} × {summary.height} pixels" if summary.width and summary.height else None
    rows: tuple[tuple[str, Content], ...] = (
        ("SHA-256", tag("code", summary.item)),
        ("Original", tag("code", f"data/{original}") if original else "not in this bundle"),
        ("File name it came with", said(summary.file_name)),
        ("What it is", ", ".join(filter(None, (summary.media_type, size(summary.size), pixels)))),
        ("Taken in", moment(summary.taken_in)),
        ("Assessed as", tag("strong", summary.status)),
    )
    return tag("dl", [(tag("dt", name), tag("dd", value)) for name, value in rows])


def _provenance(known: Known) -> Html:
    rows = [
        (
            f"#{taken.number}",
            moment(taken.taken_in),
            f"{taken.method}; clock: {taken.clock}",
            said(taken.source),
            said(taken.url),
            said(taken.collector),
            said(taken.note),
        )
        for taken in known.dossier.acquisitions
    ]
    return table(("", "Taken in", "How", "From", "Address", "Collected by", "Note"), rows)


def _relations(known: Known, pairs: Mapping[str, Html]) -> Html:
    told, left = [], dict(pairs)
    for tied in known.dossier.relations:
        if not tied.item:  # withheld: only that the two are tied
            told.append(tag("p", f"#{tied.number}: {tied.state}, to an item that is withheld."))
            continue
        how = "is not related to" if tied.type == "not-related" else RELATED.get(tied.direction, "shows the same as")
        state = {"suggested": "suggested, and nobody decided: this one ", "rejected": "rejected: that this one "}
        how = state.get(tied.state, f"{tied.state}: this one ") + how
        words = (
            tag("h4", f"#{tied.number} {how} ", tag("code", short(tied.item))),
            tag(
                "p",
                (f"Action: {tied.action}. " if tied.action else ""),
                "By ",
                said(tied.by),
                ". Basis: ",
                said(tied.basis),
                class_="lead",
            ),
        )
        told.append(content((words, left.pop(tied.item, None))))
    return content(told)


def _not_proved(known: Known, profile: Profile, log: Log, *, original: str | None) -> Iterator[Content]:
    dossier = known.dossier
    yield "When, where and by whom it was made. What the file says of that, anybody can write into it."
    yield "That it shows what a caption or a claim says. Statuses above are judgements of the people named."
    if not dossier.sightings:
        yield "That it was ever published: no sighting is recorded here."
    if original is None:
        yield "Anything about its bytes: the original is not in this bundle."
    closed = len(set(numbers_in(dossier)) - log.opened)
    if closed:
        yield f"What {closed} of its facts state, beyond the archive's own word: their signed events are sealed."
    if profile is not Profile.COURT:
        yield "That what is empty above is unknown: it may be withheld. record.json lists what is."
    if any(tied.state == "suggested" for tied in dossier.relations):
        yield "That suggested relations are so: a program found them, and nobody decided."
    yield from doubted_of(log, numbers_in(dossier))
    yield from unprotected(known)

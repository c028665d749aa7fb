"""Sightings, claims, judgements and relations, in words: the same wherever an item is shown."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

from archiver.facts.vocabulary import TrafficLight
from archiver.render import counted, moment, printable, short
from archiver.terminal import style

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archiver.catalogue.answers import Dossier, Related
    from archiver.catalogue.said import Judgement, Seen, Stated
    from archiver.disagreements import Disagreement
    from archiver.known import Known


def care_line(dossier: Dossier) -> str:
    """What comes before anything else; empty where neither flag nor label is recorded."""
    return brackets(dossier.care())


def other_item(known: Known, item: str) -> str:
    """Another item that is named in what is known of this one, behind what care is owed to it."""
    care = known.named.get(item)
    told = brackets(care.to_json()) if care else ""
    return f"{told} {short(item)}" if told else short(item)


def brackets(care: Mapping[str, Any]) -> str:
    """Flags and label, in brackets; empty where there is neither."""
    told = [*care["sensitivity"], *([care["tlp"]] if care["tlp"] else [])]
    words = f"[{', '.join(told)}]" if told else ""
    return words if told == [TrafficLight.CLEAR] else style.care(words)  # a label that sets no limit warns of nothing


def care_lines(dossier: Dossier) -> Iterator[str]:
    """Who set each flag and the label, and why."""
    for flag in dossier.flags:
        of = f", of item {short(flag.of)}, which it shows" if flag.of else ""
        yield f"{flag.flag}{of}, says {printable(flag.by)} (#{flag.number}), because: {printable(flag.basis)}"
    label = dossier.sharing
    if label:
        of = f", of item {short(label.of)}, which it shows" if label.of else ""
        yield f"{label.tlp}{of}, says {printable(label.by)} (#{label.number}), because: {printable(label.basis)}"


def sighting_lines(known: Known) -> Iterator[str]:
    """Where it was seen, and what it shows the surroundings of."""
    dossier = known.dossier
    for shown in dossier.shows:
        of = f"item {other_item(known, shown.item)}" if shown.item else "a picture that is not held"
        at = f" at {printable(shown.url)}" if shown.url else ""
        yield f"shows the surroundings of sighting #{shown.number}: {of}{at}"
    if not dossier.sightings and not dossier.shows:
        yield "no sighting is recorded"
    for seen in dossier.sightings:
        yield from seen_lines(seen, known)


def seen_lines(seen: Seen, known: Known) -> Iterator[str]:
    """One sighting."""
    yield f"seen #{seen.number}: {_when(seen)}, observed {moment(seen.observed)}"
    kind = "" if seen.publisher_kind in (None, "unknown") else f" ({seen.publisher_kind})"
    own = seen.canonical if seen.canonical != seen.url else None
    language = f" ({seen.language})" if seen.language else ""
    told = (
        (seen.publisher, f"published by {{}}{kind}"),
        (seen.account, "on {}"),
        (seen.channel, "in {}"),
        (seen.repost_of, "repost of #{}"),
        (seen.url, "at {}"),
        (own, "whose own address is {}"),
        (seen.availability, f"{{}} when looked at, {moment(seen.looks[-1].observed) if seen.looks else ''}"),
        (seen.caption, f"caption{language}: “{{}}”"),
        (seen.context and other_item(known, seen.context), "its surroundings are kept as item {}"),
        (seen.note, "note: {}"),
    )
    for value, words in told:
        if value is not None:
            yield "  " + words.replace("{}", printable(str(value)))
    yield from (f"  {line}" for line in history_lines(seen.assessments))


def _when(seen: Seen) -> str:
    if not seen.published:
        return "time of publication unknown"
    basis = "" if seen.published_basis == "unknown" else f" ({seen.published_basis})"
    return f"{printable(seen.published)}{basis}"


def claim_lines(known: Known) -> Iterator[str]:
    """What is claimed, by whom, how claims stand to one another, and what came of them."""
    dossier = known.dossier
    for stated in dossier.claims:
        manner = f"{stated.manner}, " if stated.manner and stated.manner != "stated" else ""
        kind = f" ({manner}{stated.kind})" if stated.kind != "other" or manner else ""
        yield f"claim #{stated.number} by {_claimant(stated)}{kind}: “{printable(stated.text)}”"
        if stated.value:
            told = ", ".join(f"{name} = {value}" for name, value in stated.value.items())
            yield f"  value: {printable(told)}"
        for link in stated.links:
            word = {"same-as": "says the same as", "contradicts": "contradicts"}.get(
                link.relation, f"is {_PASSIVE[link.relation]} by" if link.passive else link.relation
            )
            who = f" by {printable(link.claimant)}" if link.claimant else ""
            elsewhere = f", of item {other_item(known, link.item)}" if link.item != dossier.item else ""
            yield f"  {word} claim #{link.claim}{who}{elsewhere}: “{printable(link.text)}”"
        if stated.assessments:
            yield from (f"  {line}" for line in history_lines(stated.assessments))
        else:
            yield "  unverified: nobody has judged it"


_PASSIVE = {"supports": "supported", "refines": "refined"}


def _claimant(stated: Stated) -> str:
    if stated.by:
        return printable(stated.by) + (f" ({printable(stated.by_account)})" if stated.by_account else "")
    return printable(stated.by_account) if stated.by_account else "an unknown claimant"


def history_lines(history: Sequence[Judgement]) -> Iterator[str]:
    """Judgements of one target, the one that stands first."""
    named = {later.supersedes: earlier for earlier, later in pairwise(history)}
    for judgement in reversed(history):
        seconded = named.get(judgement.seconds) if judgement.seconds else None
        yield judgement_line(judgement, newest=judgement is history[-1], seconded=seconded)


def judgement_line(judgement: Judgement, *, newest: bool, seconded: Judgement | None = None) -> str:
    """Who judged, how and on what basis; whose judgement it seconds, or that it awaited a second one."""
    grades = [
        *([f"reliability {judgement.reliability}"] if judgement.reliability else []),
        *([f"credibility {judgement.credibility}"] if judgement.credibility else []),
        *([f"{judgement.confidence} confidence"] if judgement.confidence else []),
        *([judgement.manipulation] if judgement.manipulation else []),
        *([judgement.digital_source_type] if judgement.digital_source_type else []),
        *([f"method: {printable(', '.join(judgement.methods))}"] if judgement.methods else []),
    ]
    told = f" ({'; '.join(grades)})" if grades else ""
    status = style.status(judgement.status) if newest else f"superseded: {judgement.status}"
    if judgement.counts_as != judgement.status:
        status += f" ({'awaits' if newest else 'awaited'} a second assessor)"
    if seconded is not None:
        status += f" (seconds {printable(seconded.assessor)}, #{seconded.number})"
    who = f"by {printable(judgement.assessor)}, {moment(judgement.assessed)}"
    return f"{status} {who}{told}, because: {printable(judgement.basis)}"


def origin_lines(known: Known) -> Iterator[str]:
    """How many sightings, how many independent origins, which was first, and why some count as one."""
    origins = known.origins
    if not origins.sightings:
        return
    yield origins_told(known)
    first = origins.first
    if first is not None:
        when, basis = first.time()
        who = printable(first.publisher or first.account or first.url or "somebody unknown")
        yield f"earliest known: #{first.number}, {printable(when)} ({basis}), {who}"
    yield from reason_lines(known)
    yield from (f"cannot be so: {printable(found)}" for found in origins.findings)
    if any(branch.depth for branch in origins.tree):
        yield from tree_lines(known)


def reason_lines(known: Known) -> Iterator[str]:
    """Why some sightings count as one origin."""
    for origin in known.origins.origins:
        for reason in origin.reasons:
            yield f"one origin: {printable(reason)}"


def origins_told(known: Known) -> str:
    """``2 sightings, 1 independent origin``."""
    origins = known.origins
    copies = f" over {counted(len(known.copies) + 1, 'confirmed copy', 'confirmed copies')}" if known.copies else ""
    unknown = f", {origins.unknown} of unknown origin" if origins.unknown else ""
    sightings = counted(len(origins.sightings), "sighting")
    return f"{sightings}{copies}, {counted(origins.independent, 'independent origin')}{unknown}"


def tree_lines(known: Known) -> Iterator[str]:
    """The reposts, as a tree."""
    open_at: list[bool] = []
    branches = known.origins.tree
    for place, branch in enumerate(branches):
        following = next((b.depth for b in branches[place + 1 :] if b.depth <= branch.depth), -1)
        last = following < branch.depth
        del open_at[branch.depth :]
        stem = "".join("│  " if more else "   " for more in open_at[1:])
        joint = "" if branch.depth == 0 else ("└─ " if last else "├─ ")
        open_at.append(not last)
        seen = branch.seen
        when, _ = seen.time()
        who = seen.account or seen.publisher or seen.url or "somebody unknown"
        item = f", item {other_item(known, seen.item)}" if seen.item else ", never held"
        void = f", {seen.status}" if seen.dismissed else ""
        yield style.fitted(f"{stem}{joint}#{seen.number} {printable(who)}, {printable(when)}{item}{void}", before=2)


def disagreement_lines(known: Known) -> Iterator[str]:
    """Claims that do not agree."""
    for found in known.disagreements:
        if found.linked:
            one, other = (_named(found, place, f": “{printable(found.texts[place])}”") for place in (0, 1))
            yield f"contradiction: {one}"
            yield f"  against {other}"
            yield f"  {printable(found.why)}"
            continue
        told = [
            f"{printable(str(value))} ({', '.join(_named(found, place) for place in places)})"
            for value, places in found.by_value()
        ]
        yield f"differing values: {printable(found.name or '')}: {', '.join(told)}"


def _named(found: Disagreement, place: int, text: str = "") -> str:
    """A claim by its number and who states it, and what became of it where somebody judged it."""
    status = "" if found.statuses[place] == "unverified" else f", {found.statuses[place]}"
    return f"#{found.claims[place]} {printable(found.claimants[place] or 'an unknown claimant')}{status}{text}"


_RELATED = {"derived-from-it": "derived from", "source-of-it": "source of"}


def relation_lines(known: Known) -> Iterator[str]:
    """How it is related to other items, and what persons decided that does not fit together."""
    dossier = known.dossier
    for odd in known.conflicts:
        against = ", ".join(f"#{number}" for number in odd.against)
        yield (
            f"conflict: {short(odd.item)} is not related to {short(odd.other)}, says {printable(odd.by)} "
            f"(#{odd.relation}), and {against} make them copies of one picture"
        )
    yield from (relation_line(each, other_item(known, each.item)) for each in dossier.relations)


def relation_line(related: Related, other: str) -> str:
    """One of its relations; ``other`` names the other item."""
    how = "not related to" if related.type == "not-related" else _RELATED.get(related.direction, "alternate of")
    if related.state == "rejected":
        how = f"that it is {how.replace('alternate of', 'the same picture as')}"
    action = f" ({related.action})" if related.action else ""
    return (
        f"{related.state}: {how} {other}{action}, says {printable(related.by)} "
        f"(#{related.number}), because: {printable(related.basis)}"
    )

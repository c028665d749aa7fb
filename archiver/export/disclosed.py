"""Which signed events go along opened, and which of their fields are shown.

The law: an event shows nothing that the record withholds. A court gets every event whole. For anybody else an event is
sealed (``archiver.export.event_file``), because its signed envelope names who recorded it, which is withheld, and a
signature cannot be cut. Somebody who exports may decide that these names may be seen (``--name-recorders``); then an
event whose fact is told in the record is opened, with the fields named here alone, and the others stay as digests.
What is named by identity (another item, a source, another fact) is not among them: the record tells it in words, as
far as it may be told. That a field is withheld shows that something was recorded in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from archiver.facts.vocabulary import Profile

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from archiver.custody.event import Event

OUTSIDE_COURT: Final[Mapping[str, frozenset[str]]] = {
    kind: frozenset(names.split())
    for kind, names in {
        "acquisition": "item size method taken_in clock file_name url",
        "inspection": "item media_type width height orientation frames decode camera captured inspector",
        "fingerprint": "item algorithm bits quality",
        "sighting": "item url canonical channel published published_basis caption language observed",
        "reachability": "item availability observed",
        "claim": "item text kind value manner url",
        "claim-link": "item relation state",
        "relation": "item type state",
        "assessment": "item target_kind status assessor basis methods reliability credibility confidence manipulation "
        "digital_source_type assessed awaits_second",
        "sensitivity": "item flag state by basis",
        "sharing": "item tlp by basis",
        "tag": "item scheme code label",
    }.items()
}
"""The fields that may be seen outside a court, by kind of fact; a kind that is not named here is sealed."""

NOT_PUBLIC: Final[Mapping[str, frozenset[str]]] = {"acquisition": frozenset({"file_name", "url"})}
"""What a partner may see and the public may not, as in the record."""

GIVES_THE_SOURCE_AWAY: Final[Mapping[str, frozenset[str]]] = {
    "acquisition": frozenset({"file_name", "url"}),
    "sighting": frozenset({"url", "canonical", "channel"}),
    "claim": frozenset({"url"}),
}
"""What stays where a flag says that the source could be identified, as in the record."""


def shown_fields(
    event: Event,
    profile: Profile,
    *,
    told: Collection[int],
    items: Collection[str],
    identifiable: Collection[str],
    recorders_named: bool,
) -> frozenset[str] | None:
    """The fields of an event that whoever gets it may see; ``None`` where the event stays sealed.

    Args:
        event: as it is in the log.
        profile: for whom.
        told: the numbers of the facts that the record tells.
        items: the items that are exported.
        identifiable: those of them whose source could be identified.
        recorders_named: whether the names of those who recorded may be seen.
    """
    envelope = event.envelope
    if profile is Profile.COURT:
        return frozenset(event.body or ())
    allowed = OUTSIDE_COURT.get(envelope.kind)
    if not recorders_named or allowed is None or envelope.sequence not in told or envelope.subject not in items:
        return None
    if profile is Profile.PUBLIC:
        allowed -= NOT_PUBLIC.get(envelope.kind, frozenset())
    if envelope.subject in identifiable:
        allowed -= GIVES_THE_SOURCE_AWAY.get(envelope.kind, frozenset())
    return allowed & frozenset(event.body or ())

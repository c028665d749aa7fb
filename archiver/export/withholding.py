"""What a record shows to whom: for each kind of answer the fields that may be seen outside a court, and no others.

The law: a field that is not named here is withheld outside a court, so that what is added to the archive later is
withheld until somebody decides otherwise. What is withheld by the profile is listed in the record, whether or not the
archive holds it: an empty field says *not recorded, or withheld*.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from archiver.catalogue.answers import Conflict, Dossier, Flag, Label, Print, Related, Summary, Tagged, TakenIn
from archiver.catalogue.circle import Named
from archiver.catalogue.said import Judgement, Linked, Look, Seen, Stated
from archiver.disagreements import Disagreement
from archiver.export.apart import WITHHELD, apart
from archiver.export.material import Material, numbers_in, sources_told
from archiver.facts.vocabulary import Profile, SensitivityFlag
from archiver.known import Known
from archiver.origins import Branch, Origin, Origins
from archiver.sharing import credentials_told, findings_told, places_told, technical

if TYPE_CHECKING:
    from collections.abc import Mapping

_IDENTITIES = "fact account_fact publisher_entity claimant_entity source_entity repost_of_fact earliest latest"

OUTSIDE_COURT: Final[Mapping[type, frozenset[str]]] = {
    kind: frozenset(names.split())
    | (frozenset(_IDENTITIES.split()) if kind in (Seen, Stated, TakenIn) else frozenset())
    for kind, names in {
        Known: "dossier copies origins disagreements conflicts",
        Disagreement: "claims texts claimants statuses why linked name values",
        Origins: "sightings origins tree findings first_withheld",
        Origin: "sightings known reasons",
        Branch: "seen depth",
        Dossier: "summary flags sharing acquisitions inspections fingerprints sightings claims assessments relations "
        "tags",
        Summary: "item number size taken_in file_name media_type width height orientation decode status",
        Conflict: "relation item other by basis against",
        Flag: "number flag by basis of",
        Label: "number tlp by basis of",
        TakenIn: "number taken_in clock method file_name source url",
        Print: "number item algorithm bits quality",
        Seen: "number item url canonical channel account publisher publisher_kind published published_basis caption "
        "language repost_of context observed availability looks status assessments",
        Look: "number availability observed",
        Stated: "number text kind value manner by by_account url sighting recorded status assessments links",
        Linked: "number relation passive claim item text claimant value by basis status",
        Judgement: "number target target_kind status assessor basis methods reliability credibility confidence "
        "manipulation digital_source_type assessed awaits_second seconds supersedes counts_as",
        Related: "number item type direction action state by basis recorded",
        Tagged: "number scheme code label",
        Named: "name kind type",
    }.items()
}
"""The fields that may be seen outside a court."""

_INSPECTION = (
    "number recorded media_type width height orientation frames decode camera captured embedded places findings "
    "credentials inspector"
)
INSPECTION: Final = frozenset(_INSPECTION.split())
"""The same of an inspection; its metadata, findings and credentials are cut as ``archiver.sharing`` says."""

NOT_PUBLIC: Final[Mapping[type, frozenset[str]]] = {
    TakenIn: frozenset({"file_name", "source", "url", "source_entity"}),
    Summary: frozenset({"file_name"}),
}
"""What a partner may see and the public may not: how it came to the archive."""

GIVES_THE_SOURCE_AWAY: Final[Mapping[type, frozenset[str]]] = {
    kind: frozenset(names.split())
    for kind, names in {
        TakenIn: "source url source_entity file_name",
        Summary: "file_name",
        Seen: "url canonical channel account account_fact publisher publisher_kind publisher_entity",
        Stated: "by by_account claimant_entity account_fact url",
        Linked: "claimant",
        Disagreement: "claimants",
        Origin: "reasons",
    }.items()
}
"""What stays where a flag says that the source could be identified: whom it came from, who published it, who claims."""


def cut(material: Material, profile: Profile) -> Material:
    """The same material with what this profile withholds taken out."""
    if profile is Profile.COURT:
        return replace(material, profile=profile)
    items = [_cut(apart(each, profile), profile, _identifiable(each)) for each in material.items]
    shown = replace(material, items=items, profile=profile, withheld=withheld(profile))
    sources = sources_told(shown)
    affiliations = [tie for tie in material.affiliations if tie.source in sources]
    told = {*numbers_in(items), *numbers_in(affiliations), *numbers_in(material.withdrawn)}
    recordings = {
        number: replace(recording, actor=None) for number, recording in material.recordings.items() if number in told
    }
    return replace(shown, affiliations=affiliations, recordings=recordings)


def withheld(profile: Profile) -> list[str]:
    """The names of all that this profile withholds."""
    if profile is Profile.COURT:
        return []
    names = [
        "all but number and relation, of another item that could not go there itself or whose original would stay",
        "whatever names a source, where a flag says that it could be identified",
        "inspections.* but technical ones",
        "inspections.credentials.* but whether they hold",
        "inspections.findings.detail",
        "recorded by",
    ]
    for kind in OUTSIDE_COURT:
        hidden = {each.name for each in fields(kind)} - _shown(kind, profile, identifiable=False)
        names += [f"{_PLACE.get(kind, kind.__name__.lower())}.{name}" for name in hidden]
    return sorted(names)


_PLACE: Final[Mapping[type, str]] = {
    TakenIn: "acquisitions",
    Look: "sightings.looks",
    Seen: "sightings",
    Tagged: "tags",
    Dossier: "item",
    Summary: "item",
}


def _identifiable(each: Known) -> bool:
    return any(flag.flag == SensitivityFlag.SOURCE_IDENTIFIABLE for flag in each.dossier.flags)


def _shown(kind: type, profile: Profile, *, identifiable: bool) -> frozenset[str]:
    shown = OUTSIDE_COURT.get(kind, frozenset())
    if profile is Profile.PUBLIC:
        shown -= NOT_PUBLIC.get(kind, frozenset())
    if identifiable:
        shown -= GIVES_THE_SOURCE_AWAY.get(kind, frozenset())
    return shown


def _cut(value: Any, profile: Profile, identifiable: bool) -> Any:  # noqa: FBT001 - handed down, never said by a caller
    if isinstance(value, list):
        return [_cut(each, profile, identifiable) for each in value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    shown = _shown(type(value), profile, identifiable=identifiable)
    kept: dict[str, Any] = {}
    for each in fields(value):
        held = getattr(value, each.name)
        if each.name not in shown:
            nothing = type(held)() if isinstance(held, list | dict) else None
            kept[each.name] = WITHHELD if each.name == "actor" else nothing
        elif each.name == "inspections":
            kept[each.name] = [_inspection(found) for found in held]
        else:
            kept[each.name] = _cut(held, profile, identifiable)
    return type(value)(**kept)


def _inspection(found: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: value if name in INSPECTION else None for name, value in found.items()}
    return shown | {
        "embedded": technical(found["embedded"]),
        "places": places_told(found["places"]),
        "findings": findings_told(found["findings"]),
        "credentials": credentials_told(found["credentials"]),
    }

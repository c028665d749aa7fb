"""What may leave the archive, and to whom. Pure law, no I/O.

The flags and the label that count are those that stand now, of the item and of what it shows
(``archiver.catalogue.care``), whatever earlier state of the archive is exported.

1. To the public goes nothing that shows somebody whom the law shields from being shown (``NEVER_PUBLIC``).
2. A label of the Traffic Light Protocol is kept: to the public goes what bears none, or ``TLP:CLEAR``; to a partner,
   another organisation, what is neither ``TLP:RED`` nor ``TLP:AMBER+STRICT``. A court has its own orders.
3. Outside a court the original stays behind where a flag says that its bytes give a person or a place away, and where
   the file's own metadata holds anything that the record withholds: bytes cannot be cut.
4. Outside a court no item's record tells of another one what would not go there, or what gives a person or a place
   away (``keeps_apart``).
5. Nobody gets the bytes of a flagged item by accident: it takes a word to say that the flag was read.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from archiver.facts.findings import FindingCode
from archiver.facts.vocabulary import DecodeStatus, Profile, SensitivityFlag, TrafficLight

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archiver.catalogue.answers import Flag, Label

NEVER_PUBLIC: Final = {
    SensitivityFlag.PRISONER_OF_WAR: "prisoners of war are protected against public curiosity "
    "(Third Geneva Convention, article 13)",
    SensitivityFlag.DETAINEE: "persons in the hands of a party to a conflict are protected against public curiosity "
    "(Fourth Geneva Convention, article 27)",
    SensitivityFlag.CHILD_IDENTIFIABLE: "a child's privacy is protected (Convention on the Rights of the Child, "
    "article 16)",
    SensitivityFlag.SEXUAL_VIOLENCE: "the dignity and privacy of victims are protected, above all of sexual violence "
    "(Rome Statute, article 68)",
}
"""The flags of what is never exported to the public, and why."""

ORIGINAL_STAYS: Final = (
    SensitivityFlag.LOCATION_SENSITIVE,
    SensitivityFlag.PERSONAL_DATA,
    SensitivityFlag.SOURCE_IDENTIFIABLE,
)
"""The flags of what gives itself away by its bytes: outside a court only the record leaves."""

LABELS: Final = {
    Profile.COURT: frozenset(TrafficLight),
    Profile.PARTNER: frozenset({TrafficLight.AMBER, TrafficLight.GREEN, TrafficLight.CLEAR}),
    Profile.PUBLIC: frozenset({TrafficLight.CLEAR}),
}
"""Which labels an item may bear that goes to whom (TLP 2.0); one without a label may go to all."""

KEPT_FROM_PARTNERS: Final = frozenset(TrafficLight) - LABELS[Profile.PARTNER]
"""The labels of what goes to no other archive, not even as a look."""

TECHNICAL: Final = {
    group: frozenset(names.split())
    for group, names in {
        "Image": "BitsPerSample Compression DateTime ExifOffset ImageLength ImageWidth Make Model Orientation "
        "PhotometricInterpretation PlanarConfiguration ResolutionUnit RowsPerStrip SamplesPerPixel "
        "Software StripByteCounts StripOffsets XResolution YCbCrPositioning YCbCrSubSampling YResolution",
        "EXIF": "ApertureValue BrightnessValue ColorSpace ComponentsConfiguration CompressedBitsPerPixel Contrast "
        "CustomRendered DateTimeDigitized DateTimeOriginal DigitalZoomRatio ExifImageLength "
        "ExifImageWidth ExifVersion ExposureBiasValue ExposureMode ExposureProgram ExposureTime FNumber "
        "FileSource Flash FlashPixVersion FocalLength FocalLengthIn35mmFilm GainControl ISOSpeedRatings "
        "InteroperabilityOffset LightSource MaxApertureValue MeteringMode OffsetTime OffsetTimeDigitized "
        "OffsetTimeOriginal Saturation SceneCaptureType SceneType SensingMethod SensitivityType Sharpness "
        "ShutterSpeedValue SubSecTime SubSecTimeDigitized SubSecTimeOriginal SubjectDistanceRange "
        "WhiteBalance",
        "Interoperability": "InteroperabilityIndex InteroperabilityVersion",
        "ICC": "profile version class space",
    }.items()
}
"""The tags, by group, that tell how a picture was made and neither by whom nor where: those that leave with a record.

What is not named here stays: places, maker notes, serial numbers, names, comments, and thumbnails, which may show what
was cut off the picture."""

CREDENTIALS: Final = frozenset(
    ["form", "state", "reader", "trust_list", "place", "integrity", "signature", "certificate", "trust", "verdict"]
)
"""What is told of content credentials outside a court: how far they were read, and whether they hold. Who signed, when,
with which program, what was done to the picture and what it was made of name persons, places and other pictures: they
stay, and so does an original that holds them."""

GIVES_MORE_AWAY: Final = frozenset(
    {
        FindingCode.TRAILING_DATA,
        FindingCode.POLYGLOT,
        FindingCode.METADATA_UNREAD,
        FindingCode.METADATA_CUT,
        FindingCode.THUMBNAIL_DIFFERS,
        FindingCode.SEVERAL_PICTURES,
        FindingCode.PREVIEW_ONLY,
        FindingCode.CREDENTIALS_MISMATCH,
        FindingCode.CREDENTIALS_BROKEN,
        FindingCode.CREDENTIALS_UNTRUSTED,
        FindingCode.CREDENTIALS_REMOTE,
        FindingCode.CREDENTIALS_UNREAD,
    }
)
"""Findings that say that the bytes hold something which no record tells."""

STANDARD_PROFILES: Final = frozenset(
    {
        "sRGB", "sRGB IEC61966-2.1", "sRGB built-in", "GIMP built-in sRGB", "sRGB2014", "c2", "uRGB", "Display P3",
        "Adobe RGB (1998)", "ProPhoto RGB", "Apple RGB", "Generic RGB Profile", "Generic Gray Gamma 2.2 Profile",
        "Dot Gain 20%", "Gray Gamma 2.2", "U.S. Web Coated (SWOP) v2", "Coated FOGRA39 (ISO 12647-2:2004)",
        "Rec. ITU-R BT.709-5", "Rec. ITU-R BT.2020-1", "Rec2020 Gamut with PQ Transfer",
    }
)  # fmt: skip
"""Descriptions of colour profiles that come with programs and standards; another may name a person's own screen."""

GROUPS: Final = frozenset(
    ["C2PA", "Comment", "GIF", "GPS", "IPTC", "JFIF", "MPF", "MakerNote", "PNG", "Photoshop", "Thumbnail", "XMP"]
) | frozenset(TECHNICAL)
"""Groups of blocks that are named outside a court; the name of another one may come out of the file."""

_SEGMENT: Final = re.compile(r"APP[0-9]{1,2}")

TOLD_ELSEWHERE: Final = frozenset({"EXIF", "ICC", "MPF"})
"""Groups whose blocks alone tell no more than their tags do, which are looked at one by one, or nothing."""


def refusals(profile: Profile, flags: Sequence[Flag], label: Label | None) -> Iterator[str]:
    """Why an item may not go there at all, one sentence each, each naming who said so and on what basis."""
    if profile is Profile.PUBLIC:
        for flag in flags:
            if flag.flag in NEVER_PUBLIC:
                yield f"{told(flag)}; {NEVER_PUBLIC[SensitivityFlag(flag.flag)]}"
    if label is not None and label.tlp not in LABELS[profile]:
        yield f"{told(label)}; that label does not let it go to {_TO[profile]} (Traffic Light Protocol 2.0)"


_TO: Final = {Profile.COURT: "a court", Profile.PARTNER: "a partner", Profile.PUBLIC: "the public"}


def told(care: Flag | Label) -> str:
    """What care is owed, who says so, and on what basis."""
    what = getattr(care, "flag", None) or getattr(care, "tlp", "")
    of = f" on item {care.of[:12]}, which it shows" if care.of else ""
    return f"{what}{of}, set by {care.by} (#{care.number}), because: {care.basis}"


def original_stays(profile: Profile, flags: Sequence[Flag], inspections: Sequence[Mapping[str, Any]]) -> list[str]:
    """Why the bytes may not go along, though the record may; nothing where they may."""
    if profile is Profile.COURT:
        return []
    reasons = stays_by_flag(profile, flags)
    if not inspections or inspections[-1]["decode"] != DecodeStatus.OK:
        reasons.append("it could not be read in full, so nobody knows what else its bytes tell")
    more = sorted({name for found in inspections for name in _beyond_the_record(found)})
    if more:
        reasons.append(f"its own metadata tells more than this profile shows: {', '.join(more)}")
    return reasons


def stays_by_flag(profile: Profile, flags: Sequence[Flag]) -> list[str]:
    """Why the bytes may not go along, by the flags alone."""
    if profile is Profile.COURT:
        return []
    return [f"it is flagged {flag.flag} (#{flag.number})" for flag in flags if flag.flag in ORIGINAL_STAYS]


def keeps_apart(profile: Profile, flags: Sequence[Flag], label: Label | None) -> bool:
    """Whether the records of other items may tell nothing of this one but that they are tied."""
    return bool(stays_by_flag(profile, flags)) or any(refusals(profile, flags, label))


def technical(embedded: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """Embedded metadata without what tells by whom and where (``TECHNICAL``)."""
    kept = {
        group: {name: value for name, value in tags.items() if _is_technical(group, name, value)}
        for group, tags in embedded.items()
    }
    return {group: tags for group, tags in kept.items() if tags}


def places_told(places: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Where the blocks stand of which something is told: a group's name may come out of the file."""
    return None if places is None else {group: places[group] for group in TECHNICAL if group in places}


def findings_told(findings: Sequence[Mapping[str, Any]] | None) -> list[dict[str, Any]] | None:
    """Findings without their detail, which quotes the file: names, places and times stand in it."""
    if findings is None:
        return None
    return [{name: found[name] for name in ("code", "offset", "length") if name in found} for found in findings]


def credentials_told(credentials: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Content credentials without what tells by whom, how and of what (``CREDENTIALS``)."""
    return None if credentials is None else {name: credentials[name] for name in CREDENTIALS if name in credentials}


def _is_technical(group: str, name: str, value: Any) -> bool:
    """Whether a tag tells how the picture was made, and neither by whom nor where."""
    if (group, name) == ("ICC", "description"):
        return value in STANDARD_PROFILES
    return name in TECHNICAL.get(group, ())


def _beyond_the_record(inspection: Mapping[str, Any]) -> Iterator[str]:
    if any(inspection[name] is not None for name in ("latitude", "longitude", "altitude")):
        yield "GPS"
    for group, tags in inspection["embedded"].items():
        for name in tags:
            if not _is_technical(group, name, tags[name]):
                yield "MakerNote" if name == "MakerNote" else group
    if inspection["credentials"] is not None:
        yield "content credentials"
    for found in inspection["findings"] or ():
        if found["code"] in GIVES_MORE_AWAY:
            yield f"finding {found['code']}"
    for group in inspection.get("places") or ():
        if group not in TOLD_ELSEWHERE:
            yield group if group in GROUPS or _SEGMENT.fullmatch(group) else "another block"

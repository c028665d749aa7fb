"""What an inspection may find remarkable about a file: a closed list, each with what it means and what it does not.

The law: a finding says what was seen, never who did what. Its code, its detail and its place in the file are recorded;
how much it weighs and what may be concluded are told here, once, so that every page and every report says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Weight(StrEnum):
    """How urgently a person should look. The archive's own terms.

    Attributes:
        GRAVE: two things that cannot both be so, or a file made to be read in two ways.
        NOTABLE: what innocent handling explains as well, and what bears on authenticity or time.
        SLIGHT: what most files from platforms show; good to know when they are compared.
    """

    GRAVE = "grave"
    NOTABLE = "notable"
    SLIGHT = "slight"


class FindingCode(StrEnum):
    """What was seen. The archive's own terms."""

    TYPE_MISMATCH = "type-mismatch"
    TRAILING_DATA = "trailing-data"
    POLYGLOT = "polyglot"
    METADATA_UNREAD = "metadata-unread"
    METADATA_CUT = "metadata-cut"
    STEERING_TEXT = "steering-text"
    MARKUP_IN_TEXT = "markup-in-text"
    THUMBNAIL_DIFFERS = "thumbnail-differs"
    PROFILE_DIFFERS = "profile-differs"
    CAPTURED_AFTER_INTAKE = "captured-after-intake"
    GPS_TIME_DIFFERS = "gps-time-differs"
    TIMES_DIFFER = "times-differ"
    EDITING_SOFTWARE = "editing-software"
    GENERATED_DECLARED = "generated-declared"
    METADATA_STRIPPED = "metadata-stripped"
    SIZE_DIFFERS = "size-differs"
    ORIENTATION_DIFFERS = "orientation-differs"
    JPEG_QUALITY = "jpeg-quality"
    COMPRESSED_AGAIN = "compressed-again"
    PLATFORM_TRACES = "platform-traces"
    SEVERAL_PICTURES = "several-pictures"
    PREVIEW_ONLY = "preview-only"
    CREDENTIALS_MISMATCH = "credentials-mismatch"
    CREDENTIALS_BROKEN = "credentials-broken"
    CREDENTIALS_UNTRUSTED = "credentials-untrusted"
    CREDENTIALS_REMOTE = "credentials-remote"
    CREDENTIALS_UNREAD = "credentials-unread"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What is to be made of a finding.

    Attributes:
        weight: how urgently a person should look.
        means: what it says.
        does_not_mean: what it must not be taken for.
    """

    weight: Weight
    means: str
    does_not_mean: str


_GRAVE, _NOTABLE, _SLIGHT = Weight.GRAVE, Weight.NOTABLE, Weight.SLIGHT

MEANINGS: Final[dict[FindingCode, Meaning]] = {
    FindingCode.TYPE_MISMATCH: Meaning(
        _NOTABLE,
        "The name's ending says another format than the content has.",
        "Not that anybody meant to deceive: tools and platforms rename files.",
    ),
    FindingCode.TRAILING_DATA: Meaning(
        _NOTABLE,
        "Bytes follow where the picture's own format ends; no viewer shows them.",
        "Not that something was hidden: phones append motion pictures and vendor blocks there.",
    ),
    FindingCode.POLYGLOT: Meaning(
        _GRAVE,
        "The file can be read as a second format too, such as an archive or a page.",
        "Not that the second content is harmful; extract it with care, on a machine apart.",
    ),
    FindingCode.METADATA_UNREAD: Meaning(
        _NOTABLE,
        "A block of metadata is there that could not be read.",
        "Not that it says nothing: its place in the file is told, and the bytes are kept.",
    ),
    FindingCode.METADATA_CUT: Meaning(
        _SLIGHT,
        "There is more metadata than is recorded; what did not fit was counted.",
        "Not that it was lost: it stays in the original.",
    ),
    FindingCode.STEERING_TEXT: Meaning(
        _NOTABLE,
        "Text in the metadata holds control characters or ones that reorder what is shown.",
        "Not an attack by itself: old encodings and some languages' text hold such characters.",
    ),
    FindingCode.MARKUP_IN_TEXT: Meaning(
        _NOTABLE,
        "Text in the metadata holds markup that a careless page would run.",
        "Not that it ran anywhere here: it is shown as the text that it is.",
    ),
    FindingCode.THUMBNAIL_DIFFERS: Meaning(
        _GRAVE,
        "The embedded thumbnail shows something else than the picture, or more of it.",
        "Not forgery by itself: an editor that left the old thumbnail in place does this as well.",
    ),
    FindingCode.PROFILE_DIFFERS: Meaning(
        _GRAVE,
        "The file's colour profile makes the picture look like another one than its pixels hold.",
        "Not who did it: scans of negatives may carry such a profile. No camera's or editor's usual profile does this.",
    ),
    FindingCode.CAPTURED_AFTER_INTAKE: Meaning(
        _GRAVE,
        "The file states a capture time that lay in the future when it was looked at.",
        "Not that the picture was forged: a camera's clock may be wrong or in another zone.",
    ),
    FindingCode.GPS_TIME_DIFFERS: Meaning(
        _NOTABLE,
        "The satellite time and the camera's clock differ by more than any time zone explains.",
        "Not which of the two is right: a position may be an old one, a clock was perhaps never set.",
    ),
    FindingCode.TIMES_DIFFER: Meaning(
        _NOTABLE,
        "Different blocks of metadata state different times for the same thing.",
        "Not which is right: editors often rewrite only one of them.",
    ),
    FindingCode.EDITING_SOFTWARE: Meaning(
        _NOTABLE,
        "A program that edits pictures names itself in the file.",
        "Not that the content was changed: opening and exporting leaves the same trace.",
    ),
    FindingCode.GENERATED_DECLARED: Meaning(
        _GRAVE,
        "The file declares that it was made, or partly made, by a generating program.",
        "Not proof: such a declaration can be added to any file, and left out of any.",
    ),
    FindingCode.METADATA_STRIPPED: Meaning(
        _SLIGHT,
        "No camera, no time and no place is stated, as is usual of files from platforms.",
        "Not that anybody removed them: most platforms do it to every picture.",
    ),
    FindingCode.SIZE_DIFFERS: Meaning(
        _NOTABLE,
        "The metadata states another size than the picture has: it was resized or cropped after it was written.",
        "Not what was cut away, or why.",
    ),
    FindingCode.ORIENTATION_DIFFERS: Meaning(
        _SLIGHT,
        "The stated orientation and the pixels, or two statements of it, do not agree.",
        "Not manipulation: viewers that turn pictures often forget to correct the statement.",
    ),
    FindingCode.JPEG_QUALITY: Meaning(
        _SLIGHT,
        "The quantisation tables are those of this quality on the Independent JPEG Group's scale, or near them.",
        "Not how good the picture is, and not how often it was saved before.",
    ),
    FindingCode.COMPRESSED_AGAIN: Meaning(
        _SLIGHT,
        "The coefficients are spread as if the picture had been saved as a JPEG more than once.",
        "Not which program did it, and not that anything but the saving happened in between.",
    ),
    FindingCode.PLATFORM_TRACES: Meaning(
        _SLIGHT,
        "Name, size or tables are consistent with files that a platform hands out.",
        "Not proof that it came from there: anybody can make a file of that kind.",
    ),
    FindingCode.SEVERAL_PICTURES: Meaning(
        _SLIGHT,
        "The file holds more than one picture; the first is the one that is fingerprinted and shown.",
        "Not that the others show the same: look at them, too.",
    ),
    FindingCode.PREVIEW_ONLY: Meaning(
        _SLIGHT,
        "What is shown and fingerprinted is the preview inside a camera's raw file.",
        "Not the developed raw data, which may show more.",
    ),
    FindingCode.CREDENTIALS_MISMATCH: Meaning(
        _GRAVE,
        "The file's content credentials were made for other bytes than these.",
        "Not what was changed, or by whom: any tool that does not know of credentials breaks them.",
    ),
    FindingCode.CREDENTIALS_BROKEN: Meaning(
        _GRAVE,
        "The signature or the structure of the file's content credentials does not hold.",
        "Not that the picture was forged: the credentials say nothing any more, in either direction.",
    ),
    FindingCode.CREDENTIALS_UNTRUSTED: Meaning(
        _NOTABLE,
        "The content credentials are signed, and nobody whom this archive trusts vouches for who signed them, or when.",
        "Not that the signer lies: the list may be too short, or none was set.",
    ),
    FindingCode.CREDENTIALS_REMOTE: Meaning(
        _SLIGHT,
        "The file names content credentials that lie elsewhere; they were not fetched.",
        "Not that they are there, or that they speak of these bytes.",
    ),
    FindingCode.CREDENTIALS_UNREAD: Meaning(
        _SLIGHT,
        "The file carries content credentials that were not read; mostly because the optional reader is not installed.",
        "Not that they hold, and not that they do not.",
    ),
}
"""Every code has its meaning."""

ORDER: Final = tuple(MEANINGS)
"""In which findings of one weight are told."""


_NAMED: Final = ("code", "weight")


def meaning_of(code: str) -> Meaning | None:
    """What is to be made of a finding of this code; nothing is said of one that only a newer program knows."""
    try:
        return MEANINGS[FindingCode(code)]
    except ValueError:
        return None


def codes_of(weight: Weight) -> tuple[FindingCode, ...]:
    """The codes that weigh so much, in their order."""
    return tuple(code for code, meaning in MEANINGS.items() if meaning.weight is weight)


def by_weight(code: str) -> tuple[int, int]:
    """What findings are sorted by: the gravest first; a code that this program does not know comes last."""
    meaning = meaning_of(code)
    if meaning is None:
        return len(Weight), len(ORDER)
    return tuple(Weight).index(meaning.weight), ORDER.index(FindingCode(code))


def weighed(finding: Mapping[str, Any]) -> dict[str, Any]:
    """A finding as it was recorded, with what is to be made of it; what does not apply, or is withheld, is left out."""
    meaning = meaning_of(finding["code"])
    said = {} if meaning is None else {"weight": str(meaning.weight)}
    more = {} if meaning is None else {"means": meaning.means, "does_not_mean": meaning.does_not_mean}
    kept = {name: finding[name] for name in ("detail", "offset", "length") if finding.get(name) is not None}
    return {"code": finding["code"], **said, **more, **kept}


def in_order(findings: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Findings with what is to be made of them, the gravest first; those of one code as they were recorded."""
    return sorted((weighed(finding) for finding in findings), key=lambda told: by_weight(told["code"]))


def named(findings: Iterable[Mapping[str, Any]] | None) -> tuple[dict[str, str], ...]:
    """Only which there are and how much they weigh, each code once, the gravest first."""
    codes = sorted({finding["code"] for finding in findings or ()}, key=by_weight)
    return tuple({name: value for name, value in weighed({"code": code}).items() if name in _NAMED} for code in codes)

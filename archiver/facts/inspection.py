"""What a file says of itself, and how it looks. Both are what a program saw, not what anybody judged."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, NotRequired

from pydantic import AfterValidator, ConfigDict, Field, StringConstraints
from typing_extensions import TypedDict

from archiver.facts.fact import ItemFact, as_read_back
from archiver.facts.values import Raw, Region, Sha256Hex
from archiver.facts.vocabulary import DecodeStatus

Metadata = Annotated[dict[str, dict[str, Any]], AfterValidator(as_read_back)]
"""Embedded metadata, raw, by group (``Image``, ``EXIF``, ``GPS`` …): group → tag → value, never one flat dictionary.

Held from the beginning as the log will give it back, so that a rebuilt catalogue tells the same to the letter."""


class Place(TypedDict):
    """Where something stands in the file.

    Attributes:
        offset: bytes from the beginning of the file.
        length: bytes.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc] # pydantic's own way to say it

    offset: Annotated[int, Field(ge=0)]
    length: Annotated[int, Field(ge=0)]


class Finding(TypedDict):
    """Something remarkable about the file (see ``archiver.facts.findings``).

    Attributes:
        code: what was seen.
        detail: what exactly, in one sentence; text from the file in it is the file's own.
        offset: where in the file, bytes from its beginning, where it has a place.
        length: how many bytes.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")  # type: ignore[misc] # as above

    code: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    detail: Raw
    offset: NotRequired[Annotated[int, Field(ge=0)]]
    length: NotRequired[Annotated[int, Field(ge=0)]]


Credentials = Annotated[dict[str, Any], AfterValidator(as_read_back)]
"""What the file's content credentials say, and how far they hold (see ``archiver.inspection.credentials``)."""


class Inspection(ItemFact):
    """What the file claims of itself, and how far it decodes.

    Attributes:
        media_type: the IANA media type told from the content, never from the name.
        width: pixels across, as coded (before the EXIF orientation is applied); of a camera's raw file, of the preview.
        height: pixels down, as coded.
        orientation: the EXIF orientation, 1 to 8 (CIPA DC-008, tag 0x0112), where the file has one.
        frames: how many pictures the file holds; the first is the one that is fingerprinted.
        decode: how far the picture decoded.
        detail: why it did not, where it did not.
        camera: maker and model as the file states them.
        captured: the capture time as the file states it, with its offset only where the file has one
            (``2024-12-27T14:05:00`` or ``2024-12-27T14:05:00+09:00``).
        latitude: degrees north, WGS 84 as the file states them.
        longitude: degrees east.
        altitude: metres above the reference that the file states (sea level), negative below.
        embedded: embedded metadata, raw and by group.
        places: where in the file each group's blocks stand, by group; none of what an older inspector looked at.
        findings: what is remarkable, the gravest first; empty where nothing is, none where nobody looked for it.
        credentials: content credentials, where the file carries or names any, and how far they could be read.
        inspector: the program and libraries that looked, with their versions.
    """

    kind_of_fact: ClassVar[str] = "inspection"

    item: Sha256Hex
    media_type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+/[a-z0-9][a-z0-9.+-]*$")]
    width: Annotated[int, Field(ge=1)] | None = None
    height: Annotated[int, Field(ge=1)] | None = None
    orientation: Annotated[int, Field(ge=1, le=8)] | None = None
    frames: Annotated[int, Field(ge=1)] | None = None
    decode: DecodeStatus
    detail: Raw | None = None
    camera: Raw | None = None
    captured: Raw | None = None
    latitude: Annotated[float, Field(ge=-90, le=90)] | None = None
    longitude: Annotated[float, Field(ge=-180, le=180)] | None = None
    altitude: float | None = None
    embedded: Metadata = Field(default_factory=dict)
    places: dict[str, list[Place]] | None = None
    findings: list[Finding] | None = None
    credentials: Credentials | None = None
    inspector: Raw

    def matter(self) -> str:
        """The item: the newest inspection is the one that is told first."""
        return self.item


class Fingerprint(ItemFact):
    """What a picture looks like, in bits.

    Attributes:
        algorithm: the name that records everything that shaped the bits; two fingerprints are comparable only under the
            very same name (see ``archiver.fingerprint``).
        bits: hexadecimal, fixed width, leading zeros kept.
        quality: 0 (flat) to 100 (rich in structure), where the algorithm has such a measure; pictures below the
            algorithm's bound never match by look.
        region: the rectangle of the upright picture that it is the fingerprint of; none for the whole.
    """

    kind_of_fact: ClassVar[str] = "fingerprint"

    item: Sha256Hex
    algorithm: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+-[0-9]+(:[a-z0-9.=-]+)*$")]
    bits: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2})+$")]
    quality: Annotated[int, Field(ge=0, le=100)] | None = None
    region: Region | None = None

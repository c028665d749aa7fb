"""The whole work on one file, in stages, each a plain JSON object; it runs inside the bounded child.

1. ``media_type``: told from the first bytes.
2. Embedded metadata (``archiver.inspection.claims``): groups, what of them has fields of its own (camera, time, place,
   orientation), where each block stands, and what is remarkable; of every file, before anything is decoded.
3. ``width``, ``height``: from the header, within the bound.
4. Of a camera's raw file, which picture in it is decoded. ``frames``; of a JPEG, how it was written.
5. One scaled decode, and the 64 x 64 samples that every fingerprint is made of; ``decode`` says how it went. Where
   asked for, the reduced grey picture itself, for its inner boxes and local features.
6. The embedded thumbnail.
7. Where asked for: the reduced picture in colour, the samples of PDQ, the pixel digest, each from a decode of its own.
8. Content credentials, last: their reader is the largest program that a file meets here.

A stage is told as soon as it is done, so that a file which kills its child during decoding has still said what it
holds. The fingerprints are made by whoever asked (``archiver.inspection.look``): less for the child to load, and less
to believe of what it says.
"""

from __future__ import annotations

from base64 import b64encode
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from archiver.fingerprint import pixels as digests
from archiver.fingerprint import reduction
from archiver.inspection import claims, credential_reader, jpeg_blocks, previews, thumbnail
from archiver.inspection.claims import Claims, several
from archiver.inspection.decoding import LONGEST_DETAIL, UNDECODABLE, Picture, Refused
from archiver.inspection.limits import DEFAULT
from archiver.inspection.media_type import DECODERS, PREVIEWED, MediaType
from archiver.inspection.sniff import HEAD, sniff
from archiver.inspection.staged import add
from archiver.inspection.text import bounded
from archiver.inspection.wanted import ORDINARY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from PIL import Image

    from archiver.inspection.trust import TrustList
    from archiver.inspection.wanted import Wanted

_UPRIGHT_ALREADY = frozenset(
    {MediaType.HEIC, MediaType.HEIF, MediaType.HEIC_SEQUENCE, MediaType.HEIF_SEQUENCE}
)  # libheif applies the container's rotation and mirror itself


def examine(path: Path, wanted: Wanted = ORDINARY, trust: TrustList | None = None) -> dict[str, Any]:
    """Everything about one file, the stages in one object of plain JSON values.

    Raises:
        OSError: the file cannot be opened or read.
    """
    found: dict[str, Any] = {}
    for stage in stages(path, wanted, trust=trust):
        add(found, stage)
    return found


def stages(
    path: Path,
    wanted: Wanted,
    pixels: int = DEFAULT.pixels,
    *,
    opened: Callable[[], None] | None = None,
    trust: TrustList | None = None,
) -> Iterator[dict[str, Any]]:
    """The stages, each as soon as it is done; how they add up says ``archiver.inspection.staged``.

    Args:
        path: the file.
        wanted: what to find out beyond the ordinary.
        pixels: width times height that is decoded at the most.
        opened: called when the file is open and nothing of it was read (a child confines itself there).
        trust: who is asked about the signers of content credentials.

    Raises:
        OSError: the file cannot be opened or read.
    """
    with path.open("rb") as handle, nullcontext() if trust is None else trust.open() as roots:
        if opened is not None:
            opened()
        yield from stages_of(handle, wanted, pixels)
        yield from credential_reader.stages(handle, trust, roots)


def stages_of(handle: BinaryIO, wanted: Wanted, pixels: int = DEFAULT.pixels) -> Iterator[dict[str, Any]]:
    """The same of an open file."""
    media_type = sniff(handle.read(HEAD))
    yield {"media_type": media_type and str(media_type)}
    if media_type is None:
        yield {"decode": UNDECODABLE, "detail": "neither picture, video nor sound"}
        return
    claimed = _claims(handle, media_type)
    yield claimed.said
    decoder = DECODERS.get(media_type)
    if decoder is None:
        yield {"decode": UNDECODABLE, "detail": f"there is no decoder for {media_type}"}
        return
    try:
        shown = previews.shown(handle, media_type)
        picture = Picture(shown.handle, decoder, pixels)
        yield {"width": picture.width, "height": picture.height}
        yield from _decoded(picture, shown, claimed, media_type, wanted)
    except Refused as refusal:
        yield {"decode": refusal.status, "detail": str(refusal)}


def _decoded(
    picture: Picture, shown: previews.Shown, claimed: Claims, media_type: MediaType, wanted: Wanted
) -> Iterator[dict[str, Any]]:
    yield shown.said
    frames = picture.frames()
    yield {"frames": frames, "findings": several(frames)}
    written = picture.jpeg()
    if written is not None:
        yield {"jpeg": written}

    decoded = picture.use(_reduce)
    orientation = None if media_type in _UPRIGHT_ALREADY else shown.orientation or claimed.orientation
    if media_type is MediaType.AVIF:
        orientation = decoded.container_orientation
    if picture.damaged and _flat(decoded.grey):
        raise Refused(UNDECODABLE, f"nothing but one flat tone came out: {picture.detail}")
    upright = reduction.turned_upright(decoded.grey, orientation)
    outcome: dict[str, Any] = {"decode": picture.status, "detail": picture.detail or None}
    outcome["samples"] = reduction.samples(upright).hex()
    if decoded.coded is not None:
        outcome["coded"] = reduction.samples(reduction.turned_upright(decoded.coded, orientation)).hex()
    if wanted.turned:
        outcome["lying"] = reduction.samples(reduction.lying(upright)).hex()
    if 0 < wanted.grey <= reduction.SHORTEST:
        outcome["grey"] = _written(reduction.within(upright, wanted.grey))
    yield outcome
    yield from thumbnail.stage(claimed.tags)
    if media_type in PREVIEWED:
        wanted = replace(wanted, pixel_digest=False)  # it would be one of the preview
    yield from _more(picture, orientation, wanted, said=outcome.keys())


def _more(picture: Picture, orientation: int | None, wanted: Wanted, said: Collection[str]) -> Iterator[dict[str, Any]]:
    """What takes a decode of its own, each only where it is asked for and was not said already."""
    for name, mode, longest in (("grey", "L", wanted.grey), ("colour", "RGB", wanted.colour)):
        if longest and name not in said:
            shown = picture.use(partial(reduction.shown, mode=mode, longest=longest))
            yield {name: _written(reduction.turned_upright(shown, orientation))}
    if wanted.compressions:
        pieces = picture.use(jpeg_blocks.blocks)
        if pieces is not None:
            yield {"blocks": _written(pieces)}
    if wanted.pdq:
        yield from _pdq(picture)
    if wanted.pixel_digest:
        digest = picture.use(lambda image: digests.digest(image, orientation))
        if digest is not None:
            yield {"pixels": {"algorithm": str(digest[0]), "bits": digest[1]}}


def _pdq(picture: Picture) -> Iterator[dict[str, Any]]:
    from archiver.fingerprint import pdq  # noqa: PLC0415 - numpy, which other pictures do without

    reduced = picture.use(lambda image: pdq.reduce(pdq.as_read(image)))
    if reduced is not None:
        yield {"pdq": b64encode(reduced.astype("<f4").tobytes()).decode()}


def _written(image: Image.Image) -> dict[str, Any]:
    """A reduced picture in plain JSON values."""
    return {"width": image.width, "height": image.height, "samples": b64encode(image.tobytes()).decode()}


def _flat(grey: Image.Image) -> bool:
    low, high = grey.getextrema()
    return low == high


@dataclass(frozen=True)
class _Decoded:
    grey: Image.Image
    coded: Image.Image | None
    container_orientation: int | None


def _reduce(image: Image.Image) -> _Decoded:
    grey, coded = reduction.grey_and_coded(image)
    container = image.getexif().get(0x0112) if image.format == "AVIF" else None  # Pillow states irot and imir there
    return _Decoded(grey, coded, container)


def _claims(handle: BinaryIO, media_type: MediaType) -> Claims:
    """Embedded metadata; a picture counts without it, whatever a parser stumbles over."""
    try:
        return claims.read(handle, media_type)
    except Exception as error:  # noqa: BLE001 - the last resort, in the child: the file is fingerprinted all the same
        why = bounded(f"{type(error).__name__}: {error}", LONGEST_DETAIL)
        unread = {"code": "metadata-unread", "detail": why}
        return Claims({"metadata": {"unread": {"error": why}}, "findings": [unread]}, None)

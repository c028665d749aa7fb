"""The whole work on one file, in stages, each a plain JSON object; it runs inside the bounded child.

1. ``media_type``: told from the first bytes.
2. ``width``, ``height``: from the header, within the bound.
3. Embedded metadata, with what has fields of its own (camera, time, place, orientation), before anything is decoded.
4. ``frames``; of a JPEG, how it was written.
5. One scaled decode, and the 64 x 64 samples that every fingerprint is made of; ``decode`` says how it went. Where
   asked for, the reduced grey picture itself, for its inner boxes and local features.
6. The embedded thumbnail.
7. Where asked for: the reduced picture in colour, the samples of PDQ, the pixel digest, each from a decode of its own.

A stage is told as soon as it is done, so that a file which kills its child during decoding has still said what it
holds. The fingerprints are made by whoever asked (``archiver.inspection.look``): less for the child to load, and less
to believe of what it says.
"""

from __future__ import annotations

import mmap
from base64 import b64encode
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

from archiver.fingerprint import pixels as digests
from archiver.fingerprint import reduction
from archiver.inspection import capture, isobmff, jpeg_blocks, metadata, thumbnail
from archiver.inspection.decoding import LONGEST_DETAIL, UNDECODABLE, Picture, Refused
from archiver.inspection.limits import DEFAULT
from archiver.inspection.media_type import DECODERS, TIFF_BASED, MediaType
from archiver.inspection.sniff import HEAD, sniff
from archiver.inspection.text import bounded
from archiver.inspection.wanted import ORDINARY

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from PIL import Image

    from archiver.inspection.wanted import Wanted

_ITEM_BASED = frozenset(
    {MediaType.HEIC, MediaType.HEIF, MediaType.HEIC_SEQUENCE, MediaType.HEIF_SEQUENCE, MediaType.AVIF}
)
_UPRIGHT_ALREADY = _ITEM_BASED - {MediaType.AVIF}  # libheif applies the container's rotation and mirror itself


def examine(path: Path, wanted: Wanted = ORDINARY) -> dict[str, Any]:
    """Everything about one file, the stages in one object of plain JSON values.

    Raises:
        OSError: the file cannot be opened or read.
    """
    found: dict[str, Any] = {}
    for stage in stages(path, wanted):
        found |= stage
    return found


def stages(path: Path, wanted: Wanted, pixels: int = DEFAULT.pixels) -> Iterator[dict[str, Any]]:
    """The stages, each as soon as it is done; a later one supersedes the earlier ones key by key.

    Args:
        path: the file.
        wanted: what to find out beyond the ordinary.
        pixels: width times height that is decoded at the most.

    Raises:
        OSError: the file cannot be opened or read.
    """
    with path.open("rb") as handle:
        yield from stages_of(handle, wanted, pixels)


def stages_of(handle: BinaryIO, wanted: Wanted, pixels: int = DEFAULT.pixels) -> Iterator[dict[str, Any]]:
    """The same of an open file."""
    media_type = sniff(handle.read(HEAD))
    yield {"media_type": media_type and str(media_type)}
    if media_type is None:
        yield {"decode": UNDECODABLE, "detail": "neither picture, video nor sound"}
        return
    decoder = DECODERS.get(media_type)
    if decoder is None:
        yield _claims(handle, media_type, None).said
        yield {"decode": UNDECODABLE, "detail": f"there is no decoder for {media_type}"}
        return
    try:
        picture = Picture(handle, decoder, pixels)
        yield {"width": picture.width, "height": picture.height}
        yield from _decoded(picture, handle, media_type, wanted)
    except Refused as refusal:
        if refusal.status == UNDECODABLE:
            yield _claims(handle, media_type, None).said
        yield {"decode": refusal.status, "detail": str(refusal)}


def _decoded(picture: Picture, handle: BinaryIO, media_type: MediaType, wanted: Wanted) -> Iterator[dict[str, Any]]:
    info = picture.info()
    claims = _claims(handle, media_type, info)
    yield claims.said
    yield {"frames": picture.frames()}
    written = picture.jpeg()
    if written is not None:
        yield {"jpeg": written}

    decoded = picture.use(_reduce)
    if decoded.info.keys() != info.keys():  # PNG may hold metadata behind the pixels
        claims = _claims(handle, media_type, decoded.info)
        yield claims.said
    orientation = None if media_type in _UPRIGHT_ALREADY else claims.orientation
    if media_type is MediaType.AVIF:
        orientation = decoded.container_orientation
    if picture.damaged and _flat(decoded.grey):
        raise Refused(UNDECODABLE, f"nothing but one flat tone came out: {picture.detail}")
    upright = reduction.turned_upright(decoded.grey, orientation)
    outcome: dict[str, Any] = {"decode": picture.status, "detail": picture.detail or None}
    outcome["samples"] = reduction.samples(upright).hex()
    if wanted.turned:
        outcome["lying"] = reduction.samples(reduction.lying(upright)).hex()
    if 0 < wanted.grey <= reduction.SHORTEST:
        outcome["grey"] = _written(reduction.within(upright, wanted.grey))
    yield outcome
    yield from thumbnail.stage(claims.tags)
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
    info: dict[Any, Any]
    container_orientation: int | None


def _reduce(image: Image.Image) -> _Decoded:
    reduction.draft(image)
    grey = reduction.grey(image)
    info = dict(image.info)
    if image.format == "PNG":
        info["text"] = getattr(image, "text", {})
    container = image.getexif().get(0x0112) if image.format == "AVIF" else None  # Pillow states irot and imir there
    return _Decoded(grey, info, container)


@dataclass(frozen=True)
class _Claims:
    said: dict[str, Any]
    orientation: int | None
    tags: dict[str, Any]


def _claims(handle: BinaryIO, media_type: MediaType, info: dict[Any, Any] | None) -> _Claims:
    """Embedded metadata; ``info`` is what the decoder found, none where there is no decoder or it found no picture."""
    groups: metadata.Metadata = {}
    tags: dict[str, Any] = {}
    try:
        block = _block(handle, media_type, info)
        if block:
            tags = metadata.read_exif(block)
            groups |= metadata.grouped(tags, block)
        groups |= metadata.packets(info or {})
    except Exception as error:  # noqa: BLE001 - exifread is not total, and a file's picture counts without its metadata
        groups["unread"] = {"error": bounded(f"{type(error).__name__}: {error}", LONGEST_DETAIL)}
    orientation = capture.orientation(tags)
    said = {
        "metadata": metadata.fitted(groups),
        "orientation": orientation,
        "camera": capture.camera(tags),
        "captured": capture.captured(tags),
        "latitude": capture.latitude(tags),
        "longitude": capture.longitude(tags),
        "altitude": capture.altitude(tags),
    }
    return _Claims(said, orientation, tags)


def _block(handle: BinaryIO, media_type: MediaType, info: dict[Any, Any] | None) -> bytes | mmap.mmap | None:
    """Where exifread looks: the EXIF block alone where it can be had, so that it need not search the file."""
    if media_type in TIFF_BASED or (info is None and media_type is MediaType.JPEG):
        return mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ)
    if media_type in _ITEM_BASED:
        with mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ) as whole:
            return isobmff.exif_block(whole)
    block = (info or {}).get("exif")
    return block.removeprefix(b"Exif\x00\x00") if isinstance(block, bytes) else None

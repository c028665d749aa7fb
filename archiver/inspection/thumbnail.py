"""The JPEG thumbnail embedded in EXIF, decoded within bounds of its own; it runs inside the bounded child.

The law: a thumbnail that does not decode, or that is none (larger than any camera makes them), is not handed out, and
costs nothing but its own attempt. What it shows is judged by whoever asked (``archiver.inspection.sanity.thumbnail``).
"""

from __future__ import annotations

import io
from base64 import b64encode
from typing import TYPE_CHECKING, Any, Final

from PIL import Image

from archiver.fingerprint import reduction
from archiver.inspection.decoding import prepare

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 160
"""Pixels along the longer side of what is handed out: CIPA DC-008-2019, 4.5.5 has cameras write 160 x 120."""

_MOST_BYTES: Final = 1 << 20
_MOST_PIXELS: Final = 1 << 20


def stage(tags: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The thumbnail's grey samples as they stand, not turned upright, where there is one.

    Args:
        tags: what exifread found; ``JPEGThumbnail`` holds the thumbnail's own file. It never hands out the
            uncompressed ones that cameras of the nineties wrote, and nothing is said of those.
    """
    content = tags.get("JPEGThumbnail")
    grey = _decoded(content) if isinstance(content, bytes) and len(content) <= _MOST_BYTES else None
    if grey is not None:
        samples = b64encode(grey.tobytes()).decode()
        yield {"thumbnail": {"width": grey.width, "height": grey.height, "samples": samples}}


def _decoded(content: bytes) -> Image.Image | None:
    try:
        prepare("JPEG")
        image = Image.open(io.BytesIO(content), formats=("JPEG",))
        if image.width * image.height > _MOST_PIXELS:
            return None
        return reduction.within(reduction.grey(image), LONGEST)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - decoders raise whatever they like, and a file counts without its thumbnail
        return None

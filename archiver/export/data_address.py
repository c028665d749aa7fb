"""A small picture within a page that must need no other file: a ``data:`` address (RFC 2397)."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL import Image

_QUALITY: Final = 82


def data_address(image: Image.Image) -> str:
    """The picture as a JPEG in a ``data:`` address."""
    drawn = io.BytesIO()
    image.convert("RGB").save(drawn, "JPEG", quality=_QUALITY)
    return "data:image/jpeg;base64," + base64.b64encode(drawn.getvalue()).decode()

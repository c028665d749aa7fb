"""The demonstration's pictures, as files: two stand-ins for the exhibits, and a repost as platforms make it.

    python -m docs.demo.drawing FOLDER   # draws captive.jpg, notebook.png and repost.jpg there

The law: the same bytes every time (for one version of Pillow), nothing read from a file, "STAND-IN" drawn in each.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

from PIL import ExifTags, Image

from docs.demo import captive, notebook

_REPOST_QUALITY = 45
_REPOST_SCALE = 0.84
_CUT = (0.025, 0.015, 0.02, 0.03)
"""What the repost loses at its left, top, right and bottom edge, as parts of the width or height."""


def captive_photo() -> bytes:
    """The captive photo's stand-in: a JPEG of 1280 x 960 with what a camera writes into it.

    Camera and time are invented, and labelled so; the time has its offset, as a careful camera gives it.
    """
    exif = Image.Exif()
    exif[ExifTags.Base.ImageDescription] = "STAND-IN: drawn for a demonstration; shows nobody"
    exif[ExifTags.Base.Make] = "Invented Optics"
    exif[ExifTags.Base.Model] = "Stand-in 1"
    exif[ExifTags.Base.Orientation] = 1
    exif[ExifTags.Base.DateTime] = "2024:12:26 15:42:10"
    detail = exif.get_ifd(ExifTags.IFD.Exif)
    detail[ExifTags.Base.DateTimeOriginal] = "2024:12:26 15:42:10"
    detail[ExifTags.Base.OffsetTimeOriginal] = "+02:00"
    detail[ExifTags.Base.ExposureTime] = 1 / 250
    detail[ExifTags.Base.FNumber] = 4.0
    detail[ExifTags.Base.ISOSpeedRatings] = 800
    content = io.BytesIO()
    captive.draw().save(content, "JPEG", quality=90, exif=exif)
    return content.getvalue()


def notebook_page() -> bytes:
    """The notebook page's stand-in: a PNG of 960 x 1280, with no word about camera or time, as accounts post them."""
    content = io.BytesIO()
    notebook.draw().save(content, "PNG")
    return content.getvalue()


def repost(original: bytes) -> bytes:
    """The picture after another account and its platform: edges cropped, scaled down, a hard JPEG, metadata gone.

    Args:
        original: a picture's file, of any format that Pillow decodes.

    Returns:
        A JPEG of quality 45, 84 % of the size of what the crop left.
    """
    with Image.open(io.BytesIO(original)) as picture:
        left, top, right, bottom = _CUT
        across, down = picture.size
        kept = picture.convert("RGB").crop(
            (round(left * across), round(top * down), round((1 - right) * across), round((1 - bottom) * down))
        )
    size = (round(kept.width * _REPOST_SCALE), round(kept.height * _REPOST_SCALE))
    content = io.BytesIO()
    kept.resize(size, Image.Resampling.LANCZOS).save(content, "JPEG", quality=_REPOST_QUALITY)
    return content.getvalue()


def draw_all(folder: Path) -> None:
    """Draw the three pictures as files."""
    page = notebook_page()
    for name, content in {"captive.jpg": captive_photo(), "notebook.png": page, "repost.jpg": repost(page)}.items():
        (folder / name).write_bytes(content)


if __name__ == "__main__":
    draw_all(Path(sys.argv[1]))

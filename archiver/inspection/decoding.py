"""Opening and decoding one picture, and the honest word for how that went.

1. The one decoder that the sniffed type names may open the file; nothing else is tried.
2. Width times height, from the header, stay within the bound before anything is decoded: else ``refused-limits``.
3. The picture decodes strictly: ``ok``, or ``decoded-with-errors`` where the decoder warned.
4. It does not, but does where missing ends and damaged pieces are let pass (Pillow's ``LOAD_TRUNCATED_IMAGES``):
   ``truncated`` where the file ends early, ``decoded-with-errors`` where its middle is damaged. What decoded is what
   gets fingerprinted; the rest is the decoder's filling. Where the file ends earlier than it states and its decoder
   wants it whole, it is filled with zeros first (``archiver.inspection.ending``).
5. It does not decode at all: ``undecodable``. Memory runs out on the way: ``refused-limits``.

Decoders raise whatever they like at hostile files; it all ends here, where the only exception is ``Refused``.
"""

from __future__ import annotations

import importlib
import re
import warnings
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeVar

from PIL import Image, ImageFile, PngImagePlugin, UnidentifiedImageError

from archiver.inspection import ending, jpeg, pages
from archiver.inspection.text import bounded

if TYPE_CHECKING:
    from collections.abc import Callable

Result = TypeVar("Result")

OK, WITH_ERRORS, TRUNCATED = "ok", "decoded-with-errors", "truncated"
UNDECODABLE, REFUSED = "undecodable", "refused-limits"

LONGEST_DETAIL: Final = 500
_ENDS_EARLY: Final = re.compile(
    r"file is truncated|truncated file|premature|end of (file|stream)|incomplete", re.IGNORECASE
)
_NO_MEMORY: Final = re.compile(r"out of memory|cannot allocate|memory allocation|bad_alloc", re.IGNORECASE)
_PLUGINS: Final = {
    "JPEG": "Jpeg",
    "PNG": "Png",
    "WEBP": "WebP",
    "GIF": "Gif",
    "TIFF": "Tiff",
    "BMP": "Bmp",
    "AVIF": "Avif",
    "JPEG2000": "Jpeg2K",
}


class Refused(Exception):
    """The picture was not decoded: ``status`` says how that is recorded, ``str`` why."""

    def __init__(self, status: str, detail: str) -> None:
        super().__init__(bounded(detail, LONGEST_DETAIL))
        self.status = status


def prepare(decoder: str) -> None:
    """Load one decoder, by Pillow's name for it. HEIF comes from pillow-heif, and only where a file asks for it."""
    if decoder == "HEIF":
        import pillow_heif  # noqa: PLC0415 - it loads libheif, which few files need

        pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)
    elif decoder not in Image.OPEN:
        importlib.import_module(f"PIL.{_PLUGINS[decoder]}ImagePlugin")


class _Textless(PngImagePlugin.PngStream):
    """Passes over a PNG's texts, which are read elsewhere: Pillow refuses a whole picture for the size of its texts."""

    def chunk_tEXt(self, pos: int, length: int) -> bytes:  # noqa: ARG002, N802 - Pillow calls it so, by the chunk's name
        """Pass over one; its bytes are handed back for its checksum alone."""
        return self.fp.read(length) if self.fp else b""

    chunk_zTXt = chunk_iTXt = chunk_tEXt  # noqa: N815 - as above


class Picture:
    """One picture, opened within the bound.

    Attributes:
        width: pixels across, as coded.
        height: pixels down, as coded.
        status: ``ok``, ``decoded-with-errors`` or ``truncated``, as far as the uses so far have shown.
        detail: why it is not ``ok``.
    """

    def __init__(self, handle: BinaryIO, decoder: str, pixels: int) -> None:
        """Read the header.

        Raises:
            Refused: it cannot be read, or announces more than ``pixels`` pixels.
        """
        self.status, self.detail = OK, ""
        self._handle, self._decoder, self._pixels = handle, decoder, pixels
        self._tolerant = False
        self._opened: Image.Image | None = None
        prepare(decoder)
        self._opened = self._tried(self._open)
        self.width, self.height = self._opened.size

    def use(self, work: Callable[[Image.Image], Result]) -> Result:
        """Decode: hand the picture, freshly opened, to ``work``; strictly first, then tolerantly.

        Raises:
            Refused: it does not decode.
        """
        return self._tried(lambda: work(self._fresh()))

    @property
    def damaged(self) -> bool:
        """Whether only tolerant decoding gets anything out of the file."""
        return self._tolerant

    def info(self) -> dict[Any, Any]:
        """What the header says beside the size: EXIF, XMP, profile, comment, as far as it stands before the pixels."""
        return self._tried(lambda: dict(self._peek().info))

    def jpeg(self) -> dict[str, Any] | None:
        """How it was written, in plain JSON values, where it is a JPEG (``archiver.inspection.jpeg``)."""
        return self._tried(lambda: jpeg.header(self._peek()))

    def frames(self) -> int:
        """How many pictures the file holds.

        Raises:
            Refused: they cannot be counted.
        """
        if self._decoder == "TIFF":  # Pillow's count of its directories takes the square of their number
            return pages.count(self._handle)
        return self._tried(lambda: max(1, int(getattr(self._peek(), "n_frames", 1))))

    def _peek(self) -> Image.Image:
        """The opened picture, for what costs no decoding."""
        self._opened = self._opened or self._open()
        return self._opened

    def _fresh(self) -> Image.Image:
        image, self._opened = self._opened or self._open(), None
        return image

    def _open(self) -> Image.Image:
        self._handle.seek(0)
        image = Image.open(self._handle, formats=(self._decoder,))
        if image.width * image.height > self._pixels:
            raise Refused(REFUSED, f"{image.width} x {image.height} pixels are more than {self._pixels}")
        return image

    def _tried(self, work: Callable[[], Result]) -> Result:
        try:
            return self._watched(work)
        except Refused:
            raise
        except Exception as error:
            reason = _reason(error)
            if isinstance(error, MemoryError) or _NO_MEMORY.search(reason):
                raise Refused(REFUSED, f"out of memory: {reason}") from error
            if self._tolerant:
                raise Refused(UNDECODABLE, self.detail or reason) from error
        self._tolerant, self._opened = True, None
        lacking = ending.missing(self._handle, self._decoder)
        if lacking:
            reason += f"; the file is {lacking} bytes shorter than it states"
            self._handle = ending.filled(self._handle, lacking)
        self.status = TRUNCATED if lacking or _ENDS_EARLY.search(reason) else WITH_ERRORS
        self.detail = bounded(reason, LONGEST_DETAIL)
        return self._tried(work)

    def _watched(self, work: Callable[[], Result]) -> Result:
        """Run with Pillow's switches set for this file, and keep the decoder's warnings."""
        bound, lenient, stream = Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES, PngImagePlugin.PngStream
        Image.MAX_IMAGE_PIXELS = None  # Pillow only warns up to twice its bound; the bound here is checked in _open
        ImageFile.LOAD_TRUNCATED_IMAGES = self._tolerant
        PngImagePlugin.PngStream = _Textless  # type: ignore[misc]
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always")
                result = work()
        finally:
            Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES = bound, lenient
            PngImagePlugin.PngStream = stream  # type: ignore[misc]
        said = [str(warning.message) for warning in caught if not issubclass(warning.category, DeprecationWarning)]
        if said and self.status == OK:
            self.status, self.detail = WITH_ERRORS, bounded("; ".join(dict.fromkeys(said)), LONGEST_DETAIL)
        return result


def _reason(error: Exception) -> str:
    if isinstance(error, UnidentifiedImageError):
        return "the header cannot be read"  # Pillow's own sentence holds a memory address
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__

"""The names of fingerprints: a name records everything that shaped the bits.

Two fingerprints are comparable only under the very same name, or under names of one *family*: ways of reducing a
picture that were measured to move the bits by a few at the most. A name is ``name-version(:word)*``; its words:

* ``hash16``: 16 x 16 low frequencies, so 256 bits;
* ``draft512``: the picture was reduced by 8, 4, 2 or 1, the largest that keeps both sides at 512 pixels or more: a JPEG
  by libjpeg's scaled decode, every other format by box averages after a full decode;
* ``long512``: that picture was reduced further, by averages, to at most 512 pixels along its longer side, never
  enlarged;
* ``inner1``: not the whole picture but the one inside its frame, as ``archiver.fingerprint.inner_box`` finds it;
* ``srgb``: colours were brought to sRGB as the picture's ICC profile means them (``archiver.fingerprint.colour``);
* ``grey601``: luma by ITU-R BT.601 (0.299 R + 0.587 G + 0.114 B), which is a JPEG's own Y;
* ``upright``: the EXIF orientation (for AVIF and HEIF: the container's rotation and mirror) was applied;
* ``white``: transparency was laid over white;
* ``first``: the first frame;
* ``points450``: at most 450 points, every part of the picture keeping its strongest;
* ``dct4x4dft8``: a code's bits are the signs of the cosine transform over a descriptor's 4 x 4 cells and the Fourier
  basis of its 8 directions, against the thresholds of ``archiver.fingerprint.codes``;
* ``rgba8``, ``grey16``, ``cmyk8``: the samples that went into a digest;
* ``noicc``: as decoded, no colour conversion;
* ``full``: every pixel at full size; ``luma601``: as ``grey601``, and not rounded to whole levels;
* ``ascoded``: the EXIF orientation was not applied; ``noalpha``: transparency was dropped, whatever colour it hid.

``Algorithm.parse`` undoes ``str``; a name that this program does not know raises, because bits of unknown making must
never be compared.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from archiver.errors import InputRefused

_NAME = re.compile(r"(?P<name>[a-z0-9]+)-(?P<version>[0-9]+)(?P<words>(:[a-z0-9.=-]+)*)")


class UnknownAlgorithmError(InputRefused):
    """A fingerprint under a name that this program does not know; it is kept, and never compared."""


@dataclass(frozen=True)
class Algorithm:
    """One way from a picture to bits.

    Attributes:
        name: the method.
        version: counted up whenever the same picture would give other bits.
        words: everything else that shaped the bits, in order.
        length: how many bits.
        by_look: whether a small Hamming distance means a similar look (a digest only ever is equal or not).
        family: what it shares with the algorithms whose bits may be compared with its own; empty for none.
    """

    name: str
    version: int
    words: tuple[str, ...]
    length: int
    by_look: bool
    family: str = ""

    def __str__(self) -> str:
        return ":".join((f"{self.name}-{self.version}", *self.words))

    @property
    def digits(self) -> int:
        """How many hexadecimal digits a fingerprint has, leading zeros included."""
        return self.length // 4

    def comparable(self) -> tuple[Algorithm, ...]:
        """The algorithms whose bits may be compared with this one's: itself first, then the others of its family."""
        others = (each for each in _KNOWN.values() if self.family and each.family == self.family and each != self)
        return (self, *others)

    @staticmethod
    def parse(text: str) -> Algorithm:
        """Read a name back; undoes ``str``.

        Raises:
            UnknownAlgorithmError: the text is no name, or a name that this program does not know.
        """
        known = _KNOWN.get(text)
        if known is None:
            what = "unknown fingerprint algorithm" if _NAME.fullmatch(text) else "no fingerprint algorithm's name"
            raise UnknownAlgorithmError(
                f"{what}: {text!r}",
                hint="a newer archiver may know it; `archiver fingerprints build` makes today's",
            )
        return known


_FAMILY = "phash:hash16:grey601:upright:white:first"


def _phash(version: int, *reduced: str) -> Algorithm:
    words = ("hash16", *reduced, "grey601", "upright", "white", "first")
    return Algorithm("phash", version, words, 256, by_look=True, family=_FAMILY)


CURRENT = _phash(2, "draft512", "srgb")
"""The stored fingerprint: ``imagehash.phash(picture, hash_size=16)`` on the reduced grey picture."""

INNER = _phash(2, "long512", "inner1", "srgb")
"""The same of the picture inside a frame: a border, a letterbox, a screenshot. Its fact says which region that is."""

EARLIER = _phash(1, "draft512")
"""What archives and lists of before hold in place of ``CURRENT``: profiles were passed over. Only pictures with a
profile of other colours than sRGB have other bits now: of wide gamuts 8 at the median and 12 at the most (ProPhoto RGB;
Display P3 2 and 6)."""
_EARLIER_INNER = _phash(1, "long512", "inner1")

PIXELS_RGBA8 = Algorithm("pixels", 1, ("rgba8", "upright", "noicc", "first"), 256, by_look=False)
PIXELS_GREY16 = Algorithm("pixels", 1, ("grey16", "upright", "noicc", "first"), 256, by_look=False)
PIXELS_CMYK8 = Algorithm("pixels", 1, ("cmyk8", "upright", "noicc", "first"), 256, by_look=False)

FEATURES = Algorithm(
    "rootsift",
    2,
    ("dct4x4dft8", "points450", "long512", "srgb", "grey601", "upright", "white", "first"),
    128,
    by_look=False,
)
"""Points of a picture and a 128-bit code of each (``archiver.fingerprint.features``); a picture has many codes, and is
not compared by the distance of any one of them."""

PDQ = Algorithm(
    "pdq",
    1,
    ("full", "luma601", "ascoded", "noalpha", "first"),
    256,
    by_look=True,
    family="pdq-1:full:luma601:ascoded:noalpha:first",
)
"""The fingerprint of ThreatExchange and Hasher-Matcher-Actioner (``archiver.fingerprint.pdq``): made only when asked,
and for exchange with them, which is why its pixels are those that they read and not those of ``CURRENT``."""

PIXELS = (PIXELS_RGBA8, PIXELS_GREY16, PIXELS_CMYK8)
"""The digests: two are equal or not, and no distance between them means anything."""

_KNOWN = {str(algorithm): algorithm for algorithm in (CURRENT, INNER, EARLIER, _EARLIER_INNER, PDQ, *PIXELS, FEATURES)}

SIDE = 64
"""Samples along each side of the reduced matrix: hash size 16 times imagehash's high frequency factor 4."""

DEFAULT_RADIUS = 65
"""Bits of 256. Measured on 5,012 pictures and 29 million pairs of unrelated photographs: at 65 about one such pair in a
million is within reach by chance, and every re-encoded, resized, recoloured, blurred or noisy copy tried was found (the
transformations were synthetic)."""

PDQ_RADIUS = 31
"""Bits of 256 within which the makers of PDQ recommend to call two pictures alike (``pdq/README.md`` of ThreatExchange,
and ``PDQ_CONFIDENT_MATCH_THRESHOLD`` there); they discard what has a quality under 50, as ``QUALITY_BOUND`` does."""


def radius_of(algorithm: Algorithm) -> int:
    """Within how many bits two fingerprints of this algorithm count as alike, unless somebody says otherwise."""
    if not algorithm.by_look:
        return 0
    return PDQ_RADIUS if algorithm is PDQ else DEFAULT_RADIUS


QUALITY_BOUND = 50
"""Below this quality a picture never matches by look. Quality is the percentage of bits that noise cannot decide (see
``archiver.fingerprint.perceptual.quality``). The other bits differ by the toss of a coin between two copies of one
picture: with 50 % of 256 bits undecided that alone is 64 bits, the whole default radius. Measured: photographs 93 and
more (48 tried), a ruled page with a sketch 80, a ruled page alone 11, blank sheets with the noise of sensor and JPEG
at most 7, a clear sky 4."""


def matches_by_look(quality: int | None) -> bool:
    """Whether a picture of this quality (0 to 100) may match by look; without a quality it may not."""
    return quality is not None and quality >= QUALITY_BOUND

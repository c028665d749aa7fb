"""ICC profiles written out byte by byte (ICC.1:2022, 7 and 8.3): primaries and one curve, or a grey curve alone."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

D50 = (0.9642, 1.0, 0.8249)
SRGB = ((0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141))
PROPHOTO = ((0.7977, 0.2880, 0.0), (0.1352, 0.7119, 0.0), (0.0313, 0.0001, 0.8249))
"""The primaries as the profile connection space has them: CIE XYZ, adapted to D50."""


def srgb_curve(level: float) -> float:
    """From a coded level, 0 to 1, to light (IEC 61966-2-1)."""
    return level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4


def gamma(exponent: float) -> Callable[[float], float]:
    """A power for a curve."""
    return lambda level: level**exponent


def inverted(level: float) -> float:
    """Black is white: what is coded as a negative is shown as a picture."""
    return srgb_curve(1 - level)


def rgb(primaries: Sequence[Sequence[float]], curve: Callable[[float], float]) -> bytes:
    """A display's profile."""
    names = (b"rXYZ", b"gXYZ", b"bXYZ")
    tags = [(name, _xyz(values)) for name, values in zip(names, primaries, strict=True)]
    return _profile(b"RGB ", [*tags, *((name, _curve(curve)) for name in (b"rTRC", b"gTRC", b"bTRC"))])


def grey(curve: Callable[[float], float]) -> bytes:
    """A grey display's profile."""
    return _profile(b"GRAY", [(b"kTRC", _curve(curve))])


def _profile(space: bytes, tags: Sequence[tuple[bytes, bytes]]) -> bytes:
    every = [(b"desc", _text(b"sRGB, it says")), (b"cprt", _text(b"nobody")), (b"wtpt", _xyz(D50)), *tags]
    table, body, at = b"", b"", 128 + 4 + 12 * len(every)
    for name, content in every:
        table += name + struct.pack(">II", at + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s", size, bytes(4), 0x04300000, b"mntr", space, b"XYZ ")
    head += struct.pack(">6H", 2026, 1, 1, 0, 0, 0) + b"acsp" + bytes(28) + _fixed(D50) + bytes(48)
    return head + struct.pack(">I", len(every)) + table + body


def _fixed(values: Sequence[float]) -> bytes:
    return struct.pack(">3i", *(round(value * 65536) for value in values))


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + _fixed(values)


def _text(text: bytes) -> bytes:
    wide = text.decode().encode("utf-16-be")
    return b"mluc" + bytes(4) + struct.pack(">II2s2sII", 1, 12, b"en", b"US", len(wide), 28) + wide


def _curve(curve: Callable[[float], float]) -> bytes:
    points = [round(65535 * curve(step / 1023)) for step in range(1024)]
    return b"curv" + bytes(4) + struct.pack(f">I{len(points)}H", len(points), *points)

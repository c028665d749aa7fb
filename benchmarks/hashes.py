"""Synthetic fingerprints that are spread as real ones are: unrelated ones, clusters of copies, hot buckets.

Of a million, drawn by a fixed seed: seven tenths are unrelated to all others; the others are in clusters whose sizes
are as uneven as words (Zipf), each member 0 to 30 bits from its centre, a third of them not at all; 1,788 are one blank
picture's, as was found among a million real ones. The blank ones have a quality that bars them from matching by look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANES, LANE = 4, 64
UNRELATED, BLANK = 0.7, 1788e-6
_UNEVEN, _LARGEST = 2.2, 2000
_FAR, _HOW_MANY = (0, 2, 6, 12, 20, 30), (0.3, 0.25, 0.2, 0.1, 0.1, 0.05)
GOOD, FLAT = 95, 3


def hashes(count: int, seed: int = 1) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Fingerprints, shape (count, 4), and their qualities, in no order."""
    chance = np.random.default_rng(seed)
    rows = chance.integers(0, 2**LANE, (count, LANES), dtype=np.uint64)
    quality = np.full(count, GOOD, dtype=np.uint8)
    clustered = int((1 - UNRELATED) * count)
    sizes = np.minimum(chance.zipf(_UNEVEN, size=clustered) + 1, _LARGEST)
    cluster = np.repeat(np.arange(clustered), sizes)[:clustered]
    rows[:clustered] = chance.integers(0, 2**LANE, (clustered, LANES), dtype=np.uint64)[cluster]
    far = chance.choice(_FAR, size=clustered, p=_HOW_MANY)
    for step in range(max(_FAR)):
        some = np.flatnonzero(far > step)
        bit = chance.integers(0, LANE * LANES, len(some))
        rows[some, bit // LANE] ^= np.left_shift(np.uint64(1), (bit % LANE).astype(np.uint64))
    blank = slice(clustered, clustered + max(1, int(BLANK * count)))
    rows[blank], quality[blank] = rows[clustered], FLAT
    order = chance.permutation(count)
    return rows[order], quality[order]


def digits(rows: NDArray[np.uint64]) -> list[str]:
    """Fingerprints as the catalogue has them."""
    text = rows.astype(">u8").tobytes().hex()
    return [text[start : start + 64] for start in range(0, len(text), 64)]

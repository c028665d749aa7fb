"""Which lists to look into: the one of a code's own prefix, and those of the prefixes that a copy's code likely has.

A code's *prefix* is its first bits, which are its steadiest. Where it is known how sure each bit of the query is, the
lists are those of all ways to turn over its least sure prefix bits (Lv, Josephson, Wang, Charikar and Li, "Multi-probe
LSH", VLDB 2007, with sureness for distance); else those of the prefixes at most one bit away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def prefixes(words: NDArray[np.uint64], bits: int) -> NDArray[np.uint32]:
    """The first ``bits`` (1 to 32) bits of each word."""
    return (words >> np.uint64(64 - bits)).astype(np.uint32)


def probes(
    words: NDArray[np.uint64], bits: int, sureness: NDArray[np.floating] | None, doublings: int
) -> NDArray[np.uint32]:
    """The lists to look into for each query code, the own one first.

    Args:
        words: the first words of the codes, shape (m,).
        bits: of a prefix.
        sureness: of each bit of the codes, shape (m, 64 or more), smallest for the least sure; or none.
        doublings: with ``sureness``: how many bits are turned over in all ways; their lists are 2 to this power.

    Returns:
        Shape (m, lists).
    """
    own = prefixes(words, bits)[:, np.newaxis]
    if sureness is None:
        return own ^ np.array([0, *(1 << bit for bit in range(bits))], dtype=np.uint32)
    weakest = np.argsort(sureness[:, :bits], axis=1, kind="stable")[:, :doublings]
    found = own
    for turned in (np.uint32(1) << (bits - 1 - weakest).astype(np.uint32)).T:
        found = np.concatenate([found, found ^ turned[:, np.newaxis]], axis=1)
    return found

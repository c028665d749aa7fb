"""How often two unrelated pictures match by look, as far as it was measured. Data, with where each number comes from.

The law: a rate is stated with what was compared, how many pairs there were, and what the pairs show at the most; where
none matched, nothing but that bound is said. No curve was fitted: between two measured thresholds the next larger one
counts, which can only overstate, and beyond the last one nothing is known.

All pictures were compared as they are: no transformation was applied, for it is the *unrelated* pairs that are counted
here. What a transformation costs in recall is measured elsewhere (docs/fingerprints.md).

The bounds are one-sided, 95 % (C. J. Clopper and E. S. Pearson, Biometrika 26, 1934; for no match in n pairs about
3/n), as if the pairs were independent. They are not quite: one odd picture takes part in many.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from archiver.fingerprint.algorithm import CURRENT, PDQ, Algorithm


class Among(StrEnum):
    """What the unrelated pictures are."""

    PHOTOGRAPHS = "photographs"
    DOCUMENTS = "documents"


@dataclass(frozen=True, slots=True)
class Rate:
    """One measurement.

    Attributes:
        algorithm: whose fingerprints.
        among: what was compared.
        threshold: bits; a pair matches at this distance or less.
        pairs: how many unrelated pairs were compared, upright; about so many where ``matches`` is unknown.
        matches: how many matched; none where only the rate was written down.
        rate: the share that matched.
        bound: what the rate is at the most, by the pairs compared (95 %); the rate itself where matches are unknown.
        measured: on what, and how.
    """

    algorithm: Algorithm
    among: Among
    threshold: int
    pairs: int
    matches: int | None
    rate: float
    bound: float
    measured: str

    def told(self, *, framed: bool = False) -> str:
        """In words: one pair in how many, at the most, and by what it is known; ``framed`` as for ``to_json``."""
        one_in = f"{_round(1 / self.bound):,}"
        among = f"unrelated {self.among}"
        if self.matches == 0:
            seen = f"none of {self.pairs:,} pairs of {among} was within {self.threshold} bits: at most one in {one_in}"
        else:
            seen = f"within {self.threshold} bits about one pair of {among} in {_round(1 / self.rate):,} is by chance"
        return f"{seen} ({self._by_what(framed=framed)})"

    def to_json(self, *, framed: bool = False) -> dict[str, Any]:
        """As plain JSON values.

        Args:
            framed: it is told of a picture inside a frame, which was not measured apart.
        """
        return {
            "among": str(self.among),
            "threshold": self.threshold,
            "rate": self.rate,
            "at_most": self.bound,
            "pairs": self.pairs,
            "matches": self.matches,
            "measured": self._by_what(framed=framed),
        }

    def _by_what(self, *, framed: bool) -> str:
        return f"{self.measured}; of whole pictures: inside frames it was not measured" if framed else self.measured


_STUDY = "measured earlier on 5,012 distinct real pictures, 4,031 of them photographs and 645 documents"
_SETS = "measured earlier between two disjoint sets of photographs"
_PHOTOGRAPHS = (
    "738 photographs: a set of 500, 207 camera files, and 31 more; pairs of one camera within an hour left out"
)
_DRAWN = (
    "measured on 1,600 documents, drawn and not photographed: ruled pages with writing, typed letters, forms, tables"
)


def _counted(among: Among, threshold: int, pairs: int, matches: int, bound: float, *, measured: str) -> Rate:
    return Rate(CURRENT, among, threshold, pairs, matches, matches / pairs, bound, measured)


MEASURED: Final = (
    Rate(CURRENT, Among.PHOTOGRAPHS, 65, 29_000_000, None, 1e-6, 1e-6, _STUDY),
    Rate(CURRENT, Among.PHOTOGRAPHS, 89, 29_000_000, None, 1e-5, 1e-5, _STUDY),
    Rate(CURRENT, Among.DOCUMENTS, 89, 207_690, None, 1.3e-3, 1.3e-3, _STUDY),
    _counted(Among.PHOTOGRAPHS, 75, 271_947, 0, 1.1e-5, measured=_PHOTOGRAPHS),
    _counted(Among.PHOTOGRAPHS, 89, 271_947, 1, 1.7e-5, measured=_PHOTOGRAPHS),
    _counted(Among.DOCUMENTS, 45, 1_279_200, 0, 2.3e-6, measured=_DRAWN),
    _counted(Among.DOCUMENTS, 55, 1_279_200, 1, 3.7e-6, measured=_DRAWN),
    _counted(Among.DOCUMENTS, 65, 1_279_200, 25, 2.7e-5, measured=_DRAWN),
    _counted(Among.DOCUMENTS, 75, 1_279_200, 267, 2.3e-4, measured=_DRAWN),
    _counted(Among.DOCUMENTS, 89, 1_279_200, 6_733, 5.4e-3, measured=_DRAWN),
    Rate(PDQ, Among.PHOTOGRAPHS, 31, 640_000_000, 0, 0.0, 4.7e-9, _SETS),
    Rate(PDQ, Among.PHOTOGRAPHS, 63, 640_000_000, None, 3e-8, 3e-8, _SETS),
)
"""Every measurement. ``python -m benchmarks.rates`` repeats those that are not said to be earlier ones."""


def rate_at(threshold: int, among: Among, algorithm: Algorithm = CURRENT) -> Rate | None:
    """What is known of matches by chance within this many bits; nothing beyond the largest threshold measured.

    Of the measurements at this threshold or a larger one, that with the lowest bound: each bounds the rate, since what
    is within a smaller threshold is within the larger one too. What was measured of one algorithm is told of its family
    (a picture inside its frame was not measured apart). Whoever holds other pictures than were measured, pages
    of one form above all, must expect more.
    """
    reaching = [each for each in MEASURED if each.algorithm in algorithm.comparable() and each.among is among]
    reaching = [each for each in reaching if each.threshold >= threshold]
    return min(reaching, key=lambda each: (each.bound, each.threshold), default=None)


def chance(
    threshold: int, variants: int, held: int, among: Among = Among.PHOTOGRAPHS, algorithm: Algorithm = CURRENT
) -> float | None:
    """How many matches by chance one search is to be expected to give, at the most; nothing where no rate is known.

    A rate is one of pairs compared once. A search compares every variant of the query (eight orientations, and those of
    each inner box) with every held picture, so it may err variants x held times: the expectation is their product with
    the rate, whether or not the variants are independent. That eight orientations do cost about eight times was
    measured: among 271,947 pairs 1 was within 89 bits upright, and 10 in any of eight orientations.

    Args:
        threshold: bits.
        variants: fingerprints of the query that are looked for.
        held: fingerprints that it is compared with.
        among: what is held; for a mixture take the worse.
        algorithm: whose fingerprints.
    """
    rate = rate_at(threshold, among, algorithm)
    return None if rate is None else rate.bound * variants * held


def _round(number: float) -> int:
    """To two digits: a rate is not known better."""
    return int(float(f"{number:.1e}"))

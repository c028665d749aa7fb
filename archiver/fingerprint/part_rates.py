"""How often pictures that share nothing are confirmed in part, as far as it was measured. Data, with its origin.

The law is that of ``archiver.fingerprint.rates``: what was compared, how many pairs, and what they show at the most
(one-sided, 95 %, Clopper and Pearson). Here one picture stands in many of the pairs that were compared, so the bound
counts pairs of different *pictures*: the ways in which one picture was mangled are one, and so are a pair's two
directions. Where no bound can be given, because what is compared decides everything, that is said and nothing counted.

No threshold enters: geometry confirms a part or does not (``archiver.likeness.geometry``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class PartRate:
    """One measurement.

    Attributes:
        among: what was compared.
        pairs: how many pairs that share nothing; none where they were not counted.
        matches: how many of them were confirmed.
        independent: of how many pairs of different pictures they are.
        bound: what the rate is at the most, by those (95 %).
        measured: on what, and how.
    """

    among: str
    pairs: int | None
    matches: int | None
    independent: int | None
    bound: float | None
    measured: str

    def told(self) -> str:
        """In words."""
        if self.pairs is None or self.matches is None or self.bound is None:
            return f"in part, {self.among} are confirmed though nobody copied one from the other ({self.measured})"
        seen = f"{self.matches:,}" if self.matches else "none"
        at_most = f"at most one in {int(1 / self.bound):,}"
        return f"in part, {seen} of {self.pairs:,} pairs of {self.among} were confirmed: {at_most} ({self.measured})"

    def to_json(self) -> dict[str, Any]:
        """As plain JSON values, under the names of ``archiver.fingerprint.rates.Rate``."""
        return {
            "among": self.among,
            "threshold": None,
            "rate": None if self.pairs is None or self.matches is None else self.matches / self.pairs,
            "at_most": self.bound,
            "pairs": self.pairs,
            "matches": self.matches,
            "measured": self.measured,
        }


PART_MEASURED: Final = (
    PartRate("different photographs", 19_900, 0, 19_900, 1.6e-4, "all pairs of 200 different photographs, as they are"),
    PartRate(
        "mangled photographs and others",
        535_584,
        0,
        1_128,
        2.7e-3,
        "11,424 queries, 48 photographs mangled 7 times in each of 34 ways, against the others, of which geometry "
        "looks at the ten likeliest; bounded as 1,128 pairs",
    ),
    PartRate(
        "different pages typed large in one typeface",
        240,
        2,
        120,
        5.2e-2,
        "16 drawn pages, each pair both ways; bounded as 120 pairs",
    ),
    PartRate(
        "screenshots of one program",
        None,
        None,
        None,
        None,
        "by what the program draws on both; how often depends on how much of it is seen",
    ),
)
"""Every measurement."""

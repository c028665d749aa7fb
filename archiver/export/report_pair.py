"""Two related items in the report, side by side: what compares them, in a picture, in words and in numbers.

The law: a program's finding is told as that, with its threshold and how often it errs, and apart from what a person
decided of the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.export.markup import Html, content, listed, table, tag, void
from archiver.export.report_item import pair_anchor
from archiver.fingerprint.part_rates import PART_MEASURED
from archiver.fingerprint.rates import Among, rate_at
from archiver.likeness.relation import LOOK, PART
from archiver.pictures.heat import FULL
from archiver.pictures.words import changed, measured
from archiver.render import short

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archiver.comparison import Comparison
    from archiver.export.markup import Content
    from archiver.export.pairs import Pair


def shown(pair: Pair, originals: tuple[str, str]) -> Html:
    """The two, A and B, with all that comparing them shows.

    Args:
        pair: the two, compared and drawn.
        originals: where the originals of A and B lie.
    """
    found = pair.comparison
    words = found.kinship.in_words()
    differing = [(row.name, row.one, row.other) for row in found.table if row.differs]
    return tag(
        "div",
        tag("figure", void("img", src=pair.both, alt=_described(pair)), _caption(pair, originals), class_="both"),
        tag("p", tag("strong", words[0])),
        [tag("p", line, class_="small") for line in words[1:]],
        tag(
            "dl",
            _row("What changed", changed(found)),
            _row("Shown by", _shown_by(found)),
            _row("False matches", _rates(found)),
        ),
        listed(found.notes),
        _map(pair),
        table(("What differs between the files", "A", "B"), differing),
        tag("p", _BY_A_PROGRAM, class_="small"),
        class_="compared",
        id=pair_anchor(found.one.digest, found.other.digest),
    )


_BY_A_PROGRAM = (
    "Found by a program in the two originals of this bundle; “archiver compare” repeats it. It says what the pictures "
    "are consistent with, not who changed anything, or why. What a person decided of them stands above."
)


def _described(pair: Pair) -> str:
    if pair.veiled:
        return "A few patches of tone in place of two pictures, one of which is sensitive"
    one, other = (short(party.digest) for party in (pair.comparison.one, pair.comparison.other))
    outlined = ", with what both show outlined" if pair.comparison.kinship.alignment is not None else ""
    return f"Item {one} on the left and item {other} on the right{outlined}"


def _caption(pair: Pair, originals: tuple[str, str]) -> Html:
    sides: list[Content] = []
    parties = (pair.comparison.one, pair.comparison.other)
    for where, party, path in zip(("A, left: this item, ", "B, right: the other, "), parties, originals, strict=True):
        sides += [where, tag("a", short(party.digest), href=path), ". "]
    if pair.veiled:
        sides.append(
            "Hidden, because care is owed to one of them or to what it may show. This page holds nothing of either but "
            "a few patches of tone; the links above open the original files, which show the pictures. "
        )
    return tag("figcaption", sides, [f"{line} " for line in pair.legend])


def _row(name: str, lines: Iterable[str]) -> Html | None:
    told = listed(lines)
    return content((tag("dt", name), tag("dd", told))) if told else None


def _shown_by(found: Comparison) -> list[str]:
    same = found.kinship.level in {"bytes", "pixels"}
    both = found.one.report.pixels and found.other.report.pixels
    lines = ["Bytes: they differ."]
    if both:
        lines.append("Pixels: exactly equal." if same else "Pixels: they differ.")
    return [*lines, *measured(found)]


def _rates(found: Comparison) -> Iterator[str]:
    """How often unrelated pictures are taken for alike by what showed it here, as far as that was measured."""
    level = found.kinship.level
    if level == PART:
        yield from (f"{rate.told()}." for rate in PART_MEASURED)
    elif level == LOOK:
        rates = (rate_at(found.radius, among) for among in Among)
        yield from (f"{rate.told()}." for rate in rates if rate is not None)


def _map(pair: Pair) -> Html | None:
    if pair.differing is None:
        return None
    told = (
        "Where they differ, once aligned and with tone compensated: pale is no difference, dark red is "
        f"{FULL:.0f} of 255 levels and more."
    )
    return tag("figure", void("img", src=pair.differing, alt="A map of where they differ"), tag("figcaption", told))

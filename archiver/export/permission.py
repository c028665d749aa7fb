"""Whether items may leave for somebody: by what care is owed now, and by what nobody has decided on yet.

The law: one item that may not go is enough to refuse all, and the refusal names item, flag, person and basis. What a
program suggests to be the same picture as an item that may not go there does not go either, until a person decided.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.catalogue.care import care, shown_in
from archiver.catalogue.related import suggested_for
from archiver.errors import InputRefused
from archiver.sharing import refusals, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archiver.catalogue.answers import Flag
    from archiver.catalogue.questions import Questions
    from archiver.facts.vocabulary import Profile


def permitted(questions: Questions, items: Sequence[str], profile: Profile) -> dict[str, list[Flag]]:
    """The flags of items that may all go there.

    Raises:
        InputRefused: one may not, and why.
    """
    flags, labels = care(questions, items)
    refused = [f"item {item}: {reason}" for item in items for reason in refusals(profile, flags[item], labels[item])]
    if refused:
        raise InputRefused(
            f"not exported ({profile}); " + "; ".join(refused),
            hint="nothing was written; leave these items out; --profile says who really gets it, and is recorded",
        )
    undecided = list(_undecided(questions, items, profile))
    if undecided:
        raise InputRefused(
            f"not exported ({profile}); " + "; ".join(undecided),
            hint="nothing was written; decide on the pairs first: `archiver review`, then `archiver relate`",
        )
    return flags


def _undecided(questions: Questions, items: Sequence[str], profile: Profile) -> Iterator[str]:
    """The pairs that, were they confirmed, would keep an item from going there."""
    shown = shown_in(questions, items)
    pairs = suggested_for(questions, sorted({each for all_shown in shown.values() for each in all_shown}))
    flags, labels = care(questions, {other for _, _, other in pairs})
    for item, all_shown in shown.items():
        for number, one, other in pairs:
            for reason in refusals(profile, flags[other], labels[other]) if one in all_shown else ():
                same = "it" if one == item else f"item {one}"
                yield f"item {item}: {same} may be the same picture as item {other} (#{number}, undecided): {reason}"


def refuse_unread(originals: Iterable[str], flags: Mapping[str, Sequence[Flag]]) -> None:
    """Refuse the originals of flagged items.

    Raises:
        InputRefused: there is one.
    """
    unread = [f"item {item}: {told(flag)}" for item in originals for flag in flags[item]]
    if unread:
        raise InputRefused(
            "not exported; these items are flagged, and their originals would go along: " + "; ".join(unread),
            hint="care is owed before they are passed on: say --acknowledge-sensitive, or --records-only",
        )

"""What cannot be so in time. The law: nothing is seen anywhere before it is published there.

A time that somebody states has bounds (``archiver.facts.edtf``); only what is impossible at every moment within them is
refused, or found. So a time without an offset may be half a day off, and is taken as it was said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.errors import UsageError
from archiver.facts import edtf
from archiver.facts.values import instant

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.catalogue.said import Seen


def refuse_published_later(published: str | None, observed: str | None, *, now: str) -> None:
    """Refuse a publication that surely came after somebody saw it, or that is still to come.

    Args:
        published: when it is said to have been published (EDTF), where that is said.
        observed: when it was seen (``Instant``); now where nothing is said.
        now: the moment.

    Raises:
        UsageError: it did.
    """
    earliest = None if published is None else edtf.parse(published).earliest
    if earliest is None or instant(earliest) <= (observed or now):
        return
    then = f"it was observed ({observed})" if observed else f"now ({now})"
    raise UsageError(
        f"--published {published} is after {then}, and nothing is seen before it is published",
        hint="put right the time of publication and its offset, or say when it was seen with --observed",
    )


def repeated_too_early(sightings: Sequence[Seen]) -> list[str]:
    """The reposts among these that surely were there before what they repeat was published, in words."""
    by_fact = {seen.fact: seen for seen in sightings}
    pairs = [(seen, by_fact.get(seen.repost_of_fact or "")) for seen in sightings]
    return [told for seen, original in pairs if original and (told := _too_early(seen, original))]


def _too_early(repost: Seen, original: Seen) -> str:
    if original.earliest is None or repost.surely >= original.earliest:
        return ""
    when, basis = repost.time()
    return (
        f"#{repost.number} reposts #{original.number} and was there before it: {when} ({basis}) against "
        f"{original.published} (published, {original.published_basis}); a time, an offset or the repost is wrong"
    )

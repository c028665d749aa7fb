"""``archiver tag``: terms of some vocabulary, attached to an item or taken off it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import InputRefused, UsageError
from archiver.facts.handling import Tag
from archiver.facts.vocabulary import State
from archiver.provenance import checked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions


@dataclass(frozen=True, slots=True)
class Tagging:
    """What was attached or taken off; ``added`` says how much of it is new."""

    item: str
    tags: list[str]
    removed: bool
    numbers: list[int]
    added: int


def tag(
    archive: Archive,
    item: str,
    tags: Sequence[str],
    *,
    label: str | None = None,
    by: str | None = None,
    remove: bool = False,
) -> Tagging:
    """Attach terms (``SCHEME:CODE``) to an item, or take them off.

    Raises:
        InputRefused: no such item, or it does not bear the tag that is to be taken off.
        UsageError: a tag is malformed.
    """
    held = archive.resolve(item)
    state = State.RETRACTED if remove else State.STATED
    facts = [read_tag(held, text, label=label, by=by, state=state) for text in dict.fromkeys(tags)]

    def build(questions: Questions) -> list[Tag]:
        standing = questions.standing("tag", [fact.matter() for fact in facts])
        for fact in facts if remove else ():
            if fact.matter() not in standing:
                raise InputRefused(
                    f"the item does not bear the tag {fact.scheme}:{fact.code}", hint="`archiver show` lists its tags"
                )
        return facts

    recorded = archive.record(build)
    numbers = [recorded.numbers[fact.identity()] for fact in facts]
    return Tagging(held, [f"{fact.scheme}:{fact.code}" for fact in facts], remove, numbers, len(recorded.new))


def read_tag(
    item: str, text: str, *, label: str | None = None, by: str | None = None, state: State = State.STATED
) -> Tag:
    """The tag that ``SCHEME:CODE`` names.

    Raises:
        UsageError: it names none.
    """
    scheme, colon, code = text.partition(":")
    if not colon:
        raise UsageError(f"{text!r} names no scheme", hint="write SCHEME:CODE, for example iptc:16000000 or own:drone")
    return checked(Tag, "tag", item=item, scheme=scheme, code=code, label=label, by=by, state=state)

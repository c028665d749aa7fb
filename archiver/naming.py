"""What people call things, and what is meant: items, numbered facts, sources, cases.

The law: a word that may mean two things is refused with both named; nothing is guessed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.archive import SHORTEST_PREFIX
from archiver.catalogue.cases import CaseHeld, case_of
from archiver.catalogue.rows import fold
from archiver.catalogue.seen import sighting, sightings_at
from archiver.catalogue.sources import Source, accounts_called, agents_called, records_called
from archiver.errors import InputRefused, UsageError
from archiver.facts import edtf
from archiver.facts.address import one_spelling
from archiver.facts.values import instant
from archiver.facts.vocabulary import SourceType, TargetKind
from archiver.render import short

if TYPE_CHECKING:
    from archiver.archive import Archive
    from archiver.catalogue.questions import Questions
    from archiver.catalogue.said import Seen

NUMBERED = (TargetKind.CLAIM, TargetKind.SIGHTING, TargetKind.AFFILIATION)
"""The kinds of facts that are named by their number and can be judged."""

_NUMBER = re.compile(rf"(?:({'|'.join(NUMBERED)}):|#)?([0-9]{{1,11}})")


@dataclass(frozen=True, slots=True)
class Target:
    """What can be judged: which one, which item it concerns (a source concerns none), its words and its number."""

    kind: TargetKind
    identity: str
    item: str | None
    label: str
    number: int = -1


def target_of(archive: Archive, text: str) -> Target:
    """What is to be judged: an item, ``claim:N``, ``sighting:N``, ``affiliation:N``, ``source:NAME``.

    A number by itself, or behind ``#``, names whichever fact has it.

    Raises:
        InputRefused: there is no such thing.
        UsageError: it may mean two.
    """
    word = text.strip()
    if word.startswith("source:"):
        with archive.asking() as questions:
            source = source_called(questions, word.removeprefix("source:"))
        return Target(TargetKind.SOURCE, source.identity, None, source.name)
    match = _NUMBER.fullmatch(word)
    if match is not None:
        explicit = not word.isdigit()
        with archive.asking() as questions:
            found = _numbered(questions, int(match[2]), TargetKind(match[1]) if match[1] else None)
            begins = [] if explicit or len(word) < SHORTEST_PREFIX else questions.starting_with(word)
        if found is not None and begins:
            raise UsageError(
                f"{word} is a number, and an item begins so as well",
                hint=f"write {found.kind}:{word} for the number, or more digits of the item",
            )
        if found is not None:
            return found
        if explicit or len(word) < SHORTEST_PREFIX:
            what = match[1] or "claim, sighting or affiliation"
            raise InputRefused(f"there is no {what} {match[2]}", hint="`archiver show ITEM` lists an item's, by number")
    item = archive.resolve(word)
    return Target(TargetKind.ITEM, item, item, "")


def _numbered(questions: Questions, number: int, kind: TargetKind | None) -> Target | None:
    labels = {TargetKind.CLAIM: "text", TargetKind.SIGHTING: "url", TargetKind.AFFILIATION: "basis"}
    for each in NUMBERED if kind is None else (kind,):
        row = questions.row_of_event(each, number)
        if row is not None:
            return Target(each, row["fact"], row.get("item"), row[labels[each]] or "", number)
    return None


def numbered(questions: Questions, kind: TargetKind, text: str) -> Target:
    """The fact of this kind and number (``9``, ``#9``, ``claim:9``).

    Raises:
        InputRefused: there is no such thing.
    """
    digits = text.strip().removeprefix(f"{kind}:").removeprefix("#")
    found = _numbered(questions, int(digits), kind) if digits.isdecimal() and len(digits) < 12 else None  # noqa: PLR2004 - as in _NUMBER
    if found is None:
        raise InputRefused(f"there is no {kind} {text}", hint="`archiver show ITEM` lists an item's, by number")
    return found


def sighting_called(questions: Questions, text: str) -> Seen:
    """The sighting of this number, or at this address.

    Raises:
        InputRefused: there is none.
        UsageError: there are several at the address.
    """
    word = text.strip()
    if _NUMBER.fullmatch(word):
        number = int(numbered(questions, TargetKind.SIGHTING, word).number)
        found = [seen for seen in (sighting(questions, number),) if seen]
    else:
        found = sightings_at(questions, one_spelling(word))
    if not found:
        raise InputRefused(
            f"there is no sighting at {word!r}",
            hint="record it first: `archiver sight --url URL` records one whose file was never had",
        )
    if len(found) > 1:
        told = ", ".join(f"#{seen.number} ({_seen_words(seen)})" for seen in found)
        raise UsageError(f"several sightings are at {word!r}: {told}", hint="name one by its number")
    return found[0]


def _seen_words(seen: Seen) -> str:
    who = seen.account or seen.publisher or "somebody unknown"
    return f"{who}, item {short(seen.item)}" if seen.item else f"{who}, never held"


def source_called(questions: Questions, text: str) -> Source:
    """The agent of this name or alias, or the account ``PLATFORM:HANDLE``.

    Raises:
        InputRefused: nobody is called so.
        UsageError: several are.
    """
    word = text.strip()
    found = [*agents_called(questions, word), *accounts_called(questions, word.replace(":@", ":", 1))]
    if not found:
        raise InputRefused(
            f"no source is called {word!r}",
            hint="`archiver source list` shows them; `archiver source add` makes one; accounts are PLATFORM:HANDLE",
        )
    if len(found) > 1:
        names = ", ".join(f"{source.name} ({source.type})" for source in found)
        raise UsageError(f"several sources are called {word!r}: {names}", hint="name it more exactly, or merge them")
    return found[0]


def record_called(questions: Questions, text: str) -> Source:
    """The agent's own record of this name or alias, whatever it was merged into.

    Raises:
        InputRefused: nobody is called so, or it is an account.
        UsageError: several are.
    """
    found = records_called(questions, text)
    if len(found) == 1:
        return found[0]
    source = source_called(questions, text)  # refuses, and says why
    raise InputRefused(
        f"{source.name} is an account, not an agent", hint="`archiver source affiliate` says who acts for whom"
    )


def agent_called(questions: Questions, text: str) -> Source:
    """The agent of this name or alias.

    Raises:
        InputRefused: nobody is called so, or it is an account.
        UsageError: several are.
    """
    source = source_called(questions, text)
    if source.type is not SourceType.AGENT:
        raise InputRefused(f"{source.name} is an account, not an agent", hint="name the person or the organisation")
    return source


def refuse_taken_name(questions: Questions, name: str) -> None:
    """Refuse a name that somebody bears already.

    Raises:
        InputRefused: somebody is called so.
    """
    for source in agents_called(questions, name):
        alias = "" if fold(source.name) == fold(name) else f", of {source.name!r}"
        raise InputRefused(
            f"{name!r} is the name of a source already{alias}",
            hint="`archiver source edit` corrects it, and merges two records of one source",
        )
    for source in accounts_called(questions, name):
        raise InputRefused(f"{source.name!r} is an account already", hint="name who operates it, or call it otherwise")


def case_called(questions: Questions, text: str) -> CaseHeld:
    """The case of this title or number.

    Raises:
        InputRefused: there is none.
    """
    found = case_of(questions, text.strip())
    if found is None:
        raise InputRefused(f"there is no case {text!r}", hint="`archiver case list` shows them")
    return found


def moment_of(option: str, text: str, *, now: str) -> str:
    """A moment that somebody was witness to, as an ``Instant``: UTC where no offset is said, and never in the future.

    Raises:
        UsageError: it is no time of day, or lies ahead of our clock.
    """
    try:
        stated = edtf.read_as_utc(text)
    except ValueError as error:
        raise UsageError(f"{option}: {error}") from error
    if stated.earliest is None or "T" not in stated.text or "/" in stated.text:
        raise UsageError(f"{option} {text!r} is no moment", hint="write 2024-12-27T14:05, or 2024-12-27T14:05:00+09:00")
    moment = instant(stated.earliest)
    if moment > now:
        raise UsageError(f"{option} {text!r} lies in the future", hint="say its offset, or check this machine's clock")
    return moment

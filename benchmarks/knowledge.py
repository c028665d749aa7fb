"""Questions to a catalogue of a million items and four million facts, warm, against the database alone.

Warm: one process, one open catalogue, each question asked once before it counts; then by turns with its *bare* peer:
the very statements that the question sent, sent again through ``sqlite3``, their rows fetched and dropped. What lies
between the two is what the program itself adds. CPU time counts: the database is within the process and all that it
reads is in memory, so on a machine that does nothing else it is the time that passes, which is told beside it.

The catalogue is the one of ``benchmarks.million``; making it takes a quarter of an hour, once.
"""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.goal import Goal, finish
from benchmarks.million import ITEMS, ORIGIN, catalogue_file

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from archiver.catalogue.questions import Questions

ROUNDS = 15
MOST_MILLISECONDS = 100
PAGE = 50
RARE, UNCOMMON = 30_000, 300
"""Ranks of words: one that stands in a few items, and one whose beginning many words share."""


@dataclass
class Measured:
    """Milliseconds of one question and of its bare peer."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    bare: list[float] = field(default_factory=list)


def measure(rounds: int = ROUNDS, items: int = ITEMS) -> list[Goal]:
    """Ask everything."""
    from archiver.catalogue.catalogue import Catalogue  # noqa: PLC0415 - so that `--help` of the benchmarks loads nothing

    path = catalogue_file(items)
    catalogue = Catalogue(f"sqlite:{path}", origin=ORIGIN)
    with catalogue.asking() as questions:
        asked = _questions(items, _far_behind(questions, items))
        facts = catalogue.head().size
        print(f"knowledge: {items:,} items, {facts:,} facts, {path.stat().st_size / 1e9:.1f} GB", flush=True)
        goals = [_goal(questions, path, name, ask, rounds) for name, ask in asked.items()]
    catalogue.close()
    return goals


def _goal(questions: Questions, path: Path, name: str, ask: Callable[[Questions], Any], rounds: int) -> Goal:
    import sqlalchemy as sa  # noqa: PLC0415 - see above

    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:  # noqa: FBT001 - SQLAlchemy's own signature
        sent.append((statement, parameters))

    sa.event.listen(questions.connection, "before_cursor_execute", note)
    answer = ask(questions)
    sa.event.remove(questions.connection, "before_cursor_execute", note)
    measured = Measured()
    bare = sqlite3.connect(path)
    bare.execute("PRAGMA cache_size=-16000")
    for turn in range(-1, rounds):  # the first one warms, and does not count
        wall, cpu = time.perf_counter(), time.process_time()
        ask(questions)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        begun = time.process_time()
        for statement, parameters in sent:
            bare.execute(statement, parameters).fetchall()
        if turn >= 0:
            measured.wall.append(1000 * wall)
            measured.cpu.append(1000 * cpu)
            measured.bare.append(1000 * (time.process_time() - begun))
    bare.close()
    cpu, alone = median(measured.cpu), median(measured.bare)
    return Goal(
        f"knowledge, {name}",
        cpu,
        MOST_MILLISECONDS,
        "ms",
        from_what=f"{_found(answer)}; wall {median(measured.wall):.1f} ms; {cpu / alone:.1f} × its {len(sent)} "
        f"statements alone ({alone:.1f} ms); medians of {rounds}",
    )


def _found(answer: Any) -> str:
    if hasattr(answer, "total"):
        return f"{len(answer.items)} of {'more than ' if answer.more else ''}{answer.total:,} items"
    (known,) = answer.values()
    dossier, origins = known.dossier, known.origins
    return (
        f"{len(dossier.sightings)} sightings, {len(dossier.claims)} claims, {len(known.copies)} copies; "
        f"{len(origins.sightings)} sightings of {origins.independent} independent origins"
    )


def _far_behind(questions: Questions, items: int) -> str:
    """An item of which only a twentieth of all stand behind it."""
    from benchmarks.world import item  # noqa: PLC0415 - see above

    chosen = item(items // 20)
    if not questions.holds([chosen]):
        raise RuntimeError(f"{chosen} is not held")
    return chosen


def _questions(items: int, far: str) -> Mapping[str, Callable[[Questions], Any]]:
    from archiver.catalogue.filters import Filter  # noqa: PLC0415 - see above
    from archiver.catalogue.listing import listed  # noqa: PLC0415 - see above
    from archiver.catalogue.words import asked  # noqa: PLC0415 - see above
    from archiver.facts.handling import case_identity  # noqa: PLC0415 - see above
    from archiver.facts.source import account_identity  # noqa: PLC0415 - see above
    from archiver.known import known  # noqa: PLC0415 - see above
    from benchmarks import world  # noqa: PLC0415 - see above

    def show(number: int) -> Callable[[Questions], Any]:
        return lambda questions: known(questions, [world.item(number)])

    def page(after: str | None = None, **chosen: Any) -> Callable[[Questions], Any]:
        return lambda questions: listed(questions, Filter(**chosen), after=after, limit=PAGE)

    def text(words: str, after: str | None = None) -> Callable[[Questions], Any]:
        return page(after, words=[(word, None) for word in asked(words)])

    def account(number: int) -> list[str]:
        return [account_identity(world.PLATFORM, world.handle(number))]

    common, second = world.word(0), world.word(1)
    return {
        "show of one item": show(items // 3),
        f"show and origins of one with {world.CROWDED_SIGHTINGS} sightings and reposts": show(world.crowded(items)),
        f"show and origins of one with {world.FLOODED_SIGHTINGS:,} sightings and reposts": show(world.flooded(items)),
        "list": page(),
        "list, a page far behind": page(far),
        "list --text, a rare word": text(world.word(RARE)),
        "list --text, a word of most items": text(common),
        "list --text, two common words": text(f"{common} {second}"),
        "list --text, a common and a rare word": text(f"{common} {world.word(RARE)}"),
        "list --text, a beginning": text(f"{world.word(UNCOMMON)}*"),
        "list --text, a word of most items, far behind": text(common, far),
        "list --source, a hot account": page(sources=account(0)),
        "list --source, a hot account, far behind": page(far, sources=account(0)),
        "list --source, one that was hot long ago": page(sources=account(world.HOT - 1)),
        "list --source --text, both hot": page(sources=account(0), words=[(common, None)]),
        "list --status verified": page(status="verified"),
        "list --status unverified": page(status="unverified"),
        "list --case, the largest": page(case=case_identity(world.BIG_CASE)),
        "list --case --status": page(case=case_identity(world.BIG_CASE), status="refuted"),
    }


if __name__ == "__main__":
    finish(measure())

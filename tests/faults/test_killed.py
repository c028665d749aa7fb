"""kill -9, at every numbered step and at random moments: the same command once more, and everything is there once."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests import drawing
from tests.archive.conftest import place
from tests.archive.processes import Running, said
from tests.archive.stopping import STEPS
from tests.faults.conftest import PAIRS
from tests.faults.standing import acknowledged, stands

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.archive.desk import Desk

MOMENTS = int(os.environ.get("TEST_FAULT_MOMENTS", "2"))
"""Random moments for each pair of store and catalogue, with one store and with two; 63 of each are 504."""
SEED = int(os.environ.get("TEST_FAULT_SEED", "0")) or random.SystemRandom().getrandbits(32)
"""Which moments; a test that fails says it, and given it again they are drawn again."""
PICTURES = 3
SAID = ("--source", "Yonhap", "--source-kind", "news-agency", "--claim", "He is a soldier")


def hand_in(desk: Desk, first: int) -> tuple[object, ...]:
    """The words that take a new folder of pictures in."""
    folder = f"in-{first}"
    for seed in range(first, first + PICTURES):
        desk.file(f"{folder}/{seed}.jpg", drawing.jpeg(drawing.photo(seed)))
    return ("upload", "--json", "--jobs", "2", desk.files / folder, *SAID)


def repeated(desk: Desk, words: tuple[object, ...]) -> set[str]:
    """The same command once more: it ends well, and what it was asked for is there, once."""
    receipts = desk(*words).lines
    assert {receipt["status"] for receipt in receipts} <= {"archived", "already-held"}
    items = acknowledged(receipts)
    assert len(items) == PICTURES
    for item in items:
        shown = desk.show(item)
        once = ("acquisitions", "sightings", "claims")
        assert [len(shown[kind]) for kind in once] == [1, 1, 1], {kind: shown[kind] for kind in once}
    return items


@pytest.mark.parametrize("step", ["stored:3", *STEPS])
def test_an_upload_killed_at_any_step_is_finished_by_the_same_command(desk: Desk, step: str) -> None:
    words = hand_in(desk, 0)

    killed = Running(desk, *words, stop=(step, signal.SIGKILL.name)).answer(-signal.SIGKILL)

    items = acknowledged(said(killed))
    assert items <= repeated(desk, words)
    stands(desk, repeated(desk, words))


@pytest.mark.parametrize("stores", ["one store", "two stores"])
@pytest.mark.parametrize("where", PAIRS)
def test_a_command_killed_at_a_random_moment_is_finished_by_the_same_command(
    request: pytest.FixtureRequest, tmp_path: Path, warm: None, where: tuple[str, str], stores: str
) -> None:
    chance = random.Random(f"{SEED} {where} {stores}")  # noqa: S311 - moments, no secrets
    spans: dict[str, float] = {}
    outcomes: Counter[str] = Counter()
    desk, items = None, set[str]()
    for number in range(MOMENTS):
        if desk is None or number % 4 == 0:  # small archives: the question after each moment is about all of one
            home = tmp_path / f"{number}"
            home.mkdir()
            desk = place(request, where, home).make()
            if stores == "two stores":
                desk("store", "add", "attic", "file:attic")
            items = repeated(desk, hand_in(desk, 10**6 + number))
        possible = [kind for kind in JOBS if kind != "sync" or stores == "two stores"]
        kind = chance.choices(possible, [JOBS[kind][0] for kind in possible])[0]
        words = JOBS[kind][1](desk, number, sorted(items))
        if kind not in spans:
            spans[kind] = _duration(desk, JOBS[kind][1](desk, 10**7 + number, sorted(items)))
        moment = chance.uniform(0, spans[kind])
        running = Running(desk, *words)
        early = running.ended(moment)
        killed = running.kill() if early is None else early
        try:
            assert killed.code in {0, -signal.SIGKILL}, killed.err
            before = acknowledged(said(killed)) if kind == "upload" else set()
            if kind == "upload":
                after = repeated(desk, words)
                assert before <= after
                items |= after
            else:
                desk(*words)
            stands(desk, items)
        except BaseException as error:
            error.add_note(f"TEST_FAULT_SEED={SEED}, moment {number}: {kind} after {moment:.3f} s of {spans[kind]:.3f}")
            raise
        outcomes[f"{kind} {'killed' if killed.code else 'ended before'}"] += 1
        (tmp_path / "outcomes.json").write_text(json.dumps(outcomes))
    assert sum(outcomes.values()) == MOMENTS


def _claim(_: Desk, number: int, items: list[str]) -> tuple[object, ...]:
    return ("claim", items[number % len(items)], f"claim {number}", "--by", "An analyst")


JOBS: dict[str, tuple[int, Callable[[Desk, int, list[str]], tuple[object, ...]]]] = {
    "upload": (12, lambda desk, number, _: hand_in(desk, number * PICTURES)),
    "claim": (3, _claim),
    "rebuild": (3, lambda _desk, _number, _items: ("rebuild",)),
    "audit": (2, lambda _desk, _number, _items: ("audit", "--repair")),
    "sync": (1, lambda _desk, _number, _items: ("sync",)),
    "key rotate": (1, lambda _desk, _number, _items: ("key", "rotate", "--reason", "yearly")),
}
"""What is killed: how often, against the others, and its words."""


def _duration(desk: Desk, words: tuple[object, ...]) -> float:
    """How long such a command takes when nobody kills it."""
    Running(desk, "status").answer()  # the first one of all waits until the program is loaded
    begun = time.monotonic()
    Running(desk, *words).answer()
    return time.monotonic() - begun

"""Eight writers at once: one log without a fork, a gap or a repetition, and every acknowledged fact in it."""

from __future__ import annotations

import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from tests import drawing
from tests.archive.processes import Running
from tests.archive.test_writers_at_once import sequence
from tests.faults.standing import acknowledged, stands

if TYPE_CHECKING:
    from tests.archive.desk import Desk

WRITERS = 8
SECONDS = float(os.environ.get("TEST_FAULT_SECONDS", "10"))
"""How long they write; minutes where that is asked for."""


def test_eight_processes_that_write_at_once_lose_nothing_and_make_one_log(desk: Desk) -> None:
    first = desk.take("first.jpg", drawing.jpeg(drawing.photo(1)))
    deadline = time.monotonic() + SECONDS

    def write(writer: int) -> tuple[set[str], list[str]]:
        items: set[str] = set()
        claims: list[str] = []
        turn = 0
        while turn == 0 or time.monotonic() < deadline:
            if turn % 3 == writer % 3:
                seed = 1000 * (writer // 2) + turn  # every picture is handed in by two of them
                path = desk.file(f"{writer}/{turn}.jpg", drawing.jpeg(drawing.photo(seed)))
                items |= acknowledged(Running(desk, "upload", "--json", "--fast", path).answer().lines)
            else:
                text = f"claim {turn} of {writer}"
                Running(desk, "claim", first, text, "--by", f"Analyst {writer}").answer()
                claims.append(text)
            turn += 1
        return items, claims

    with ThreadPoolExecutor(WRITERS) as pool:
        wrote = list(pool.map(write, range(WRITERS)))

    items = {first}.union(*(items for items, _ in wrote))
    claims = [text for _, texts in wrote for text in texts]
    assert sorted(claim["text"] for claim in desk.show(first)["claims"]) == sorted(claims)
    counts = desk.counts()
    assert counts["items"] == len(items)
    assert sequence(desk) == list(range(counts["events"]))
    stands(desk, items)

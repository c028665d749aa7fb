"""A cold command against merely importing what it is made of: fresh processes by turns, CPU of their whole trees."""

from __future__ import annotations

import json
from functools import partial
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from benchmarks.goal import Goal
from benchmarks.pictures import CAMERA, WEB, files, folder
from benchmarks.process import ARCHIVER, PYTHON, Used, run

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PEER: Final = "import PIL.Image, numpy, sqlmodel"


def compared(what: str, asks: Mapping[str, Callable[[], Used]], rounds: int, most: float, *, also: str = "") -> Goal:
    """Ask by turns, and hold the dearest question's ratio to the import against a limit.

    Args:
        what: is measured, in words.
        asks: each question, by name; it raises where the answer is not the right one.
        rounds: that count; one before them compiles modules, and does not.
        most: times the import.
        also: what else to tell.
    """
    used: dict[str, list[Used]] = {name: [] for name in ("import", *asks)}
    for turn in range(-1, rounds):
        for name in sorted(used, reverse=bool(turn % 2)):
            one = run([PYTHON, "-c", PEER]) if name == "import" else asks[name]()
            if turn >= 0:
                used[name].append(one)
    cpu = {name: [each.cpu for each in found] for name, found in used.items()}
    ratios = {name: median(s / i for s, i in zip(cpu[name], cpu["import"], strict=True)) for name in asks}
    told = ", ".join(f"{name} {1000 * median(cpu[name]):.0f} ({ratios.get(name, 1):.2f} ×)" for name in cpu)
    memory = max(each.memory for name in asks for each in used[name]) / 1e6
    return Goal(
        f"{what}, the dearest of {len(asks)}, against `{PEER}`",
        max(ratios.values()),
        most,
        "×",
        from_what=f"CPU ms, medians of {rounds}: {told}; at most {memory:,.0f} MB{also}",
    )


def found(archive: str, *words: str) -> tuple[Used, dict[str, Any]]:
    """Ask ``find``; what it used, and its answer."""
    used = run([*ARCHIVER, "--archive", archive, "find", *words, "--json"])
    return used, json.loads(used.output)


def by_look(
    archive: str, repost: str, held: str, right: Callable[[dict[str, Any]], bool]
) -> dict[str, Callable[[], Used]]:
    """The questions of a look: a repost of a held picture, 12 megapixels that are not held, and an item by its number.

    Args:
        archive: its home.
        repost: where the repost is to be made, of the first picture of web size.
        held: the item that this picture is.
        right: whether what an answer says of the archive is right.
    """
    original = str(files(folder(WEB, 1))[0])
    run([PYTHON, "-c", f"import PIL.Image as i; i.open({original!r}).save({repost!r}, quality=60)"])
    questions = {
        "repost": (repost, ["look"]),
        "12 megapixels": (str(files(folder(CAMERA, 1))[0]), []),
        "item": (held, ["bytes"]),
    }

    def ask(question: str, expected: list[str]) -> Used:
        used, answer = found(archive, "--fast", question)
        if not right(answer) or [each["match"] for each in answer["matches"]] != expected:
            raise RuntimeError(f"find answered {answer}")
        return used

    return {name: partial(ask, *asked) for name, asked in questions.items()}

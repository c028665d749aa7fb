"""Which pictures are found again after what was done to them: ``python -m benchmarks.robustness DIR``.

Every picture of a folder is held; each is then mangled (``benchmarks.mangling``) and looked for, with the program's own
functions and no archive: by *look* (the fingerprint of the whole in eight orientations, and of inner boxes, within the
default radius) and in *part* (local features, the likeliest pictures by votes of nearest codes, confirmed by geometry).
The votes are counted by comparing every code with every other, so what an index may lose is not measured here.

The transformations are synthetic, since no public labelled set of real reposts exists. A false match is a picture
other than those that went into the query. The same scene taken twice is no error, so every one is named, to be judged.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageOps

from archiver.fingerprint import features as local
from archiver.fingerprint import orientations, perceptual, reduction
from archiver.fingerprint.algorithm import DEFAULT_RADIUS, matches_by_look
from archiver.fingerprint.inner_box import inner_boxes
from archiver.likeness.geometry import verify
from benchmarks.goal import Goal, finish
from benchmarks.mangling import FAMILIES, GOALS, mangled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from archiver.fingerprint.features import Features

SHORTLIST: Final = 10
"""Pictures that geometry looks at, of those that the most codes vote for."""
LARGEST: Final = 1600
"""Pixels of the longer side to which a picture is reduced before it is mangled, unless told otherwise."""
_KINDS: Final = {".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff"}


def _words(bits: str) -> NDArray[np.uint64]:
    """256 bits in hexadecimal as four words, for counting what differs."""
    return np.frombuffer(bytes.fromhex(bits), dtype=np.uint64)


@dataclass(frozen=True)
class Held:
    """All that an archive would know of its pictures.

    Attributes:
        names: of the files.
        prints: shape (n, 4): the fingerprints of the whole pictures.
        sure: whether each may match by look.
        found: the features of each.
        codes: of all pictures, their first and their second words, shape (2, m).
        owner: which picture each code is of, shape (m,).
    """

    names: list[str]
    prints: NDArray[np.uint64]
    sure: NDArray[np.bool_]
    found: list[Features]
    codes: NDArray[np.uint64]
    owner: NDArray[np.intp]


@dataclass
class Tally:
    """What became of the queries of one family."""

    asked: int = 0
    look: int = 0
    part: int = 0
    either: int = 0
    boxed: int = 0
    listed: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass
class Spent:
    """CPU seconds a picture."""

    features: list[float] = field(default_factory=list)
    boxes: list[float] = field(default_factory=list)
    asking: list[float] = field(default_factory=list)
    confirming: list[float] = field(default_factory=list)


def pictures(folder: Path, largest: int = LARGEST) -> Iterator[tuple[str, Image.Image]]:
    """Each picture of a folder and of those below it, by name, upright, its longer side no larger than this."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in _KINDS:
            continue
        try:
            with Image.open(path) as opened:
                opened.draft("RGB", (largest, largest))
                image = ImageOps.exif_transpose(opened).convert("RGB")
        except (OSError, SyntaxError, ValueError) as problem:
            print(f"left out: {path.name}: {problem}")
            continue
        image.thumbnail((largest, largest))
        yield str(path.relative_to(folder)), image


def grey(image: Image.Image, longest: int) -> Image.Image:
    """As the archive reduces it."""
    return reduction.within(image.convert("L"), longest)


def hold(folder: Path, spent: Spent, largest: int = LARGEST) -> tuple[Held, list[Image.Image]]:
    """Take a folder in."""
    names, images, prints, sure, found = [], [], [], [], []
    for name, image in pictures(folder, largest):
        matrix = perceptual.matrix(reduction.grey(image))
        small = np.asarray(grey(image, local.SIDE))
        started = time.process_time()
        inner_boxes(small)
        spent.boxes.append(time.process_time() - started)
        started = time.process_time()
        found.append(local.features(small))
        spent.features.append(time.process_time() - started)
        names.append(name)
        images.append(image)
        prints.append(_words(perceptual.bits(matrix)))
        sure.append(matches_by_look(perceptual.quality(matrix)))
    owner = np.repeat(np.arange(len(found)), [len(each) for each in found])
    codes = np.ascontiguousarray(np.concatenate([each.codes for each in found]).T)
    held = Held(names, np.stack(prints), np.array(sure), found, codes, owner)
    return held, images


def by_look(query: Image.Image, held: Held) -> tuple[set[int], set[int]]:
    """Which pictures are within the radius of the whole query; and which of the whole or of an inner box."""
    small = grey(query, local.SIDE)
    whole = _near(reduction.grey(query), held)
    boxed = [_near(small.crop(box), held) for box in inner_boxes(np.asarray(small))]
    return whole, whole.union(*boxed)


def _near(picture: Image.Image, held: Held) -> set[int]:
    if not matches_by_look(perceptual.quality(perceptual.matrix(picture))):
        return set()
    near: set[int] = set()
    for _, bits in orientations.orientations(picture):
        apart = np.bitwise_count(held.prints ^ _words(bits)).sum(axis=1, dtype=np.uint16)
        near.update(int(row) for row in np.flatnonzero((apart <= DEFAULT_RADIUS) & held.sure))
    return near


def voted(query: Features, held: Held) -> NDArray[np.intp]:
    """The likeliest pictures: each code of the query, as it is and mirrored, votes for the owner of the nearest."""
    votes = np.zeros(len(held.names))
    first, second = held.codes
    for asked in (query, local.mirrored(query)):
        for code in asked.codes:
            apart = np.bitwise_count(first ^ code[0]) + np.bitwise_count(second ^ code[1])
            nearest = apart.argmin()
            votes[held.owner[nearest]] += max(0, 48 - int(apart[nearest]))
    return np.argsort(-votes, kind="stable")[:SHORTLIST]


def in_part(query: Image.Image, held: Held, spent: Spent) -> tuple[set[int], dict[int, int]]:
    """Which pictures were likely; and which are confirmed, with the number of agreeing points."""
    started = time.process_time()
    found, _ = local.query_features(np.asarray(grey(query, local.QUERY_SIDE)))
    spent.asking.append(time.process_time() - started)
    likely = voted(found, held)
    confirmed = {}
    for row in likely:
        started = time.process_time()
        verified = verify(found, held.found[row])
        spent.confirming.append(time.process_time() - started)
        if verified is not None:
            confirmed[int(row)] = verified.inliers
    return {int(row) for row in likely}, confirmed


def measure(  # noqa: PLR0917 - as the command line has them
    folder: Path,
    level: str = "all",
    queries: int | None = None,
    only: Sequence[str] = (),
    seed: int = 0,
    rounds: int = 1,
    largest: int = LARGEST,
) -> list[Goal]:
    """Hold a folder, mangle its pictures, each round by other chances, and look for them."""
    spent = Spent()
    held, images = hold(folder, spent, largest)
    asked = np.random.default_rng(seed).permutation(len(images))[: queries or len(images)]
    ways = len(only or FAMILIES)
    print(f"robustness: {len(images)} pictures held, {len(asked)} mangled {rounds} times in {ways} ways, {level}")
    print(
        f"{'family':20} {'asked':>5} {'look':>6} {'+boxes':>6} {'listed':>6} {'part':>6} {'any':>6} {'goal':>5}",
        flush=True,
    )
    goals, total = [], 0
    false: dict[str, list[str]] = {"look": [], "part": []}
    for family in only or FAMILIES:
        tally = Tally()
        for chance, number in product(range(seed, seed + rounds), asked.tolist()):
            order = np.random.default_rng([chance, number]).permutation(len(images))[:4]
            others = [int(k) for k in order if k != number][:3]
            query = mangled(family, number, images[number], [images[k] for k in others], chance)
            part_of_it = {number, *others} if family.startswith("collage") else {number}
            _ask(query, number, part_of_it, held, level, tally, spent, false, family)
        total += tally.asked
        _print(family, tally)
        if family in GOALS and level == "all":
            share = tally.either / tally.asked
            goals.append(
                Goal(f"found again: {family}", share, GOALS[family], "", at_least=True, from_what=", ".join(tally.lost))
            )
    for name, found in false.items():
        print(
            f"false matches by {name}: {len(found)} in {total} queries, {total * (len(images) - 1):,} pairs",
            *found,
            sep="\n    ",
        )
    goals += [
        Goal("false matches by look", len(false["look"]), 0, "", from_what=f"{total} queries"),
        Goal(
            "false matches in part, in 10,000 queries",
            1e4 * len(false["part"]) / total,
            1,
            "",
            from_what=f"{total} queries",
        ),
        _cost(spent),
    ]
    return goals


def _ask(  # noqa: PLR0917 - one place calls it
    query: Image.Image,
    number: int,
    part_of_it: set[int],
    held: Held,
    level: str,
    tally: Tally,
    spent: Spent,
    false: dict[str, list[str]],
    family: str,
) -> None:
    """Look for one query, and write down what came of it."""
    tally.asked += 1
    whole, look, listed, part = set[int](), set[int](), set[int](), dict[int, int]()
    if level != "part":
        whole, look = by_look(query, held)
    if level != "look":
        listed, part = in_part(query, held, spent)
    tally.look += number in whole
    tally.boxed += number in look
    tally.listed += number in listed
    tally.part += number in part
    tally.either += number in look or number in part
    if number not in look and number not in part:
        tally.lost.append(held.names[number])
    false["look"] += [f"{family}: {held.names[number]} / {held.names[k]}" for k in sorted(look - part_of_it)]
    false["part"] += [
        f"{family}: {held.names[number]} / {held.names[k]} ({part[k]} points)" for k in sorted(part.keys() - part_of_it)
    ]


def _print(family: str, tally: Tally) -> None:
    shares = [tally.look, tally.boxed, tally.listed, tally.part, tally.either]
    told = " ".join(f"{share / tally.asked:6.3f}" for share in shares)
    goal = f"{GOALS[family]:5.2f}" if family in GOALS else "    -"
    missed = "  MISSED" if tally.either / tally.asked < GOALS.get(family, 0) else ""
    print(f"{family:20} {tally.asked:5} {told} {goal}{missed}", flush=True)


def _cost(spent: Spent) -> Goal:
    features, boxes = 1000 * median(spent.features), 1000 * median(spent.boxes)
    told = f"CPU, medians: features {features:.1f}, boxes {boxes:.1f}"
    if spent.asking:
        asking, confirming = 1000 * median(spent.asking), 1000 * median(spent.confirming)
        told += f"; a query: features {asking:.1f}, confirming one {confirming:.2f}"
    return Goal("features and inner boxes of a picture", features + boxes, 55, "ms", from_what=told)


def main() -> None:
    """Read the arguments, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="pictures; those of folders below it too")
    parser.add_argument("--level", choices=("look", "part", "all"), default="all")
    parser.add_argument("--queries", type=int, help="mangle so many of the pictures, chosen by the seed")
    parser.add_argument(
        "--family", action="append", default=[], choices=list(FAMILIES), help="only this one; repeatable"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=1, help="so often, by other chances each time")
    parser.add_argument("--largest", type=int, default=LARGEST, help="pixels of the longer side before mangling")
    parser.add_argument("--features-only", action="store_true", help="only what features and boxes cost")
    asked = parser.parse_args()
    if asked.features_only:
        spent = Spent()
        hold(asked.folder, spent)
        finish([_cost(spent)])
    finish(measure(asked.folder, asked.level, asked.queries, asked.family, asked.seed, asked.rounds, asked.largest))


if __name__ == "__main__":
    main()

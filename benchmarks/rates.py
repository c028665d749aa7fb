"""How often unrelated pictures match by chance: ``python -m benchmarks.rates [--drawn N] [--show] DIR…``.

Photographs are the pictures of the folders; documents are drawn (``benchmarks.pages``), and every table says so. The
fingerprints are compared upright, pair by pair, and in the query's eight orientations, as ``find`` asks.

What counts as unrelated decides the result, so it is decided by rules, and counted:

1. Pictures of a quality too low to match by look do not take part, nor a second file of the same bytes.
2. Files of one camera, by their own word, within an hour of one another are one series, and no pair of a series counts.
3. A pair within the largest threshold whose local features agree with one affine transformation (12 inliers or more) is
   the same scene, and does not count. What remains counts as a match by chance, and is named with ``--show``, so that
   a person can look. Drawn pages are unrelated by their making, and are not put to this rule.

Rule 3 takes pairs out of the count after they were found near, so the rate is a lower bound as far as features err
towards agreement, and an upper bound as far as they miss the same scene. The pairs of one picture are not independent
of each other either: the bound of Clopper and Pearson (95 %, one-sided) is for independent pairs, and too narrow by
what they share.
"""

from __future__ import annotations

import argparse
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image, UnidentifiedImageError
from scipy.stats import beta

from archiver.fingerprint import perceptual, reduction
from archiver.fingerprint.algorithm import matches_by_look
from archiver.fingerprint.orientations import orientations
from benchmarks.pages import page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

THRESHOLDS: Final = (31, 45, 55, 65, 75, 89)
INLIERS: Final = 12
_ENDINGS: Final = frozenset((".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".bmp"))
_CONFIDENCE: Final = 0.95


@dataclass(frozen=True)
class Picture:
    """A picture's name, the series that it belongs to, its fingerprints and its small grey picture."""

    name: str
    series: str
    turned: tuple[str, ...]
    grey: NDArray[np.uint8]


@dataclass(frozen=True)
class Counted:
    """At a threshold: pairs that match by chance upright, and queries' comparisons that do in any orientation."""

    threshold: int
    upright: int
    turned: int


def photographs(folders: Sequence[Path]) -> Iterator[Picture]:
    """The pictures in the folders that may match by look, each file's bytes once."""
    seen: set[str] = set()
    for folder in folders:
        for path in sorted(each for each in folder.rglob("*") if each.suffix.lower() in _ENDINGS):
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            if digest in seen:
                continue
            seen.add(digest)
            try:
                with Image.open(path) as image:
                    series = _series(image) or digest
                    made = _picture(str(path), series, reduction.grey(image))
            except (OSError, UnidentifiedImageError, ValueError, SyntaxError):
                continue  # folders of files for testing hold broken ones
            if made is not None:
                yield made


def documents(count: int) -> Iterator[Picture]:
    """Drawn pages that may match by look."""
    for number in range(count):
        kind, drawn = page(number)
        made = _picture(f"{kind} {number}", f"page {number}", reduction.grey(drawn))
        if made is not None:
            yield made


def _picture(name: str, series: str, grey: Image.Image) -> Picture | None:
    if not matches_by_look(perceptual.quality(perceptual.matrix(grey))):
        return None
    small = grey.copy()
    small.thumbnail((512, 512))
    return Picture(name, series, tuple(bits for _, bits in orientations(grey)), np.asarray(small))


def _series(image: Image.Image) -> str | None:
    exif = image.getexif()
    camera, taken = exif.get(0x0110), exif.get_ifd(0x8769).get(0x9003)
    return f"{camera} {str(taken)[:13]}" if camera and taken else None


def count(
    pictures: Sequence[Picture], show: Callable[[str], Any], *, unrelated: bool
) -> tuple[int, int, list[Counted]]:
    """Pairs compared, pairs of one scene that were taken out (none where all are known to be unrelated), and counts."""
    upright = np.array([_words(each.turned[0]) for each in pictures])
    series = np.array([each.series for each in pictures])
    pairs = same_scene = 0
    found: list[tuple[int, int]] = []
    for at, each in enumerate(pictures):
        others = upright[at + 1 :]
        apart = series[at + 1 :] != each.series
        pairs += int(apart.sum())
        near = np.stack([np.bitwise_count(others ^ _words(bits)).sum(axis=1, dtype=np.uint16) for bits in each.turned])
        for other in np.flatnonzero(apart & (near.min(axis=0) <= THRESHOLDS[-1])).tolist():
            second = pictures[at + 1 + other]
            if not unrelated and agreeing(each.grey, second.grey) >= INLIERS:
                same_scene += 1
                continue
            found.append((int(near[0, other]), int(near[:, other].min())))
            show(f"{found[-1][0]:4} upright {found[-1][1]:4} turned  {each.name}  {second.name}")
    counted = [
        Counted(bound, sum(one <= bound for one, _ in found), sum(one <= bound for _, one in found))
        for bound in THRESHOLDS
    ]
    return pairs, same_scene, counted


def _words(bits: str) -> NDArray[np.uint64]:
    return np.frombuffer(bytes.fromhex(bits), np.uint64)


def agreeing(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    """How many local features of two pictures agree with one affine transformation, the second mirrored or not."""
    return max(_agreeing(one, other), _agreeing(one, np.ascontiguousarray(other[:, ::-1])))


def _agreeing(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    import cv2  # noqa: PLC0415 - few pairs need it

    cv2.setNumThreads(1)
    sift = cv2.SIFT_create(600)  # type: ignore[attr-defined] # OpenCV's own types leave it out
    (points, first), (places, second) = (sift.detectAndCompute(each, None) for each in (one, other))
    if min(len(points), len(places)) < INLIERS:
        return 0
    pairs = [
        best
        for best, *rest in cv2.BFMatcher().knnMatch(first, second, k=2)
        if not rest or best.distance < 0.8 * rest[0].distance
    ]
    if len(pairs) < INLIERS:
        return 0
    start = np.array([points[pair.queryIdx].pt for pair in pairs], np.float32)
    end = np.array([places[pair.trainIdx].pt for pair in pairs], np.float32)
    _, inside = cv2.estimateAffinePartial2D(start, end, ransacReprojThreshold=4)
    return int(np.count_nonzero(inside))  # None where nothing agrees at all, whatever its type says


def upper(matches: int, pairs: int) -> float:
    """The rate that 95 of 100 such counts would lie under, were the pairs independent (Clopper and Pearson, 1934)."""
    return float(beta.ppf(_CONFIDENCE, matches + 1, pairs - matches)) if matches < pairs else 1.0


def report(what: str, pictures: Sequence[Picture], show: Callable[[str], Any], *, unrelated: bool) -> None:
    """Print one table."""
    pairs, same_scene, counted = count(pictures, show, unrelated=unrelated)
    series = len({each.series for each in pictures})
    print(
        f"\n{what}: {len(pictures):,} pictures in {series:,} series, {pairs:,} pairs, {same_scene:,} of one scene out"
    )
    print("  bits   upright                    rate a pair   at most (95 %)   any of 8 orientations")
    for each in counted:
        rate, bound = each.upright / pairs, upper(each.upright, pairs)
        print(
            f"  {each.threshold:4}   {each.upright:7,} of {pairs:11,}   {rate:11.1e}   {bound:14.1e}   {each.turned:7,}"
        )


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.rates", description=__doc__.partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path, metavar="DIR", help="folders of unrelated photographs")
    parser.add_argument("--drawn", type=int, default=800, metavar="N", help="how many documents to draw")
    parser.add_argument("--show", action="store_true", help="name every pair that counts")
    chosen = parser.parse_args()
    show: Callable[[str], Any] = print if chosen.show else len
    if chosen.folders:
        report("photographs", list(photographs(chosen.folders)), show, unrelated=False)
    if chosen.drawn:
        drawn = list(documents(chosen.drawn))
        report("documents, drawn", drawn, show, unrelated=True)


if __name__ == "__main__":
    main()

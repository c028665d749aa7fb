"""PDQ equals the reference bit for bit, whether the reference is at hand or not.

The pinned values were made by ``pdqhash`` 0.2.8 (facebook/ThreatExchange behind its Python binding, built by GCC for
x86-64) on the arrays that ``waves`` draws, which need nothing but integers, so that they are the same everywhere::

    bits, quality = pdqhash.compute(waves(width, height))
    numpy.packbits(bits.astype(numpy.uint8)).tobytes().hex()

Where ``pdqhash`` is installed (it comes as source and needs a C++ compiler), it is asked itself about many more.
"""

from __future__ import annotations

import importlib
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from archiver.fingerprint import pdq
from archiver.fingerprint.algorithm import PDQ, Algorithm
from archiver.fingerprint.orientations import NAMES, UPRIGHT
from archiver.fingerprint.perceptual import distance

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tests.fingerprint.drawn import Drawn


def waves(width: int, height: int) -> NDArray[np.uint8]:
    """Products and squares of the coordinates, each band by its own rule, cut to eight bits: edges of every slope."""
    x, y = np.arange(width, dtype=np.int64)[None, :], np.arange(height, dtype=np.int64)[:, None]
    across, down = 997 * x // width, 991 * y // height
    bands = (across * across // 700 + down, across * down // 900 + 3 * down, (across + 2 * down) ** 2 // 4000)
    return np.stack([band % 256 for band in bands], axis=2).astype(np.uint8)


PINNED: dict[tuple[int, int], tuple[str, int]] = {
    (5, 5): ("398c97a4c6736b5a69d89b2639c86cd99627c4f1398c97b4c6732b4a69d89326", 100),
    (7, 40): ("e4db38dc907e3a9497827ed09f20e18fb19e1a74cf231b64bb863ad41f209e70", 100),
    (64, 64): ("70bfc7e8b644b399de30fbe8ad0cb39f263c4cf0c8d24c70bc465de01ec261e0", 100),
    (64, 65): ("70b7c368da48d39c2f74b7ad944d939f263c4cf0b8126df0dd464ee0984a7ce0", 100),
    (127, 129): ("e1bec7400ed5f31e3c6ab70a245eb31f667c4ce099c74ce098c64de09cc4efe0", 100),
    (128, 128): ("61bec7205896ebb6247bb70a445eb31f667c4ce099c75de0538ccee0bae05c70", 100),
    (333, 77): ("71bac7a8acc8ef995e78b3c83e0eb39f663c4cf090a24cd2ba944fe4c0dce910", 100),
    (481, 321): ("f1bec7600cd0a7973662b30a665ab31f667c4ce098c74de0d8c6cdf0b8d44df0", 100),
    (512, 512): ("e1be87601ec487367ceeb70e445eb31f667c4ce099874de0d9c64de098e0cde0", 100),
    (900, 1201): ("e1bec7601cd4a7362c6eb70a645eb31f667c4ce099c74de0d8c6cde098c44df0", 100),
    (1600, 1200): ("e1bec7601cd4a7363c6eb70a645eb31f667c4ce099c74de0d8c64de098c44df0", 100),
}
"""By (width, height): smaller and larger than the 64 cells, than a box of two, odd and even, lying and standing."""


@pytest.fixture(scope="module")
def reference() -> Any:
    try:
        return importlib.import_module("pdqhash")
    except ImportError:
        pytest.skip("pdqhash is not installed: the pinned values stand for it")


def written(bits: NDArray[Any]) -> str:
    return np.packbits(np.asarray(bits, np.uint8)).tobytes().hex()


@pytest.mark.parametrize("size", PINNED, ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_references_bits_and_quality(size: tuple[int, int]) -> None:
    assert pdq.pdq(waves(*size)) == PINNED[size]


@pytest.mark.parametrize("seed", range(8))
def test_the_reference_itself_says_the_same(seed: int, drawn: Drawn, reference: Any) -> None:
    chance = np.random.default_rng(seed)
    width, height = (int(side) for side in chance.integers(5, 900, 2))
    for picture in (
        np.asarray(drawn.scene(max(width, 60), max(height, 60), seed)),
        chance.integers(0, 256, (height, width, 3), dtype=np.uint8),
        waves(width, height),
        np.full((height, width, 3), seed * 30, dtype=np.uint8),
    ):
        bits, quality = reference.compute(np.ascontiguousarray(picture))
        assert pdq.pdq(picture) == (written(bits), quality)


def test_the_references_eight_orientations(drawn: Drawn, reference: Any) -> None:
    theirs = {
        "mirrored": 4 + 1,
        "mirrored-rotated-90": 4 + 3,
        "mirrored-rotated-180": 4,
        "mirrored-rotated-270": 4 + 2,
    } | {name: place for place, name in enumerate(NAMES[:4])}
    picture = np.asarray(drawn.scene(640, 480, 3))
    bits, quality = reference.compute_dihedral(picture)
    assert pdq.pdq_turned(picture) == (tuple((name, written(bits[theirs[name]])) for name in NAMES), quality)


@pytest.mark.parametrize("name", NAMES)
def test_a_name_says_what_was_done_to_the_held_picture_to_make_the_query(name: str, drawn: Drawn) -> None:
    held = np.asarray(drawn.scene(640, 480, 5))
    query = held[:, ::-1] if name.startswith("mirrored") else held
    query = np.rot90(query, -int(name.rpartition("-")[2]) // 90) if "rotated" in name else query
    bits, _ = pdq.pdq(held)
    turned = dict(pdq.pdq_turned(query)[0])
    assert distance(turned[name], bits) <= 30  # of boxes that are not symmetric; the reference is no nearer
    assert min(distance(other, bits) for each, other in turned.items() if each != name) > 60
    assert turned[UPRIGHT] == pdq.pdq(query)[0]


def test_grey_is_colour_without_colour(drawn: Drawn) -> None:
    grey = np.asarray(drawn.scene(200, 150).convert("L"))
    assert pdq.pdq(grey) == pdq.pdq(np.stack([grey] * 3, axis=2))


@pytest.mark.parametrize("shape", [(4, 900, 3), (900, 4, 3), (1, 1, 3), (4, 4)])
def test_what_is_too_small_has_no_bits_and_no_quality(shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    assert pdq.pdq(picture) == ("0" * 64, 0)
    assert pdq.pdq_turned(picture) == (tuple((name, "0" * 64) for name in NAMES), 0)


@pytest.mark.parametrize("shape", [(90, 90, 4), (90, 90, 2), (90,), (2, 90, 90, 3)])
def test_what_is_no_picture_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no picture"):
        pdq.pdq(np.zeros(shape, np.uint8))


def test_flat_pictures_have_no_quality_and_photographs_have_all(drawn: Drawn) -> None:
    assert pdq.pdq(np.full((300, 400, 3), 77, np.uint8))[1] == 0
    assert pdq.pdq(np.asarray(drawn.scene()))[1] >= 90


def test_the_samples_are_those_of_the_name(drawn: Drawn) -> None:
    scene = drawn.scene(120, 90)
    exif = Image.Exif()
    exif[0x0112] = 6
    content = io.BytesIO()
    scene.save(content, "PNG", exif=exif)
    with Image.open(content) as turned:
        assert np.array_equal(pdq.as_read(turned), np.asarray(scene))  # ascoded
    transparent = scene.convert("RGBA")
    transparent.putalpha(3)
    assert np.array_equal(pdq.as_read(transparent), np.asarray(scene))  # noalpha
    palette = scene.quantize(64)
    assert np.array_equal(pdq.as_read(palette), np.asarray(palette.convert("RGB")))
    grey = scene.convert("L")
    assert np.array_equal(pdq.as_read(grey), np.asarray(grey))
    sixteen = Image.fromarray(np.asarray(grey).astype(np.uint16) * 257)
    assert np.array_equal(pdq.as_read(sixteen), np.asarray(grey))


def test_its_name_is_known_and_is_not_the_stored_fingerprints() -> None:
    assert str(PDQ) == "pdq-1:full:luma601:ascoded:noalpha:first"
    assert Algorithm.parse(str(PDQ)) is PDQ
    assert (PDQ.length, PDQ.by_look) == (256, True)

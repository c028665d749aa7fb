"""Two pictures laid upon one another for the tests of what is told of them."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from archiver.fingerprint.features import features, query_features
from archiver.likeness.alignment import by_points
from archiver.likeness.geometry import verify
from archiver.likeness.relation import Kinship, kinship
from archiver.likeness.side import Side
from tests import drawing

if TYPE_CHECKING:
    from archiver.likeness.alignment import Alignment
    from archiver.likeness.change import Kind

SIZE = (720, 540)
ORIGINAL = drawing.photo(3, SIZE)


def encoded(image: Image.Image, quality: int = 85) -> Image.Image:
    content = io.BytesIO()
    image.convert("RGB").save(content, "JPEG", quality=quality)
    return Image.open(content).convert("RGB")


def side(image: Image.Image, name: str = "a", longest: int = 1024) -> Side:
    reduced = image.copy()
    reduced.thumbnail((longest, longest), Image.Resampling.BOX)
    return Side(name * 64, image.width, image.height, media_type="image/jpeg", samples=np.asarray(reduced))


def by_geometry(one: Image.Image, other: Image.Image) -> Alignment:
    query, _ = query_features(np.asarray(one.convert("L")))
    smaller = other.convert("L")
    smaller.thumbnail((512, 512), Image.Resampling.BOX)
    found = verify(query, features(np.asarray(smaller)))
    assert found is not None
    return by_points(found.transform, found.query_size, found.held_size, found.inliers)


def related(one: Image.Image, other: Image.Image = ORIGINAL, alignment: Alignment | None = None) -> Kinship:
    return kinship(side(one, "a"), side(other, "b"), alignment or by_geometry(one, other))


def kinds(found: Kinship) -> set[Kind]:
    return {change.kind for change in found.changes}

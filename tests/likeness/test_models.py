"""Transformations are fitted exactly where they fit, and those that nobody makes are refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.likeness import models

HELD = (400, 300)
SPOTS = np.random.default_rng(2).random((40, 2)) * HELD


@given(st.floats(-3, 3), st.floats(0.1, 8), st.floats(-300, 300), st.floats(-300, 300))
def test_a_similarity_is_recovered(turn: float, scale: float, right: float, down: float) -> None:
    model = np.array([[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0], [0, 0, 1]])
    model[:2] *= scale
    model[:2, 2] = right, down
    there = models.applied(model, SPOTS)
    for fit in (models.similarity, models.affinity, models.perspective):
        fitted = fit(SPOTS, there)
        assert fitted is not None
        assert np.allclose(models.applied(fitted, SPOTS), there, atol=1e-5 * max(1, scale))
    assert models.plausible(model, HELD, SPOTS, there)


def test_a_perspective_is_recovered_to_half_a_pixel() -> None:
    model = np.array([[1.1, 0.1, 5], [-0.05, 0.9, 8], [2e-4, -1e-4, 1]])
    there = models.applied(model, SPOTS)
    fitted = models.perspective(SPOTS, there)
    assert fitted is not None
    assert np.abs(models.applied(fitted, SPOTS) - there).max() < 0.5


REFUSED = {
    "a reflection": [[-1, 0, 400], [0, 1, 0], [0, 0, 1]],
    "far too small": [[0.02, 0, 0], [0, 0.02, 0], [0, 0, 1]],
    "far too large": [[40, 0, 0], [0, 40, 0], [0, 0, 1]],
    "squeezed to a line": [[1, 0, 0], [0, 0.05, 0], [0, 0, 1]],
    "without an area": [[1, 1, 0], [1, 1, 0], [0, 0, 1]],
    "a corner behind the eye": [[1, 0, 0], [0, 1, 0], [-0.004, 0, 1]],
    "no numbers": [[np.nan, 0, 0], [0, 1, 0], [0, 0, 1]],
}


@pytest.mark.parametrize("model", REFUSED.values(), ids=REFUSED)
def test_what_nobody_makes_of_a_picture_is_refused(model: list[list[float]]) -> None:
    spots = SPOTS * [0.3, 1]
    with np.errstate(invalid="ignore"):
        assert not models.plausible(np.array(model, dtype=np.float64), HELD, spots, spots)


@pytest.mark.parametrize("spread", [(0, 1), (1, 0), (0.01, 0.01)])
def test_points_on_a_line_or_in_one_spot_are_refused(spread: tuple[float, float]) -> None:
    spots = SPOTS * spread
    assert not models.plausible(np.eye(3), HELD, spots, spots)


def test_a_local_scale_and_angle_follow_the_model() -> None:
    model = np.array([[0, -2, 0], [2, 0, 0], [0, 0, 1]], dtype=np.float64)
    scale, angle = models.local(model, np.array([[10.0, 20.0, 5.0, 0.5]]))
    assert scale == pytest.approx([2])
    assert angle == pytest.approx([0.5 + np.pi / 2])


def test_too_few_or_coincident_points_give_no_similarity() -> None:
    assert models.similarity(np.zeros((3, 2)), np.ones((3, 2))) is None
    assert models.affinity(np.zeros((6, 2)), np.ones((6, 2))) is None

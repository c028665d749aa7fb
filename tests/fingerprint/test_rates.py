"""What is said of matches by chance is what was counted, and never more than the pairs can show."""

from __future__ import annotations

from math import exp, lgamma, log, log1p

import pytest

from archiver.fingerprint.algorithm import CURRENT, DEFAULT_RADIUS, PDQ, PDQ_RADIUS, PIXELS_RGBA8
from archiver.fingerprint.part_rates import PART_MEASURED, PartRate
from archiver.fingerprint.rates import MEASURED, Among, Rate, chance, rate_at

COUNTED = [each for each in MEASURED if each.matches is not None]


def at_most(matches: int, pairs: int, rate: float) -> float:
    """The chance of so few matches or fewer among independent pairs, each matching at this rate."""
    terms = (
        lgamma(pairs + 1) - lgamma(k + 1) - lgamma(pairs - k + 1) + k * log(rate) + (pairs - k) * log1p(-rate)
        for k in range(matches + 1)
    )
    return sum(exp(term) for term in terms)


@pytest.mark.parametrize("row", COUNTED, ids=lambda row: f"{row.algorithm.name} {row.among} {row.threshold}")
def test_a_bound_is_that_of_clopper_and_pearson(row: Rate) -> None:
    assert row.matches is not None
    assert row.rate == row.matches / row.pairs
    assert at_most(row.matches, row.pairs, row.bound * 0.93) > 0.05 > at_most(row.matches, row.pairs, row.bound * 1.07)


@pytest.mark.parametrize(
    "row", MEASURED, ids=lambda row: f"{row.algorithm.name} {row.among} {row.threshold} {row.pairs}"
)
def test_every_row_says_what_it_was_measured_on_and_claims_no_more(row: Rate) -> None:
    assert row.rate <= row.bound
    assert row.measured
    assert row.bound >= 1 / row.pairs  # one pair less than one: nobody can know
    assert str(row.threshold) in row.told()
    assert row.measured in row.told()


@pytest.mark.parametrize("among", Among)
@pytest.mark.parametrize("algorithm", [CURRENT, PDQ])
def test_a_wider_radius_is_never_said_to_err_less(among: Among, algorithm: object) -> None:
    assert algorithm in {CURRENT, PDQ}
    chosen = CURRENT if algorithm is CURRENT else PDQ
    rates = [rate_at(threshold, among, chosen) for threshold in range(128)]
    bounds = [float("inf") if rate is None else rate.bound for rate in rates]
    assert bounds == sorted(bounds)
    for threshold, rate in enumerate(rates):
        assert rate is None or rate.threshold >= threshold


def test_the_default_radii_are_covered() -> None:
    photographs, documents = (rate_at(DEFAULT_RADIUS, among) for among in Among)
    assert photographs is not None
    assert documents is not None
    assert photographs.bound == 1e-6
    assert documents.bound > photographs.bound
    found = rate_at(PDQ_RADIUS, Among.PHOTOGRAPHS, PDQ)
    assert found is not None
    assert found.matches == 0


def test_nothing_is_said_beyond_what_was_measured() -> None:
    assert rate_at(90, Among.PHOTOGRAPHS) is None
    assert rate_at(0, Among.PHOTOGRAPHS, PIXELS_RGBA8) is None
    assert chance(90, 8, 1000) is None


def test_a_search_errs_as_often_as_it_compares() -> None:
    assert chance(DEFAULT_RADIUS, 8, 1_000_000) == pytest.approx(8.0)
    assert chance(DEFAULT_RADIUS, 32, 10_000_000) == pytest.approx(320.0)
    assert chance(DEFAULT_RADIUS, 8, 0) == 0
    one = chance(89, 1, 1, Among.DOCUMENTS)
    assert one == pytest.approx(1.3e-3)


def test_a_rate_is_told_in_words_and_as_data() -> None:
    rate = rate_at(DEFAULT_RADIUS, Among.PHOTOGRAPHS)
    assert rate is not None
    assert rate.told().startswith("within 65 bits about one pair of unrelated photographs in 1,000,000 is by chance")
    assert "measured earlier on 5,012" in rate.told()
    assert rate.to_json()["at_most"] == 1e-6
    none = next(each for each in MEASURED if each.matches == 0 and each.algorithm is CURRENT)
    assert none.told().startswith(f"none of {none.pairs:,} pairs of unrelated {none.among} was within")


@pytest.mark.parametrize("row", [each for each in PART_MEASURED if each.bound is not None], ids=lambda row: row.among)
def test_what_is_said_of_parts_is_bounded_by_pairs_of_different_pictures(row: PartRate) -> None:
    assert row.bound is not None
    assert row.independent is not None
    assert row.matches is not None
    assert row.pairs is not None
    assert row.independent <= row.pairs
    assert (
        at_most(row.matches, row.independent, row.bound * 0.93)
        > 0.05
        > at_most(row.matches, row.independent, row.bound * 1.07)
    )
    assert row.measured in row.told()
    assert f"{row.pairs:,} pairs" in row.told()
    assert set(row.to_json()) == set(MEASURED[0].to_json())


def test_what_was_not_counted_says_so() -> None:
    (uncounted,) = [each for each in PART_MEASURED if each.pairs is None]
    assert (uncounted.to_json()["rate"], uncounted.to_json()["at_most"]) == (None, None)
    assert "screenshots of one program are confirmed" in uncounted.told()


def test_of_a_picture_inside_a_frame_it_is_said_that_whole_ones_were_measured() -> None:
    for rate in MEASURED:
        assert "inside frames it was not measured" in rate.told(framed=True)
        assert "inside frames it was not measured" in rate.to_json(framed=True)["measured"]
        assert "inside" not in rate.told()

"""A fact's identity is the same before it goes through the log and after."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.custody.canonical import canonical, read
from archiver.facts.claim import Claim
from archiver.facts.fact import identity_of
from archiver.facts.inspection import Inspection
from archiver.facts.vocabulary import DecodeStatus

NUMBERS = st.one_of(
    st.integers(-(2**53 - 1), 2**53 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**6), 10**6).map(float),
    st.sampled_from([-0.0, 4.0, 1e15, 2.0**53 - 1, 2.0**53, 1e16, 1e21, 1e22, -1e300]),
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(st.characters(codec="utf-8"), max_size=8)),
    lambda held: st.one_of(
        st.lists(held, max_size=3), st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=3), held, max_size=3)
    ),
    max_leaves=12,
)


@given(VALUES)
def test_a_value_read_back_from_the_log_has_the_identity_it_was_recorded_with(value: object) -> None:
    stated = {"value": value}
    assert identity_of("inspection", read(canonical(stated))) == identity_of("inspection", stated)


def test_an_inspection_with_a_whole_floating_point_number_is_the_same_fact_after_the_log() -> None:
    embedded = {"EXIF": {"FNumber": {"text": "4.0", "values": [4.0]}}}
    made = Inspection(
        item="ab" * 32,
        media_type="image/jpeg",
        decode=DecodeStatus.OK,
        altitude=100.0,
        embedded=embedded,
        inspector="a test",
    )
    back = Inspection.model_validate(read(canonical(made.body())))
    assert back.identity() == made.identity()


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8"), max_size=4),
        st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=4), VALUES, max_size=4),
        max_size=4,
    )
)
def test_embedded_metadata_is_told_to_the_letter_alike_before_the_log_and_after(embedded: dict[str, Any]) -> None:
    made = Inspection(
        item="ab" * 32, media_type="image/jpeg", decode=DecodeStatus.OK, embedded=embedded, inspector="a test"
    )
    back = Inspection.model_validate(read(canonical(made.body())))
    assert json.dumps(back.embedded) == json.dumps(made.embedded)


def test_different_numbers_make_different_facts() -> None:
    identities = {identity_of("inspection", {"value": value}) for value in (0, 1, 4, 4.5, True, "4", 2.0**53)}
    assert len(identities) == 7


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
def test_a_claim_has_no_value_that_the_log_cannot_carry(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        Claim(item="0" * 64, text="He is a soldier", value={"casualties": value})

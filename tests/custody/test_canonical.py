"""A JSON value has one canonical form, RFC 8785's."""

from __future__ import annotations

import math
from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.custody.canonical import canonical, joined, read

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
NUMBERS = st.integers(-(2**53) + 1, 2**53 - 1)
SCALARS = st.none() | st.booleans() | NUMBERS | TEXT
NAMES = st.text(st.characters(max_codepoint=127), max_size=5) | TEXT
VALUES = st.recursive(
    SCALARS | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_every_value_is_written_as_the_reference_writes_it(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.dictionaries(st.text(st.characters(max_codepoint=127)), SCALARS))
def test_the_short_way_for_plain_objects_writes_the_same_bytes(value: dict[str, Any]) -> None:
    assert canonical(value) == rfc8785.dumps(value)


@given(st.dictionaries(NAMES, VALUES, max_size=6))
@example({"\ufb33": 1, "\U0001f600": 2, "a": [1.5]})
def test_an_object_joined_from_written_values_is_the_canonical_one(value: dict[str, Any]) -> None:
    assert joined({name: canonical(held) for name, held in value.items()}) == rfc8785.dumps(value)


def test_a_name_that_is_no_text_is_refused_in_joining_too() -> None:
    for names in ({"\ud800": b"1"}, {"\ud800": b"1", "a": b"2"}):
        with pytest.raises(ValueError, match="surrogate"):
            joined(names)


@given(VALUES)
@example(4.553661551710977e16)
@example([1e20, -1e21, 2.0**53])
def test_reading_undoes_writing(value: Any) -> None:
    assert read(canonical(value)) == value
    assert canonical(read(canonical(value))) == canonical(value)


def test_the_example_of_the_standard_comes_out_as_printed_there() -> None:
    """RFC 8785, sections 3.2.2 and 3.2.3: input and result."""
    value = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": '\u20ac$\u000f\u000aA\'B"\\\\"/',
        "literals": [None, True, False],
    }
    assert (
        canonical(value)
        == (
            '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
            '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
        ).encode()
    )


def test_names_are_sorted_by_utf_16_code_units_not_by_code_points() -> None:
    """RFC 8785, 3.2.3: a surrogate pair (U+1F600) sorts before U+FB33, although its code point is higher."""
    assert canonical({"\ufb33": 1, "\U0001f600": 2}) == '{"\U0001f600":2,"\ufb33":1}'.encode()


@pytest.mark.parametrize(
    "value",
    [math.nan, math.inf, 2**53, -(2**53), "\ud800", {"\udfff": 1}, {1: 2}, {"a": {3}}, b"bytes", ...],
    ids=repr,
)
def test_what_has_no_canonical_form_is_refused_in_plain_words(value: Any) -> None:
    with pytest.raises(ValueError, match="no canonical JSON form"):
        canonical(value)


def test_a_value_within_itself_is_refused() -> None:
    endless: list[Any] = []
    endless.append(endless)
    with pytest.raises(ValueError, match="nested too deeply"):
        canonical(endless)


@pytest.mark.parametrize(
    "data",
    [b'{"a":1,"a":1}', b'{"b":{"a":1,"a":2}}', b"NaN", b"[Infinity]", b"-Infinity", b"\xff", b"", b"{", b"[" * 100_000],
    ids=lambda data: repr(data[:20]),
)
def test_what_two_readers_could_understand_differently_is_not_read(data: bytes) -> None:
    with pytest.raises(ValueError, match="not readable as JSON"):
        read(data)

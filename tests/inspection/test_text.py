"""Text out of files can be carried by JSON, and nothing of it is lost."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from archiver.inspection.text import bounded, visible

ANYTHING = st.text(st.characters(), max_size=30) | st.text(st.sampled_from("\\x0u\x00\udc80\ud800a"), max_size=8)


@given(ANYTHING)
def test_what_comes_out_is_text_that_any_database_takes(content: str) -> None:
    assert json.loads(json.dumps(visible(content)).encode()) == visible(content)
    visible(content).encode()
    assert "\x00" not in visible(content)


@given(ANYTHING, ANYTHING)
def test_two_different_texts_never_come_out_alike(one: str, other: str) -> None:
    assert (visible(one) == visible(other)) == (one == other)


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_two_different_byte_strings_never_come_out_alike(one: bytes, other: bytes) -> None:
    assert (visible(one) == visible(other)) == (one == other)


def test_a_cut_is_marked() -> None:
    assert bounded("abcdef", 3) == "abc … cut, 6 in all"
    assert bounded("abc", 3) == "abc"

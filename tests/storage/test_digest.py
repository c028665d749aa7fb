"""The digest has one spelling, and parsing undoes it."""

from __future__ import annotations

import hashlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.digest import CHUNK, Digest
from storage.errors import InvalidDigest, StoreError

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # FIPS 180-4's own example
DIGESTS = st.binary(min_size=32, max_size=32).map(Digest)


def test_the_standards_example_has_the_standards_digest() -> None:
    digest = Digest.of(b"abc")
    assert str(digest) == ABC
    assert digest.short == ABC[:12]
    assert digest.base64 == "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="


@given(DIGESTS)
def test_parse_undoes_str_and_keeps_leading_zeros(digest: Digest) -> None:
    text = str(digest)
    assert len(text) == 64
    assert Digest.parse(text) == digest


@given(DIGESTS, DIGESTS)
def test_digests_are_ordered_as_their_text_is(one: Digest, other: Digest) -> None:
    assert (one < other) == (str(one) < str(other))


@given(st.text())
def test_no_other_text_is_a_digest(text: str) -> None:
    with pytest.raises(InvalidDigest):
        Digest.parse(text)


@pytest.mark.parametrize(
    "text",
    [ABC.upper(), ABC[:-1], ABC + "0", "sha256:" + ABC, ABC + "\n", " " + ABC, ABC[:-1] + "g", ABC[:-1] + "٣", ""],
)
def test_a_digest_spelled_another_way_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256") as caught:
        Digest.parse(text)
    assert isinstance(caught.value, StoreError)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_digest_of_another_length_cannot_be_made(size: int) -> None:
    with pytest.raises(InvalidDigest):
        Digest(bytes(size))


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_a_stream_is_hashed_whole_from_where_it_stands(size: int) -> None:
    data = (b"0123456789abcdef" * (size // 16 + 1))[:size]
    stream = io.BytesIO(b"skipped" + data)
    stream.seek(7)
    assert Digest.of_stream(stream) == (Digest(hashlib.sha256(data).digest()), size)

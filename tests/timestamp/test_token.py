"""A time stamp is taken only if all of it holds: real tokens of OpenSSL's responder, good and bad in every way."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.timestamp.authority import trusted
from archiver.timestamp.der import NotDer, elements, in_order, whole
from archiver.timestamp.errors import StampRefused
from archiver.timestamp.token import query_over, verified
from tests.archive.desk import flip
from tests.servers.authority import POLICY

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.servers.authority import Authority

DATA = b"archive.example/desk\n42\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"


def test_a_good_token_says_who_when_and_until_when(authority: Authority) -> None:
    query = query_over(DATA)
    token = verified(authority.answer(query), query, DATA, trusted(authority.root), policy=POLICY)

    assert abs(token.time - datetime.now(tz=UTC)) < timedelta(minutes=1)
    assert token.policy == POLICY
    assert token.signer == "CN=Test Authority Signer"
    assert [each.subject.rfc4514_string() for each in token.chain] == [token.signer, "CN=Test Authority Root"]
    assert token.ends == token.chain[0].not_valid_after_utc
    assert token.pem.count(b"BEGIN CERTIFICATE") == 2


def test_a_chain_with_a_certificate_between_is_followed(make_authority: Callable[..., Authority]) -> None:
    authority = make_authority(intermediate=True)
    query = query_over(DATA)
    token = verified(authority.answer(query), query, DATA, trusted(authority.root))

    names = [each.subject.rfc4514_string() for each in token.chain]
    assert names == ["CN=Test Authority Signer", "CN=Test Authority Between", "CN=Test Authority Root"]
    with pytest.raises(StampRefused):  # a certificate that comes with the token is a way, and no end
        verified(authority.answer(query), query, DATA, trusted(authority.directory / "signer.pem"))


@pytest.mark.parametrize("named_by", ["sha1", "sha384", "sha512"])
def test_every_hash_that_names_the_signers_certificate_is_understood(
    make_authority: Callable[..., Authority], named_by: str
) -> None:
    authority = make_authority(named_by=named_by)
    query = query_over(DATA)
    assert verified(authority.answer(query), query, DATA, trusted(authority.root)).policy == POLICY


def test_a_query_is_over_the_digest_and_never_twice_the_same() -> None:
    first, second = query_over(DATA), query_over(DATA)

    assert sha256(DATA).digest() in first
    assert DATA not in first
    assert first != second


def test_a_token_over_other_bytes_is_refused(authority: Authority) -> None:
    query = query_over(DATA)
    with pytest.raises(StampRefused, match="not over these bytes"):
        verified(authority.answer(query), query, DATA + b"x", trusted(authority.root))
    with pytest.raises(StampRefused, match="another digest"):
        verified(authority.answer(authority.query(b"else")), query, DATA, trusted(authority.root))


def test_a_token_with_another_nonce_or_none_is_refused(authority: Authority) -> None:
    query = query_over(DATA)
    replayed = authority.answer(authority.same_digest(query))
    with pytest.raises(StampRefused, match="another nonce"):
        verified(replayed, query, DATA, trusted(authority.root))

    without = authority.same_digest(query, nonce=False)
    with pytest.raises(StampRefused, match="no nonce"):
        verified(authority.answer(without), without, DATA, trusted(authority.root))
    with pytest.raises(StampRefused, match="another nonce"):
        verified(authority.answer(without), query, DATA, trusted(authority.root))


def test_a_token_under_another_policy_is_refused(authority: Authority) -> None:
    query = query_over(DATA)
    with pytest.raises(StampRefused, match=r"policy 1\.2\.3\.4\.1, not 1\.2\.3\.4\.2"):
        verified(authority.answer(query), query, DATA, trusted(authority.root), policy="1.2.3.4.2")


def test_a_token_of_an_authority_that_nobody_trusts_is_refused(
    authority: Authority, make_authority: Callable[..., Authority]
) -> None:
    impostor = make_authority(name="Test Authority")  # every name is the same; the keys are not
    query = query_over(DATA)
    with pytest.raises(StampRefused, match="does not verify"):
        verified(impostor.answer(query), query, DATA, trusted(authority.root))


def test_a_certificate_that_comes_with_a_token_is_never_trusted_for_that(authority: Authority) -> None:
    query = query_over(DATA)
    response = authority.answer(query)
    roots = trusted(authority.root)
    assert verified(response, query, DATA, roots).chain[1] in roots
    with pytest.raises(StampRefused):
        verified(response, query, DATA, ())


def test_a_certificate_that_had_ended_is_refused_and_one_that_has_ended_since_is_not(
    make_authority: Callable[..., Authority],
) -> None:
    expired = make_authority(days=-5)
    query = query_over(DATA)
    with pytest.raises(StampRefused, match="certificate has expired"):
        verified(expired.answer(query), query, DATA, trusted(expired.root))

    brief = make_authority(days=3 / 86_400)
    query = query_over(DATA)
    response = brief.answer(query)
    token = verified(response, query, DATA, trusted(brief.root))
    while datetime.now(tz=UTC) <= token.ends:
        time.sleep(0.1)
    assert verified(response, query, DATA, trusted(brief.root)) == token


@pytest.mark.parametrize(
    "purpose",
    [
        "extendedKeyUsage = critical, codeSigning",
        "extendedKeyUsage = timeStamping",
        "extendedKeyUsage = critical, timeStamping, codeSigning",
        "",
    ],
    ids=["another purpose", "not critical", "one more purpose", "no purpose"],
)
def test_a_certificate_that_is_not_for_time_stamping_alone_is_refused(
    make_authority: Callable[..., Authority], purpose: str
) -> None:
    authority = make_authority(purpose=purpose)
    query = query_over(DATA)
    with pytest.raises(StampRefused, match="unsuitable certificate purpose"):
        verified(authority.misused(query), query, DATA, trusted(authority.root))


def test_the_same_token_with_the_right_purpose_is_taken(make_authority: Callable[..., Authority]) -> None:
    authority = make_authority(purpose="extendedKeyUsage = critical, timeStamping")
    query = query_over(DATA)
    assert verified(authority.misused(query), query, DATA, trusted(authority.root)).policy == POLICY


def test_a_token_that_names_no_certificate_or_another_one_is_refused(make_authority: Callable[..., Authority]) -> None:
    authority = make_authority()
    authority.twins()
    query, roots = query_over(DATA), trusted(authority.root)

    assert verified(authority.misused(query, signer="one.pem"), query, DATA, roots).policy == POLICY
    with pytest.raises(StampRefused, match="does not sign which certificate"):
        verified(authority.misused(query, "-nosmimecap", signer="one.pem"), query, DATA, roots)
    swapped = authority.misused(query, "-cades", "-nocerts", "-certfile", "two.pem", signer="one.pem")
    with pytest.raises(StampRefused, match="made with another certificate"):
        verified(swapped, query, DATA, roots)


def test_a_rejection_is_told_in_the_authoritys_words(authority: Authority) -> None:
    query = query_over(DATA)
    with pytest.raises(StampRefused, match="did not grant a time stamp: rejection: Bad request format"):
        verified(authority.answer(b"\x30\x03\x02\x01\x01"), query, DATA, trusted(authority.root))


def test_no_flipped_bit_in_what_is_signed_is_taken_and_none_anywhere_breaks_anything(authority: Authority) -> None:
    query = query_over(DATA)
    response, roots = authority.answer(query), trusted(authority.root)
    good = verified(response, query, DATA, roots)
    certificates = _set_of_certificates(response)

    for place in range(len(response)):
        try:
            token = verified(flip(response, place, place % 8), query, DATA, roots)
        except StampRefused:
            continue
        # Outside the signature nothing can be altered but what nobody reads.
        assert (token.time, token.serial, token.policy) == (good.time, good.serial, good.policy)
        assert place in certificates or place < 40 or place > certificates.stop


def _set_of_certificates(response: bytes) -> range:
    content_info = elements(response, whole(response).content, len(response))[1]
    wrapped = elements(response, content_info.content, content_info.end)[1]
    signed_data = elements(response, elements(response, wrapped.content, wrapped.end)[0].content, wrapped.end)
    return range(signed_data[3].start, signed_data[3].end)


@given(st.binary(max_size=400))
def test_any_bytes_are_refused_and_break_nothing(data: bytes) -> None:
    with pytest.raises(StampRefused):
        verified(data, query_over(DATA), DATA, ())


@given(st.data())
def test_any_part_of_a_response_is_refused(authority_answer: bytes, data: st.DataObject) -> None:
    length = data.draw(st.integers(0, len(authority_answer) - 1))
    with pytest.raises(StampRefused):
        verified(authority_answer[:length], query_over(DATA), DATA, ())


@pytest.fixture(scope="module")
def authority_answer(one_authority: Authority) -> bytes:
    return one_authority.answer(query_over(DATA))


def test_the_copy_is_sorted_and_says_the_same(authority_answer: bytes) -> None:
    copy = in_order(authority_answer)
    places = _set_of_certificates(copy)
    each = _elements_of(copy, places)

    assert each == sorted(each)
    assert sorted(_elements_of(authority_answer, places)) == each
    assert copy[: places.start] == authority_answer[: places.start]
    assert copy[places.stop :] == authority_answer[places.stop :]
    assert in_order(copy) == copy


def _elements_of(response: bytes, places: range) -> list[bytes]:
    (certificates,) = elements(response, places.start, places.stop)
    return [response[e.start : e.end] for e in elements(response, certificates.content, certificates.end)]


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x80", b"\x30\x81", b"\x30\x02\x01", b"\x31\x00", b"\x30\x00\x00", b"\x1f\x81\x00"]
)
def test_what_is_no_der_is_refused(data: bytes) -> None:
    with pytest.raises(NotDer):
        in_order(data)

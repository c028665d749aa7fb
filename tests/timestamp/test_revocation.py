"""Lists of revoked certificates are read when a stamp is made, checked and kept; who is on one is refused."""

from __future__ import annotations

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import (
    CertificateBuilder,
    CertificateRevocationListBuilder,
    DeltaCRLIndicator,
    IssuingDistributionPoint,
    ObjectIdentifier,
    ReasonFlags,
    UniformResourceIdentifier,
    UnrecognizedExtension,
    load_der_x509_crl,
    load_pem_x509_certificate,
)

from archiver.timestamp.errors import StampRefused
from archiver.timestamp.kept import Stamp
from archiver.timestamp.revocation import fetched, verified_whole
from archiver.timestamp.token import query_over, verified

if TYPE_CHECKING:
    from collections.abc import Callable

    from cryptography.x509 import Certificate

    from archiver.timestamp.token import Token
    from tests.servers.authority import Authority

DATA = b"a checkpoint"


def stamped(authority: Authority) -> tuple[Stamp, Token, tuple[Certificate, ...]]:
    roots = (load_pem_x509_certificate(authority.root.read_bytes()),)
    query = query_over(DATA)
    response = authority.answer(query)
    token = verified(response, query, DATA, roots)
    return Stamp(note=DATA, tsq=query, tsr=response, pem=token.pem), token, roots


def test_a_list_that_holds_is_kept_and_holds_again_later(make_authority: Callable[..., Authority]) -> None:
    authority = make_authority(revocation=True)
    stamp, token, roots = stamped(authority)

    kept, _, notes = fetched(token, seconds=10)

    assert notes == []
    assert kept.startswith(b"-----BEGIN X509 CRL-----")
    assert verified_whole(replace(stamp, crl=kept), roots).time == token.time


def test_who_is_revoked_is_refused_at_once_and_in_what_was_kept(make_authority: Callable[..., Authority]) -> None:
    authority = make_authority(revocation=True)
    stamp, token, roots = stamped(authority)
    authority.revoke()

    with pytest.raises(StampRefused, match="was revoked on"):
        fetched(token, seconds=10)
    named = load_der_x509_crl(authority.revocations()).public_bytes(Encoding.PEM)
    with pytest.raises(StampRefused, match="was revoked on"):
        verified_whole(replace(stamp, crl=named), roots)


@pytest.mark.parametrize(
    ("served", "said"),
    [
        ("not a list", "no list of revoked certificates"),
        ("another's", "not signed by the certificate's issuer"),
        ("ended", "did not hold at the token's time"),
        ("altered", "not signed|no list|cannot be read"),
        ("huge", "more than"),
    ],
)
def test_a_list_that_is_none_is_told_and_not_kept(
    make_authority: Callable[..., Authority], served: str, said: str
) -> None:
    authority, other = make_authority(revocation=True), make_authority(revocation=True)
    good = bytearray(authority.revocations())
    good[-5] ^= 1
    authority.revoked = {
        "not a list": b"<html>Welcome to the hotel's network</html>",
        "another's": other.revocations(),
        "ended": authority.revocations(hours=0),
        "altered": bytes(good),
        "huge": bytes(5_000_000),
    }[served]
    _, token, _ = stamped(authority)

    kept, _, notes = fetched(token, seconds=10)

    assert kept == b""
    (note,) = notes
    assert "whether a certificate was revoked is not known" in note
    import re  # noqa: PLC0415 - of this check alone

    assert re.search(said, note), note


def test_an_authority_whose_list_cannot_be_had_stamps_all_the_same(make_authority: Callable[..., Authority]) -> None:
    authority = make_authority(revocation=True)
    _, token, _ = stamped(authority)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        dead = f":{held.getsockname()[1]}/"
        url = authority.url
        authority.lists_at = url.replace(url[url.rindex(":") : url.rindex("/") + 1], dead) + "/crl"
        authority.issue(100)
        _, token, _ = stamped(authority)
        kept, _, notes = fetched(token, seconds=5)

    assert kept == b""
    assert "cannot be reached" in notes[0]


@pytest.mark.parametrize("junk", [b"x", b"-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n"])
def test_what_lies_in_a_stamp_as_revocation_data_and_is_none_is_refused(authority: Authority, junk: bytes) -> None:
    stamp, _, roots = stamped(authority)

    with pytest.raises(StampRefused):
        verified_whole(replace(stamp, crl=junk), roots)


def test_a_certificate_that_names_no_list_needs_none(authority: Authority) -> None:
    stamp, token, roots = stamped(authority)

    assert fetched(token, seconds=1) == (b"", b"", [])
    assert verified_whole(stamp, roots).time - datetime.now(tz=UTC) < timedelta(minutes=1)


def scope(**said: object) -> IssuingDistributionPoint:
    """Which certificates a list is for; for all, where nothing is said."""
    nothing = {"full_name": None, "relative_name": None, "only_some_reasons": None}
    only = dict.fromkeys(("only_contains_user_certs", "only_contains_ca_certs", "indirect_crl"), False)
    return IssuingDistributionPoint(**nothing | only | {"only_contains_attribute_certs": False} | said)  # type: ignore[arg-type] # by name


def at(url: str) -> list[UniformResourceIdentifier]:
    return [UniformResourceIdentifier(url)]


OTHERS = {
    "of authorities": scope(only_contains_ca_certs=True),
    "of attributes": scope(only_contains_attribute_certs=True),
    "of another issuer": scope(indirect_crl=True),
    "for one reason": scope(only_some_reasons=frozenset({ReasonFlags.key_compromise})),
    "of another place": scope(full_name=at("http://127.0.0.1/another/crl")),
    "a change": DeltaCRLIndicator(7),
    "not understood": UnrecognizedExtension(ObjectIdentifier("1.2.3.4.5"), b"\x05\x00"),
}
"""What an issuer signs beside its whole list, and what names nobody whom another list names."""


@pytest.mark.parametrize("name", [*OTHERS, "none of these"])
def test_a_list_of_the_same_issuer_that_is_not_for_this_certificate_proves_nothing(
    make_authority: Callable[..., Authority], name: str
) -> None:
    authority = make_authority(revocation=True)
    stamp, token, roots = stamped(authority)
    authority.revoke()
    issuer = token.chain[1]
    begins = token.time - timedelta(hours=1)
    built = CertificateRevocationListBuilder().issuer_name(issuer.subject)
    built = built.last_update(begins).next_update(begins + timedelta(days=1))
    good = scope(only_contains_user_certs=True, full_name=at(authority.lists_at))
    built = built.add_extension(OTHERS.get(name, good), critical=True)
    key = load_pem_private_key((authority.directory / "root.key").read_bytes(), None)
    read = built.sign(key, SHA256())  # type: ignore[arg-type] # an EC key
    authority.revoked = read.public_bytes(Encoding.DER)

    kept, _, notes = fetched(token, seconds=10)

    if name in OTHERS:
        assert kept == b""
        assert "does not tell of this certificate" in notes[0]
        with pytest.raises(StampRefused, match="does not tell of this certificate"):
            verified_whole(replace(stamp, crl=read.public_bytes(Encoding.PEM)), roots)
    else:  # what was signed for just this place, before it was revoked, is as good as any older list
        assert notes == []
        assert verified_whole(replace(stamp, crl=kept), roots).time == token.time


@pytest.mark.parametrize("oid", ["2.5.29.31", "1.3.6.1.5.5.7.1.1"], ids=["lists", "responders"])
def test_a_certificate_whose_word_on_where_to_ask_is_none_is_told_and_no_bug_of_ours(
    authority: Authority, oid: str
) -> None:
    _, token, _ = stamped(authority)
    key = load_pem_private_key((authority.directory / "root.key").read_bytes(), None)
    good = token.chain[0]
    odd = (
        CertificateBuilder(good.issuer, good.subject, good.public_key(), good.serial_number)
        .not_valid_before(good.not_valid_before_utc)
        .not_valid_after(good.not_valid_after_utc)
        .add_extension(UnrecognizedExtension(ObjectIdentifier(oid), b"\x04\x02no"), critical=False)
        .sign(key, SHA256())  # type: ignore[arg-type] # an EC key
    )

    lists, said, (note,) = fetched(replace(token, chain=(odd, *token.chain[1:])), seconds=1)

    assert (lists, said) == (b"", b"")
    assert "where to ask cannot be read" in note

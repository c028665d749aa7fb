"""Where a certificate names a responder and no list, that is asked, checked and kept; who is revoked is refused."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from cryptography.x509.ocsp import (
    OCSPCertStatus,
    OCSPRequestBuilder,
    OCSPResponderEncoding,
    OCSPResponseBuilder,
    OCSPResponseStatus,
    load_der_ocsp_response,
)

from archiver.timestamp.errors import StampRefused
from archiver.timestamp.kept import Stamp
from archiver.timestamp.revocation import fetched, verified_whole
from archiver.timestamp.token import Token, query_over, verified
from tests.archive.desk import flip
from tests.servers.authority import Authority

if TYPE_CHECKING:
    from datetime import datetime

    from cryptography.x509 import Certificate

DATA = b"a checkpoint"
DAY = timedelta(days=1)


def stamped(authority: Authority) -> tuple[Stamp, Token, tuple[Certificate, ...]]:
    roots = (load_pem_x509_certificate(authority.root.read_bytes()),)
    query = query_over(DATA)
    response = authority.answer(query)
    token = verified(response, query, DATA, roots)
    return Stamp(note=DATA, tsq=query, tsr=response, pem=token.pem), token, roots


def request(token: Token, *, of: Certificate | None = None) -> bytes:
    builder = OCSPRequestBuilder().add_certificate(of or token.chain[0], token.chain[1], hashes.SHA1())  # noqa: S303 - names, and proves nothing
    return builder.build().public_bytes(Encoding.DER)


def certificate(authority: Authority, name: str) -> Certificate:
    return load_pem_x509_certificate((authority.directory / f"{name}.pem").read_bytes())


def said(authority: Authority, token: Token, begins: datetime, ends: datetime | None) -> bytes:
    """What the authority's own responder says at another time than this."""
    signer = certificate(authority, "responder")
    key = load_pem_private_key((authority.directory / "signer.key").read_bytes(), None)
    builder = OCSPResponseBuilder().add_response(
        token.chain[0], token.chain[1], hashes.SHA256(), OCSPCertStatus.GOOD, begins, ends, None, None
    )
    builder = builder.responder_id(OCSPResponderEncoding.NAME, signer).certificates([signer])
    return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)  # type: ignore[arg-type] # an EC key


def altered(response: bytes) -> bytes:
    """A bit of what is signed: of the time at which it was said."""
    return flip(response, response.index(load_der_ocsp_response(response).tbs_response_bytes) + 60)


@pytest.fixture(scope="module", params=[False, True], ids=["root", "between"])
def asks(request: pytest.FixtureRequest, make_authority: Callable[..., Authority]) -> Authority:
    """An authority whose certificate names a responder; the root issued it, or a certificate between."""
    return make_authority(status=True, intermediate=request.param)


@pytest.fixture
def one(make_authority: Callable[..., Authority]) -> Authority:
    return make_authority(status=True)


@pytest.mark.parametrize("signer", ["responder", "issuer"])
def test_a_good_status_is_kept_as_it_came_and_holds_again_later(asks: Authority, signer: str) -> None:
    stamp, token, roots = stamped(asks)
    issuer = "between" if len(token.chain) > 2 else "root"
    asks.said = asks.status(request(token), signer=signer.replace("issuer", issuer))

    lists, kept, notes = fetched(token, seconds=10)

    assert (lists, notes) == (b"", [])
    assert kept == asks.said
    whole = replace(stamp, ocsp=kept)
    asks.said = b"nobody is asked again"
    assert verified_whole(whole, roots).time == token.time
    # And a stranger with OpenSSL alone is told the same; the certificate's issuer is the second of the chain.
    folder = asks.directory
    (folder / "kept.ocsp").write_bytes(kept)
    (folder / "signed-by.pem").write_bytes(token.chain[1].public_bytes(Encoding.PEM))
    (folder / "about.pem").write_bytes(token.chain[0].public_bytes(Encoding.PEM))
    words = ["-respin", "kept.ocsp", "-issuer", "signed-by.pem", "-cert", "about.pem", "-CAfile", "root.pem"]
    more = ["-verify_other", "signed-by.pem", "-no_nonce"]
    told = subprocess.run(["openssl", "ocsp", *words, *more], cwd=folder, capture_output=True, text=True, check=False)
    assert "Response verify OK" in told.stderr
    assert "about.pem: good" in told.stdout


def test_who_is_revoked_is_refused_at_once_and_in_what_was_kept(one: Authority) -> None:
    stamp, token, roots = stamped(one)
    one.revoke()

    with pytest.raises(StampRefused, match=r"was revoked on 20.* says its issuer's responder"):
        fetched(token, seconds=10)
    with pytest.raises(StampRefused, match="was revoked on"):
        verified_whole(replace(stamp, ocsp=one.status(request(token))), roots)


Answer = Callable[[Authority, Authority, Token], bytes]
"""What is answered: by an authority, with another one that is nobody's here, about the signer of a token."""

UNBELIEVED: dict[str, tuple[Answer, str]] = {
    "unknown": (lambda one, _, token: one.status(request(token), index="empty.txt"), "does not know the certificate"),
    "signed by another authority": (
        lambda _, other, token: said(other, token, token.time, token.time + DAY),
        "not signed by the certificate's issuer, or by whom it sent for that",
    ),
    "signed with a certificate that is not for it": (
        lambda one, _, token: one.status(request(token), signer="misused"),
        "not signed by the certificate's issuer, or by whom it sent for that",
    ),
    "about another certificate": (
        lambda one, _, token: one.status(request(token, of=certificate(one, "misused"))),
        "about another certificate",
    ),
    "ended": (
        lambda one, _, token: said(one, token, token.time - 2 * DAY, token.time - DAY),
        "did not hold at the token's time",
    ),
    "not yet": (
        lambda one, _, token: said(one, token, token.time + DAY, token.time + 2 * DAY),
        "did not hold at the token's time",
    ),
    "old, and without an end": (
        lambda one, _, token: said(one, token, token.time - DAY, None),
        "did not hold at the token's time",
    ),
    "over a broken digest": (lambda one, _, token: one.status(request(token), digest="sha1"), "signed over sha1"),
    "altered": (lambda one, _, token: altered(one.status(request(token))), "not signed|cannot be read"),
    "try later": (
        lambda *_: OCSPResponseBuilder.build_unsuccessful(OCSPResponseStatus.TRY_LATER).public_bytes(Encoding.DER),
        "has no answer: try_later",
    ),
    "no response": (lambda *_: b"\x30\x03\x02\x01\x01", "cannot be read"),
    "huge": (lambda *_: bytes(200_000), "more than"),
}


@pytest.mark.parametrize("name", UNBELIEVED)
def test_what_cannot_be_believed_is_told_and_not_kept_and_is_refused_beside_a_stamp(
    one: Authority, authority: Authority, name: str
) -> None:
    stamp, token, roots = stamped(one)
    (one.directory / "empty.txt").write_text("")
    answer, told = UNBELIEVED[name]
    good, one.said = one.status(request(token)), answer(one, authority, token)

    lists, kept, (note,) = fetched(token, seconds=10)

    assert (lists, kept) == (b"", b"")
    assert note.startswith("whether a certificate was revoked is not known")
    assert re.search(told, note), note
    for beside in (one.said, good + one.said, good + b"x"):
        with pytest.raises(StampRefused):
            verified_whole(replace(stamp, ocsp=beside), roots)
    verified_whole(replace(stamp, ocsp=good), roots)


def test_a_list_is_read_where_the_certificate_names_one_and_nobody_is_asked(
    make_authority: Callable[..., Authority],
) -> None:
    both = make_authority(status=True, revocation=True)
    both.said = b"nobody is asked"
    _, token, _ = stamped(both)

    lists, kept, notes = fetched(token, seconds=10)

    assert lists.startswith(b"-----BEGIN X509 CRL-----")
    assert (kept, notes) == (b"", [])

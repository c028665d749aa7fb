"""Whether a certificate behind a time stamp was good, as a responder says that its issuer names (OCSP, RFC 6960).

1. It is asked where a certificate names a responder and no list of revoked certificates (lists are read by
   ``archiver.timestamp.revocation``); over http or https, bounded in size and time. The first responder that answers
   well is believed.
2. A response is good if it was signed by the certificate's own issuer, or with a certificate that this issuer made for
   just that (``id-kp-OCSPSigning``, 4.2.2.2) and that was valid then; and over a digest that is not broken.
3. It must tell of this certificate (``CertID``: the issuer's name and key, and the number), and have held at the
   token's time: ``thisUpdate`` not behind it, ``nextUpdate`` not before it. One without ``nextUpdate`` says that newer
   ones are always to be had (4.2.2.1), so it holds for its own moment alone.
4. *Good* is kept, the whole response as it came; *revoked* refuses the stamp; *unknown* says nothing, and is told.

No nonce is sent: most responders answer with what they signed beforehand (RFC 5019), and a response is held against
the token's time, whenever it was signed. Whether the responder's own certificate was revoked is not asked.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from archiver.timestamp.asking import ask_status
from archiver.timestamp.der import NotDer, first_of
from archiver.timestamp.errors import Revoked, StampRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from cryptography.x509 import Certificate
    from cryptography.x509.ocsp import OCSPResponse, OCSPSingleResponse

LATER = timedelta(minutes=1)
"""By how much what is asked afterwards may be younger than the token: it is, and two clocks of one authority differ."""

_STRONG = ("sha256", "sha384", "sha512")


@dataclass(frozen=True, slots=True)
class Pair:
    """A certificate and the one that issued it."""

    certificate: Certificate
    issuer: Certificate


def responders(certificate: Certificate) -> Iterator[str]:
    """Where the certificate's issuer says that its status can be asked for."""
    from cryptography import x509  # noqa: PLC0415 - heavy
    from cryptography.x509.oid import AuthorityInformationAccessOID  # noqa: PLC0415 - as above

    try:
        named = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return
    for each in named:
        if each.access_method == AuthorityInformationAccessOID.OCSP:
            place = each.access_location
            if isinstance(place, x509.UniformResourceIdentifier) and place.value.startswith(("http://", "https://")):
                yield place.value


def asked(url: str, pair: Pair, moment: datetime, *, seconds: float) -> bytes:
    """Ask one responder, and give back its response, which says *good*.

    Raises:
        StampRefused: no answer, or one that cannot be believed, or that does not know the certificate.
        Revoked: the certificate was.
    """
    from cryptography.hazmat.primitives.hashes import SHA1  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - as above
    from cryptography.x509.ocsp import OCSPRequestBuilder  # noqa: PLC0415 - as above

    # SHA-1 names the issuer here, as responders must understand (RFC 5019, 2.1.1), and proves nothing.
    request = OCSPRequestBuilder().add_certificate(pair.certificate, pair.issuer, SHA1()).build()  # noqa: S303 - as said
    response = ask_status(url, request.public_bytes(Encoding.DER), seconds=seconds)
    if not check(response, [pair], moment):
        raise StampRefused("the responder's answer is about another certificate")
    return response


def check(response: bytes, pairs: list[Pair], moment: datetime) -> list[Pair]:
    """Those of these certificates that a response says to be good; steps 2 to 4.

    Args:
        response: one OCSPResponse, DER.
        pairs: certificates that it may be about.
        moment: the token's time.

    Raises:
        StampRefused: it is no response, or about one of them and not to be believed, or does not know it.
        Revoked: one of them was.
    """
    from cryptography import x509  # noqa: PLC0415 - heavy
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above
    from cryptography.x509.ocsp import OCSPResponseStatus, load_der_ocsp_response  # noqa: PLC0415 - as above

    try:
        read = load_der_ocsp_response(response)
        if read.response_status is not OCSPResponseStatus.SUCCESSFUL:
            raise StampRefused(f"the responder has no answer: {read.response_status.name.lower()}")
        singles = list(read.responses)
        about = [(pair, each) for pair in pairs for each in singles if _is_about(each, pair)]
        for pair, _ in about:
            _signed(read, pair.issuer)  # step 2, before anything that it says is believed
        for pair, each in about:
            _held(each, pair, moment)
    except (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension) as error:
        raise StampRefused(f"the responder's answer cannot be read: {error}") from error
    return [pair for pair, _ in about]


def every_response(kept: bytes) -> Iterator[bytes]:
    """The responses that were kept one behind another, each DER.

    Raises:
        StampRefused: there is something else between or behind them.
    """
    try:
        while kept:
            end = first_of(kept)
            yield kept[:end]
            kept = kept[end:]
    except NotDer as error:
        raise StampRefused(f"what a responder said that was kept with it is none: {error}") from error


def _is_about(each: OCSPSingleResponse, pair: Pair) -> bool:
    """Step 3: the whole CertID, by the digest that the responder chose."""
    from cryptography.x509.ocsp import OCSPRequestBuilder  # noqa: PLC0415 - heavy

    own = OCSPRequestBuilder().add_certificate(pair.certificate, pair.issuer, each.hash_algorithm).build()
    names = ("serial_number", "issuer_name_hash", "issuer_key_hash")
    return all(getattr(own, name) == getattr(each, name) for name in names)


def _signed(read: OCSPResponse, issuer: Certificate) -> None:
    """Step 2."""
    digest = read.signature_hash_algorithm
    if digest is not None and digest.name not in _STRONG:
        raise StampRefused(f"the responder's answer is signed over {digest.name}, which proves nothing")
    signers = [each for each in (issuer, *read.certificates) if _is_named(read, each)]
    for signer in signers:
        if signer != issuer and not _may_answer(signer, issuer, read.produced_at_utc):
            continue
        if _verifies(read, signer):
            return
    raise StampRefused("the responder's answer is not signed by the certificate's issuer, or by whom it sent for that")


def _is_named(read: OCSPResponse, certificate: Certificate) -> bool:
    from cryptography import x509  # noqa: PLC0415 - heavy

    if read.responder_key_hash is not None:
        return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest == read.responder_key_hash
    return certificate.subject == read.responder_name


def _may_answer(certificate: Certificate, issuer: Certificate, moment: datetime) -> bool:
    from cryptography import x509  # noqa: PLC0415 - heavy
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - as above
    from cryptography.x509.oid import ExtendedKeyUsageOID  # noqa: PLC0415 - as above

    extensions = certificate.extensions
    try:
        certificate.verify_directly_issued_by(issuer)
        purposes = extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
        return False
    if certificate.not_valid_before_utc > moment or certificate.not_valid_after_utc < moment:
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in purposes


def _verifies(read: OCSPResponse, signer: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa  # noqa: PLC0415 - as above

    key, digest = signer.public_key(), read.signature_hash_algorithm
    signature, said = read.signature, read.tbs_response_bytes
    try:
        if isinstance(key, rsa.RSAPublicKey) and digest is not None:
            key.verify(signature, said, padding.PKCS1v15(), digest)
        elif isinstance(key, ec.EllipticCurvePublicKey) and digest is not None:
            key.verify(signature, said, ec.ECDSA(digest))
        elif isinstance(key, ed25519.Ed25519PublicKey):
            key.verify(signature, said)
        else:
            raise StampRefused("the responder's answer is signed in a way that is not understood here")
    except InvalidSignature:
        return False
    return True


def _held(each: OCSPSingleResponse, pair: Pair, moment: datetime) -> None:
    """Steps 3 and 4."""
    from cryptography.x509.ocsp import OCSPCertStatus  # noqa: PLC0415 - heavy

    begins, ends = each.this_update_utc, each.next_update_utc
    if begins > moment + LATER or (begins + LATER if ends is None else ends) < moment:
        raise StampRefused("the responder's answer did not hold at the token's time")
    if each.certificate_status is OCSPCertStatus.GOOD:
        return
    name = pair.certificate.subject.rfc4514_string()
    if each.certificate_status is OCSPCertStatus.REVOKED:
        when = each.revocation_time_utc
        told = f" on {when:%Y-%m-%d %H:%M} UTC" if when else ""
        raise Revoked(
            f"the authority's certificate ({name}) was revoked{told}, says its issuer's responder",
            hint="ask another authority, and this one what happened",
        )
    raise StampRefused(f"the responder does not know the certificate {name}")

"""Whether a certificate behind a time stamp was revoked when it was made (RFC 5280, section 5).

1. The lists that the chain's certificates name are read right after the token was verified: over http or https, bounded
   in size and time, of each certificate the first address that answers with a good one. The root names none: it is
   trusted, or not, by decision.
2. A list is good if the certificate's own issuer signed it, it held at the token's time, and it is the whole list for
   this certificate (5.2.4, 5.2.5): no delta, none for other kinds of certificates, for some reasons only, or of another
   issuer, and where it names its place, this is one that the certificate names. An issuer may sign many lists, and who
   is between us and its server may send any of them.
3. A certificate that a good list names is revoked: the stamp is refused. That a list cannot be had refuses nothing, and
   is told: an authority's web server that is down is no reason to have no time stamp.
4. Where a certificate names no list, and a responder, that one is asked (``archiver.timestamp.status``): the same holds
   of what it says.
5. Good lists and words are kept with the stamp, and checked again with it at the token's time. A certificate that is
   revoked later, because its key was stolen, is not in them: whoever doubts a stamp asks the authority today.
"""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

from archiver.timestamp.asking import fetch
from archiver.timestamp.errors import Revoked, StampRefused
from archiver.timestamp.kept import LARGEST_REVOCATION
from archiver.timestamp.status import LATER, Pair, asked, check, every_response, responders
from archiver.timestamp.token import verified

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from cryptography.x509 import Certificate, CertificateRevocationList

    from archiver.timestamp.kept import Stamp
    from archiver.timestamp.token import Token

_BLOCK = re.compile(rb"-----BEGIN X509 CRL-----.+?-----END X509 CRL-----\n", re.DOTALL)


def verified_whole(stamp: Stamp, roots: Sequence[Certificate], *, policy: str = "") -> Token:
    """Verify a stamp that was kept, its revocation data with it.

    Raises:
        StampRefused: the response does not verify, or a list that was kept is none, or names a certificate.
    """
    token = verified(stamp.tsr, stamp.tsq, stamp.note, roots, policy=policy)
    if b"".join(blocks := _BLOCK.findall(stamp.crl)) != stamp.crl:
        raise StampRefused("the revocation data that was kept with it is none")
    for block in blocks:  # step 5
        read = _read(block)
        pair = [p for p in zip(token.chain, token.chain[1:], strict=False) if p[0].issuer == read.issuer]
        if not pair:
            raise StampRefused("a list of revoked certificates that was kept with it is by none of its issuers")
        for certificate, issuer in pair:
            _check(read, certificate, issuer, token.time)
    pairs = [Pair(*each) for each in zip(token.chain, token.chain[1:], strict=False)]
    for response in every_response(stamp.ocsp):
        if not check(response, pairs, token.time):
            raise StampRefused("what a responder said that was kept with it is about none of its certificates")
    return token


def fetched(token: Token, *, seconds: float) -> tuple[bytes, bytes, list[str]]:
    """The good lists that a token's certificates name, in PEM; what responders said; and why others could not be had.

    Args:
        token: a token that was verified.
        seconds: how long all of it may take.

    Raises:
        StampRefused: a certificate is revoked.
    """
    from cryptography import x509  # noqa: PLC0415 - heavy
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - as above

    lists: list[bytes] = []
    said: list[bytes] = []
    notes: list[str] = []
    until = time.monotonic() + seconds
    for certificate, issuer in zip(token.chain, token.chain[1:], strict=False):
        failed: list[str] = []
        try:
            addresses, asking = list(_addresses(certificate)), list(responders(certificate))
        except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
            notes.append(f"whether a certificate was revoked is not known: where to ask cannot be read: {error}")
            continue
        for url in () if addresses else asking:  # step 4
            try:
                left = until - time.monotonic()
                said.append(asked(url, Pair(certificate, issuer), token.time, seconds=max(left, 0.01)))
            except Revoked:
                raise
            except StampRefused as error:
                failed.append(str(error))
                continue
            failed = []
            break
        for url in addresses:
            left = until - time.monotonic()
            room = LARGEST_REVOCATION - 2 * sum(map(len, lists))  # PEM is longer than DER
            try:
                data = fetch(url, seconds=max(left, 0.01), largest=room // 2, called="list of revoked certificates")
                read = _read(data)
                _check(read, certificate, issuer, token.time)
            except Revoked:
                raise
            except StampRefused as error:
                failed.append(str(error))
                continue
            lists.append(read.public_bytes(Encoding.PEM))
            failed = []
            break
        notes += [f"whether a certificate was revoked is not known: {each}" for each in failed]
    return b"".join(dict.fromkeys(lists)), b"".join(dict.fromkeys(said)), notes


def _addresses(certificate: Certificate) -> Iterator[str]:
    from cryptography import x509  # noqa: PLC0415 - heavy

    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return
    for point in points:
        for name in point.full_name or ():
            if isinstance(name, x509.UniformResourceIdentifier) and name.value.startswith(("http://", "https://")):
                yield name.value


def _read(data: bytes) -> CertificateRevocationList:
    from cryptography import x509  # noqa: PLC0415 - heavy

    try:
        if data.lstrip().startswith(b"-----BEGIN"):
            return x509.load_pem_x509_crl(data)
        return x509.load_der_x509_crl(data)
    except ValueError as error:
        raise StampRefused(f"this is no list of revoked certificates: {error}") from error


def _not_for(read: CertificateRevocationList, certificate: Certificate) -> str:
    """Why a list does not tell whether this certificate was revoked; empty where it does (RFC 5280, 6.3.3)."""
    from cryptography import x509  # noqa: PLC0415 - heavy

    for extension in read.extensions:
        match extension.value:
            case x509.IssuingDistributionPoint() as scope:
                is_ca = _is_ca(certificate)
                if scope.only_contains_attribute_certs or scope.indirect_crl or scope.only_some_reasons:
                    return "it is for others, or for some reasons only"
                if (scope.only_contains_ca_certs and not is_ca) or (scope.only_contains_user_certs and is_ca):
                    return "it is for another kind of certificates"
                places = {name.value for name in scope.full_name or () if hasattr(name, "value")}
                if scope.relative_name or (places and places.isdisjoint(_addresses(certificate))):
                    return "it belongs to another place than the certificate names"
            case x509.DeltaCRLIndicator():
                return "it tells of changes only"
            case _ if extension.critical:
                return f"it bears what is not understood here ({extension.oid.dotted_string})"
    return ""


def _is_ca(certificate: Certificate) -> bool:
    from cryptography import x509  # noqa: PLC0415 - heavy

    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _check(read: CertificateRevocationList, certificate: Certificate, issuer: Certificate, moment: datetime) -> None:
    """Steps 2 and 3."""
    from cryptography import x509  # noqa: PLC0415 - heavy
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - heavy

    try:
        signed = read.issuer == certificate.issuer and read.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
        revoked = read.get_revoked_certificate_by_serial_number(certificate.serial_number)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise StampRefused(f"the list of revoked certificates cannot be read: {error}") from error
    if not signed:
        raise StampRefused("the list of revoked certificates is not signed by the certificate's issuer")
    try:
        why = _not_for(read, certificate)
    except (ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType) as error:
        raise StampRefused(f"the list of revoked certificates cannot be read: {error}") from error
    if why:
        raise StampRefused(f"the list of revoked certificates does not tell of this certificate: {why}")
    ends = read.next_update_utc
    if read.last_update_utc > moment + LATER or (ends is not None and ends < moment):
        raise StampRefused("the list of revoked certificates did not hold at the token's time")
    if revoked is not None:
        name = certificate.subject.rfc4514_string()
        raise Revoked(
            f"the authority's certificate ({name}) was revoked on {revoked.revocation_date_utc:%Y-%m-%d %H:%M} UTC",
            hint="ask another authority, and this one what happened",
        )

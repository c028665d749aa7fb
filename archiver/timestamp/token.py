"""A time-stamp response, verified (RFC 3161, 2.2 and 2.4.2): who says that these bytes existed, when, and until when.

1. The authority granted it: nothing else of an answer counts.
2. The query is one over these bytes: SHA-256, with a nonce.
3. The token is over the same SHA-256, bears the query's nonce, and the policy that the archive asks for.
4. Its signature verifies, and the signer's chain ends in one of the trusted roots, all valid *at the token's time*; the
   certificates that come with the token are only a way there, never trusted.
5. The signer's certificate is for time stamping and nothing else, and says so critically (RFC 3161, 2.3); and it is the
   very certificate that the token signs to have been made with (``archiver.timestamp.signer``).
6. The chain is found again, certificate by certificate: before the first of them ends, the stamp is to be renewed.

Signature, chain and purpose are checked by OpenSSL, through ``rfc3161_client``. The response is read from a copy in
DER's order (``archiver.timestamp.der``), and is itself never changed.
"""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from archiver.timestamp.der import in_order, signed_data
from archiver.timestamp.errors import StampRefused
from archiver.timestamp.signer import check_signer

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from cryptography.x509 import Certificate
    from rfc3161_client import TimeStampRequest, TimeStampResponse

_SHA256 = "2.16.840.1.101.3.4.2.1"
_LONGEST_CHAIN = 8
_OPENSSL_SAYS = re.compile(r'Verify error: ?([^"]+)"')


@dataclass(frozen=True)
class Token:
    """What a verified response says.

    Attributes:
        time: when the bytes existed, as the authority says; aware, in UTC.
        policy: the policy that it was made under, a dotted number.
        serial: its number at the authority.
        signer: the signer's name (RFC 4514).
        chain: the certificates from the signer to the trusted root.
        ends: when the first of them runs out; aware, in UTC.
    """

    time: datetime
    policy: str
    serial: int
    signer: str
    chain: tuple[Certificate, ...]
    ends: datetime

    @property
    def pem(self) -> bytes:
        """The chain in PEM, the signer first."""
        from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - heavy

        return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in self.chain)


def query_over(data: bytes) -> bytes:
    """A query for a stamp over these bytes: SHA-256, a nonce, and the certificates asked for; DER."""
    from rfc3161_client import TimestampRequestBuilder  # noqa: PLC0415 - heavy
    from rfc3161_client.base import HashAlgorithm  # noqa: PLC0415 - as above

    request = (
        TimestampRequestBuilder()
        .data(data)
        .hash_algorithm(HashAlgorithm.SHA256)
        .nonce()
        .cert_request(cert_request=True)
    )
    return request.build().as_bytes()


def verified(response: bytes, query: bytes, data: bytes, roots: Sequence[Certificate], *, policy: str = "") -> Token:
    """Verify a response.

    Args:
        response: TimeStampResp as it came, DER.
        query: the TimeStampReq that it answers, DER.
        data: the bytes that were stamped.
        roots: the trusted root certificates.
        policy: the policy that is asked for, a dotted number; any where it is empty.

    Raises:
        StampRefused: some step above fails; which, and why.
    """
    from cryptography import x509  # noqa: PLC0415 - heavy
    from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - as above
    from cryptography.utils import CryptographyDeprecationWarning  # noqa: PLC0415 - as above
    from rfc3161_client import VerificationError  # noqa: PLC0415 - as above

    odd = (ValueError, TypeError, LookupError, OverflowError, UnsupportedAlgorithm, x509.InvalidVersion)
    try:
        with warnings.catch_warnings():  # of certificates that are odd and verify
            warnings.simplefilter("ignore", CryptographyDeprecationWarning)
            token = _verified(_read(response), _asked(query, data), data, roots, policy)
            signed = signed_data(response)
            if signed is not None:
                check_signer(response[signed.start : signed.end], token.chain[0].public_bytes(Encoding.DER))
            return token
    except VerificationError as error:
        found = _OPENSSL_SAYS.search(str(error))
        raise StampRefused(f"the time stamp does not verify: {found[1] if found else error}") from error
    except (*odd, x509.DuplicateExtension, x509.ExtensionNotFound, x509.UnsupportedGeneralNameType) as error:
        raise StampRefused(f"the time stamp cannot be read: {error}") from error


def _read(response: bytes) -> TimeStampResponse:
    from rfc3161_client import decode_timestamp_response  # noqa: PLC0415 - heavy
    from rfc3161_client.tsp import PKIStatus  # noqa: PLC0415 - as above

    try:
        read = decode_timestamp_response(in_order(response))
        status, said = read.status, "; ".join(read.status_string)
    except ValueError as error:
        raise StampRefused(f"the answer is no time-stamp response: {error}") from error
    if status != PKIStatus.GRANTED:  # step 1
        names = {each.value: each.name.lower() for each in PKIStatus}
        raise StampRefused(f"the authority did not grant a time stamp: {names.get(status, status)}: {said[:300]}")
    return read


def _asked(query: bytes, data: bytes) -> TimeStampRequest:
    from rfc3161_client._rust import parse_timestamp_request  # noqa: PLC0415 - heavy

    asked: TimeStampRequest = parse_timestamp_request(query)
    imprint = asked.message_imprint
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != sha256(data).digest():  # step 2
        raise StampRefused("the query is not over these bytes")
    if asked.nonce is None:
        raise StampRefused("the query has no nonce, so its answer may be a replayed one")
    return asked


def _verified(
    response: TimeStampResponse, asked: TimeStampRequest, data: bytes, roots: Sequence[Certificate], policy: str
) -> Token:
    from cryptography.x509 import ObjectIdentifier  # noqa: PLC0415 - heavy
    from rfc3161_client import VerifierBuilder  # noqa: PLC0415 - as above

    stamped = response.tst_info
    imprint = stamped.message_imprint
    if imprint.hash_algorithm.dotted_string != _SHA256 or imprint.message != sha256(data).digest():  # step 3
        raise StampRefused("the time stamp is over another digest than that of these bytes")
    if stamped.nonce != asked.nonce:
        raise StampRefused("the time stamp bears another nonce than the query: it answers something else")
    if policy and stamped.policy.dotted_string != policy:
        raise StampRefused(f"the time stamp was made under the policy {stamped.policy.dotted_string}, not {policy}")
    verifier = VerifierBuilder(
        policy_id=ObjectIdentifier(policy) if policy else None, roots=list(roots), nonce=asked.nonce
    )
    verifier.build().verify(response, sha256(data).digest())  # steps 4 and 5
    chain = _chain(response, roots)
    return Token(
        time=stamped.gen_time,
        policy=stamped.policy.dotted_string,
        serial=stamped.serial_number,
        signer=chain[0].subject.rfc4514_string(),
        chain=chain,
        ends=min(certificate.not_valid_after_utc for certificate in chain),
    )


def _chain(response: TimeStampResponse, roots: Sequence[Certificate]) -> tuple[Certificate, ...]:
    """Step 6, from the signer up."""
    from cryptography.x509 import load_der_x509_certificate  # noqa: PLC0415 - heavy

    with_it = [load_der_x509_certificate(each) for each in response.signed_data.certificates]
    (info,) = response.signed_data.signer_infos
    signers = [c for c in with_it if (c.issuer, c.serial_number) == (info.issuer, info.serial_number)]
    if len(signers) != 1:
        raise StampRefused("the time stamp does not come with its signer's certificate")
    time, chain = response.tst_info.gen_time, signers
    while chain[-1] not in roots:
        above = [c for c in (*roots, *with_it) if c not in chain and _issued(c, chain[-1]) and _valid(c, time)]
        if not above or len(chain) == _LONGEST_CHAIN:
            raise StampRefused("the signer's certificate does not lead to a trusted root")
        chain.append(above[0])
    if not all(_valid(certificate, time) for certificate in chain):
        raise StampRefused(f"a certificate of the chain was not valid at {time:%Y-%m-%d %H:%M:%S} UTC")
    return tuple(chain)


def _issued(issuer: Certificate, certificate: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm  # noqa: PLC0415 - heavy

    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _valid(certificate: Certificate, time: datetime) -> bool:
    return certificate.not_valid_before_utc <= time <= certificate.not_valid_after_utc

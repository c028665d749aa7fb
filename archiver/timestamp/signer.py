"""That a token was made with this certificate, and with no other one of the same key (RFC 3161, 2.4.2; RFC 5816).

A signature names its signer by issuer and number, and the certificates that come along are not signed. So a token
also signs the hash of its signer's certificate, as an attribute: SigningCertificate (RFC 2634, SHA-1) or
SigningCertificateV2 (RFC 5035, SHA-256 unless it says otherwise). A token without one is none.
"""

from __future__ import annotations

import hashlib

from archiver.timestamp.der import SEQUENCE, Element, NotDer, elements, inner
from archiver.timestamp.errors import StampRefused

_SET = 0x31
_OCTETS = 0x04
_OBJECT = 0x06
_SIGNED_ATTRIBUTES = 0xA0
_V1 = bytes.fromhex("2a864886f70d010910020c")
_V2 = bytes.fromhex("2a864886f70d010910022f")
_HASHES = {
    bytes.fromhex("608648016503040201"): "sha256",
    bytes.fromhex("608648016503040202"): "sha384",
    bytes.fromhex("608648016503040203"): "sha512",
}


def check_signer(signed_data: bytes, certificate: bytes) -> None:
    """Refuse a token whose signed attributes do not name this certificate.

    Args:
        signed_data: SignedData (RFC 5652, 5.1), DER.
        certificate: the signer's, DER.

    Raises:
        StampRefused: they name another one, or none.
        NotDer: this is no SignedData.
    """
    (infos,) = [e for e in inner(signed_data, 4)[3:] if e.tag == _SET]
    (info,) = elements(signed_data, infos.content, infos.end)
    parts = elements(signed_data, info.content, info.end)
    attributes = [a for p in parts if p.tag == _SIGNED_ATTRIBUTES for a in elements(signed_data, p.content, p.end)]
    named = [hashed for a in attributes if (hashed := _named(signed_data, a)) is not None]
    if not named:
        raise StampRefused("the time stamp does not sign which certificate it was made with")
    for algorithm, digest in named:
        if hashlib.new(algorithm, certificate, usedforsecurity=algorithm != "sha1").digest() != digest:
            raise StampRefused("the time stamp was made with another certificate than the one that comes with it")


def _named(data: bytes, attribute: Element) -> tuple[str, bytes] | None:
    """Algorithm and hash of the first certificate that the attribute names, the signer's; ``None``: it names none."""
    kind, values = _exactly(data, attribute, _OBJECT, _SET)
    version = data[kind.content : kind.end]
    if version not in {_V1, _V2}:
        return None
    (value,) = elements(data, values.content, values.end)
    certificates = elements(data, value.content, value.end)[0]
    first = elements(data, certificates.content, certificates.end)[0]
    parts = elements(data, first.content, first.end)
    algorithm = "sha1" if version == _V1 else "sha256"
    if version == _V2 and parts[0].tag == SEQUENCE:
        (said, *_) = elements(data, parts[0].content, parts[0].end)
        algorithm = _HASHES.get(data[said.content : said.end], "")
        parts = parts[1:]
    if not algorithm or parts[0].tag != _OCTETS:
        raise NotDer("the signer's certificate is named by no hash that is known")
    return algorithm, data[parts[0].content : parts[0].end]


def _exactly(data: bytes, element: Element, *tags: int) -> list[Element]:
    found = elements(data, element.content, element.end)
    if [each.tag for each in found] != list(tags):
        raise NotDer("no DER of a time-stamp response: an attribute of another form")
    return found

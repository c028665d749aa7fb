"""Content credentials of the tests' own: certificate authorities, signers, and files signed by the real library.

Every file is signed where the test runs; nothing of it is anybody's.
"""

from __future__ import annotations

import datetime as dt
import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import c2pa
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from collections.abc import Sequence

TRAINED: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
CAPTURED: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
_OFFLINE: Final = {
    "verify": {"verify_after_sign": False, "ocsp_fetch": False, "remote_manifest_fetch": False},
    "builder": {"thumbnail": {"enabled": False}},
}


def _name(common: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"Bureau of {common}"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


@dataclass(frozen=True)
class Signer:
    """Somebody who signs: a chain of certificates and a key, both PEM."""

    chain: str
    key: str


class Root:
    """A certificate authority."""

    def __init__(self, name: str = "Root") -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = _name(name)
        now = dt.datetime.now(dt.UTC)
        self.certificate = (
            self._about(self._name, self._key, now - dt.timedelta(days=900), now + dt.timedelta(days=900))
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=True), critical=True)
            .sign(self._key, hashes.SHA256())
        )

    @property
    def pem(self) -> str:
        """Its certificate."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode()

    def signer(self, name: str = "Desk", *, ends: dt.timedelta = dt.timedelta(days=30)) -> Signer:
        """Somebody whom it vouches for, until so long from now."""
        key = ec.generate_private_key(ec.SECP256R1())
        now = dt.datetime.now(dt.UTC)
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            self._about(_name(name), key, now - dt.timedelta(days=30), now + ends)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(signs_certificates=False), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False)
            .add_extension(issuer, critical=False)
            .sign(self._key, hashes.SHA256())
        )
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return Signer(certificate.public_bytes(serialization.Encoding.PEM).decode() + self.pem, private.decode())

    def _about(
        self, subject: x509.Name, key: ec.EllipticCurvePrivateKey, begins: dt.datetime, ends: dt.datetime
    ) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self._name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def action(name: str, **more: Any) -> dict[str, Any]:
    """An action, as a claim states it."""
    return {"action": name, **more}


def signed(
    content: bytes,
    signer: Signer,
    actions: Sequence[dict[str, Any]] = (),
    *,
    title: str = "A picture",
    media_type: str = "image/jpeg",
    ingredients: Sequence[tuple[dict[str, Any], bytes]] = (),
    assertions: Sequence[dict[str, Any]] = (),
    claim_version: int = 2,
    remote: str | None = None,
    embedded: bool = True,
    stamped_by: str | None = None,
) -> bytes:
    """The file with content credentials.

    Args:
        content: the file.
        signer: who signs.
        actions: what the claim says was done.
        title: what it calls the picture.
        media_type: of the file.
        ingredients: what it was made from: what is said of each, and its file.
        assertions: what else the claim states.
        claim_version: 1 or 2.
        remote: where it says that credentials lie.
        embedded: whether they are put into the file.
        stamped_by: the URL of an authority that is asked for a time stamp.
    """
    stated = {
        "claim_version": claim_version,
        "claim_generator_info": [{"name": "Tests", "version": "1.0"}],
        "title": title,
        "format": media_type,
        "assertions": [{"label": "c2pa.actions", "data": {"actions": list(actions)}}, *assertions],
    }
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context = c2pa.Context(c2pa.Settings.from_dict(_OFFLINE))
        builder = c2pa.Builder(stated, context=context)
        for said, file in ingredients:
            builder.add_ingredient(said, media_type, io.BytesIO(file))
        if remote is not None:
            builder.set_remote_url(remote)
        if not embedded:
            builder.set_no_embed()
        authority = stamped_by.encode() if stamped_by else None
        information = c2pa.C2paSignerInfo(b"es256", signer.chain.encode(), signer.key.encode(), authority)
        out = io.BytesIO()
        builder.sign(c2pa.Signer.from_info(information), media_type, io.BytesIO(content), out)
    return out.getvalue()


def altered(content: bytes, at: int) -> bytes:
    """The file with one bit changed."""
    return content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]

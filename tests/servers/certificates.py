"""Certificates made for this run by OpenSSL: a root, its signer's, and what is said of those that were taken back."""

from __future__ import annotations

import subprocess
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CONFIGURATION = """\
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[signer]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
extendedKeyUsage = critical, timeStamping
[responder]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
extendedKeyUsage = OCSPSigning
[misused]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
{purpose}
"""


class Certificates:
    """A root and whom it vouches for, in ``directory``.

    Args:
        directory: for keys, certificates and what OpenSSL keeps of them.
        days: how long the signer's certificate is valid; negative: it ended so many days ago.
        purpose: the extended key usage of another certificate of the same key, ``misused.pem``.
        name: of the root and, with a word more, what stands between it and the signer.
        intermediate: whether a certificate stands between the root and the signer's.
        lists_at: where the signer's certificate says that its list of revoked ones lies.
        asks_at: where it says that its status can be asked for.
        further: more sections of OpenSSL's configuration.
    """

    def __init__(
        self,
        directory: Path,
        *,
        days: float,
        purpose: str,
        name: str,
        intermediate: bool,
        lists_at: str,
        asks_at: str,
        further: str,
    ) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self.directory = directory
        self._lock = threading.Lock()
        self.revoked: bytes | None = None
        """What is served as the list of revoked certificates instead of a good one."""
        self.lists_at = lists_at
        """Where the signer's certificate says that its list lies; ``issue`` makes one that says so."""
        self.asks_at = asks_at
        """Where it says that its status can be asked for."""
        self._configuration = directory / "openssl.cnf"
        self._configuration.write_text(_CONFIGURATION.format(name=name, purpose=purpose) + further)
        self.root = directory / "root.pem"
        self._new_key("root")
        self._openssl(
            "req", "-new", "-x509", "-key", "root.key", "-days", "7300", "-subj", f"/CN={name} Root",
            "-out", "root.pem", "-config", str(self._configuration), "-extensions", "root",
        )  # fmt: skip
        self._issuer, chain = "root", self.root.read_text()
        if intermediate:
            self._issuer = "between"
            self._new_key("between")
            self._openssl(
                "req", "-new", "-key", "between.key", "-subj", f"/CN={name} Between", "-out", "between.csr",
                "-config", str(self._configuration),
            )  # fmt: skip
            self._openssl(
                "x509", "-req", "-in", "between.csr", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "2",
                "-days", "5000", "-extfile", str(self._configuration), "-extensions", "root", "-out", "between.pem",
            )  # fmt: skip
            chain = (directory / "between.pem").read_text() + chain
        (directory / "chain.pem").write_text(chain)
        self.issue(days)

    def issue(self, days: float, *, began: float = 1) -> None:
        """Give the signer a new key and a certificate that is valid for so many days, or ended so many days ago."""
        self._new_key("signer")
        subject = ("-subj", "/CN=Test Authority Signer", "-config", str(self._configuration))
        self._openssl("req", "-new", "-key", "signer.key", "-out", "signer.csr", *subject)
        begins, ends = time.time() - 86_400 * (began if days > 0 else 400), time.time() + 86_400 * days
        (self.directory / "index.txt").write_text("")
        ca = self._ca
        ca.write_text(
            f"[ca]\ndefault_ca=this\n[this]\ndatabase={self.directory}/index.txt\nrand_serial=yes\ndefault_md=sha256\n"
            f"new_certs_dir={self.directory}\npolicy=any\nunique_subject=no\n[any]\ncommonName=supplied\n"
            + self._configuration.read_text().replace(
                "timeStamping\n",
                f"timeStamping\n{f'crlDistributionPoints = URI:{self.lists_at}' if self.lists_at else ''}\n"
                f"{f'authorityInfoAccess = OCSP;URI:{self.asks_at}' if self.asks_at else ''}\n",
                1,
            )
        )
        for name, extensions in (("signer", "signer"), ("misused", "misused"), ("responder", "responder")):
            self._openssl(
                "ca", "-batch", "-notext", "-config", str(ca), "-cert", f"{self._issuer}.pem",
                "-keyfile", f"{self._issuer}.key", "-in", "signer.csr", "-out", f"{name}.pem",
                "-extensions", extensions,
                "-startdate", _generalised(begins), "-enddate", _generalised(ends),
            )  # fmt: skip

    @property
    def _ca(self) -> Path:
        return self.directory / "ca.cnf"

    def revoke(self) -> None:
        """Take the signer's certificate back."""
        self._openssl("ca", "-config", str(self._ca), *self._issuing(), "-revoke", "signer.pem")

    def revocations(self, *, hours: int = 24, pem: bool = False) -> bytes:
        """The issuer's list of revoked certificates, from an hour ago on; DER by default."""
        if self.revoked is not None:
            return self.revoked
        begins = _generalised(time.time() - 3600)
        ends = _generalised(time.time() - 3600 + 3600 * hours)
        with self._lock:
            self._openssl(
                "ca", "-config", str(self._ca), *self._issuing(), "-gencrl",
                "-crl_lastupdate", begins, "-crl_nextupdate", ends, "-out", "list.crl",
            )  # fmt: skip
            self._openssl("crl", "-in", "list.crl", "-outform", "DER", "-out", "list.der")
        return (self.directory / ("list.crl" if pem else "list.der")).read_bytes()

    def status(
        self, request: bytes, *, signer: str = "responder", index: str = "index.txt", digest: str = "sha256"
    ) -> bytes:
        """What OpenSSL's responder says of a certificate: good for a day.

        Args:
            request: an OCSPRequest, DER.
            signer: whose certificate signs it: of ``responder``, ``misused`` (which is not for it), or the issuer's.
            index: the authority's list of what it issued.
            digest: over which the response is signed.
        """
        key = "signer" if signer in {"responder", "misused"} else signer
        with self._lock:
            (self.directory / "request.der").write_bytes(request)
            self._openssl(
                "ocsp", "-index", index, "-CA", f"{self._issuer}.pem", "-rsigner", f"{signer}.pem",
                "-rkey", f"{key}.key", "-reqin", "request.der", "-respout", "response.der", "-ndays", "1",
                "-rmd", digest,
            )  # fmt: skip
        return (self.directory / "response.der").read_bytes()

    def _issuing(self) -> tuple[str, ...]:
        return ("-cert", f"{self._issuer}.pem", "-keyfile", f"{self._issuer}.key")

    def twins(self) -> None:
        """Two certificates of one key, issuer, name and number, both for time stamping: one.pem and two.pem."""
        for name, days in (("one", "10"), ("two", "20")):
            self._openssl(
                "x509", "-req", "-in", "signer.csr", "-CA", "root.pem", "-CAkey", "root.key", "-set_serial", "7",
                "-days", days, "-extfile", str(self._configuration), "-extensions", "signer", "-out", f"{name}.pem",
            )  # fmt: skip

    def _new_key(self, name: str) -> None:
        self._openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", f"{name}.key")

    def _openssl(self, *words: str) -> None:
        done = subprocess.run(["openssl", *words], cwd=self.directory, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr.decode(errors="replace")


def _generalised(moment: float) -> str:
    return time.strftime("%Y%m%d%H%M%SZ", time.gmtime(moment))

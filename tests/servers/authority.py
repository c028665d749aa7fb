"""A time-stamping authority: OpenSSL's own responder behind HTTP, with certificates made for this run.

Each authority has a root, and a signing certificate that may be good, expired, not yet valid, for another purpose, or
issued by a root that nobody trusts. What an authority can do wrong without OpenSSL's help (a page of HTML, a redirect,
an answer to another query, silence) is a ``Manner`` of the server.
"""

from __future__ import annotations

import shutil
import threading
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from archiver.timestamp.der import elements, whole
from tests.servers.certificates import Certificates
from tests.servers.process import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType
    from typing import Self

POLICY = "1.2.3.4.1"
_REPLY = "application/timestamp-reply"
_QUERY = "application/timestamp-query"
_STATUS = "application/ocsp-response"
_TST_INFO = "1.2.840.113549.1.9.16.1.4"  # id-ct-TSTInfo (RFC 3161, 2.4.2)

_RESPONDER = """\
[tsa]
default_tsa = this
[this]
serial = {directory}/serial
signer_digest = sha256
default_policy = {policy}
other_policies = 1.2.3.4.2
digests = sha256, sha512
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = yes
ess_cert_id_alg = {named_by}
"""


def available() -> str | None:
    """Return None if the responder can run here, otherwise why not."""
    return None if shutil.which("openssl") else "openssl is not installed"


class Manner(StrEnum):
    """How the next questions are answered."""

    GOOD = "good"
    HTML = "html"  # 200, and a page
    HTML_AS_REPLY = "html-as-reply"  # the same, under a time stamp's media type
    UNAVAILABLE = "unavailable"  # 503
    REDIRECT = "redirect"  # to a place where a good answer would be had
    SILENCE = "silence"  # nothing, until the server ends
    DRIP = "drip"  # a byte now and then
    HUGE = "huge"  # far more than a token
    CUT = "cut"  # half of a good answer
    RESET = "reset"  # no answer at all
    ANOTHER_NONCE = "another-nonce"  # a good token, for another query over the same digest
    ANOTHER_DIGEST = "another-digest"  # a good token, over other bytes
    REJECTED = "rejected"  # a response without a token
    MISUSED = "misused"  # a token signed with a certificate that is not for time stamping, or not only
    STALE = "stale"  # the answer to the first query, for ever


class Authority(Certificates):
    """One authority in ``directory``: ``with Authority(path) as authority``.

    Args:
        directory: for keys, certificates and the responder's files.
        days: how long the signer's certificate is valid; negative: it ended so many days ago.
        purpose: the extended key usage of another certificate of the same key, which ``Manner.MISUSED`` signs with.
        name: of the root and, with a word more, the signer.
        named_by: the hash by which a token names its signer's certificate.
        intermediate: whether a certificate stands between the root and the signer's.
        revocation: whether the signer's certificate names a list of revoked ones, which this server then serves.
        status: whether it names a responder (OCSP), which OpenSSL's own then is, behind this server.
    """

    def __init__(
        self,
        directory: Path,
        *,
        days: float = 3650,
        purpose: str = "extendedKeyUsage = critical, codeSigning",
        name: str = "Test Authority",
        named_by: str = "sha256",
        intermediate: bool = False,
        revocation: bool = False,
        status: bool = False,
    ) -> None:
        self._server = _Server((LOOPBACK, 0), _Handler)
        self._server.authority = self
        super().__init__(
            directory,
            days=days,
            purpose=purpose,
            name=name,
            intermediate=intermediate,
            lists_at=f"{self.url}/crl" if revocation else "",
            asks_at=f"{self.url}/ocsp" if status else "",
            further=_RESPONDER.format(directory=directory, policy=POLICY, named_by=named_by),
        )
        (directory / "serial").write_text("01\n")
        self.manner = Manner.GOOD
        self.asked = 0
        self.over = threading.Event()
        self._first: bytes | None = None
        page = b"<html><body>Welcome to the hotel's network</body></html>"
        self._answers: dict[Manner, Callable[[bytes, _Handler], object]] = {
            Manner.GOOD: lambda query, post: post.give(self.answer(query)),
            Manner.STALE: self._stale,
            Manner.HTML: lambda _, post: post.give(page, "text/html"),
            Manner.HTML_AS_REPLY: lambda _, post: post.give(page),
            Manner.UNAVAILABLE: lambda _, post: post.give(b"later", "text/plain", status=503),
            Manner.REDIRECT: lambda query, post: post.give(self.answer(query), status=302, Location=self.url + "/else"),
            Manner.SILENCE: lambda _, __: self.over.wait(60),
            Manner.DRIP: lambda query, post: post.drip(self.answer(query), self.over),
            Manner.HUGE: lambda _, post: post.give(bytes(4_000_000)),
            Manner.CUT: self._cut,
            Manner.RESET: lambda _, post: setattr(post, "close_connection", True),
            Manner.ANOTHER_NONCE: lambda query, post: post.give(self.answer(self.same_digest(query))),
            Manner.ANOTHER_DIGEST: lambda _, post: post.give(self.answer(self.query(b"something else"))),
            Manner.REJECTED: lambda _, post: post.give(self.answer(b"\x30\x03\x02\x01\x01")),
            Manner.MISUSED: lambda query, post: post.give(self.misused(query)),
        }
        self.said: bytes | None = None
        """What is answered at ``asks_at`` instead of what the responder says."""
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://{LOOPBACK}:{self._server.server_port}/tsr"

    def answer(self, query: bytes) -> bytes:
        """What OpenSSL's responder answers to a query."""
        with self._lock:  # several may ask at once
            return self._answer(query)

    def _answer(self, query: bytes) -> bytes:
        (self.directory / "query.tsq").write_bytes(query)
        self._openssl(
            "ts", "-reply", "-config", str(self._configuration), "-section", "this", "-queryfile", "query.tsq",
            "-signer", "signer.pem", "-inkey", "signer.key", "-chain", "chain.pem", "-out", "reply.tsr",
        )  # fmt: skip
        return (self.directory / "reply.tsr").read_bytes()

    def forget(self) -> None:
        """Forget the first answer, which ``Manner.STALE`` gives for ever."""
        self._first = None

    def query(self, data: bytes) -> bytes:
        """A query of OpenSSL's own over some bytes, with a nonce."""
        (self.directory / "data").write_bytes(data)
        self._openssl("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "own.tsq")
        return (self.directory / "own.tsq").read_bytes()

    def same_digest(self, query: bytes, *, nonce: bool = True) -> bytes:
        """The same query with another nonce, or none: what an answer that was recorded earlier is an answer to."""
        digest = query[query.index(b"\x04\x20") + 2 :][:32].hex()
        words = [] if nonce else ["-no_nonce"]
        self._openssl("ts", "-query", "-digest", digest, "-sha256", "-cert", "-out", "other.tsq", *words)
        return (self.directory / "other.tsq").read_bytes()

    def settings(self, home: Path, name: str = "tsa", **more: object) -> None:
        """Name this authority, and its root, in an archive's settings."""
        roots = home / f"{name}-root.pem"
        shutil.copy(self.root, roots)
        with (home / "archive.toml").open("a", encoding="utf-8") as file:
            file.write(f'\n[stamps.authorities.{name}]\nurl = "{self.url}"\nroots = "{roots.name}"\n')
            file.writelines(f'{word} = "{value}"\n' for word, value in more.items())

    def respond(self, query: bytes, post: _Handler) -> None:
        """Answer one request in the manner that was chosen."""
        self.asked += 1
        self._answers[self.manner](query, post)

    def _stale(self, query: bytes, post: _Handler) -> None:
        self._first = self._first or self.answer(query)
        post.give(self._first)

    def _cut(self, query: bytes, post: _Handler) -> None:
        good = self.answer(query)
        post.give(good[: len(good) // 2], length=len(good))

    def misused(self, query: bytes, *words: str, signer: str = "misused.pem") -> bytes:
        """A token that OpenSSL's responder refuses to make, because the certificate is not for it: by its CMS tool.

        Args:
            query: what is answered.
            words: of the CMS tool; by default the certificate is named in the token, as it has to be.
            signer: the certificate to sign with.
        """
        good = self.answer(query)
        status, content_info = elements(good, whole(good).content, len(good))
        wrapped = elements(good, content_info.content, content_info.end)[1]
        signed_data = elements(good, elements(good, wrapped.content, wrapped.end)[0].content, wrapped.end)
        wrapper = elements(good, signed_data[2].content, signed_data[2].end)[1]
        content = elements(good, wrapper.content, wrapper.end)
        (self.directory / "info.der").write_bytes(good[content[0].content : content[0].end])
        self._openssl(
            "cms", "-sign", "-binary", "-nodetach", "-md", "sha256", "-econtent_type", _TST_INFO, "-outform", "DER",
            "-in", "info.der", "-signer", signer, "-inkey", "signer.key", "-out", "token.der", *(words or ("-cades",)),
        )  # fmt: skip
        body = good[status.start : status.end] + (self.directory / "token.der").read_bytes()
        return b"\x30\x82" + len(body).to_bytes(2, "big") + body

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    authority: Authority


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.give(self.server.authority.revocations(), "application/pkix-crl")

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path.endswith("/ocsp"):
            assert self.headers["Content-Type"] == "application/ocsp-request"
            authority = self.server.authority
            self.give(authority.status(query) if authority.said is None else authority.said, _STATUS)
            return
        assert self.headers["Content-Type"] == _QUERY
        self.server.authority.respond(query, self)

    def give(
        self, body: bytes, kind: str = _REPLY, *, status: int = 200, length: int | None = None, **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:  # it was too much for whoever asked
            self.close_connection = True

    def drip(self, body: bytes, over: threading.Event) -> None:
        self.send_response(200)
        self.send_header("Content-Type", _REPLY)
        self.end_headers()
        for byte in body:
            if over.wait(0.2):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:
                return

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        del format, args

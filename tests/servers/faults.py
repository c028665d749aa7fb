"""A network that fails as told: a proxy before a real HTTP server, with one planned fault a request.

The request is passed on as it came, with its ``Host``, so that signatures stay valid; everything that no fault was
planned for passes unchanged. ``ForgetfulProxy`` stands for a server that knows no Object Lock and does not say so.
"""

from __future__ import annotations

import socket
import struct
import threading
from collections import defaultdict, deque
from contextlib import closing
from enum import StrEnum
from http.client import HTTPConnection, HTTPMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from tests.servers import S3Server

_OF_ONE_CONNECTION = {"connection", "expect", "keep-alive", "transfer-encoding"}
_UPSTREAM_SECONDS = 60


class Fault(StrEnum):
    """What happens to one request."""

    BUSY = "busy"  # 503 SlowDown; the server never hears of the request
    RESET = "reset"  # the connection is reset before the server hears of the request
    ANSWER_LOST = "answer-lost"  # the server does what it is asked, and the connection is reset before it can say so
    BODY_CUT = "body-cut"  # the answer's head is whole, its body ends half-way
    BYTE_FLIPPED = "byte-flipped"  # one bit of the answer's body is another
    SENT_BYTE_FLIPPED = "sent-byte-flipped"  # one bit of the request's body is another
    FORGOTTEN = "forgotten"  # the request is answered with 200, and the server never hears of it: a store that lies
    SILENCE = "silence"  # nothing is ever answered


class FaultProxy:
    """A proxy before ``endpoint``, on a port of its own: ``with FaultProxy(server.endpoint) as proxy``.

    ``seen`` lists every request's method, in the order of their arrival, faulty ones among them.
    """

    def __init__(self, endpoint: str) -> None:
        self.upstream = urlsplit(endpoint).netloc
        self.seen: list[str] = []
        self.over = threading.Event()
        self._plans: dict[str, deque[Fault | None]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def endpoint(self) -> str:
        """The URL to use instead of the server's."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def plan(self, method: str, *faults: Fault | None) -> None:
        """Let the next requests of this method fail, one fault each; None lets one pass."""
        with self._lock:
            self._plans[method].extend(faults)

    def forget(self) -> int:
        """Let everything pass again; how many planned faults did not come to their turn."""
        with self._lock:
            left = sum(fault is not None for plan in self._plans.values() for fault in plan)
            self._plans.clear()
            return left

    def next_fault(self, method: str) -> Fault | None:
        """Note a request, and take what was planned for it."""
        with self._lock:
            self.seen.append(method)
            return self._plans[method].popleft() if self._plans[method] else None

    def overlooks(self, method: str, path: str) -> bool:
        """Whether a request is answered with yes and forgotten: here, none."""
        del method, path
        return False

    def rewritten(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        """The headers of a request as they are passed on: here, as they came."""
        del method, path, body
        return dict(headers)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class ForgetfulProxy(FaultProxy):
    """A server that overlooks what it is asked to lock: the headers of a put, and later changes of a lock.

    Everything else is the real server's own answer. What is taken out of a request was signed, so the rest is signed
    anew, with the server's credentials.

    Args:
        server: the real one.
        puts: overlook the headers of puts.
        changes: say yes to later changes, and do nothing.
    """

    def __init__(self, server: S3Server, *, puts: bool = True, changes: bool = True) -> None:
        super().__init__(server.endpoint)
        self.server = server
        self.puts = puts
        self.changes = changes

    def overlooks(self, method: str, path: str) -> bool:
        """Whether the whole request is nothing to this server."""
        asked = {part.partition("=")[0] for part in urlsplit(path).query.split("&")}
        return self.changes and method == "PUT" and bool(asked & {"retention", "legal-hold"})

    def rewritten(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> dict[str, str]:
        """The headers to pass on."""
        from botocore.auth import S3SigV4Auth  # noqa: PLC0415 - heavy, see S3Server.client
        from botocore.awsrequest import AWSRequest  # noqa: PLC0415 - as above
        from botocore.credentials import Credentials  # noqa: PLC0415 - as above

        locking = {name for name in headers if name.lower().startswith("x-amz-object-lock-")}
        if not (self.puts and method == "PUT" and locking):
            return dict(headers)
        dropped = locking | {name for name in headers if name.lower() in {"authorization", "x-amz-date"}}
        kept = {name: value for name, value in headers.items() if name not in dropped}
        request = AWSRequest(method, f"http://{headers['Host']}{path}", headers=kept, data=body)
        request.context["client_config"] = None
        S3SigV4Auth(Credentials(self.server.access_key, self.server.secret_key), "s3", "us-east-1").add_auth(request)
        return dict(request.headers.items())


class _Server(ThreadingHTTPServer):
    daemon_threads = True  # an idle kept-alive connection must not hold the test up
    proxy: FaultProxy

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the plan."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def relay(self) -> None:
        """Pass one request on, with the fault that was planned for it."""
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        proxy = self.server.proxy
        overlooked = proxy.overlooks(self.command, self.path)
        match Fault.FORGOTTEN if overlooked else proxy.next_fault(self.command):
            case Fault.BUSY:
                self.close_connection = True
                answer = b"<Error><Code>SlowDown</Code><Message>later</Message></Error>"
                self._answer(503, [("Content-Type", "application/xml")], answer, len(answer))
            case Fault.RESET:
                self._reset()
            case Fault.SILENCE:
                proxy.over.wait(_UPSTREAM_SECONDS)
                self._reset()
            case Fault.ANSWER_LOST:
                self._ask(body)
                self._reset()
            case Fault.FORGOTTEN:
                self._answer(200, [], b"", 0)
            case Fault.SENT_BYTE_FLIPPED:
                self._pass_on(*self._ask(_flipped(body)))
            case Fault.BODY_CUT:
                status, headers, answer = self._ask(body)
                self._answer(status, headers.items(), answer[: len(answer) // 2], len(answer))
                self.close_connection = True
            case Fault.BYTE_FLIPPED:
                status, headers, answer = self._ask(body)
                self._pass_on(status, headers, _flipped(answer))
            case None:
                self._pass_on(*self._ask(body))

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = relay  # noqa: N815 - the names http.server looks for

    def _ask(self, body: bytes) -> tuple[int, HTTPMessage, bytes]:
        with closing(HTTPConnection(self.server.proxy.upstream, timeout=_UPSTREAM_SECONDS)) as upstream:
            upstream.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            passed = self.server.proxy.rewritten(self.command, self.path, dict(self.headers.items()), body)
            for name, value in passed.items():
                if name.lower() not in _OF_ONE_CONNECTION:
                    upstream.putheader(name, value)
            upstream.endheaders(body or None)
            answer = upstream.getresponse()
            return answer.status, answer.headers, answer.read()

    def _pass_on(self, status: int, headers: HTTPMessage, body: bytes) -> None:
        length = int(headers.get("Content-Length", 0)) if self.command == "HEAD" else len(body)
        self._answer(status, headers.items(), body, length)

    def _answer(self, status: int, headers: Any, body: bytes, length: int) -> None:
        self.send_response_only(status)
        for name, value in headers:
            if name.lower() not in {*_OF_ONE_CONNECTION, "content-length"}:
                self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()
        self.wfile.write(body)

    def _reset(self) -> None:
        """End the connection with RST, not FIN: SO_LINGER of no time."""
        self.close_connection = True
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Say nothing."""


def _flipped(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :] if body else body

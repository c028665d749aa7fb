"""A network that fails as told: a proxy before a real HTTP server, with one planned fault a request.

The request is passed on as it came, with its ``Host``, so that signatures stay valid; everything that no fault was
planned for passes unchanged.
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
    from types import TracebackType
    from typing import Self

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
        self._plans: dict[str, deque[Fault]] = defaultdict(deque)
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.proxy = self
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def endpoint(self) -> str:
        """The URL to use instead of the server's."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def plan(self, method: str, *faults: Fault) -> None:
        """Let the next requests of this method fail, one fault each."""
        with self._lock:
            self._plans[method].extend(faults)

    def next_fault(self, method: str) -> Fault | None:
        """Note a request, and take what was planned for it."""
        with self._lock:
            self.seen.append(method)
            return self._plans[method].popleft() if self._plans[method] else None

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
        match self.server.proxy.next_fault(self.command):
            case Fault.BUSY:
                self.close_connection = True
                answer = b"<Error><Code>SlowDown</Code><Message>later</Message></Error>"
                self._answer(503, [("Content-Type", "application/xml")], answer, len(answer))
            case Fault.RESET:
                self._reset()
            case Fault.SILENCE:
                self.server.proxy.over.wait(_UPSTREAM_SECONDS)
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
            for name, value in self.headers.items():
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

"""How an inspection is asked for and answered over a stream: frames of a four-byte length and that many bytes.

A request is JSON (the path as hexadecimal bytes, because file names need not be text). An answer is two frames: how
the child ended, in the serving loop's words, and what the child itself wrote, untouched and not yet believed.
"""

from __future__ import annotations

import json
import os
import struct
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from archiver.inspection.child import Outcome
from archiver.inspection.trust import TrustList
from archiver.inspection.wanted import Wanted

if TYPE_CHECKING:
    from archiver.inspection.limits import Limits

_LENGTH = struct.Struct(">I")
_LARGEST_WORD = 1 << 20


class Stream(Protocol):
    """What a socket offers here."""

    def sendall(self, data: bytes, /) -> None:
        """Send it all."""

    def recv_into(self, buffer: memoryview, /) -> int:
        """Receive some."""


class Hangup(Exception):
    """The other side is gone, or speaks something else."""


@dataclass(frozen=True)
class Request:
    """One file to inspect."""

    path: Path
    wanted: Wanted
    trust: TrustList | None = None


def write_request(request: Request) -> bytes:
    """A request as bytes; ``read_request`` undoes it."""
    path = os.fsencode(request.path.absolute()).hex()
    trust = request.trust and asdict(request.trust)
    return json.dumps({"path": path, "wanted": asdict(request.wanted), "trust": trust}).encode()


def read_request(content: bytes) -> Request:
    """Read a request back; undoes ``write_request``."""
    said = json.loads(content)
    trust = TrustList(**said["trust"]) if said["trust"] else None
    return Request(Path(os.fsdecode(bytes.fromhex(said["path"]))), Wanted(**said["wanted"]), trust)


def send(stream: Stream, content: bytes) -> None:
    """Send one frame.

    Raises:
        Hangup: the other side is gone.
    """
    try:
        stream.sendall(_LENGTH.pack(len(content)) + content)
    except OSError as error:
        raise Hangup from error


def receive(stream: Stream, bound: int = _LARGEST_WORD) -> bytes:
    """Receive one frame of at most ``bound`` bytes.

    Raises:
        Hangup: the other side is gone, silent for too long, or announces more.
    """
    (length,) = _LENGTH.unpack(_exactly(stream, _LENGTH.size))
    if length > bound:
        raise Hangup(f"a frame of {length} bytes")
    return _exactly(stream, length)


def _exactly(stream: Stream, length: int) -> bytes:
    content = bytearray(length)
    view, got = memoryview(content), 0
    while got < length:
        try:
            some = stream.recv_into(view[got:])
        except OSError as error:
            raise Hangup from error
        if some == 0:
            raise Hangup
        got += some
    return bytes(content)


def send_outcome(stream: Stream, outcome: Outcome) -> None:
    """Answer with how a child ended and what it wrote."""
    ended = {
        "cpu_seconds": outcome.cpu_seconds,
        "refused": outcome.refused,
        "crashed": outcome.crashed,
        "unreadable": outcome.unreadable,
    }
    send(stream, json.dumps(ended).encode())
    send(stream, outcome.output)


def receive_outcome(stream: Stream, limits: Limits) -> Outcome:
    """Receive an answer.

    Raises:
        Hangup: the serving loop is gone, or speaks something else.
    """
    try:
        ended = json.loads(receive(stream))
        return Outcome(output=receive(stream, limits.output), **ended)
    except (ValueError, TypeError) as error:
        raise Hangup from error

"""One question to an authority over HTTP (RFC 3161, 3.4), or one file of it, bounded whatever the other side does.

1. Only ``http`` and ``https``; a redirect is not followed: the authority that was asked is the one that answers.
2. The whole exchange has a time limit, not each of its reads: an answer that drips is given up as one that hangs.
3. The answer has a size limit, and a time stamp the one media type that the RFC gives it: a page of HTML is none.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from archiver.timestamp.errors import StampRefused

if TYPE_CHECKING:
    from collections.abc import Callable

QUERY = "application/timestamp-query"
REPLY = "application/timestamp-reply"
STATUS_QUERY = "application/ocsp-request"
STATUS_REPLY = "application/ocsp-response"
LARGEST_REPLY = 131_072
"""Bytes: a token with its chain of certificates has 2 to 10 thousand."""
_OK = 200


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is taken for an answer: its media type (any, where there is none), its largest size, what it is called.

    ``asked`` is the media type of the question, where there is one.
    """

    kind: str | None
    largest: int
    called: str
    again: str
    asked: str = ""


_STAMP = _Wanted(REPLY, LARGEST_REPLY, "time stamp", "the next `archiver stamp` asks again", QUERY)
_STATUS = _Wanted(STATUS_REPLY, LARGEST_REPLY, "word on a certificate", "the next stamp asks again", STATUS_QUERY)


def ask(url: str, query: bytes, *, seconds: float) -> bytes:
    """Send a query and give back the response as it came; nothing of it is verified.

    Args:
        url: the authority's address.
        query: a TimeStampReq in DER.
        seconds: the time limit of the whole exchange.

    Raises:
        StampRefused: no answer in time, or one that cannot be a time-stamp response.
    """
    return _bounded(url, query, _STAMP, seconds)


def ask_status(url: str, query: bytes, *, seconds: float) -> bytes:
    """Ask a responder for the status of a certificate; nothing of what it says is verified.

    Args:
        url: the responder's address.
        query: an OCSPRequest in DER (RFC 6960, appendix A).
        seconds: the time limit of the whole exchange.

    Raises:
        StampRefused: no answer in time, or one that cannot be an OCSP response.
    """
    return _bounded(url, query, _STATUS, seconds)


def fetch(url: str, *, seconds: float, largest: int, called: str) -> bytes:
    """Read a file that an authority's certificate names; nothing of it is verified.

    Args:
        url: where it lies.
        seconds: the time limit of the whole exchange.
        largest: bytes that it may have.
        called: what it is, in words.

    Raises:
        StampRefused: no answer in time, or one that is too large.
    """
    return _bounded(url, None, _Wanted(None, largest, called, "the next stamp reads it again"), seconds)


def _bounded(url: str, query: bytes | None, wanted: _Wanted, seconds: float) -> bytes:
    outcome: list[bytes | StampRefused] = []

    def exchange() -> None:
        try:
            outcome.append(_exchange(url, query, wanted, seconds))
        except StampRefused as error:
            outcome.append(error)

    # A thread, because a timeout of a socket starts anew with every byte that arrives (step 2).
    _within(seconds, exchange)
    if not outcome:
        raise _late(url, seconds, wanted)
    if isinstance(outcome[0], StampRefused):
        raise outcome[0]
    return outcome[0]


def _late(url: str, seconds: float, wanted: _Wanted) -> StampRefused:
    return StampRefused(f"{url} did not answer within {seconds:g} seconds", hint=wanted.again)


def _within(seconds: float, action: Callable[[], None]) -> None:
    thread = threading.Thread(target=action, name="time-stamp", daemon=True)
    thread.start()
    thread.join(seconds)


def _exchange(url: str, query: bytes | None, wanted: _Wanted, seconds: float) -> bytes:
    if urlsplit(url).scheme not in {"http", "https"}:  # step 1
        raise StampRefused(f"{url} is no address of http or https")
    again = wanted.again
    headers = {"User-Agent": "archiver"} | (
        {} if query is None else {"Content-Type": wanted.asked, "Accept": wanted.kind or "*/*"}
    )
    request = Request(  # noqa: S310 - the scheme was looked at just above
        url, data=query, headers=headers, method="GET" if query is None else "POST"
    )
    try:
        with _opener().open(request, timeout=seconds) as answer:
            kind = str(answer.headers.get_content_type())
            if answer.status != _OK or wanted.kind not in {None, kind}:  # step 3
                told = f"{url} answered with {answer.status} {kind}, which is no {wanted.called}"
                raise StampRefused(told, hint=again)
            data: bytes = answer.read(wanted.largest + 1)
            declared = answer.headers.get("Content-Length", "")
    except HTTPError as error:
        error.close()
        followed = " (a redirect, which is not followed)" if error.code // 100 == 3 else ""  # noqa: PLR2004 - 3xx
        raise StampRefused(f"{url} answered with {error.code} {error.reason}{followed}", hint=again) from error
    except TimeoutError as error:
        raise _late(url, seconds, wanted) from error
    except URLError as error:
        if isinstance(error.reason, TimeoutError):
            raise _late(url, seconds, wanted) from error
        raise StampRefused(f"{url} cannot be reached: {error.reason}", hint=again) from error
    except (OSError, HTTPException, ValueError) as error:
        raise StampRefused(f"{url} broke off: {str(error) or type(error).__name__}", hint=again) from error
    if len(data) > wanted.largest:
        told = f"{url} answered with more than {wanted.largest} bytes, which is no {wanted.called}"
        raise StampRefused(told, hint=again)
    if declared.isdecimal() and len(data) != int(declared):
        raise StampRefused(f"{url} broke off after {len(data)} of {declared} bytes", hint=again)
    return data


def _opener() -> OpenerDirector:
    """No handler for redirects, files or FTP: what is not here cannot happen."""
    opener = OpenerDirector()
    for handler in (ProxyHandler, HTTPHandler, HTTPSHandler, HTTPErrorProcessor, HTTPDefaultErrorHandler):
        opener.add_handler(handler())
    return opener

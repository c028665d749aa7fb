"""Whatever an authority, or whoever sits between, does: an answer in time and of the right form, or a clear refusal."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from archiver.timestamp.asking import LARGEST_REPLY, ask
from archiver.timestamp.errors import StampRefused
from archiver.timestamp.token import query_over
from tests.servers.authority import Manner
from tests.servers.process import LOOPBACK, free_ports

if TYPE_CHECKING:
    from tests.servers.authority import Authority

DATA = b"some bytes"


@pytest.mark.parametrize(
    ("manner", "word"),
    [
        (Manner.HTML, "text/html, which is no time stamp"),
        (Manner.UNAVAILABLE, "answered with 503"),
        (Manner.REDIRECT, "a redirect, which is not followed"),
        (Manner.HUGE, f"more than {LARGEST_REPLY} bytes"),
        (Manner.CUT, "broke off after"),
        (Manner.RESET, "broke off"),
    ],
)
def test_what_is_no_answer_is_refused_and_named(authority: Authority, manner: Manner, word: str) -> None:
    authority.manner = manner
    with pytest.raises(StampRefused, match=word):
        ask(authority.url, query_over(DATA), seconds=20)
    assert authority.asked == 1


@pytest.mark.parametrize("manner", [Manner.SILENCE, Manner.DRIP])
def test_an_answer_that_hangs_or_drips_is_given_up_in_time(authority: Authority, manner: Manner) -> None:
    authority.manner = manner
    begun = time.monotonic()
    with pytest.raises(StampRefused, match=r"did not answer within 0\.8 seconds"):
        ask(authority.url, query_over(DATA), seconds=0.8)
    assert time.monotonic() - begun < 5


def test_nobody_there_is_told() -> None:
    (port,) = free_ports(1)
    with pytest.raises(StampRefused, match="cannot be reached"):
        ask(f"http://{LOOPBACK}:{port}/", query_over(DATA), seconds=10)


@pytest.mark.parametrize("url", ["file:///etc/hostname", "ftp://127.0.0.1/x", "data:,x", "tsr", ""])
def test_nothing_but_http_is_asked(url: str) -> None:
    with pytest.raises(StampRefused, match="no address of http"):
        ask(url, query_over(DATA), seconds=5)


def test_the_answer_is_handed_over_as_it_came(authority: Authority) -> None:
    authority.manner = Manner.STALE
    query = query_over(DATA)
    assert ask(authority.url, query, seconds=20) == ask(authority.url, query, seconds=20)
    authority.forget()

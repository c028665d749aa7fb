"""A log of a few small batches, made anew with real keys for every test session."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from archiver.custody.batch import Batch, render
from archiver.custody.event import Draft
from archiver.custody.keys import SigningKey
from archiver.custody.log import append
from archiver.custody.merkle import Frontier

if TYPE_CHECKING:
    from collections.abc import Callable

ORIGIN = "archive.example/desk"
TIME = "2026-11-23T14:53:53.123456Z"


def body(number: int) -> dict[str, object]:
    return {"number": number, "place": "Würzburg", "claims": ["shot", "posted"], "basis": {"edtf": "2026-11-23"}}


def build(key: SigningKey, sizes: list[int], *, origin: str = ORIGIN, subjects: int = 2) -> list[Batch]:
    """Batches of these sizes; event n is about subject n modulo ``subjects``."""
    head, last, batches = Frontier(), dict[str, str](), list[Batch]()
    for size in sizes:
        numbers = range(head.size, head.size + size)
        drafts = [Draft("acquisition", f"item {number % subjects}", body(number)) for number in numbers]
        done = append(
            head,
            drafts,
            origin=origin,
            time=TIME,
            actor="Ada Lovelace",
            tool="archiver 0.1.0",
            key=key,
            last_of_subject=last,
        )
        head, last = done.head, last | done.last_of_subject
        batches.append(done.batch)
    return batches


@dataclass(frozen=True)
class Log:
    """A log, its key and its published objects."""

    key: SigningKey
    origin: str
    batches: list[Batch]

    @property
    def published(self) -> list[tuple[str, bytes]]:
        """The objects as they lie in the store, each with its name."""
        return [(f"log/events/{batch.name}", render(batch)) for batch in self.batches]


@pytest.fixture(scope="session")
def key() -> SigningKey:
    return SigningKey.generate()


@pytest.fixture(scope="session")
def log(key: SigningKey) -> Log:
    """Seven events in three batches, about two subjects in turn."""
    return Log(key, ORIGIN, build(key, [3, 1, 3]))


@pytest.fixture(scope="session")
def new_log() -> Callable[..., Log]:
    """Make another log, by default with a key of its own."""

    def make(sizes: list[int], *, key: SigningKey | None = None, origin: str = ORIGIN, subjects: int = 2) -> Log:
        signing = key or SigningKey.generate()
        return Log(signing, origin, build(signing, sizes, origin=origin, subjects=subjects))

    return make

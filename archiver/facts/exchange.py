"""What other archives told us without giving us pictures: lists of fingerprints."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from archiver.facts.fact import Fact, identity_of
from archiver.facts.values import Instant, Name, Sha256Hex, Text
from archiver.facts.vocabulary import HashListForm, State

AlgorithmName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+-[0-9]+(:[a-z0-9.=-]+)*$", max_length=200)]


class HashList(Fact):
    """A list of fingerprints that somebody gave us. It says what they hold or look for, and nothing of our items.

    The list itself is kept in the store under its digest, as it was received.

    Attributes:
        name: by which it is known here. Another list of the same name takes its place.
        given_by: who gave it to us, where stated.
        file: SHA-256 of the list as it was received.
        size: bytes.
        form: how it is written.
        algorithms: the full names of the fingerprints in it.
        lines: how many fingerprints it holds.
        note: about it, in the words of whoever took it in.
        received: when, by our clock.
        state: whether it stands, or was withdrawn: then nothing is looked for in it.
        by: who withdrew it.
        reason: why it was withdrawn.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "hash-list"
    incidental: ClassVar[frozenset[str]] = frozenset({"received", "size"})

    name: Name
    given_by: Name | None = None
    file: Sha256Hex
    size: Annotated[int, Field(ge=0)]
    form: HashListForm
    algorithms: tuple[AlgorithmName, ...]
    lines: Annotated[int, Field(ge=1)]
    note: Text | None = None
    received: Instant
    state: State = State.STATED
    by: Name | None = None
    reason: Text | None = None
    supersedes: Sha256Hex | None = None

    def subject(self) -> str:
        """The list, by its name alone."""
        return hash_list_identity(self.name)

    def matter(self) -> str:
        """The list."""
        return self.subject()


def hash_list_identity(name: str) -> str:
    """The identity of the list of this name."""
    return identity_of("hash-list", {"name": name})

"""Where the archive is kept: which stores were promised, and when."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from archiver.facts.fact import Fact, identity_of
from archiver.facts.values import Raw, Sha256Hex
from archiver.facts.vocabulary import StoreState

StoreName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]


class StoreChange(Fact):
    """A store was added to those that hold the archive, or taken out of them (PREMIS 3.0 ``replication``).

    What it held when it was taken out stays where it is, and is no longer answered for. Where copies lie is said item
    by item (``archiver.facts.acquisition.Copy``).

    Attributes:
        name: by which it is known.
        url: where it is; never holds a credential.
        required: whether nothing is acknowledged before it holds the bytes.
        state: whether it holds the archive from now on, or no longer.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "store"

    name: StoreName
    url: Raw
    required: bool = True
    state: StoreState = StoreState.ADDED
    supersedes: Sha256Hex | None = None

    def subject(self) -> str:
        """The store, by its name alone."""
        return identity_of("store", {"name": self.name})

    def matter(self) -> str:
        """The store."""
        return self.subject()

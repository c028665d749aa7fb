"""Who: agents, and the accounts that they may or may not operate. An account is not its operator."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from archiver.facts.fact import Fact, identity_of
from archiver.facts.values import Name
from archiver.facts.vocabulary import SourceKind

Platform = Annotated[
    str, StringConstraints(to_lower=True, strip_whitespace=True, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
]
"""A platform's short name or host (``telegram``, ``x``, ``mastodon.social``), in lower case."""


def agent_identity(name: str) -> str:
    """The identity of the agent of this name: what sightings, claims and assessments point to."""
    return identity_of("agent", {"name": Agent(name=name).name})


def account_identity(platform: str, handle: str) -> str:
    """The identity of the account of this handle on this platform."""
    return Account(platform=platform, handle=handle).identity()


class Agent(Fact):
    """A person, an organisation, a group or a program (PROV-O ``prov:Agent``).

    The name is the agent; saying more of it later (a kind that was unknown) is a further fact about the same agent.
    """

    kind_of_fact: ClassVar[str] = "agent"

    name: Name
    kind: SourceKind = SourceKind.UNKNOWN

    def subject(self) -> str:
        """The agent's own identity, by its name alone."""
        return agent_identity(self.name)


class Account(Fact):
    """An account on a platform. Who operates it is a statement of its own, and not made here."""

    kind_of_fact: ClassVar[str] = "account"

    platform: Platform
    handle: Name

    def subject(self) -> str:
        """The account's own identity."""
        return self.identity()

    @classmethod
    def parse(cls, text: str) -> Account:
        """Read ``PLATFORM:HANDLE``; a leading ``@`` of the handle is dropped. Undoes ``str``.

        Raises:
            ValueError: there is no colon, or one of the two sides is empty or malformed.
        """
        platform, colon, handle = text.partition(":")
        if not colon:
            raise ValueError(f"{text!r} names no platform: write PLATFORM:HANDLE, for example telegram:frontline_watch")
        if platform.strip().lower() in ("http", "https"):
            raise ValueError(f"{text!r} is an address: write PLATFORM:HANDLE here, and the address as --url")
        return cls(platform=platform, handle=handle.strip().removeprefix("@"))

    def __str__(self) -> str:
        return f"{self.platform}:{self.handle}"

    def __hash__(self) -> int:
        return hash((self.platform, self.handle))

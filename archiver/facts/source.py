"""Who: agents, and the accounts that they may or may not operate. An account is not its operator.

The law: an agent is known by its name and an account by its platform and handle; all else that is said of them is a
statement with somebody's name on it, which can be superseded and never changes what was said before.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import StringConstraints

from archiver.facts.fact import Fact, identity_of, matter_of
from archiver.facts.values import Country, Edtf, Instant, Name, Raw, Sha256Hex, Text
from archiver.facts.vocabulary import AffiliationKind, AgentType, SourceKind, SourceType, State

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

    The name is the agent; saying more of it later (a kind that was unknown) is a further fact about the same agent,
    which supersedes the one before.

    Attributes:
        name: by which it is known here.
        kind: what kind of source it is.
        type: what it is.
        url: its own page.
        country: where it is at home, ISO 3166-1 alpha-2.
        note: more about it, in the recorder's words.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "agent"

    name: Name
    kind: SourceKind = SourceKind.UNKNOWN
    type: AgentType | None = None
    url: Raw | None = None
    country: Country | None = None
    note: Text | None = None
    supersedes: Sha256Hex | None = None

    def subject(self) -> str:
        """The agent's own identity, by its name alone."""
        return agent_identity(self.name)

    def matter(self) -> str:
        """The agent."""
        return self.subject()


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


class AccountProfile(Fact):
    """What a platform shows of an account: the number behind the handle, which stays when the handle changes.

    Two handles of one platform with the same ``platform_id`` are one account that was renamed.

    Attributes:
        account: by identity.
        platform: the account's platform, which its number belongs to.
        platform_id: the platform's own immutable identifier.
        display_name: the name shown beside the handle.
        url: the profile's page.
        by: who looked it up, where stated.
        observed: when, by our clock.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "account-profile"
    incidental: ClassVar[frozenset[str]] = frozenset({"observed"})

    account: Sha256Hex
    platform: Platform
    platform_id: Name | None = None
    display_name: Name | None = None
    url: Raw | None = None
    by: Name | None = None
    observed: Instant
    supersedes: Sha256Hex | None = None

    def subject(self) -> str:
        """The account."""
        return self.account

    def matter(self) -> str:
        """The account."""
        return self.account


class Affiliation(Fact):
    """Somebody asserts that one acts for another. It is a statement, dated and disputable, and not a property.

    Attributes:
        source_type: who is said to be affiliated: an agent or an account.
        source: its identity.
        kind: in which way.
        organisation: the agent with whom, by identity.
        valid: since when and until when, where stated (EDTF, usually an interval).
        basis: what the assertion rests on.
        asserted_by: who asserts it.
        url: where it is asserted.
        state: whether it is asserted, or was taken back.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "affiliation"

    source_type: SourceType
    source: Sha256Hex
    kind: AffiliationKind
    organisation: Sha256Hex
    valid: Edtf | None = None
    basis: Text
    asserted_by: Name
    url: Raw | None = None
    state: State = State.STATED
    supersedes: Sha256Hex | None = None

    def subject(self) -> str:
        """Who is said to be affiliated."""
        return self.source

    def matter(self) -> str:
        """The same assertion by the same asserter for the same period; for no period, as before there were periods."""
        period = () if self.valid is None else (self.valid,)
        asserter = identity_of("name", {"name": self.asserted_by})
        return matter_of(self.source, self.kind, self.organisation, asserter, *period)


class Alias(Fact):
    """Another name of an agent (SKOS ``altLabel``).

    Attributes:
        agent: by identity.
        name: the other name.
        by: who says so, where stated.
        state: whether it is said, or was taken back.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "alias"

    agent: Sha256Hex
    name: Name
    by: Name | None = None
    state: State = State.STATED
    supersedes: Sha256Hex | None = None

    def subject(self) -> str:
        """The agent."""
        return self.agent

    def matter(self) -> str:
        """This name of this agent."""
        return matter_of(self.agent, identity_of("name", {"name": self.name}))


class Merge(Fact):
    """Two records of agents are one and the same agent (``owl:sameAs``). Both keep their history; it can be undone.

    Attributes:
        agent: the record that is merged, by identity.
        into: the record under whose name both are shown, by identity.
        by: who says so.
        basis: why.
        state: whether it is said, or was taken back.
        supersedes: the identity of the statement before it, where there is one.
    """

    kind_of_fact: ClassVar[str] = "merge"

    agent: Sha256Hex
    into: Sha256Hex
    by: Name
    basis: Text
    state: State = State.STATED
    supersedes: Sha256Hex | None = None

    def subject(self) -> str:
        """The record that is merged."""
        return self.agent

    def matter(self) -> str:
        """The pair, whichever of the two is named first."""
        return matter_of(*sorted((self.agent, self.into)))

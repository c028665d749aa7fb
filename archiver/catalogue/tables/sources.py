"""The tables of sources: agents, accounts, and what is said of them. ``folded`` is a name as it is looked for."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, Recorded, Standing, by_matter
from archiver.facts.source import Account, AccountProfile, Affiliation, Agent, Alias, Merge
from archiver.facts.vocabulary import AffiliationKind, AgentType, SourceKind, SourceType, State


class AgentRow(Standing, Agent):
    """See ``archiver.facts.source.Agent``; ``entity`` is the agent's identity by name."""

    __tablename__ = "agent"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    entity: str = Field(index=True)
    folded: str = Field(index=True)
    kind: SourceKind = Field(sa_type=sa.String)
    type: AgentType | None = Field(default=None, sa_type=sa.String)

    __table_args__ = (by_matter("agent"),)


class AccountRow(Recorded, Account):
    """See ``archiver.facts.source.Account``."""

    __tablename__ = "account"
    model_config = ROW  # type: ignore[assignment] # as above
    folded: str = Field(index=True)


class AccountProfileRow(Standing, AccountProfile):
    """See ``archiver.facts.source.AccountProfile``."""

    __tablename__ = "account_profile"
    model_config = ROW  # type: ignore[assignment] # as above
    account: str = Field(index=True)

    __table_args__ = (
        by_matter("account_profile"),
        sa.Index("account_profile_platform", "platform", "platform_id"),
    )


class AffiliationRow(Standing, Affiliation):
    """See ``archiver.facts.source.Affiliation``; ``earliest`` and ``latest`` bound when it is said to hold."""

    __tablename__ = "affiliation"
    model_config = ROW  # type: ignore[assignment] # as above
    source: str = Field(index=True)
    organisation: str = Field(index=True)
    source_type: SourceType = Field(sa_type=sa.String)
    kind: AffiliationKind = Field(sa_type=sa.String)
    state: State = Field(sa_type=sa.String)
    earliest: str | None = None
    latest: str | None = None

    __table_args__ = (by_matter("affiliation"),)


class AliasRow(Standing, Alias):
    """See ``archiver.facts.source.Alias``."""

    __tablename__ = "alias"
    model_config = ROW  # type: ignore[assignment] # as above
    agent: str = Field(index=True)
    folded: str = Field(index=True)
    state: State = Field(sa_type=sa.String)

    __table_args__ = (by_matter("alias"),)


class MergeRow(Standing, Merge):
    """See ``archiver.facts.source.Merge``."""

    __tablename__ = "merge"
    model_config = ROW  # type: ignore[assignment] # as above
    agent: str = Field(index=True)
    into: str = Field(index=True)
    state: State = Field(sa_type=sa.String)

    __table_args__ = (by_matter("merge"),)

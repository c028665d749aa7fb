"""The tables of statements about items: where seen, what claimed, who judged, how related."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, OfItem, Recorded, Standing, by_matter, listed_by
from archiver.facts.assessment import Assessment
from archiver.facts.claim import Claim, ClaimLink
from archiver.facts.relation import Relation
from archiver.facts.sighting import Reachability, Sighting
from archiver.facts.vocabulary import (
    Action,
    AssessmentStatus,
    Availability,
    ClaimKind,
    ClaimManner,
    ClaimRelation,
    Confidence,
    Credibility,
    DigitalSourceType,
    MediaManipulationRating,
    RelationState,
    RelationType,
    Reliability,
    State,
    TargetKind,
    TimeBasis,
)

INDEX_OF_SUGGESTED = "CREATE INDEX IF NOT EXISTS relation_suggested ON relation (number) WHERE state = 'suggested'"
"""An index of all states would tempt SQLite to read every confirmed pair where those of one item are asked for.

Both databases read this; as SQLAlchemy has it, it would load the drivers of both at every start."""


class SightingRow(Recorded, OfItem, Sighting):
    """See ``archiver.facts.sighting.Sighting``; ``earliest`` and ``latest`` bound the published time.

    ``address`` is the canonical address as ``archiver.facts.address`` writes it, to find the same page again, and
    ``seen_address`` the address as seen, where that is another one.
    """

    __tablename__ = "sighting"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    item: str | None = Field(default=None, index=True)
    repost_of: str | None = Field(default=None, index=True)
    context: str | None = Field(default=None, index=True)
    published_basis: TimeBasis = Field(sa_type=sa.String)
    earliest: str | None = None
    latest: str | None = None
    address: str | None = Field(default=None, index=True)
    seen_address: str | None = Field(default=None, index=True)

    __table_args__ = (
        listed_by("sighting", "account"),
        listed_by("sighting", "publisher"),
        listed_by("sighting", "earliest", "latest"),
        sa.Index("sighting_of_item", "item_number"),
    )


class ReachabilityRow(Standing, Reachability):
    """See ``archiver.facts.sighting.Reachability``."""

    __tablename__ = "reachability"
    model_config = ROW  # type: ignore[assignment] # as above
    sighting: str = Field(index=True)
    availability: Availability = Field(sa_type=sa.String)

    __table_args__ = (by_matter("reachability"),)


class ClaimRow(Recorded, OfItem, Claim):
    """See ``archiver.facts.claim.Claim``."""

    __tablename__ = "claim"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    kind: ClaimKind = Field(sa_type=sa.String)
    value: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))  # plain in the column
    manner: ClaimManner | None = Field(default=None, sa_type=sa.String)

    __table_args__ = (listed_by("claim", "claimant"), listed_by("claim", "claimant_account"))


class ClaimLinkRow(Standing, ClaimLink):
    """See ``archiver.facts.claim.ClaimLink``."""

    __tablename__ = "claim_link"
    model_config = ROW  # type: ignore[assignment] # as above
    claim: str = Field(index=True)
    other: str = Field(index=True)
    relation: ClaimRelation = Field(sa_type=sa.String)
    state: State = Field(sa_type=sa.String)

    __table_args__ = (by_matter("claim_link"),)


class AssessmentRow(Standing, OfItem, Assessment):
    """See ``archiver.facts.assessment.Assessment``; ``counts_as`` is where the verification stands by it."""

    __tablename__ = "assessment"
    model_config = ROW  # type: ignore[assignment] # as above
    target: str = Field(index=True)
    target_kind: TargetKind = Field(sa_type=sa.String)
    status: AssessmentStatus = Field(sa_type=sa.String)
    methods: list[str] = Field(sa_type=sa.JSON)  # type: ignore[assignment] # a tuple in the fact, a list in the column
    reliability: Reliability | None = Field(default=None, sa_type=sa.String)
    credibility: Credibility | None = Field(default=None, sa_type=sa.String)
    confidence: Confidence | None = Field(default=None, sa_type=sa.String)
    manipulation: MediaManipulationRating | None = Field(default=None, sa_type=sa.String)
    digital_source_type: DigitalSourceType | None = Field(default=None, sa_type=sa.String)
    counts_as: AssessmentStatus = Field(sa_type=sa.String)

    __table_args__ = (
        by_matter("assessment"),
        listed_by("assessment", "target_kind", "counts_as"),
        sa.Index("assessment_of_item", "item_number"),
    )


class RelationRow(Standing, Relation):
    """See ``archiver.facts.relation.Relation``."""

    __tablename__ = "relation"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    other: str = Field(index=True)
    type: RelationType = Field(sa_type=sa.String)
    action: Action | None = Field(default=None, sa_type=sa.String)
    state: RelationState = Field(sa_type=sa.String)

    __table_args__ = (by_matter("relation"),)

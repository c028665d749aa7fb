"""The tables of protection: retentions and legal holds."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, OfItem, Standing, by_matter, listed_by
from archiver.facts.protection import LegalHold, Retention
from archiver.facts.vocabulary import HoldState, RetentionMode


class RetentionRow(Standing, OfItem, Retention):
    """See ``archiver.facts.protection.Retention``."""

    __tablename__ = "retention"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    item: str = Field(index=True)
    mode: RetentionMode = Field(sa_type=sa.String)

    __table_args__ = (
        by_matter("retention"),
        listed_by("retention", "until", "retain_until"),
        sa.Index("retention_of_item", "item_number"),
    )


class LegalHoldRow(Standing, OfItem, LegalHold):
    """See ``archiver.facts.protection.LegalHold``."""

    __tablename__ = "legal_hold"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    state: HoldState = Field(sa_type=sa.String)

    __table_args__ = (
        by_matter("legal_hold"),
        listed_by("legal_hold", "until", "state"),
        sa.Index("legal_hold_of_item", "item_number"),
    )

"""The tables of protection: retentions and legal holds."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, Standing, by_matter
from archiver.facts.protection import LegalHold, Retention
from archiver.facts.vocabulary import HoldState, RetentionMode


class RetentionRow(Standing, Retention):
    """See ``archiver.facts.protection.Retention``."""

    __tablename__ = "retention"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    item: str = Field(index=True)
    mode: RetentionMode = Field(sa_type=sa.String)

    __table_args__ = (by_matter("retention"),)


class LegalHoldRow(Standing, LegalHold):
    """See ``archiver.facts.protection.LegalHold``."""

    __tablename__ = "legal_hold"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    state: HoldState = Field(sa_type=sa.String)

    __table_args__ = (by_matter("legal_hold"),)

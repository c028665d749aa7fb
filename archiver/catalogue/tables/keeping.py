"""The table of the stores that hold, or held, the archive."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, Standing, by_matter
from archiver.facts.keeping import StoreChange
from archiver.facts.vocabulary import StoreState


class StoreChangeRow(Standing, StoreChange):
    """See ``archiver.facts.keeping.StoreChange``."""

    __tablename__ = "store_change"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    state: StoreState = Field(sa_type=sa.String)

    __table_args__ = (by_matter("store_change"),)

"""The tables of what is stated about the log's keys. Which key signs is never read here, but in the signed events."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, Recorded, Standing, by_matter
from archiver.facts.signing import KeyRetirement, KeyRotation


class KeyRotationRow(Recorded, KeyRotation):
    """See ``archiver.facts.signing.KeyRotation``."""

    __tablename__ = "key_rotation"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    place: int = Field(sa_type=sa.BigInteger)


class KeyRetirementRow(Standing, KeyRetirement):
    """See ``archiver.facts.signing.KeyRetirement``."""

    __tablename__ = "key_retirement"
    model_config = ROW  # type: ignore[assignment] # as above
    since: int | None = Field(default=None, sa_type=sa.BigInteger)

    __table_args__ = (by_matter("key_retirement"),)

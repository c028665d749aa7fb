"""The tables of what audits found and repaired."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, OfItem, Recorded
from archiver.facts.fixity import FixityCheck, FixityFailure, Repair
from archiver.facts.vocabulary import CopyCheck, CopyFault, EventOutcome, GoodCopy


class FixityCheckRow(Recorded, FixityCheck):
    """See ``archiver.facts.fixity.FixityCheck``."""

    __tablename__ = "fixity_check"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    algorithm: str  # type: ignore[assignment] # one word today; the fact says which
    log_size: int = Field(sa_type=sa.BigInteger)
    objects: int = Field(sa_type=sa.BigInteger)
    bytes: int = Field(sa_type=sa.BigInteger)
    failed: int = Field(sa_type=sa.BigInteger)
    unread: int = Field(sa_type=sa.BigInteger)
    outcome: EventOutcome = Field(sa_type=sa.String)

    __table_args__ = (sa.Index("fixity_check_of_share", "store", "slice", "number"),)


class FixityFailureRow(Recorded, OfItem, FixityFailure):
    """See ``archiver.facts.fixity.FixityFailure``."""

    __tablename__ = "fixity_failure"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str | None = Field(default=None, index=True)
    name: str = Field(index=True)
    fault: CopyFault = Field(sa_type=sa.String)
    size: int | None = Field(default=None, sa_type=sa.BigInteger)

    __table_args__ = (sa.Index("fixity_failure_of_item", "item_number"),)


class RepairRow(Recorded, OfItem, Repair):
    """See ``archiver.facts.fixity.Repair``."""

    __tablename__ = "repair"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str | None = Field(default=None, index=True)
    name: str = Field(index=True)
    fault: CopyFault = Field(sa_type=sa.String)
    good_copy: GoodCopy = Field(sa_type=sa.String)
    check: CopyCheck = Field(sa_type=sa.String)

    __table_args__ = (sa.Index("repair_of_item", "item_number"),)

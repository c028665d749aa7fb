"""The table of withdrawals."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, Recorded
from archiver.facts.withdrawal import Withdrawal


class WithdrawalRow(Recorded, Withdrawal):
    """See ``archiver.facts.withdrawal.Withdrawal``."""

    __tablename__ = "withdrawal"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    item: str = Field(index=True)
    withheld: list[int] = Field(sa_type=sa.JSON)  # type: ignore[assignment] # a tuple in the fact, a list in the column
    cases: list[str] = Field(sa_type=sa.JSON)  # type: ignore[assignment] # as above

"""The table of the lists of fingerprints that others gave us. The fingerprints themselves are in no table."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, Standing, by_matter
from archiver.facts.exchange import HashList
from archiver.facts.vocabulary import HashListForm, State


class HashListRow(Standing, HashList):
    """See ``archiver.facts.exchange.HashList``; ``folded`` is its name as it is looked for."""

    __tablename__ = "hash_list"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    folded: str = Field(index=True)
    size: int = Field(sa_type=sa.BigInteger)
    lines: int = Field(sa_type=sa.BigInteger)
    form: HashListForm = Field(sa_type=sa.String)
    algorithms: list[str] = Field(sa_type=sa.JSON)  # type: ignore[assignment] # a tuple in the fact, a list in the column
    state: State = Field(sa_type=sa.String)

    __table_args__ = (by_matter("hash_list"),)

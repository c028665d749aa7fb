"""The tables of handling: sensitivity, sharing, cases and tags."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, OfItem, Standing, by_matter, listed_by
from archiver.facts.handling import Case, CaseItem, Sensitivity, Sharing, Tag
from archiver.facts.vocabulary import CaseState, FlagState, SensitivityFlag, State, TrafficLight


class SensitivityRow(Standing, OfItem, Sensitivity):
    """See ``archiver.facts.handling.Sensitivity``."""

    __tablename__ = "sensitivity"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    item: str = Field(index=True)
    flag: SensitivityFlag = Field(sa_type=sa.String)
    state: FlagState = Field(sa_type=sa.String)

    __table_args__ = (
        by_matter("sensitivity"),
        listed_by("sensitivity", "flag"),
    )


class SharingRow(Standing, Sharing):
    """See ``archiver.facts.handling.Sharing``."""

    __tablename__ = "sharing"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    tlp: TrafficLight = Field(sa_type=sa.String)

    __table_args__ = (by_matter("sharing"),)


class CaseRow(Standing, Case):
    """See ``archiver.facts.handling.Case``; ``entity`` is the case's identity by title."""

    __tablename__ = "case_file"  # CASE is a word of SQL
    model_config = ROW  # type: ignore[assignment] # as above
    entity: str = Field(index=True)
    folded: str = Field(index=True)
    members: list[str] = Field(sa_type=sa.JSON)  # type: ignore[assignment] # a tuple in the fact, a list in the column
    state: CaseState = Field(sa_type=sa.String)

    __table_args__ = (by_matter("case_file"),)


class CaseItemRow(Standing, OfItem, CaseItem):
    """See ``archiver.facts.handling.CaseItem``."""

    __tablename__ = "case_item"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    state: State = Field(sa_type=sa.String)

    __table_args__ = (by_matter("case_item"), listed_by("case_item", "case"))


class TagRow(Standing, OfItem, Tag):
    """See ``archiver.facts.handling.Tag``; ``folded`` is ``scheme:code`` as it is looked for."""

    __tablename__ = "tag"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    folded: str
    state: State = Field(sa_type=sa.String)

    __table_args__ = (by_matter("tag"), listed_by("tag", "folded"))

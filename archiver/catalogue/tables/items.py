"""The tables of items: how they came in, what was found in them, how they look, and the words about them."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlmodel import Field

from archiver.catalogue.tables.row import ROW, OfItem, Recorded, Row, Standing, by_matter, listed_by
from archiver.facts.acquisition import Acquisition, Copy
from archiver.facts.inspection import Finding, Fingerprint, Inspection, Place
from archiver.facts.sighting import Disclosure
from archiver.facts.values import Sha256Hex
from archiver.facts.vocabulary import AcquisitionMethod, ClockSource, CopyCheck, DecodeStatus


class AcquisitionRow(Recorded, OfItem, Acquisition):
    """See ``archiver.facts.acquisition.Acquisition``."""

    __tablename__ = "acquisition"
    model_config = ROW  # type: ignore[assignment] # a row is filled column by column; the fact was validated before
    item: str = Field(index=True)
    size: int = Field(sa_type=sa.BigInteger)
    method: AcquisitionMethod = Field(sa_type=sa.String)
    clock: ClockSource = Field(sa_type=sa.String)

    __table_args__ = (listed_by("acquisition", "source"),)


class InspectionRow(Standing, OfItem, Inspection):
    """See ``archiver.facts.inspection.Inspection``; ``earliest`` and ``latest`` bound the captured time."""

    __tablename__ = "inspection"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    decode: DecodeStatus = Field(sa_type=sa.String)
    embedded: dict[str, Any] = Field(sa_type=sa.JSON)
    places: dict[str, list[Place]] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    findings: list[Finding] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    credentials: dict[str, Any] | None = Field(default=None, sa_type=sa.JSON(none_as_null=True))
    earliest: str | None = None
    latest: str | None = None

    __table_args__ = (
        by_matter("inspection"),
        listed_by("inspection", "media_type"),
        listed_by("inspection", "camera"),
        listed_by("inspection", "earliest", "latest"),
        listed_by("inspection", "latitude", "longitude"),
        sa.Index("inspection_of_item", "item_number"),
    )


class FindingRow(OfItem):
    """That an inspection has a finding of this code, however often: what items are listed by.

    Whether the inspection still stands is asked of it. How much a code weighs stands nowhere here: that is a word of
    the program's (``archiver.facts.findings``), not of the log's.
    """

    __tablename__ = "finding"

    number: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    code: str = Field(primary_key=True)

    __table_args__ = (listed_by("finding", "code"),)


class FingerprintRow(Recorded, Fingerprint):
    """See ``archiver.facts.inspection.Fingerprint``."""

    __tablename__ = "fingerprint"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)

    __table_args__ = (sa.Index("fingerprint_algorithm", "algorithm", "number"),)


class CopyRow(Recorded, Copy):
    """See ``archiver.facts.acquisition.Copy``."""

    __tablename__ = "copy"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)
    size: int = Field(sa_type=sa.BigInteger)
    check: CopyCheck = Field(sa_type=sa.String)


class DisclosureRow(Recorded, Disclosure):
    """See ``archiver.facts.sighting.Disclosure``."""

    __tablename__ = "disclosure"
    model_config = ROW  # type: ignore[assignment] # as above
    item: str = Field(index=True)


class ItemRow(Row):
    """One item, as its first acquisition made it known: ``first`` is that event's number."""

    __tablename__ = "item"

    item: Sha256Hex = Field(primary_key=True)
    first: int = Field(sa_type=sa.BigInteger, unique=True)
    size: int = Field(sa_type=sa.BigInteger)
    taken_in: str = Field(index=True)
    file_name: str | None = None

    __table_args__ = (sa.Index("item_size", "size", "first"),)


class PhraseRow(OfItem):
    """The words of one text about an item, as ``archiver.catalogue.words`` cuts it: what was said when."""

    __tablename__ = "phrase"

    number: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    field: str = Field(primary_key=True)
    words: str = Field(sa_type=sa.Text)

    __table_args__ = (sa.Index("phrase_of_item", "item_number"),)


class SearchRow(Row):
    """All the words about an item, each behind its field's letter: what the full-text index is made of."""

    __tablename__ = "search"

    first: int = Field(primary_key=True, sa_type=sa.BigInteger, sa_column_kwargs={"autoincrement": False})
    words: str = Field(sa_type=sa.Text)
